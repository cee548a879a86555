"""What the demo's employees send, as outgoing.toml tells it."""

import tomllib
from base64 import b64decode
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from domain.contacts import E_MAIL, NewContact, NewRecipient
from domain.outgoing import File
from domain.sending import Request

FILE = Path(__file__).with_name("outgoing.toml")
NOT_SAVED_YET = 0  # write_and_send puts the new contact's id in its place


class LetterFile(BaseModel):
    """A file of a letter: shown in its HTML where it has a content id, else beside it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    content_type: str
    text: str = ""
    base64: str = ""
    content_id: str | None = None

    def file(self) -> File:
        """Give it as it goes with a contact."""
        content = self.text.lstrip("\n").encode() or b64decode(self.base64)
        inline = self.content_id is not None
        return File(self.name, self.content_type, content, self.content_id, inline)


class Letter(BaseModel):
    """What an employee writes, to whom, and over which channel."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str | None = None  # of what is sent once
    channel: str
    creator: str
    matchcode: str
    text: str = ""
    html: str | None = None
    activity_type: str = E_MAIL
    case: str | None = None
    recipients: tuple[NewRecipient, ...]
    file: tuple[LetterFile, ...] = Field(default=())
    number: str | None = None
    minutes_later: int = 0

    def contact(self) -> NewContact:
        """Give the contact that is saved."""
        return NewContact(
            self.creator,
            self.matchcode,
            self.text,
            self.html,
            self.activity_type,
            self.recipients,
            tuple(each.file() for each in self.file),
            self.case,
        )

    def request(self, now: datetime) -> Request:
        """Give the request to send it."""
        later = timedelta(minutes=self.minutes_later)
        return Request(
            self.channel,
            NOT_SAVED_YET,
            self.creator,
            number=self.number,
            not_before=now + later if later else None,
            key=f"demo:{self.key}" if self.key else None,
        )


def letters_sent_once() -> tuple[Letter, ...]:
    """Give the letters that show one thing each."""
    return _letters("once")


def letters_sent_again() -> tuple[Letter, ...]:
    """Give the letters that are sent one after the other, without an end."""
    return _letters("again")


def _letters(when: str) -> tuple[Letter, ...]:
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(Letter(**entry) for entry in content[when])
