"""What is put to a contact's subject and text before they go out."""

import re
import unicodedata
from html import escape

from domain.markup import without_markup
from domain.subjects import bare_subject

REPLY_PREFIX = "AW: "
SEPARATOR = "-- "  # RFC 3676, 4.3

_TAG = re.compile(r"\[[^\[\]]*\]")
_BODY_END = re.compile(r"</body\b", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|[\r\n]")
# cases_signed_in forgives these letters, and so much white space, within a token's signature.
_LOOK_ALIKES = {"0": "[0o]", "1": "[1il]"}
_GAP = r"[\s\u00a0\u200b]{0,3}"


def prefixed(matchcode: str, prefix: str) -> str:
    """Put an area's prefix before a subject, unless it stands there already (E6).

    It does so too behind reply prefixes and other areas' tags, and in other letters' case.
    """
    prefix = prefix.strip()
    if not prefix or _has_prefix(matchcode, prefix):
        return matchcode
    return f"{prefix} {matchcode.strip()}".rstrip()


def tokened(matchcode: str, token: str) -> str:
    """Put a case's token at a subject's end, unless it can be read there already."""
    number, _, signature = token.partition(".")
    letters = (_LOOK_ALIKES.get(letter, re.escape(letter)) for letter in signature)
    pattern = rf"(?<![a-z0-9]){re.escape(number)}{_GAP}\.{_GAP}{_GAP.join(letters)}(?![a-z0-9])"
    if re.search(pattern, matchcode, re.ASCII | re.IGNORECASE):
        return matchcode
    return f"{matchcode.rstrip()} [{token}]".lstrip()


def reply_subject(subject: str) -> str:
    """Give the subject of a reply, with one prefix however many there were."""
    bare = bare_subject(subject)
    return f"{REPLY_PREFIX}{bare}" if bare else ""


def signed(text: str, signature: str) -> str:
    """Put a signature below a text, unless it stands there already (E6)."""
    lines = _signature_lines(signature)
    if not lines or _ends_signed(text, lines):
        return text
    above = f"{text.rstrip()}\n\n" if text.strip() else ""
    return above + "\n".join([SEPARATOR, *lines])


def signed_html(html: str, signature: str) -> str:
    """Put a plain signature below rich text, unless it stands there already (E6)."""
    lines = _signature_lines(signature)
    if not lines or _ends_signed(without_markup(html), lines):
        return html
    block = "<br>\n".join(escape(line, quote=False) for line in [SEPARATOR, *lines])
    ends = [tag.start() for tag in _BODY_END.finditer(html)]
    at = ends[-1] if ends else len(html)
    return f"{html[:at].rstrip()}\n<p>{block}</p>{html[at:]}".lstrip("\n")


def _has_prefix(matchcode: str, prefix: str) -> bool:
    wanted = _folded(prefix)
    ends = r"(?!\w)" if wanted[-1].isalnum() else ""  # "SC" does not stand before "Schraube"
    for subject in (_folded(matchcode), _folded(bare_subject(matchcode))):
        found = re.search(re.escape(wanted) + ends, subject)
        if found and not bare_subject(_TAG.sub("", subject[: found.start()])):
            return True
    return False


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _signature_lines(signature: str) -> list[str]:
    lines = [line.rstrip() for line in _LINE_END.split(signature.strip("\r\n"))]
    if lines[0] == SEPARATOR.rstrip():
        del lines[0]
    return lines if any(lines) else []


def _ends_signed(text: str, signature: list[str]) -> bool:
    wanted = _words([SEPARATOR, *signature])
    return _words(_LINE_END.split(text))[-len(wanted) :] == wanted


def _words(lines: list[str]) -> list[list[str]]:
    """Take lines as their words: editors and mailers change the white space between them."""
    return [words for line in lines if (words := line.split())]
