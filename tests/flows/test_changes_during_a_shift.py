"""What is changed, and what goes away, while a shift is at work."""

import asyncio
import os
import signal

import pytest
from builders import account_at, letter, rows
from flow_api import save_accounts, shift_during, subject_arrives
from prefect.server.api.server import SubprocessASGIServer

from flows import ingest_mail, watch_account
from tasks.store.tables import contacts

SOON = 3.0  # seconds, in which a mail is a contact


def test_an_account_that_is_edited_during_the_shift_is_followed(
    installed, configure, dovecot_server, imap_user, monkeypatch
):
    for flow in (ingest_mail, watch_account):
        monkeypatch.setattr(flow, "LOOK_AGAIN", 0.3)
    configure(account_at(dovecot_server, imap_user))
    dovecot_server.deliver(imap_user.name, letter(subject="in the inbox"))
    dovecot_server.deliver(imap_user.name, letter(subject="in Köln"), folder="Köln")

    def during() -> float:
        subject_arrives(installed, "in the inbox")
        edited = account_at(dovecot_server, imap_user, folders=("INBOX", "Köln"))
        asyncio.run(save_accounts(edited))
        return subject_arrives(installed, "in Köln")

    took = shift_during(during)

    assert took < 9
    assert rows(installed, contacts) == 2


@pytest.mark.rule("R1")
def test_a_prefect_server_that_hangs_for_a_while_does_not_stop_the_mail(
    installed, configure, dovecot_server, imap_user
):
    configure(account_at(dovecot_server, imap_user))
    dovecot_server.deliver(imap_user.name, letter(subject="before"))
    server = SubprocessASGIServer._instances[None].server_process
    assert server is not None

    def during() -> float:
        subject_arrives(installed, "before")
        os.kill(server.pid, signal.SIGSTOP)
        try:
            dovecot_server.deliver(imap_user.name, letter(subject="meanwhile"))
            return subject_arrives(installed, "meanwhile")
        finally:
            os.kill(server.pid, signal.SIGCONT)

    took = shift_during(during)

    assert took < SOON
