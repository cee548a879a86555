"""Connections to mail servers: TLS verified, time limits set, logins by password or XOAUTH2."""

import imaplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxLoginError

from domain.accounts import MailAccount, Security
from domain.errors import (
    CertificateRefused,
    ConfigurationError,
    LoginRefused,
    MailServerError,
    ServerUnreachable,
)
from tasks.mail.imap import ImapFolder, disconnect

PASSING = ("UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG")  # response codes (RFC 5530)


def open_folder(account: MailAccount, folder: str) -> ImapFolder:
    """Open a folder of an account over a connection of its own, which the caller closes."""
    mailbox = connect(account)
    try:
        return ImapFolder(mailbox, folder)
    except MailServerError:
        disconnect(mailbox)
        raise


def connect(account: MailAccount) -> BaseMailBox:
    """Connect and log in; raises ServerUnreachable, CertificateRefused or LoginRefused."""
    with _translated(account):
        mailbox = _open(account)
    try:
        with _translated(account):
            _log_in(mailbox, account)
    except MailServerError:
        disconnect(mailbox)
        raise
    return mailbox


def tls_context(account: MailAccount) -> ssl.SSLContext:
    """Make the context that verifies the server's certificate and name."""
    try:
        return ssl.create_default_context(cafile=account.ca_file)
    except OSError as error:
        raise ConfigurationError(f"{account.ca_file} holds no certificates: {error}") from error


def _open(account: MailAccount) -> BaseMailBox:
    host, port, timeout = account.host, account.imap_port, account.timeout_seconds
    if account.security is Security.NONE:
        return MailBoxUnencrypted(host, port, timeout)
    kind: Callable[..., BaseMailBox] = MailBox if account.security is Security.TLS else _StartTls
    return kind(host, port, timeout, ssl_context=tls_context(account))


class _StartTls(MailBoxStartTls):
    """Closes a connection that cannot be protected; imap-tools' own leaves it open."""

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4(self._host, self._port, self._timeout)
        try:
            client.starttls(self._ssl_context)
        except imaplib.IMAP4.error as error:
            client.shutdown()
            raise imaplib.IMAP4.abort(f"no TLS: {error}") from error
        return client


def _log_in(mailbox: BaseMailBox, account: MailAccount) -> None:
    if account.uses_oauth:
        mailbox.xoauth2(account.login, access_token(account), initial_folder=None)
        return
    password = account.password.get_secret_value()
    plain = (account.login + password).isascii()
    log_in = mailbox.login if plain else mailbox.login_utf8
    log_in(account.login, password, initial_folder=None)


def access_token(account: MailAccount) -> str:
    """Exchange the refresh token for an access token (RFC 6749, section 6)."""
    assert account.oauth_token_url
    asked = {
        "grant_type": "refresh_token",
        "client_id": account.oauth_client_id,
        "client_secret": account.oauth_client_secret.get_secret_value(),
        "refresh_token": account.oauth_refresh_token.get_secret_value(),
    }
    try:
        answer = httpx.post(account.oauth_token_url, data=asked, timeout=account.timeout_seconds)
    except httpx.HTTPError as error:
        raise ServerUnreachable(f"the OAuth server cannot be reached: {error}") from error
    if answer.status_code >= 500:
        raise ServerUnreachable(f"the OAuth server answered {answer.status_code}")
    try:
        return str(answer.json()["access_token"])
    except (ValueError, KeyError, TypeError) as error:
        raise LoginRefused(f"the OAuth server refused: it answered {answer.status_code}") from error


@contextmanager
def _translated(account: MailAccount) -> Iterator[None]:
    where = f"{account.host}:{account.imap_port}"
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise CertificateRefused(f"{where}: {error.verify_message}") from error
    except (OSError, imaplib.IMAP4.abort) as error:
        raise ServerUnreachable(f"{where} cannot be reached: {error}") from error
    except (imaplib.IMAP4.error, MailboxLoginError) as error:
        if any(f"[{code}]" in str(error) for code in PASSING):
            raise ServerUnreachable(f"{where} lets nobody in for now: {error}") from error
        raise LoginRefused(f"{where} refused the login of {account.login}") from error
    except ImapToolsError as error:
        raise ServerUnreachable(f"{where}: {error}") from error
