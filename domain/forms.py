"""The fields that the forms of accounts and gateways are made of."""

import re
from enum import StrEnum
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    SecretStr,
    StringConstraints,
    WithJsonSchema,
    field_validator,
)

NO_SECRET = SecretStr("")

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def choice(kind: type[StrEnum]) -> WithJsonSchema:
    """Write an enumeration into the form itself: a reference would take the field's title away."""
    return WithJsonSchema({"type": "string", "enum": [each.value for each in kind]})


def _one_line(text: str) -> str:
    """Refuse control characters: they would end an IMAP command and begin another."""
    if any(ord(character) < 32 or ord(character) == 127 for character in text):
        raise ValueError("must not contain line breaks or other control characters")
    return text


def _readable(text: str) -> str:
    """Refuse control characters other than the ends of lines and tabs."""
    _one_line(re.sub(r"\r\n|[\n\t]", " ", text))
    return text.replace("\r\n", "\n")


OneLine = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_one_line)
]
MaybeOneLine = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_one_line)]
Lines = Annotated[str, AfterValidator(_readable)]


class Named(BaseModel):
    """What is entered under a name; the name is what logs, runs and lists show."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    name: str

    @field_validator("name")
    @classmethod
    def _is_a_slug(cls, name: str) -> str:
        if not _SLUG.fullmatch(name):
            raise ValueError("may have lower-case letters, digits and single hyphens only")
        return name
