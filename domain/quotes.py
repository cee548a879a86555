"""The new part of a reply, told from the history that it quotes.

This is our own because mail-parser-reply loses answers written between quoted lines and takes
quadratic time on repeated "Am "; here each line is looked at once, and what is not surely
history is kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from domain.quote_marks import (
    QUOTED,
    UNMARKED,
    Attribution,
    attribution_at,
    history_heading_at,
    starts_forward,
    without_signature,
)

LINES_MOST = 20_000  # nobody writes more; a text that has them is left as it is


class Kind(Enum):
    """What a line of a mail is."""

    NEW = auto()
    QUOTED = auto()  # begins with ">"
    ATTRIBUTION = auto()  # introduces a quotation
    HISTORY = auto()  # older text without any mark of its own
    FORWARDED = auto()  # older text that the mail is about


@dataclass(slots=True)
class _Answer:
    """New text, and the quoted lines that stand directly above it."""

    quoted: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)


def new_part(text: str) -> str:
    """Give what the writer added: no quoted history, no signature, but every answer in between.

    Several answers each keep the quoted paragraph that they answer. A forwarded message is kept,
    for it is what the mail is about. Where nothing new remains, the whole text is returned.
    """
    lines = text.splitlines()
    if len(lines) > LINES_MOST:
        return text.strip()
    kinds = list(_kinds(lines))
    answers = _answers(lines, kinds)
    forwarded = [line for line, kind in zip(lines, kinds, strict=True) if kind is Kind.FORWARDED]
    keeps_questions = sum(bool(answer.quoted) for answer in answers) > 1
    blocks = [_written(answer, keeps_questions) for answer in answers]
    return "\n\n".join([*blocks, *_joined(forwarded)]).strip() or text.strip()


def parts(text: str) -> tuple[str, str]:
    """Tell what a text quotes or forwards from what its writer added, signature and all."""
    lines = text.splitlines()
    if len(lines) > LINES_MOST:
        return text, ""
    told = list(zip(lines, _kinds(lines), strict=True))
    new = [line for line, kind in told if kind is Kind.NEW]
    old = [line for line, kind in told if kind not in (Kind.NEW, Kind.ATTRIBUTION)]
    return "\n".join(old), "\n".join(new)


def _kinds(lines: Sequence[str]) -> Iterator[Kind]:
    """Say of each line what it is, in order."""
    backwards = range(len(lines) - 1, -1, -1)
    last_quoted = next((index for index in backwards if QUOTED.match(lines[index])), -1)
    index = 0
    while index < len(lines):
        if UNMARKED.match(lines[index]):  # asked here, for most lines are so
            yield Kind.NEW
            index += 1
            continue
        kind, length = _next_kind(lines, index, last_quoted)
        yield from [kind] * length
        index += length


def _next_kind(lines: Sequence[str], index: int, last_quoted: int) -> tuple[Kind, int]:
    """Say what begins at a line, and how many lines it has."""
    rest = len(lines) - index
    if QUOTED.match(lines[index]):
        return Kind.QUOTED, 1
    if starts_forward(lines[index]):
        return Kind.FORWARDED, rest
    if attribution := attribution_at(lines, index):
        length, certainty = attribution
        if _quotation_follows(lines, index + length):
            return Kind.ATTRIBUTION, length
        if certainty is Attribution.CERTAIN:  # a greeting may stand between it and the quotation
            return (Kind.ATTRIBUTION, length) if last_quoted > index else (Kind.HISTORY, rest)
    if heading := history_heading_at(lines, index):
        quotation = _quotation_follows(lines, index + heading)
        return (Kind.ATTRIBUTION, heading) if quotation else (Kind.HISTORY, rest)
    return Kind.NEW, 1


def _quotation_follows(lines: Sequence[str], index: int) -> bool:
    following = next((line for line in lines[index : index + 4] if line.strip()), "")
    return bool(QUOTED.match(following))


def _answers(lines: Sequence[str], kinds: Sequence[Kind]) -> list[_Answer]:
    """Group the new lines by the quotations between them, signatures taken off."""
    answers = [_Answer()]
    for line, kind in zip(lines, kinds, strict=True):
        if kind is Kind.NEW:
            answers[-1].text.append(line)
        elif kind is not Kind.FORWARDED:
            if any(written.strip() for written in answers[-1].text):
                answers.append(_Answer())
            if kind is Kind.QUOTED:
                answers[-1].quoted.append(line)
    for answer in answers:
        answer.text = without_signature(answer.text)
    return [answer for answer in answers if any(line.strip() for line in answer.text)]


def _written(answer: _Answer, keeps_question: bool) -> str:
    question = _last_paragraph(answer.quoted) if keeps_question else []
    return "\n".join([*question, *_joined(answer.text)])


def _last_paragraph(quoted: Sequence[str]) -> list[str]:
    """Take the quoted lines that an answer directly below them answers."""
    paragraph: list[str] = []
    for line in reversed(quoted):
        if line.strip(" \t>"):
            paragraph.append(line)
        elif paragraph:
            break
    return paragraph[::-1]


def _joined(lines: Sequence[str]) -> list[str]:
    """Join lines to one text without blank lines around it; no text is no element."""
    text = "\n".join(lines).strip("\n")
    return [text] if text.strip() else []
