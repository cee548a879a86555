"""Connections to real servers: proved, logged in, or refused with the reason."""

import ssl
import time
from contextlib import AbstractContextManager

import pytest
from builders import account, account_at, letter
from servers.certificates import write_certificates
from servers.dovecot import Dovecot, dovecot
from servers.fixtures import ImapUser
from servers.program import free_port
from servers.scripted import scripted
from servers.tokens import TokenEndpoint, token_endpoint

from domain.errors import (
    CertificateRefused,
    ConfigurationError,
    FolderMissing,
    LoginRefused,
    ServerUnreachable,
)
from tasks.mail.connecting import open_folder

PASSWORD = "Geheim-4711"


def provider(imap: Dovecot, user: str) -> AbstractContextManager[TokenEndpoint]:
    """Run an OAuth server whose tokens let one user log in at a mail server."""
    return token_endpoint(lambda: imap.tokens.issue(user))


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_tls_is_proved_by_the_accounts_authority(dovecot_server, imap_user, security):
    port = dovecot_server.tls_port if security == "tls" else dovecot_server.port
    trusting = {"security": security, "ca_file": str(dovecot_server.ca_file), "host": "localhost"}

    folder = open_folder(account_at(dovecot_server, imap_user, port=port, **trusting), "INBOX")

    assert folder.tls_version == "TLSv1.3"
    folder.close()


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("changes", [{"ca_file": None}, {"host": "127.1"}])
def test_a_server_that_cannot_prove_who_it_is_is_refused(
    dovecot_server, imap_user, security, changes
):
    port = dovecot_server.tls_port if security == "tls" else dovecot_server.port
    trusting = {"security": security, "ca_file": str(dovecot_server.ca_file), "host": "localhost"}
    distrusted = account_at(dovecot_server, imap_user, port=port, **{**trusting, **changes})

    with pytest.raises(CertificateRefused):
        open_folder(distrusted, "INBOX")


def test_a_server_that_cannot_prove_who_it_is_is_told_no_password(tmp_path):
    write_certificates(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem", tmp_path / "server.key")

    with scripted({}, tls=context) as server:
        with pytest.raises(CertificateRefused):
            open_folder(account(port=server.port, security="tls"), "INBOX")

        assert server.told == []


@pytest.mark.parametrize(
    "replies",
    [
        {},  # offers no STARTTLS at all, as behind one who strips it
        {
            "CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS\r\n%(tag)s OK done\r\n",
            "STARTTLS": b"%(tag)s NO not now\r\n",
        },
    ],
)
def test_without_starttls_no_password_is_told(replies):
    with scripted(replies) as server:
        with pytest.raises(ServerUnreachable, match="TLS"):
            open_folder(account(port=server.port, security="starttls"), "INBOX")

        told = b"".join(server.told)
    assert b"LOGIN" not in told
    assert b"secret" not in told


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_an_authority_file_that_holds_none_is_a_wrong_setting(tmp_path, content):
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)

    with pytest.raises(ConfigurationError, match=r"ca\.pem"):
        open_folder(account(security="tls", ca_file=str(file), port=free_port()), "INBOX")


@pytest.mark.parametrize("password", ["Grüße-€", 'quo"te\\', "with space", "日本語"])
def test_any_password_logs_in(dovecot_server, password):
    user = ImapUser(f"pw{len(password)}{ord(password[0])}@test.example", password)
    dovecot_server.add_user(user.name, password)

    folder = open_folder(account_at(dovecot_server, user), "INBOX")

    assert folder.after(0) == []
    folder.close()


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"login": "nobody@test.example"}])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_wrong_login_is_refused_and_not_repeated_in_the_message(
    dovecot_server, imap_user, wrong, ascii_only
):
    changes = wrong if ascii_only else {**wrong, "password": "falsch-ß"}

    with pytest.raises(LoginRefused) as refused:
        open_folder(account_at(dovecot_server, imap_user, **changes), "INBOX")

    assert PASSWORD not in str(refused.value)
    assert "wrong" not in str(refused.value)
    assert "falsch" not in str(refused.value)


@pytest.mark.parametrize("code", ["UNAVAILABLE", "INUSE", "LIMIT"])
def test_a_login_that_cannot_be_judged_now_may_succeed_another_time(code):
    with (
        scripted({"LOGIN": f"%(tag)s NO [{code}] later\r\n".encode()}) as server,
        pytest.raises(ServerUnreachable),
    ):
        open_folder(account(port=server.port), "INBOX")


@pytest.mark.parametrize("name", ["Nowhere", "Nirgendwo für Köln", 'a"b'])
def test_a_folder_that_is_not_there_is_named(dovecot_server, imap_user, name):
    with pytest.raises(FolderMissing, match=name):
        open_folder(account_at(dovecot_server, imap_user), name)


def test_a_folder_with_umlauts_is_opened(dovecot_server, imap_user):
    dovecot_server.deliver(imap_user.name, letter(), folder="Anfragen für Köln & Umland")

    folder = open_folder(account_at(dovecot_server, imap_user), "Anfragen für Köln & Umland")

    assert len(folder.after(0)) == 1
    folder.close()


def test_a_refresh_token_is_exchanged_at_each_login(dovecot_server, imap_user):
    with provider(dovecot_server, imap_user.name) as endpoint:
        mine = account_at(dovecot_server, imap_user, **endpoint.fields)

        for _ in range(2):
            open_folder(mine, "INBOX").close()

    assert len(endpoint.asked) == 2
    assert endpoint.asked[0] == {
        "grant_type": ["refresh_token"],
        "client_id": ["kontaktwerk"],
        "client_secret": ["client-secret"],
        "refresh_token": ["refresh-token"],
    }


@pytest.mark.parametrize(
    ("status", "error"), [(400, LoginRefused), (401, LoginRefused), (503, ServerUnreachable)]
)
def test_a_refused_refresh_is_a_refused_login_and_a_broken_server_is_not(
    dovecot_server, imap_user, status, error
):
    with provider(dovecot_server, imap_user.name) as endpoint:
        endpoint.status = status
        mine = account_at(dovecot_server, imap_user, **endpoint.fields)

        with pytest.raises(error) as refused:
            open_folder(mine, "INBOX")

    assert "refresh-token" not in str(refused.value)


def test_a_token_of_somebody_else_is_refused(dovecot_server, imap_user):
    with provider(dovecot_server, "somebody@else.example") as endpoint:
        mine = account_at(dovecot_server, imap_user, **endpoint.fields)

        with pytest.raises(LoginRefused):
            open_folder(mine, "INBOX")


def test_an_oauth_server_that_is_not_there_may_be_there_another_time(dovecot_server, imap_user):
    with provider(dovecot_server, imap_user.name) as endpoint:
        fields = endpoint.fields

    with pytest.raises(ServerUnreachable, match="OAuth"):
        open_folder(account_at(dovecot_server, imap_user, **fields), "INBOX")


@pytest.mark.parametrize("security", ["none", "tls", "starttls"])
def test_a_port_that_nobody_listens_on_is_unreachable(security):
    with pytest.raises(ServerUnreachable):
        open_folder(account(port=free_port(), security=security), "INBOX")


def test_what_is_no_tls_server_is_unreachable(dovecot_server, imap_user):
    with pytest.raises(ServerUnreachable):
        open_folder(account_at(dovecot_server, imap_user, security="tls"), "INBOX")


def test_a_server_that_hangs_is_unreachable_in_its_time():
    user = ImapUser("anna", "secret")
    with dovecot({user.name: user.password}) as server:
        server.freeze()
        begin = time.monotonic()

        with pytest.raises(ServerUnreachable):
            open_folder(account_at(server, user, timeout_seconds=0.3), "INBOX")

        assert time.monotonic() - begin < 5
