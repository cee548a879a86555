"""What a subject says besides its words: reply and forward prefixes, and case numbers."""

import re

CASE_NUMBER = r"[A-Z]{2,5}(?:-[0-9]{1,12}){1,4}"
MOST_NUMBERS = 20

_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
_BLANK = rf"[\s{_INVISIBLE}]"
# VS is a reply in Finnish and Estonian, a forward in Danish and Norwegian. It stands here,
# because more follows from a forward than from a reply.
_REPLY = (
    r"re|aw|antw|antwort|sv|svar|vs|v(?:á|a\u0301)|r|rif|r(?:é|e\u0301)p|res|odp|odg|ynt"
    r"|ats|atb|απ|σχετ|отв|ответ|отг|на|відп"
)
_FORWARD = (
    r"fwd?|wg|wtr|weitergeleitet|tr|i|rv|enc|vb|vl|doorst|pd|ilt|tov(?:ábbítás)?"
    r"|πρθ|пересл"
)
_COUNTER = r"(?:[\[(][0-9]{1,4}[\])]|[\^*][0-9]{1,4})"
_OUTSIDE = r"\[ext(?:ern(?:al|e|er|o|a)?)?(?:[ -](?:e-?mail|mail|sender|absender))?\]:?"
_PREFIX = re.compile(
    rf"(?:{_OUTSIDE}|(?P<wrap>\[)?(?:(?P<reply>{_REPLY})|(?P<forward>{_FORWARD}))"
    rf"{_BLANK}{{0,3}}{_COUNTER}?{_BLANK}{{0,3}}[:：]){_BLANK}*+",
    re.IGNORECASE,
)
_LEADING = re.compile(rf"\A{_BLANK}+")
_HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))


def bare_subject(subject: str) -> str:
    """Take away reply and forward prefixes, and the marks that mail gateways put before them.

    "[Fwd: Angebot]", as older mailers wrote it, is unwrapped (RFC 5256, 2.1).
    """
    subject = _LEADING.sub("", subject)
    start, end = 0, _end(subject, len(subject))
    while prefix := _PREFIX.match(subject, start, end):
        if prefix["wrap"]:
            if subject[end - 1] != "]":
                break
            end = _end(subject, end - 1)
        start = prefix.end()
    return subject[start:end]


def is_forward(subject: str) -> bool:
    """Tell whether the last thing done with a message was to forward it."""
    subject = _LEADING.sub("", subject)
    start = 0
    while prefix := _PREFIX.match(subject, start):
        if prefix["reply"] or prefix["forward"]:
            return prefix["forward"] is not None
        start = prefix.end()
    return False


def case_numbers_in(text: str, pattern: str = CASE_NUMBER) -> tuple[str, ...]:
    """Find what looks like case numbers, in upper case, each once and the first twenty only."""
    # Between neither letters nor digits: XSC-1042, SC-1042a and SC-1042-a are something else.
    numbers = re.compile(rf"(?<![\w-])(?:{pattern})(?!\w|-\w)", re.IGNORECASE)
    found: dict[str, None] = {}
    for match in numbers.finditer(text.translate(_HYPHENS)):
        found[match[0].upper()] = None
        if len(found) == MOST_NUMBERS:
            break
    return tuple(found)


def _end(subject: str, end: int) -> int:
    while end and (subject[end - 1].isspace() or subject[end - 1] in _INVISIBLE):
        end -= 1
    return end
