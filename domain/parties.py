"""Who is behind a mail address: an employee, a person, a company, or nobody known (R2)."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from domain.mail import MailAddress


class PartyKind(StrEnum):
    """What a mail address may belong to."""

    EMPLOYEE = "employee"
    PERSON = "person"
    ADDRESS = "address"  # a company, or a private party


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who carries a mail address."""

    kind: PartyKind
    id: int
    name: str
    address_id: int | None = None  # the company that a person belongs to

    @property
    def company_id(self) -> int | None:
        """The address this party is, or belongs to."""
        return self.id if self.kind is PartyKind.ADDRESS else self.address_id


@dataclass(frozen=True, slots=True)
class Identified:
    """Who a mailbox is taken for, or between whom that is undecided."""

    party: Party | None
    ambiguous: tuple[Party, ...] = ()
    address_id: int | None = None  # known even where only the person is ambiguous


NOBODY = Identified(party=None)

_ACADEMIC = frozenset({"dr", "prof", "mag", "dipl", "ing", "med", "jur", "phil", "rer", "nat"})
_TITLES = _ACADEMIC | {"herr", "frau", "mr", "mrs", "ms"}
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


def identify(mailbox: MailAddress, known: Sequence[Party]) -> Identified:
    """Tell who is behind a mailbox, given all parties that carry its mail address.

    Where several do, none of them is preferred, not even an employee: only the name beside
    the address can tell, by being the name of exactly one.
    """
    parties = sorted(set(known), key=_in_any_order_the_same)
    name = _words(mailbox.name)
    namesakes = [party for party in parties if name and _words(party.name) == name]
    chosen = parties if len(parties) == 1 else namesakes
    if len(chosen) == 1:
        return Identified(chosen[0], address_id=chosen[0].company_id)
    return Identified(None, tuple(parties), _shared_company(parties))


def _in_any_order_the_same(party: Party) -> tuple[str, int, str, int]:
    return party.kind, party.id, party.name, party.address_id or 0


def _shared_company(parties: Sequence[Party]) -> int | None:
    companies = {party.company_id for party in parties}
    return companies.pop() if len(companies) == 1 else None


@lru_cache(maxsize=2048)  # the same people write again and again
def _words(name: str) -> tuple[str, ...]:
    """Reduce a name to its words, as they are compared: "Maier, Dr. Hans" is "hans maier"."""
    last, _, first = unicodedata.normalize("NFC", name).casefold().partition(",")
    plain = unicodedata.normalize("NFKD", f"{first} {last}".translate(_UMLAUTS))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return tuple(word for word in _WORD.findall(letters) if word not in _TITLES)
