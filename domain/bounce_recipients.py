"""The recipients that a notice names in words, with what it says of each."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from domain.bounce_reasons import REPLY

LINES_READ = 400
LINE_CHARACTERS = 1_000
PHRASES_READ = 8_000

_ADDRESS = r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
_LABEL = (
    r"(?:to|an|recipients?|recipient address|original recipient|final-recipient|failed recipient"
    r"|empfänger(?:adresse)?|adresse|e-?mail(?:-?adresse)?|address|user|mailbox|postfach"
    r"|destinataire|destinatario|ontvanger|aan|rcpt to)"
)
_AT_LINE_START = re.compile(
    rf"[\s>|]{{0,20}}(?:[-*•]\s)?(?:{_LABEL}\s?:\s{{0,20}})?(?:rfc822;\s?)?[\"'<(\[]{{0,3}}(?:mailto:)?"
    rf"(?P<address>{_ADDRESS})(?P<rest>.*)",
    re.IGNORECASE,
)
_REST = re.compile(
    r"[\"'>)\].]*\s*(?:$|[:;,(<|–-]|\.\.\.|(?:on|am|um|le|el|il|op)\s+\d"
    r"|because|weil|user unknown)",
    re.IGNORECASE,
)
_IN_PHRASE = (
    re.compile(
        rf"\b(?:to|an|für|for|à|a|para|aan|adresse|address|recipient|empfänger|user|mailbox)\s+"
        rf"(?:the following (?:address|recipient)\s+)?[\"'<(]{{0,2}}(?:mailto:)?({_ADDRESS})",
        re.IGNORECASE,
    ),
    re.compile(rf"rcpt\s+to:\s?<?({_ADDRESS})", re.IGNORECASE),
    re.compile(rf"\b[45]\d\d[ -][^\n]{{0,120}}?<({_ADDRESS})", re.IGNORECASE),
    re.compile(rf"({_ADDRESS})", re.IGNORECASE),
)
_OFFICE = re.compile(r"(?:postmaster|mailer-daemon|abuse|hostmaster|noreply|no-reply)@", re.I)


@dataclass(frozen=True, slots=True)
class Told:
    """A recipient, and the words that a notice has for the failure."""

    address: str
    words: str


def told_recipients(notice: str, own: Collection[str]) -> list[Told]:
    """Find whom a notice names as not reached; the addresses of its own readers are no such."""
    lines = [line[:LINE_CHARACTERS] for line in notice.splitlines()[:LINES_READ]]
    listed = list(_listed(lines))
    if listed:
        return [Told(address, words or words_on(notice, address)) for address, words in listed]
    flat = " ".join(notice[:PHRASES_READ].split())
    for phrase in _IN_PHRASE:
        found = dict.fromkeys(match[1].strip(".") for match in phrase.finditer(flat))
        named = [one for one in found if one.casefold() not in own and not _OFFICE.match(one)]
        if named:
            return [Told(address, words_on(notice, address)) for address in named]
    return []


def words_on(notice: str, address: str = "") -> str:
    """Find the server's words anywhere in a notice, best those that name the address."""
    replies = list(_replies(notice))
    naming = (words for words in replies if address and address in words)
    return next(naming, replies[0] if replies else "")


def _listed(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Give the addresses that begin a line, each once, with the words that follow it."""
    starts = [(index, match) for index, line in enumerate(lines) if (match := _names(line))]
    ends = [*(index for index, _ in starts[1:]), len(lines)]
    words: dict[str, str] = {}
    for (index, match), end in zip(starts, ends, strict=False):
        rest = match["rest"].lstrip("\"'>)]:,; ")
        others = re.findall(_ADDRESS, rest) if match["rest"].lstrip("\"'> ").startswith(",") else []
        told = _told_below([rest, *lines[index + 1 : end]])
        for address in (match["address"], *others):
            if not REPLY.search(words.get(address, "")):
                words[address] = told if REPLY.search(told) else words.get(address) or told
    yield from words.items()


def _names(line: str) -> re.Match[str] | None:
    match = _AT_LINE_START.match(line)
    return match if match and _REST.match(match["rest"]) else None


def _told_below(lines: Sequence[str]) -> str:
    """Take the reply of a server out of the lines below an address, else their first paragraph."""
    text = "\n".join(lines)
    if reply := next(_replies(text), ""):
        return reply
    paragraphs = (paragraph.strip(" \t\n-*|") for paragraph in re.split(r"\n\s*\n", text))
    return next((words for words in paragraphs if words and not _only_leads_on(words)), "")


def _only_leads_on(words: str) -> bool:
    return words.endswith(":") and len(words) < 80


def _replies(text: str) -> Iterator[str]:
    """Give each server's reply, from its number to the end of its paragraph."""
    for paragraph in re.split(r"\n[ \t]*\n", text):
        if reply := REPLY.search(paragraph):
            yield paragraph[reply.start() :].strip("# \t\n")
