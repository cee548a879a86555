"""A mail account is tried, and what works is told."""

from dataclasses import dataclass

from domain.accounts import AfterImport, MailAccount, Security
from domain.errors import ConfigurationError, MailServerError
from tasks.mail.connecting import open_folder
from tasks.mail.imap import ImapFolder
from tasks.mail.submission import open_line


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried."""

    what: str
    good: bool
    detail: str


def probe(account: MailAccount) -> list[Finding]:
    """Try a mail account: connection, TLS, login, each folder, IDLE, and MOVE where wanted.

    Where it sends, the SMTP server is tried as well; nothing is sent.
    """
    return [*_receiving(account), *(_sending(account) if account.sends else [])]


def _receiving(account: MailAccount) -> list[Finding]:
    findings: list[Finding] = []
    for name in account.folders:
        try:
            folder = open_folder(account, name)
        except (MailServerError, ConfigurationError) as error:
            return [*findings, Finding(f"folder {name}", False, str(error))]
        try:
            findings = findings or _of_server(account, folder)
            findings.append(Finding(f"folder {name}", True, f"{len(folder.after(0))} messages"))
        finally:
            folder.close()
    return findings


def _sending(account: MailAccount) -> list[Finding]:
    try:
        with open_line(account):
            return [Finding("SMTP server", True, f"{account.smtp_host}: it would take mail")]
    except (MailServerError, ConfigurationError) as error:
        return [Finding("SMTP server", False, str(error))]


def _of_server(account: MailAccount, folder: ImapFolder) -> list[Finding]:
    where = f"{account.host}:{account.imap_port}"
    tls = folder.tls_version or "not encrypted, on this very machine"
    idle = (
        "new mail is told at once"
        if folder.has_idle
        else (f"the server has none: it is asked every {account.poll_seconds:.0f} s")
    )
    findings = [
        Finding("connection", True, where),
        Finding("protection", account.security is not Security.NONE or not folder.tls_version, tls),
        Finding("login", True, account.login),
        Finding("IDLE", True, idle),
    ]
    if account.after_import is AfterImport.MOVE:
        detail = "at once" if folder.has_move else "no MOVE: copied, and marked as deleted"
        findings.append(Finding(f"move to {account.move_to}", folder.has_move, detail))
    return findings
