"""A mail account: where it is, what becomes of its mail, whom it is for, and how it sends."""

import ipaddress
from datetime import date
from enum import StrEnum
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from domain.forms import NO_SECRET, Lines, MaybeOneLine, Named, OneLine, choice
from domain.mail_addresses import mail_address


class Security(StrEnum):
    """How the connection to a mail server is protected."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"  # to this very machine only


class MailAction(StrEnum):
    """What an account does with its incoming mail (R1)."""

    CREATE_CONTACT = "create_contact"
    NONE = "none"


class AfterImport(StrEnum):
    """What is done on the server once a message is safely stored."""

    NOTHING = "nothing"
    SEEN = "seen"
    MOVE = "move"


class TokenPlace(StrEnum):
    """Where an outgoing e-mail carries its case's signed token."""

    SUBJECT = "subject"
    REPLY_ADDRESS = "reply_address"


class SentCopy(StrEnum):
    """Who puts a copy of what was sent into the account's own folder."""

    NONE = "none"
    APPEND = "append"  # this program does
    BY_SERVER = "by_server"  # the provider files what it accepts by itself


IMAP_PORTS = {Security.TLS: 993, Security.STARTTLS: 143, Security.NONE: 143}
SMTP_PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}


def is_loopback(host: str) -> bool:
    """Tell whether a host is this very machine, judged by its name alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class MailAccountSettings(BaseModel):
    """What a person enters about a mail account; the form of it in the Prefect UI."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    address: str = Field(title="E-mail address")
    """The address under which mail reaches this account."""
    host: OneLine = Field(title="IMAP server")
    """The server's name, as its certificate spells it."""
    port: int | None = Field(default=None, title="IMAP port", ge=1, le=65535)
    """Left empty: 993 with TLS, else 143."""
    security: Annotated[Security, choice(Security)] = Field(
        default=Security.TLS, title="Connection security"
    )
    """none is accepted for this very machine only."""
    ca_file: OneLine | None = Field(default=None, title="Certificate authority file")
    """A PEM file to trust instead of the system's authorities; for servers of one's own."""
    login: OneLine = Field(title="Login")
    """The user name at the mail server, often the e-mail address."""
    password: SecretStr = Field(default=NO_SECRET, title="Password")
    """Either this, or the four OAuth fields."""
    oauth_token_url: OneLine | None = Field(default=None, title="OAuth token URL")
    """Where a refresh token is exchanged for an access token (XOAUTH2)."""
    oauth_client_id: OneLine | None = Field(default=None, title="OAuth client id")
    """As registered with the mail provider."""
    oauth_client_secret: SecretStr = Field(default=NO_SECRET, title="OAuth client secret")
    """As registered with the mail provider."""
    oauth_refresh_token: SecretStr = Field(default=NO_SECRET, title="OAuth refresh token")
    """From the provider's consent page."""
    folders: tuple[OneLine, ...] = Field(default=("INBOX",), title="Folders", min_length=1)
    """The folders to watch."""
    action: Annotated[MailAction, choice(MailAction)] = Field(
        default=MailAction.CREATE_CONTACT, title="Action"
    )
    """create_contact turns each e-mail into a contact; none leaves the account alone."""
    after_import: Annotated[AfterImport, choice(AfterImport)] = Field(
        default=AfterImport.NOTHING, title="After the import"
    )
    """What is done on the server once a message is safely stored. Nothing is ever deleted."""
    move_to: OneLine | None = Field(default=None, title="Move to folder")
    """The folder for imported messages, where *After the import* is move."""
    import_since: date | None = Field(default=None, title="Import since")
    """Older messages are skipped; left empty, all are imported."""
    employees: tuple[OneLine, ...] = Field(default=(), title="Employees")
    """Personnel numbers. With employees and no team, what arrives is private to them."""
    teams: tuple[OneLine, ...] = Field(default=(), title="Teams")
    """Names of the teams in whose views the mail stands."""
    timeout_seconds: float = Field(default=30, title="Time limit", gt=0, le=600)
    """How long the server may take for one answer, in seconds."""
    poll_seconds: float = Field(default=60, title="Poll every", gt=0, le=3600)
    """How often to look where the server has no IDLE, in seconds."""
    smtp_host: OneLine | None = Field(default=None, title="SMTP server")
    """The server that takes outgoing mail. Left empty: the account sends nothing."""
    smtp_port: int | None = Field(default=None, title="SMTP port", ge=1, le=65535)
    """Left empty: 465 with TLS, 587 with STARTTLS, else 25."""
    smtp_security: Annotated[Security, choice(Security)] = Field(
        default=Security.STARTTLS, title="SMTP connection security"
    )
    """none is accepted for this very machine only."""
    smtp_login: OneLine | None = Field(default=None, title="SMTP login")
    """Left empty: the login above."""
    smtp_password: SecretStr = Field(default=NO_SECRET, title="SMTP password")
    """Left empty: the password or the OAuth fields above."""
    smtp_without_login: bool = Field(default=False, title="SMTP without login")
    """For a relay that knows this machine and wants no login."""
    sender_name: MaybeOneLine = Field(default="", title="Sender's name")
    """Shown beside the address of what is sent. Left empty: the name of the employee who sends."""
    signature: Lines = Field(default="", title="Signature")
    """Stands below the text of what is sent by those who have no signature of their own."""
    subject_prefix: MaybeOneLine = Field(default="", title="Subject prefix")
    """Stands before the subject of every e-mail that this account sends."""
    case_token: Annotated[TokenPlace, choice(TokenPlace)] = Field(
        default=TokenPlace.SUBJECT, title="Case token"
    )
    """Where an outgoing e-mail carries the token by which the reply finds its case."""
    sent_copy: Annotated[SentCopy, choice(SentCopy)] = Field(
        default=SentCopy.NONE, title="Copy of what was sent"
    )
    """append puts a copy into the folder below; by_server: the provider does that by itself."""
    sent_folder: OneLine = Field(default="Sent", title="Folder of sent mail")
    """Where the copies stand."""
    messages_per_minute: int = Field(default=0, title="Messages per minute", ge=0)
    """The most that are sent in a minute; 0 sets no limit."""
    connections: int = Field(default=1, title="Connections", ge=1, le=10)
    """How many connections to the SMTP server are used at once."""

    @field_validator("address")
    @classmethod
    def _is_an_address(cls, address: str) -> str:
        try:
            return mail_address(address)
        except ValueError as error:
            raise ValueError(f"is not an e-mail address: {error}") from error

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        problems = [*self._problems(), *self._sending_problems()]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _problems(self) -> list[str]:
        checks = {
            "connection security 'none' is for this very machine only; choose tls or starttls": (
                self.security is Security.NONE and not is_loopback(self.host)
            ),
            "give either a password or the four OAuth fields": (
                not self.password and not self.uses_oauth
            ),
            "the OAuth token URL must begin with https://": not self._token_url_is_safe,
            "name the folder to move imported messages to": (
                self.after_import is AfterImport.MOVE and self.move_to is None
            ),
            "messages cannot be moved into a folder that is watched": (
                self.after_import is AfterImport.MOVE and self.move_to in self.folders
            ),
            "assign the account to at least one employee or team, else nobody sees its mail": (
                not self.employees and not self.teams
            ),
        }
        return [problem for problem, found in checks.items() if found]

    def _sending_problems(self) -> list[str]:
        has_login = bool(self.smtp_login or self.smtp_password)
        checks = {
            "SMTP security 'none' is for this very machine only; choose tls or starttls": (
                self.smtp_security is Security.NONE and not is_loopback(self.smtp_host or "::1")
            ),
            "give an SMTP login, or choose SMTP without login, but not both": (
                self.smtp_without_login and has_login
            ),
            "name the SMTP server that the SMTP login is for": has_login and not self.sends,
        }
        return [problem for problem, found in checks.items() if found]

    @property
    def _token_url_is_safe(self) -> bool:
        parts = urlsplit(self.oauth_token_url or "https:")
        return parts.scheme == "https" or is_loopback(parts.hostname or "")

    @property
    def uses_oauth(self) -> bool:
        """Whether the login goes by XOAUTH2."""
        return all(
            (
                self.oauth_token_url,
                self.oauth_client_id,
                self.oauth_client_secret,
                self.oauth_refresh_token,
            )
        )

    @property
    def imap_port(self) -> int:
        """The port to connect to."""
        return self.port or IMAP_PORTS[self.security]

    @property
    def sends(self) -> bool:
        """Whether this account can send at all."""
        return self.smtp_host is not None

    @property
    def submission_port(self) -> int:
        """The port to hand mail in at."""
        return self.smtp_port or SMTP_PORTS[self.smtp_security]

    @property
    def submission_login(self) -> str:
        """The user name to hand mail in with."""
        return self.smtp_login or self.login

    @property
    def submission_password(self) -> SecretStr:
        """The password to hand mail in with, where it does not go by XOAUTH2."""
        return self.smtp_password or self.password

    @property
    def submits_with_oauth(self) -> bool:
        """Whether the login at the SMTP server goes by XOAUTH2."""
        return self.uses_oauth and not self.smtp_password


class MailAccount(MailAccountSettings, Named):
    """A mail account with its name; the name is what logs, runs and lists show."""

    @property
    def creates_contacts(self) -> bool:
        """Whether this account is to be watched at all (R1)."""
        return self.action is MailAction.CREATE_CONTACT
