"""Address lists as they are written (RFC 5322, 3.4 and 4.4, and what mailers make of it).

The standard library reads `a@b.example <evil@x.example>` as a@b.example, which is a spoof; here
what stands in angle brackets is the address, and anything before it only a name.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from domain.mail import MailAddress
from tasks.mail.charsets import decoded
from tasks.mail.header_text import header_text, unfolded

MAX_ADDRESSES = 2_000
MAX_NAME = 300  # characters
_MAX_SIMPLE = 20
_MAX_REMEMBERED = 200  # octets

_SIMPLE = re.compile(  # what nearly all mailboxes look like
    rb"(?:\"([^\"\\,<>@]{0,99}+)\" ?|"
    rb"([^\"\\,<>@():;=]{0,99}+|=\?[\w*-]{1,60}+\?\w\?[^?\s,]++\?= ?))"
    rb"<([^\s<>@\",:;()\\]{1,64}+@[^\s<>@\",:;()\\.=]++(?:\.[^\s<>@\",:;()\\.=]++)*+)>"
    rb"(?:, ?|\Z)"
)
_TOKEN = re.compile(
    rb"(?P<word>=\?[^?\s]{1,60}+\?[BbQq]\?[^?]*+\?=)"
    rb'|(?P<quoted>"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z))'
    rb'|<(?P<angle>(?:[^<>"]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+)(?:>|\Z|(?=<))'
    rb'|(?P<special>[(),:;])|(?P<text>[^"(),:;<=]++|.)',
    re.DOTALL,
)
_ADDRESS = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^\s<>()\[\]",:;@]+)@(?:[^\s<>()@",;]+)')
_VISIBLE = re.compile(
    r"(?<![^\s<>()\[\]\"',:;@=])[^\s<>()\[\]\"',:;@=]{1,128}@[^\s<>()\[\]\"',:;@]{1,253}"
)
_COMMENT = re.compile(r"\([^()]*+\)")
_ROUTE = re.compile(r"@[^:\s]{1,500}:")
_SCHEME = re.compile(r"(?:mailto|smtp):", re.IGNORECASE)
_QUOTED_PAIR = re.compile(rb"\\(.)", re.DOTALL)
_AROUND_NAMES = " \t'\"[](){}<>,;"


@dataclass(slots=True)
class _Mailbox:
    """What stands between two commas."""

    words: list[bytes] = field(default_factory=list)
    angle: bytes | None = None
    after: list[bytes] = field(default_factory=list)
    comments: list[bytes] = field(default_factory=list)
    ended: bytes = b""

    def add(self, word: bytes) -> None:
        (self.words if self.angle is None else self.after).append(word)


def read_addresses(value: bytes, legacy: str = "cp1252") -> tuple[MailAddress, ...]:
    """Read every address that can be seen in a field."""
    return (_remembered if len(value) <= _MAX_REMEMBERED else _read_all)(value, legacy)


def _read_all(value: bytes, legacy: str) -> tuple[MailAddress, ...]:
    line = unfolded(value)
    simple = _simple_addresses(line, legacy)
    return tuple(simple or islice(_addresses(line, legacy), MAX_ADDRESSES))


_remembered = lru_cache(maxsize=2048)(_read_all)  # a mailbox meets the same people again


def _simple_addresses(line: bytes, legacy: str) -> list[MailAddress]:
    """Read a short list that follows the grammar throughout; give nothing for any other."""
    found: list[MailAddress] = []
    position = 0
    while position < len(line) and len(found) < _MAX_SIMPLE:
        mailbox = _SIMPLE.match(line, position)
        if not mailbox:
            return []
        quoted, bare, address = mailbox.groups()
        found.append(MailAddress(_name([quoted or bare], legacy), decoded(address, "", legacy)))
        position = mailbox.end()
    return found if position == len(line) else []


def _addresses(line: bytes, legacy: str) -> Iterator[MailAddress]:
    waiting: list[bytes] = []  # "Maier" of the unquoted `Maier, Hans <hans@x.example>`
    for mailbox in _mailboxes(line):
        if mailbox.angle is None and not any(b"@" in word for word in mailbox.words):
            part_of_name = mailbox.ended == b"," and any(map(bytes.strip, mailbox.words))
            waiting = [*waiting[-4:], *mailbox.words, b","] if part_of_name else []
            continue
        if mailbox.angle is not None:
            mailbox.words = waiting + mailbox.words
        waiting = []
        yield from _read(mailbox, legacy)
    if b"=?" in line and b"@" not in line:
        yield from _hidden(line, legacy)


def _mailboxes(line: bytes) -> Iterator[_Mailbox]:
    mailbox, depth = _Mailbox(), 0
    for token in _TOKEN.finditer(line):
        kind, written = token.lastgroup, token.group()
        if depth or written == b"(":
            depth += (written == b"(") - (written == b")")
            mailbox.comments.append(written)
        elif kind == "angle":
            if mailbox.angle is not None and any(map(bytes.strip, mailbox.after)):
                yield mailbox
                mailbox = _Mailbox(words=mailbox.after)
            elif mailbox.angle is not None:
                mailbox.words.append(mailbox.angle)
            mailbox.angle = token["angle"]
        elif kind != "special" or written == b")":
            mailbox.add(written)
        elif written == b":":
            mailbox = _after_colon(mailbox)
        else:
            mailbox.ended = written
            yield mailbox
            mailbox = _Mailbox()
    yield mailbox


def _after_colon(mailbox: _Mailbox) -> _Mailbox:
    """Begin a group's members, whose name is no part of them."""
    if mailbox.angle is None and not any(b"@" in word for word in mailbox.words):
        return _Mailbox()
    mailbox.add(b":")
    return mailbox


def _read(mailbox: _Mailbox, legacy: str) -> Iterator[MailAddress]:
    comment = b"".join(mailbox.comments).removeprefix(b"(").removesuffix(b")")
    if mailbox.angle is not None and (address := _cleaned(decoded(mailbox.angle, "", legacy))):
        names = (mailbox.words, [b"".join(mailbox.after).strip(b"> ")], [comment])
        yield MailAddress(next(filter(None, (_name(name, legacy) for name in names)), ""), address)
        return
    written = b"".join([*mailbox.words, mailbox.angle or b"", *mailbox.after])
    text = " ".join(decoded(written, "", legacy).split())
    if _ADDRESS.fullmatch(_without_blanks(text)):
        yield MailAddress(_name([comment], legacy), _cleaned(text))
    else:
        yield from _visible(text, _name([written], legacy))


def _visible(text: str, name: str) -> Iterator[MailAddress]:
    """Find addresses in what does not follow the grammar, `Hans Maier [hans@x.example]` say."""
    addresses = [address.rstrip(".-") for address in _VISIBLE.findall(text)]
    if len(addresses) == 1:
        rest = name.replace(addresses[0], "").replace("[]", "").replace("<>", "")
        yield MailAddress(_unquoted_name(rest.strip(_AROUND_NAMES)), addresses[0])
    else:
        yield from (MailAddress("", address) for address in addresses)


def _hidden(line: bytes, legacy: str) -> Iterator[MailAddress]:
    """Look into encoded words that swallowed the address as well as the name."""
    text = header_text(line, legacy)
    yield from _visible(text, text)


def _cleaned(text: str) -> str:
    text = _without_blanks(" ".join(_without_comments(text).split()))
    text = _ROUTE.sub("", _SCHEME.sub("", text, count=1), count=1).strip("'")
    if _ADDRESS.fullmatch(text):
        return text.rstrip(".")
    visible = _VISIBLE.search(text)
    return visible.group().rstrip(".") if visible else ""


def _without_comments(text: str) -> str:
    return _COMMENT.sub("", text) if "(" in text else text


def _without_blanks(text: str) -> str:
    for sign in "@.":
        text = text.replace(f" {sign}", sign).replace(f"{sign} ", sign)
    return text


def _name(words: list[bytes], legacy: str) -> str:
    written = b"".join(_unquoted(word) for word in words)
    name = " ".join(header_text(written, legacy).split())
    return _unquoted_name(name)[:MAX_NAME].strip()


def _unquoted(word: bytes) -> bytes:
    if not word.startswith(b'"'):
        return word
    return _QUOTED_PAIR.sub(rb"\1", word.removeprefix(b'"').removesuffix(b'"'))


def _unquoted_name(name: str) -> str:
    """Take quotes off that are left around a whole name: 'Hans Maier'."""
    around = name[:1]
    if len(name) > 2 and around in "'\"" and name.endswith(around) and name.count(around) == 2:
        return name[1:-1].strip()
    return name
