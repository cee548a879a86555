"""A mail account is tried, and what works is told."""

import pytest
from builders import account, account_at, letters
from servers.dovecot import dovecot
from servers.fixtures import ImapUser
from servers.program import free_port
from servers.scripted_smtp import scripted_smtp

from domain.accounts import MailAccount
from tasks.mail.probing import probe


def told(mine: MailAccount) -> dict[str, tuple[bool, str]]:
    return {finding.what: (finding.good, finding.detail) for finding in probe(mine)}


def test_everything_that_works_is_told(dovecot_server, imap_user):
    dovecot_server.deliver_many(imap_user.name, letters(3))
    dovecot_server.create_folder(imap_user.name, "Köln")
    mine = account_at(
        dovecot_server,
        imap_user,
        folders=("INBOX", "Köln"),
        after_import="move",
        move_to="Done",
        security="starttls",
        ca_file=str(dovecot_server.ca_file),
    )

    findings = told(mine)

    assert all(good for good, _ in findings.values())
    assert findings["protection"][1] == "TLSv1.3"
    assert findings["folder INBOX"][1] == "3 messages"
    assert findings["folder Köln"][1] == "0 messages"
    assert {"connection", "login", "IDLE", "move to Done"} <= set(findings)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"password": "wrong"}, "refused the login"),
        ({"folders": ("Nowhere",)}, "there is no folder Nowhere"),
        ({"port": free_port()}, "cannot be reached"),
    ],
)
def test_what_does_not_work_is_told_in_a_sentence(dovecot_server, imap_user, changes, sentence):
    findings = told(account_at(dovecot_server, imap_user, **changes))

    [(good, detail)] = findings.values()
    assert not good
    assert sentence in detail


def test_a_server_without_idle_is_asked_again_and_again():
    user = ImapUser("anna", "secret")
    with dovecot({user.name: user.password}, idle=False) as server:
        findings = told(account_at(server, user, poll_seconds=45))

    assert findings["IDLE"] == (True, "the server has none: it is asked every 45 s")


def test_an_authority_file_that_is_missing_is_told_and_not_thrown():
    with_missing_file = account(security="tls", ca_file="nowhere.pem", port=free_port())

    [(good, detail)] = told(with_missing_file).values()

    assert not good
    assert "nowhere.pem" in detail


@pytest.mark.parametrize(
    ("changes", "works", "sentence"),
    [({}, True, "would take mail"), ({"smtp_port": free_port()}, False, "cannot be reached")],
)
def test_where_the_account_sends_its_smtp_server_is_tried(
    dovecot_server, imap_user, changes, works, sentence
):
    with scripted_smtp() as relay:
        sending = {**relay.fields, **changes}
        findings = told(account_at(dovecot_server, imap_user, **sending))

    good, detail = findings["SMTP server"]
    assert good is works
    assert sentence in detail
    assert relay.taken == []
