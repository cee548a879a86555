"""Lines are opened to servers that prove who they are, with one login, or refused."""

import logging
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import Any

import pytest
from builders import account
from servers.program import free_port
from servers.scripted_smtp import scripted_smtp
from servers.tokens import TokenEndpoint, token_endpoint

from domain.accounts import MailAccount
from domain.errors import (
    CertificateRefused,
    ConfigurationError,
    LoginRefused,
    MailServerError,
    ServerUnreachable,
)
from tasks.mail.submission import open_line

LOGIN = "service@firm.example"
PASSWORD = "Geheim-4711"


def mine(**fields: Any) -> MailAccount:
    return account(**{"password": PASSWORD, "timeout_seconds": 5, **fields})


def encoded(text: str) -> bytes:
    return b64encode(text.encode())


@pytest.mark.parametrize("implicit", [True, False], ids=["tls", "starttls"])
def test_a_server_that_proves_who_it_is_takes_mail(certificates, server_tls, implicit):
    with scripted_smtp(tls=server_tls, implicit_tls=implicit) as server:
        trusting = mine(**server.fields, ca_file=str(certificates / "ca.pem"))

        with open_line(trusting) as line:
            line.send(LOGIN, ["anna@one.example"], b"Subject: x\r\n\r\n")

    assert server.recipients == {"anna@one.example"}
    assert server.commands.count("STARTTLS") == (not implicit)


@pytest.mark.parametrize("implicit", [True, False], ids=["tls", "starttls"])
@pytest.mark.parametrize("changes", [{"ca_file": None}, {"smtp_host": "127.1"}])
def test_a_server_that_cannot_prove_who_it_is_is_told_nothing(
    certificates, server_tls, implicit, changes
):
    with scripted_smtp(tls=server_tls, implicit_tls=implicit) as server:
        trusting = {**server.fields, "ca_file": str(certificates / "ca.pem")}

        with pytest.raises(CertificateRefused):
            open_line(mine(**{**trusting, **changes}))

    assert not {"AUTH", "MAIL"} & set(server.commands)


def test_a_server_without_starttls_is_told_nothing():
    with scripted_smtp() as server, pytest.raises(CertificateRefused, match="no STARTTLS"):
        open_line(mine(**{**server.fields, "smtp_security": "starttls"}))

    assert set(server.commands) == {"EHLO"}


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_what_is_no_tls_server_is_unreachable(security):
    with (
        scripted_smtp({"starttls": "220 and now nonsense"}, offers=("STARTTLS",)) as server,
        pytest.raises(ServerUnreachable),
    ):
        open_line(mine(**{**server.fields, "smtp_security": security}))

    assert "AUTH" not in server.commands


@pytest.mark.parametrize(
    ("offers", "told"),
    [
        ("AUTH PLAIN LOGIN", [b"AUTH PLAIN " + encoded(f"\0{LOGIN}\0{PASSWORD}")]),
        ("AUTH LOGIN CRAM-MD5", [b"AUTH LOGIN " + encoded(LOGIN), encoded(PASSWORD)]),
        ("AUTH=LOGIN", [b"AUTH LOGIN " + encoded(LOGIN), encoded(PASSWORD)]),
    ],
)
def test_the_first_method_that_the_server_knows_is_used(offers, told):
    script = {"auth": "334 UGFzc3dvcmQ6"} if len(told) == 2 else {}

    with scripted_smtp(script, (offers,)) as server:
        open_line(mine(**server.fields)).close()

    assert [line.strip() for line in server.told[1:-1]] == told


@pytest.mark.parametrize("password", ["Grüße-€", "日本語", "with space", "\\\"'"])
def test_any_password_logs_in_as_it_is(password):
    with scripted_smtp() as server:
        open_line(mine(**server.fields, smtp_password=password)).close()

    assert b64decode(server.told[1].split()[-1]).decode() == f"\0{LOGIN}\0{password}"


def test_the_smtp_login_goes_before_the_imap_login():
    with scripted_smtp() as server:
        open_line(mine(**server.fields, smtp_login="relay", smtp_password="other")).close()

    assert b64decode(server.told[1].split()[-1]) == b"\0relay\0other"


def test_a_relay_that_wants_no_login_is_told_none():
    with scripted_smtp(offers=()) as server:
        open_line(mine(**server.fields, smtp_without_login=True)).close()

    assert server.commands == ["EHLO", "QUIT"]


@pytest.mark.parametrize("offers", [(), ("AUTH CRAM-MD5 NTLM",)])
def test_a_server_that_knows_no_method_of_ours_refuses_the_login(offers):
    with (
        scripted_smtp(offers=offers) as server,
        pytest.raises(LoginRefused, match="offers no login by PLAIN or LOGIN"),
    ):
        open_line(mine(**server.fields))

    assert PASSWORD.encode() not in b"".join(server.told)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("535 5.7.8 no", LoginRefused),
        ("534 5.7.9 use an application's password", LoginRefused),
        ("500 what?", LoginRefused),
        ("454 4.7.0 not now", ServerUnreachable),
        ("421 4.3.0 going down", ServerUnreachable),
        ("what?", ServerUnreachable),
    ],
)
def test_a_wrong_login_is_told_from_one_that_cannot_be_judged_now(answer, error):
    with scripted_smtp({"auth": answer}) as server, pytest.raises(error):
        open_line(mine(**server.fields))

    assert server.commands.count("AUTH") == 1  # servers lock out whoever tries again


@pytest.mark.parametrize("answer", ["535 wrong: {}", "454 later: {}"])
@pytest.mark.parametrize("quoted", [PASSWORD, encoded(f"\0{LOGIN}\0{PASSWORD}").decode()])
def test_a_password_that_the_server_quotes_is_told_nobody(answer, quoted, caplog):
    caplog.set_level(logging.DEBUG)
    with (
        scripted_smtp({"auth": answer.format(quoted)}) as server,
        pytest.raises(MailServerError) as refused,
    ):
        open_line(mine(**server.fields))

    shown = f"{refused.getrepr(chain=True)}{refused.value!r}{caplog.text}"
    assert "***" in str(refused.value)
    assert quoted not in shown


def test_a_line_shows_no_password(smtp_server):
    with open_line(mine(**smtp_server.fields)) as line:
        assert PASSWORD not in repr(line) + repr(vars(line))


@pytest.mark.parametrize("security", ["none", "tls", "starttls"])
def test_a_port_that_nobody_listens_on_is_unreachable(security):
    closed = {"smtp_host": "127.0.0.1", "smtp_port": free_port(), "smtp_security": security}

    with pytest.raises(ServerUnreachable, match=r"127\.0\.0\.1"):
        open_line(mine(**closed))


@pytest.mark.parametrize("host", ["nobody.invalid", "a..b.example", "x" * 300])
def test_a_name_that_is_no_hosts_is_unreachable(host):
    with pytest.raises(ServerUnreachable):
        open_line(mine(smtp_host=host))


def test_an_authority_file_that_is_missing_is_a_wrong_setting():
    with pytest.raises(ConfigurationError, match=r"nowhere\.pem"):
        open_line(mine(smtp_host="localhost", ca_file="nowhere.pem"))


@pytest.fixture
def endpoint() -> Iterator[TokenEndpoint]:
    with token_endpoint(lambda: "access-token") as server:
        yield server


def test_an_access_token_logs_in_by_xoauth2(endpoint):
    with scripted_smtp() as server:
        open_line(mine(**server.fields, **endpoint.fields)).close()

    assert endpoint.asked[0]["refresh_token"] == ["refresh-token"]
    assert server.told[1].startswith(b"AUTH XOAUTH2 ")
    assert b64decode(server.told[1].split()[-1]) == (
        b"user=service@firm.example\1auth=Bearer access-token\1\1"
    )


def test_a_refused_token_gets_its_empty_answer_and_is_a_refused_login(endpoint):
    challenge = b64encode(b'{"status":"401"}').decode()
    script = {"auth": f"334 {challenge}", "auth 2": "535 5.7.3 access-token has expired"}

    with (
        scripted_smtp(script) as server,
        pytest.raises(LoginRefused, match=r"5\.7\.3 \*\*\* has expired"),
    ):
        open_line(mine(**server.fields, **endpoint.fields))

    assert server.told[2] == b"\r\n"


def test_an_smtp_password_goes_before_the_oauth_fields(endpoint):
    with scripted_smtp() as server:
        open_line(mine(**server.fields, **endpoint.fields, smtp_password="other")).close()

    assert server.told[1].startswith(b"AUTH PLAIN ")
    assert endpoint.asked == []


@pytest.mark.parametrize(("status", "error"), [(503, ServerUnreachable)])
def test_an_oauth_server_that_fails_opens_no_line(endpoint, status, error):
    endpoint.status = status

    with scripted_smtp() as server, pytest.raises(error):
        open_line(mine(**server.fields, **endpoint.fields))

    assert "AUTH" not in server.commands
