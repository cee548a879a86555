"""File names in the header of a part: of any script, and for mailers that read ASCII only."""

import re
import unicodedata
from urllib.parse import quote

from tasks.mail.encoded_words import octets_of

_PLAIN = re.compile(r"[\w .()+,@#&~!-]{1,60}", re.ASCII)
_NOT_PLAIN = re.compile(r"[^\w .()+,@#&~!-]", re.ASCII)
_AS_ASCII = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
)
_ENCODED = re.compile(r"(?:%[0-9A-F]{2}|[^%]){1,18}")  # octets: with all of them escaped, 54
_LONGEST_FALLBACK = 60


def disposition(kind: str, name: str) -> str:
    """Write a Content-Disposition with a file's name (RFC 2183, 2231)."""
    if not name:
        return f"Content-Disposition: {kind}\r\n"
    return ";\r\n ".join([f"Content-Disposition: {kind}", *_parameters(name)]) + "\r\n"


def typed(content_type: str, name: str) -> str:
    """Write a Content-Type with a file's name in ASCII, for mailers that know no RFC 2231.

    It stands here, because readers of the disposition would take it for the better name.
    """
    if not name:
        return f"Content-Type: {content_type}\r\n"
    return f'Content-Type: {content_type};\r\n name="{ascii_name(name)}"\r\n'


def ascii_name(name: str) -> str:
    """Give a name that resembles a file's, in harmless ASCII and not too long."""
    composed = unicodedata.normalize("NFC", name).translate(_AS_ASCII)
    split = unicodedata.normalize("NFKD", composed)
    letters = "".join(letter for letter in split if not unicodedata.combining(letter))
    plain = _NOT_PLAIN.sub("_", letters)
    if len(plain) <= _LONGEST_FALLBACK:
        return plain
    stem, dot, extension = plain.rpartition(".")
    end = f"{dot}{extension}" if stem and len(extension) < 12 else ""
    return plain[: _LONGEST_FALLBACK - len(end)] + end


def _parameters(name: str) -> list[str]:
    if _PLAIN.fullmatch(name):
        return [f'filename="{name}"']
    sections = _ENCODED.findall(quote(octets_of(name), safe="._-~"))
    if len(sections) == 1:
        return [f"filename*=utf-8''{sections[0]}"]
    sections[0] = f"utf-8''{sections[0]}"
    return [f"filename*{number}*={section}" for number, section in enumerate(sections)]
