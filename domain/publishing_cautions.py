"""What to think about before customers see a contact: what it quotes, and whom it names."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from domain.publishing import Caution, CautionKind
from domain.quotes import parts
from domain.search_words import words

QUOTED_WORDS = 5  # so many words in a row, in a quotation, are repeated on purpose
COPIED_WORDS = 12  # ... and so many in what is new: greetings and signatures are alike
Runs = set[tuple[str, ...]]  # of so many words in a row


@dataclass(frozen=True, slots=True)
class Said:
    """What customers would see of a contact."""

    text: str
    others: tuple[str, ...] = ()  # sender, matchcode, rich text, names of files


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another contact of the same matter, which the viewer may see."""

    id: int
    text: str  # what is new in it
    published: bool
    private: bool = False  # then it is not named, for others read it too


@dataclass(frozen=True, slots=True)
class Known:
    """An employee, by what might be found of them in a text."""

    name: str
    emails: tuple[str, ...] = ()


def cautions(
    said: Said, neighbours: Sequence[Neighbour], employees: Iterable[Known]
) -> tuple[Caution, ...]:
    """Say what to think about; what customers see already, in another contact, does not count.

    A quotation that is of none of the neighbours is a caution as well, so that nobody learns
    from it whether there is a contact that they may not see.
    """
    return (*_repeating(said.text, neighbours), *_naming(said, employees))


def _repeating(text: str, neighbours: Sequence[Neighbour]) -> Iterator[Caution]:
    old, new = parts(text)
    quoted, copied = _runs(old, QUOTED_WORDS), _runs(new, COPIED_WORDS)
    for each in neighbours:
        if each.published:
            quoted -= _shared(each.text, QUOTED_WORDS, quoted)
            copied -= _shared(each.text, COPIED_WORDS, copied)
    unknown, hidden = set(quoted), False
    for each in neighbours:
        theirs = _shared(each.text, QUOTED_WORDS, quoted)
        repeated = bool(theirs or _shared(each.text, COPIED_WORDS, copied))
        hidden |= repeated and each.private
        if repeated and not each.private:
            yield Caution(CautionKind.REPEATS_UNPUBLISHED, str(each.id))
        unknown -= theirs
    if hidden or len(unknown) > QUOTED_WORDS:  # fewer are the seams between what is known
        yield Caution(CautionKind.QUOTES_UNKNOWN)


def _runs(text: str, length: int) -> Runs:
    return set(_in_a_row(text, length))


def _shared(text: str, length: int, runs: Runs) -> Runs:
    """Give the runs of words that a text has, too."""
    return {each for each in _in_a_row(text, length) if each in runs} if runs else set()


def _in_a_row(text: str, length: int) -> Iterator[tuple[str, ...]]:
    said = words(text)
    return (tuple(said[at : at + length]) for at in range(len(said) - length + 1))


def _naming(said: Said, employees: Iterable[Known]) -> Iterator[Caution]:
    everything = " ".join(words("\n".join([said.text, *said.others])))
    for each in employees:
        emails = [email for email in each.emails if _stands(email, everything)]
        named = emails or ([each.name] if _is_named(each.name, everything) else [])
        yield from (Caution(CautionKind.NAMES_EMPLOYEE, about) for about in named)


def _is_named(name: str, everything: str) -> bool:
    """Find a name as it is spoken, and with the last name first."""
    first, *others = words(name) or [""]
    orders: Collection[str] = (name, " ".join([*others[-1:], first, *others[:-1]]))
    return any(_stands(each, everything) for each in orders)


def _stands(name: str, everything: str) -> bool:
    wanted = " ".join(words(name))
    return bool(wanted) and f" {wanted} " in f" {everything} "
