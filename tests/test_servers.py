"""The servers that other tests rely on do what those tests take for granted."""

import imaplib
import os
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from imap_tools import MailBox, MailBoxStartTls, MailBoxUnencrypted
from servers.dovecot import Dovecot, dovecot
from servers.fixtures import ImapUser
from servers.postgres import drop_database, fresh_database
from servers.program import free_port, required
from sqlalchemy import create_engine, text

LETTER = b"From: a@customer.example\r\nSubject: Letter %d\r\n\r\nHello\r\n"
TIMEOUT = 10


@pytest.fixture
def mailbox(dovecot_server: Dovecot, imap_user: ImapUser) -> Iterator[MailBoxUnencrypted]:
    with MailBoxUnencrypted("127.0.0.1", dovecot_server.port, timeout=TIMEOUT).login(
        imap_user.name, imap_user.password
    ) as client:
        yield client


@pytest.fixture
def own_server() -> Iterator[Dovecot]:
    with dovecot({"anna": "secret"}) as server:
        yield server


def uid_validity(mailbox: MailBoxUnencrypted) -> int:
    return mailbox.folder.status("INBOX", ["UIDVALIDITY"])["UIDVALIDITY"]


def processes_of(directory: Path) -> list[str]:
    command_lines = Path("/proc").glob("[0-9]*/cmdline")
    return [line for line in map(contents, command_lines) if str(directory) in line]


def contents(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""  # the process has just ended


def test_messages_arrive_in_the_order_in_which_they_were_delivered(
    dovecot_server, imap_user, mailbox
):
    dovecot_server.deliver_many(imap_user.name, [LETTER % number for number in range(50)])

    mailbox.folder.set("INBOX")
    subjects = [message.subject for message in mailbox.fetch(mark_seen=False)]

    assert subjects == [f"Letter {number}" for number in range(50)]


def test_a_nul_in_a_message_is_shown_as_another_byte(dovecot_server, imap_user, mailbox):
    dovecot_server.deliver(imap_user.name, b"Subject: Zero\r\n\r\n\x00\r\n")

    mailbox.folder.set("INBOX")
    answer = mailbox.client.uid("FETCH", "1", "(BODY.PEEK[])")
    assert answer[1][0][1] == b"Subject: Zero\r\n\r\n\x80\r\n"


def test_a_message_stands_on_the_server_byte_for_byte(dovecot_server, imap_user, mailbox):
    raw = b"Subject: Gr\xfc\xdfe\r\n\r\n\x80\xff\r\nno end of line"

    dovecot_server.deliver(imap_user.name, raw)

    mailbox.folder.set("INBOX")
    answer = mailbox.client.uid("FETCH", "1", "(BODY.PEEK[])")
    assert answer[1][0][1] == raw


def test_a_folder_may_have_umlauts(dovecot_server, imap_user, mailbox):
    dovecot_server.deliver(imap_user.name, LETTER % 1, folder="Anfragen für Köln")

    mailbox.folder.set("Anfragen für Köln")

    assert [message.subject for message in mailbox.fetch(mark_seen=False)] == ["Letter 1"]


def test_a_message_is_expunged_from_a_folder_with_umlauts(dovecot_server, imap_user, mailbox):
    dovecot_server.deliver(imap_user.name, LETTER % 1, folder="Grüße")

    dovecot_server.expunge(imap_user.name, uid=1, folder="Grüße")

    mailbox.folder.set("Grüße")
    assert mailbox.uids() == []


def test_an_idling_client_is_told_of_a_message_within_a_second(dovecot_server, imap_user, mailbox):
    def told_after(number: int) -> float:
        mailbox.idle.start()
        delivered = time.monotonic()
        dovecot_server.deliver(imap_user.name, LETTER % number)
        assert any(b"EXISTS" in line for line in mailbox.idle.poll(timeout=TIMEOUT))
        took = time.monotonic() - delivered
        mailbox.idle.stop()
        return took

    quickest = min(told_after(number) for number in range(3))  # any may meet a busy machine

    assert quickest < 1


def test_idle_is_offered_unless_it_is_switched_off():
    with dovecot({"anna": "secret"}, idle=False) as server, server.client("anna") as client:
        offered = client.capability()[1][0].split()

    assert b"IMAP4rev1" in offered
    assert b"IDLE" not in offered


def test_a_folder_restored_from_backup_has_its_messages_under_another_uidvalidity(
    dovecot_server, imap_user, mailbox
):
    dovecot_server.deliver_many(imap_user.name, [LETTER % 1, LETTER % 2])
    dovecot_server.expunge(imap_user.name, uid=1)
    before = uid_validity(mailbox)

    dovecot_server.change_uidvalidity(imap_user.name)

    with dovecot_server.client(imap_user.name) as client:
        client.select("INBOX")
        assert client.untagged_responses["UIDVALIDITY"] == [str(before + 1).encode()]
        assert client.uid("SEARCH", "ALL")[1] == [b"1"]


def test_a_folder_restored_from_backup_cuts_its_clients_off(dovecot_server, imap_user):
    client = dovecot_server.client(imap_user.name)
    client.select("INBOX")

    dovecot_server.change_uidvalidity(imap_user.name)

    with pytest.raises((imaplib.IMAP4.abort, OSError)):
        client.noop()
    client.shutdown()


def test_an_expunged_message_is_gone_for_the_other_clients(dovecot_server, imap_user, mailbox):
    dovecot_server.deliver_many(imap_user.name, [LETTER % 1, LETTER % 2, LETTER % 3])
    mailbox.folder.set("INBOX")

    dovecot_server.expunge(imap_user.name, uid=2)

    mailbox.client.noop()
    assert mailbox.uids() == ["1", "3"]


@pytest.mark.parametrize("kind", [MailBox, MailBoxStartTls])
def test_tls_is_proved_by_the_tests_own_authority(dovecot_server, imap_user, kind):
    trusted = ssl.create_default_context(cafile=dovecot_server.ca_file)
    port = dovecot_server.tls_port if kind is MailBox else dovecot_server.port

    with kind("localhost", port, timeout=TIMEOUT, ssl_context=trusted) as mailbox:
        mailbox.login(imap_user.name, imap_user.password)

        assert mailbox.client.sock.version() == "TLSv1.3"


def test_tls_is_refused_by_who_does_not_know_the_authority(dovecot_server):
    strangers = ssl.create_default_context()

    with pytest.raises(ssl.SSLCertVerificationError):
        MailBox("localhost", dovecot_server.tls_port, timeout=TIMEOUT, ssl_context=strangers)


def test_a_wrong_password_is_refused_at_once(dovecot_server, imap_user):
    client = imaplib.IMAP4("127.0.0.1", dovecot_server.port, timeout=TIMEOUT)
    started = time.monotonic()

    with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"):
        client.login(imap_user.name, "wrong")

    assert time.monotonic() - started < 1
    client.logout()


def test_a_token_logs_in_by_xoauth2_until_it_is_revoked(dovecot_server, imap_user):
    token = dovecot_server.tokens.issue(imap_user.name)

    with MailBoxUnencrypted("127.0.0.1", dovecot_server.port, timeout=TIMEOUT) as mailbox:
        assert mailbox.xoauth2(imap_user.name, token).folder.exists("INBOX")

    dovecot_server.tokens.revoke(token)
    refused = MailBoxUnencrypted("127.0.0.1", dovecot_server.port, timeout=TIMEOUT)
    with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"):
        refused.xoauth2(imap_user.name, token)
    refused.client.shutdown()


def test_a_server_that_was_stopped_refuses_and_comes_back_with_its_messages(own_server):
    own_server.deliver("anna", LETTER % 1)

    own_server.stop()

    with pytest.raises(ConnectionRefusedError):
        own_server.client("anna")
    own_server.start()
    with own_server.client("anna") as client:
        assert client.select("INBOX") == ("OK", [b"1"])


def test_a_frozen_server_keeps_its_clients_waiting(own_server):
    client = own_server.client("anna")
    client.sock.settimeout(0.2)

    own_server.freeze()

    with pytest.raises(TimeoutError):
        client.noop()
    own_server.thaw()
    client.shutdown()


@pytest.mark.parametrize("end", [Dovecot.stop, Dovecot.crash])
def test_a_server_leaves_no_process_behind_even_with_clients(own_server, end):
    client = own_server.client("anna")
    assert processes_of(own_server.directory)

    end(own_server)

    assert processes_of(own_server.directory) == []
    with pytest.raises((imaplib.IMAP4.abort, OSError)):
        client.noop()
    client.shutdown()


def test_a_server_ends_with_a_test_run_that_did_not_end_it():
    script = "from servers.dovecot import dovecot; running = dovecot()"
    script += "; print(running.__enter__().directory)"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}

    run = subprocess.run(  # it ends without leaving the context
        [sys.executable, "-c", script],
        check=True,
        capture_output=True,
        env=environment,
        timeout=TIMEOUT,
    )

    directory = Path(run.stdout.decode().strip())
    assert processes_of(directory) == []
    assert not directory.exists()


def test_a_missing_program_skips_a_test_but_fails_it_in_ci(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-server is not installed"):
        required("no-such-server")

    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no-such-server is not installed"):
        required("no-such-server")


def test_two_free_ports_differ():
    assert free_port() != free_port()


def test_a_fresh_database_is_a_copy_of_its_template(postgres_cluster):
    template = fresh_database(postgres_cluster)
    execute(template, "CREATE TABLE note (words text)")

    copy = fresh_database(postgres_cluster, template=create_engine(template).url.database)

    assert execute(copy, "SELECT count(*) FROM note") == 0
    for database in (copy, template):
        drop_database(postgres_cluster, database)


def test_postgres_folds_the_case_of_umlauts(postgres_url):
    assert execute(postgres_url, "SELECT lower('ÄÖÜ Straße')") == "äöü straße"


def execute(url: str, statement: str) -> object:
    engine = create_engine(url)
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        value = result.scalar() if result.returns_rows else None
    engine.dispose()
    return value


def test_a_dropped_database_is_gone_whoever_is_connected(postgres_cluster):
    url = fresh_database(postgres_cluster)
    engine = create_engine(url)
    connection = engine.connect()

    drop_database(postgres_cluster, url)

    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url.replace("+psycopg", ""))
    connection.close()
    engine.dispose()
