"""The gateways that carry SMS and fax: where they are, and what they want to be told."""

import json
import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from domain.forms import NO_SECRET, Named, OneLine, choice
from domain.mail_addresses import is_mail_address
from domain.placeholders import filled, placeholders, texts_in
from domain.web_addresses import problems_of_url

BODY = '{"to": "{to}", "text": "{text}", "from": "{sender}", "id": "{id}"}'
OF_SMS = frozenset({"to", "digits", "text", "sender", "id"})
OF_FAX_ADDRESS = frozenset({"number", "digits", "national"})
OF_FAX_SUBJECT = frozenset({"number", "digits", "national", "matchcode"})
SOME_NUMBER = "+49301234567"

_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110: token
_ACCOUNT_SID = re.compile(r"[A-Za-z0-9]+")


class SmsShape(StrEnum):
    """The form in which a gateway wants its requests."""

    GENERIC_JSON = "generic_json"
    TWILIO = "twilio"


class Paper(StrEnum):
    """The size of a fax's pages."""

    A4 = "A4"
    LETTER = "Letter"


class SmsGatewaySettings(BaseModel):
    """What a person enters about an SMS gateway; the form of it in the Prefect UI."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    shape: Annotated[SmsShape, choice(SmsShape)] = Field(
        default=SmsShape.GENERIC_JSON, title="Shape"
    )
    """generic_json fits most gateways by the fields below; twilio is Twilio's Messages API."""
    url: OneLine = Field(title="Address")
    """generic_json: where messages are posted; twilio: the API's address without a path."""
    ca_file: OneLine | None = Field(default=None, title="Certificate authority file")
    """A PEM file to trust instead of the system's authorities; for gateways of one's own."""
    sender: OneLine | None = Field(default=None, title="Sender")
    """The number or name that recipients see."""
    token: SecretStr = Field(default=NO_SECRET, title="Token")
    """generic_json: the header's value, such as Bearer and a key; twilio: the auth token."""
    account_sid: OneLine | None = Field(default=None, title="Account SID")
    """twilio only: the account, which is the login too."""
    messaging_service: OneLine | None = Field(default=None, title="Messaging service")
    """twilio only: the SID of a messaging service, which chooses the sender."""
    header: OneLine = Field(default="Authorization", title="Header of the token")
    """generic_json only: the name of the header that carries the token."""
    body: str = Field(default=BODY, title="Body")
    """generic_json only: JSON in whose texts {to}, {digits}, {text}, {sender}, {id} are filled."""
    reference_path: OneLine | None = Field(default="id", title="Path of the id")
    """generic_json only: where the answer has the message's id, such as messages.0.id."""
    status_path: OneLine | None = Field(default="status", title="Path of the status")
    """generic_json only: where answers have the message's status, such as messages.0.status."""
    reason_path: OneLine | None = Field(default="reason", title="Path of the reason")
    """generic_json only: where answers say why a message was refused."""
    status_url: OneLine | None = Field(default=None, title="Address of the status")
    """generic_json only: with {reference}; left empty, nobody asks whether a message arrived."""
    delivered: tuple[OneLine, ...] = Field(default=("delivered",), title="Delivered")
    """generic_json only: the status words that say that a message arrived."""
    undelivered: tuple[OneLine, ...] = Field(
        default=("undelivered", "failed", "rejected", "expired"), title="Undelivered"
    )
    """generic_json only: the status words that say that a message will never arrive."""
    timeout_seconds: float = Field(default=30, title="Time limit", gt=0, le=600)
    """How long the gateway may take for one answer, in seconds."""
    messages_per_minute: int = Field(default=0, title="Messages per minute", ge=0)
    """0 is no limit."""
    connections: int = Field(default=1, title="Connections", ge=1, le=10)
    """How many messages are handed in at the same time."""

    @property
    def gives_receipts(self) -> bool:
        """Whether it can be asked what became of a message."""
        return self.shape is SmsShape.TWILIO or self.status_url is not None

    @field_validator("token")
    @classmethod
    def _fits_into_a_header(cls, token: SecretStr) -> SecretStr:
        secret = token.get_secret_value().strip()
        if not (secret.isascii() and (secret.isprintable() or not secret)):
            raise ValueError("may have printable ASCII characters only")
        return SecretStr(secret)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        of_shape = {
            SmsShape.GENERIC_JSON: self._problems_of_generic_json,
            SmsShape.TWILIO: self._problems_of_twilio,
        }
        problems = [*problems_of_url("address", self.url), *of_shape[self.shape]()]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _problems_of_generic_json(self) -> list[str]:
        status_url = self.status_url or ""
        checks = {
            "the header's name has characters that no header has": (
                not _HEADER_NAME.fullmatch(self.header)
            ),
            "the address of the status needs {reference} in its path or query": (
                bool(status_url) and not _asks_by_reference(status_url)
            ),
            "give the path of the id: the address of the status is asked by it": (
                bool(status_url) and not self.reference_path
            ),
            "give the path of the status: else the answer tells nothing": (
                bool(status_url) and not self.status_path
            ),
        }
        problems = [problem for problem, found in checks.items() if found]
        if status_url:
            problems += problems_of_url("address of the status", status_url)
        return [*problems, *_problems_of_body(self.body)]

    def _problems_of_twilio(self) -> list[str]:
        checks = {
            "give the account SID, of letters and digits": (
                not _ACCOUNT_SID.fullmatch(self.account_sid or "")
            ),
            "give the auth token": not self.token,
            "the address must end with the server's name": any(sign in self.url for sign in "?#"),
            "give either a sender or a messaging service": (
                bool(self.sender) == bool(self.messaging_service)
            ),
        }
        return [problem for problem, found in checks.items() if found]


class FaxGatewaySettings(BaseModel):
    """What a person enters about an e-mail-to-fax gateway; the form of it in the Prefect UI."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    address_template: OneLine = Field(title="Address template")
    """Such as {number}@fax.example.com: +4930...; {digits} is 4930..., {national} 004930..."""
    account: OneLine = Field(title="Mail account")
    """The name of the mail account that the gateway knows as its customer."""
    subject: OneLine = Field(default="{matchcode}", title="Subject template")
    """May have {matchcode} and what the address template may have."""
    sender_name: OneLine | None = Field(default=None, title="Sender's name")
    """Shown on the cover; left empty, the acting employee's."""
    sender_fax: OneLine | None = Field(default=None, title="Sender's fax number")
    """Shown on the cover."""
    sender_phone: OneLine | None = Field(default=None, title="Sender's phone number")
    """Shown on the cover."""
    paper: Annotated[Paper, choice(Paper)] = Field(default=Paper.A4, title="Paper")
    """The size of the pages."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        in_address = placeholders(self.address_template)
        problems = [
            *_unknown("address template", in_address, OF_FAX_ADDRESS),
            *_unknown("subject template", placeholders(self.subject), OF_FAX_SUBJECT),
        ]
        if not in_address & OF_FAX_ADDRESS:
            problems.append("the address template needs {number}, {digits} or {national}")
        elif not problems and not is_mail_address(self.address_for(SOME_NUMBER)):
            problems.append("the address template does not give an e-mail address")
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def address_for(self, number: str) -> str:
        """Give the e-mail address by which a fax number (E.164) is reached."""
        return filled(self.address_template, _ways_to_write(number))

    def subject_for(self, number: str, matchcode: str) -> str:
        """Give the subject of the e-mail to the gateway, on one line."""
        values = {**_ways_to_write(number), "matchcode": " ".join(matchcode.split())}
        return filled(self.subject, values)


class SmsGateway(SmsGatewaySettings, Named):
    """An SMS gateway with its name; the name is what logs, runs and lists show."""


class FaxGateway(FaxGatewaySettings, Named):
    """A fax gateway with its name; the name is what logs, runs and lists show."""


def _asks_by_reference(url: str) -> bool:
    host, _, rest = url.partition("://")[2].partition("/")
    return "{reference}" in rest and "{" not in host


def _problems_of_body(body: str) -> list[str]:
    try:
        texts = list(texts_in(json.loads(body)))
    except (ValueError, RecursionError) as error:
        return [f"the body is no JSON: {error}"]
    named = placeholders(" ".join(texts))
    problems = list(_unknown("body", named, OF_SMS))
    if not named & {"to", "digits"} or "text" not in named:
        problems.append("the body needs {text}, and {to} or {digits}, within its texts")
    return problems


def _unknown(what: str, named: frozenset[str], known: frozenset[str]) -> Iterator[str]:
    for name in sorted(named - known):
        yield f"the {what} has {{{name}}}, which is not known"


def _ways_to_write(number: str) -> dict[str, str]:
    digits = number.removeprefix("+")
    return {"number": number, "digits": digits, "national": f"00{digits}"}
