"""Connections to SMTP servers: TLS verified, time limits set, logged in, or refused."""

import smtplib
import ssl
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import yagmail  # type: ignore[import-untyped]

from domain.accounts import MailAccount, Security
from domain.errors import (
    CertificateRefused,
    ConfigurationError,
    LoginRefused,
    MailServerError,
    ServerUnreachable,
)
from tasks.mail.connecting import access_token, tls_context
from tasks.mail.smtp_answers import text_of
from tasks.mail.smtp_wire import Reply

_CONTINUE = 334


def connect(account: MailAccount) -> smtplib.SMTP:
    """Connect and log in; raises ServerUnreachable, CertificateRefused or LoginRefused."""
    client = _client(account)
    try:
        with _translated(account):
            client.login()
            client.smtp.ehlo_or_helo_if_needed()
            if not account.smtp_without_login:
                _log_in(client.smtp, account)
    except (MailServerError, ConfigurationError):
        if client.smtp is not None:
            client.smtp.close()
        raise
    finally:
        client.is_closed = True  # else it says QUIT as soon as nobody holds it
    smtp: smtplib.SMTP = client.smtp
    return smtp


def _client(account: MailAccount) -> yagmail.SMTP:
    """Let yagmail connect and protect the connection; we log in.

    It would try a wrong password by every method that the server knows, and servers lock such
    accounts out; a password must be ASCII for it; and of XOAUTH2 it knows one provider's only.
    """
    security, usual = account.smtp_security, {}
    if security is not Security.NONE:
        usual = {"context": tls_context(account)}
    tls = {"smtp_ssl": True, **usual} if security is Security.TLS else {"smtp_ssl": False}
    return yagmail.SMTP(
        user=account.submission_login,
        host=account.smtp_host,
        port=account.submission_port,
        # An empty dictionary would mean plain text.
        smtp_starttls=usual if security is Security.STARTTLS else False,
        smtp_skip_login=True,
        soft_email_validation=False,
        timeout=account.timeout_seconds,
        **tls,
    )


def _log_in(smtp: smtplib.SMTP, account: MailAccount) -> None:
    """Log in by one method, once (RFC 4954)."""
    where, secret = _where(account), _secret(account)
    responses = _responses(account, secret)
    offered = str(smtp.esmtp_features.get("auth", "")).upper().split()
    method = next((each for each in responses if each in offered), None)
    if method is None:
        raise LoginRefused(f"{where} offers no login by {' or '.join(responses)}")
    reply = _authenticate(smtp, method, responses[method])
    said = _without(text_of(reply), [secret, *map(_base64, responses[method])])
    if reply.kind == 5:
        raise LoginRefused(f"{where} refused the login of {account.submission_login}: {said}")
    if reply.kind != 2:
        raise ServerUnreachable(f"{where} lets nobody in for now: {said}")


def _secret(account: MailAccount) -> str:
    if account.submits_with_oauth:
        return access_token(account)
    return account.submission_password.get_secret_value()


def _responses(account: MailAccount, secret: str) -> dict[str, list[str]]:
    """Give what each method tells the server, the best method first."""
    login = account.submission_login
    if account.submits_with_oauth:
        return {"XOAUTH2": [f"user={login}\1auth=Bearer {secret}\1\1"]}
    return {"PLAIN": [f"\0{login}\0{secret}"], "LOGIN": [login, secret]}


def _authenticate(smtp: smtplib.SMTP, method: str, responses: list[str]) -> Reply:
    first, *others = map(_base64, responses)
    code, text = smtp.docmd(f"AUTH {method}", first)
    for response in others:
        if code == _CONTINUE:
            code, text = smtp.docmd(response)
    if code == _CONTINUE:  # XOAUTH2 tells its error first, and waits for an empty answer
        code, text = smtp.docmd("")
    return _reply(code, text)


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode()


def _without(text: str, secrets: Iterable[str]) -> str:
    """Take out what a server quotes of what it was told."""
    for secret in filter(None, secrets):
        text = text.replace(secret, "***")
    return text


@contextmanager
def _translated(account: MailAccount) -> Iterator[None]:
    where = _where(account)
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise CertificateRefused(f"{where}: {error.verify_message}") from error
    except smtplib.SMTPNotSupportedError as error:
        raise CertificateRefused(f"{where} offers no STARTTLS") from error
    except smtplib.SMTPResponseException as error:
        said = text_of(_reply(error.smtp_code, error.smtp_error))
        raise ServerUnreachable(f"{where} serves nobody for now: {said}") from error
    except (OSError, UnicodeError) as error:
        raise ServerUnreachable(f"{where} cannot be reached: {error}") from error


def _reply(code: int, text: bytes | str) -> Reply:
    written = text if isinstance(text, str) else text.decode("utf-8", "replace")
    return Reply(code, tuple(written.split("\n")))


def _where(account: MailAccount) -> str:
    return f"{account.smtp_host}:{account.submission_port}"
