"""What people ask of lists: filters, searches and orders, and which of them contradict (L1-L6)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from domain.errors import BadFilter
from domain.search_words import search_term

MOST_IN_A_PAGE = 1_000


class Listed(StrEnum):
    """What there are lists of."""

    CONTACTS = "contacts"
    APPOINTMENTS = "appointments"
    TODOS = "todos"
    CASES = "cases"


class Order(StrEnum):
    """How a list is sorted."""

    NEWEST = "newest"  # received, begun or written last
    OLDEST = "oldest"
    DUE = "due"  # what is due first; without a due, the last
    PRIORITY = "priority"
    MATCHCODE = "matchcode"


ORDERS: Mapping[Listed, tuple[Order, ...]] = {  # the first one is the usual one
    Listed.CONTACTS: (Order.NEWEST, Order.OLDEST, Order.MATCHCODE),
    Listed.APPOINTMENTS: (Order.NEWEST, Order.OLDEST, Order.MATCHCODE),
    Listed.TODOS: (Order.DUE, Order.NEWEST, Order.OLDEST, Order.PRIORITY, Order.MATCHCODE),
    Listed.CASES: (Order.MATCHCODE,),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What of a list somebody wants to see; all filters hold together (L6)."""

    search: str = ""  # a part of the matchcode (L2)
    full_text: str = ""  # words anywhere in a contact
    address: str | None = None  # number (L1)
    case: str | None = None  # number (L1)
    contact: int | None = None  # only its follow-ups, or the answers to it (A2)
    team: str | None = None  # name: what is delegated to it
    own: bool = False  # the employee is responsible or takes part (L3)
    own_teams: bool = False  # a member of an own team is, or the team itself (L4)
    only_open: bool = False  # L5
    only_done: bool = False
    only_published: bool = False
    since: datetime | None = None  # received, begun or due from this instant on
    until: datetime | None = None  # and before this one
    order: Order | None = None  # None: the list's usual one

    @property
    def digest(self) -> str:
        """Tell wishes apart in page keys."""
        return sha256(repr(sorted(asdict(self).items())).encode()).hexdigest()[:12]

    def ordered(self, listed: Listed) -> Order:
        """Give the order of a list."""
        return self.order or ORDERS[listed][0]

    @property
    def term(self) -> str:
        """Give what is searched for, folded."""
        return search_term(self.search)


def require_sense(listed: Listed, wish: Wish, named: bool) -> None:
    """Raise BadFilter with all that is wrong with a wish; named says whether an employee asks."""
    said = [
        (wish.own and not named, "your own records: say who you are"),
        (wish.own_teams and not named, "your own teams' records: say who you are"),
        (wish.only_open and wish.only_done, "only what is open and only what is done: choose one"),
        (
            bool(wish.since and wish.until and wish.until <= wish.since),
            "the list would end before it begins: nothing can be in it",
        ),
        (
            wish.order is not None and wish.order not in ORDERS[listed],
            f"{listed} are sorted by {', '.join(ORDERS[listed])}, not by {wish.order}",
        ),
        (
            bool(wish.full_text) and wish.order is not None,
            "what is found by words is sorted by how well it fits: name no order",
        ),
        *((bool(value), f"{listed} have no {name}") for name, value in _foreign(listed, wish)),
    ]
    if wrong := [sentence for holds, sentence in said if holds]:
        raise BadFilter("; ".join(wrong))


def _foreign(listed: Listed, wish: Wish) -> list[tuple[str, object]]:
    """Name the filters that a list does not have."""
    lists = {
        "full text": (wish.full_text, {Listed.CONTACTS}),
        "publication": (wish.only_published, {Listed.CONTACTS}),
        "contact that they belong to": (wish.contact, {Listed.CONTACTS, Listed.APPOINTMENTS}),
        "team that they are delegated to": (wish.team, {Listed.TODOS}),
        "case that they belong to": (wish.case, set(Listed) - {Listed.CASES}),
        "time": (wish.since or wish.until, set(Listed) - {Listed.CASES}),
    }
    return [(name, value) for name, (value, those) in lists.items() if listed not in those]
