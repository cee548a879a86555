"""The push services by which employees are informed of appointments, one employee each."""

import re
from typing import Annotated, Self
from urllib.parse import unquote

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    field_validator,
    model_validator,
)

from domain.forms import MaybeOneLine, Named, OneLine

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9]*://[!-~]+")  # all of it printable ASCII
_BETWEEN = re.compile(r"[/@:?&=+,;#]")
_TELLING = 3  # characters; shorter parts of an address give nothing away


def _time_of_day(text: str) -> str:
    if text and not _TIME.fullmatch(text):
        raise ValueError("must be a time such as 22:00, or empty")
    return text


TimeOfDay = Annotated[MaybeOneLine, AfterValidator(_time_of_day)]


class PushServiceSettings(BaseModel):
    """What a person enters about a push service; the form of it in the Prefect UI."""

    model_config = ConfigDict(use_attribute_docstrings=True, hide_input_in_errors=True)

    employee: OneLine = Field(title="Employee")
    """The personnel number of the one who is informed by it."""
    url: SecretStr = Field(title="Address")
    """As apprise writes it, such as ntfys://ntfy.example.com/my-topic; one recipient."""
    messages_per_minute: int = Field(default=0, title="Messages per minute", ge=0)
    """0 is no limit."""
    quiet_from: TimeOfDay = Field(default="", title="Quiet from")
    """From when nothing is sent, such as 22:00 by the employee's clocks; empty is never."""
    quiet_until: TimeOfDay = Field(default="", title="Quiet until")
    """What fell into the quiet hours is sent at this time, such as 07:00."""

    @field_validator("url")
    @classmethod
    def _looks_like_an_address(cls, url: SecretStr) -> SecretStr:
        entered = url.get_secret_value().strip()
        if not _ADDRESS.fullmatch(entered):
            raise ValueError("is no address such as ntfys://ntfy.example.com/my-topic")
        return SecretStr(entered)

    @model_validator(mode="after")
    def _is_quiet_wholly(self) -> Self:
        if bool(self.quiet_from) != bool(self.quiet_until):
            raise ValueError("give both ends of the quiet hours, or none")
        return self


class PushService(PushServiceSettings, Named):
    """A push service with its name; the name is what logs, runs and lists show."""


def hidden(url: str, words: str) -> str:
    """Hide every part of an address in somebody's words.

    Any part of it may be the key that lets others in.
    """
    _, _, rest = url.partition("://")
    parts = {form for part in _BETWEEN.split(rest) for form in (part, unquote(part))}
    telling = sorted((each for each in parts if len(each) >= _TELLING), key=len, reverse=True)
    if not telling:
        return words
    return re.sub("|".join(map(re.escape, telling)), "***", words, flags=re.IGNORECASE)
