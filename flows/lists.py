"""The lists as buttons: each run shows a page of one, as a table that all admins see (L1-L6).

So they show what everybody may see, and nothing private, whoever is named as the employee (L9).
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from prefect import Flow, flow
from prefect.client.schemas.objects import State

from domain.entered import PageSize, Time
from domain.errors import KontaktwerkError
from domain.forms import MaybeOneLine, OneLine
from domain.lists import Listed, Order, Wish
from flows.pressing import completed, meant
from flows.refusing import reasons, refused
from tasks.boards import Row
from tasks.list_artifacts import FOUND, list_key, show_rows
from tasks.list_rows import ROWS, hit_row
from tasks.settings import settings
from tasks.store.database import store
from tasks.store.lists.full_text import search_contacts as find
from tasks.store.lists.reading import LISTS, Page
from tasks.store.staff import colleague


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a list is filtered, and by which clocks it shows times (IANA name)."""

    id: int | None
    zone: str

    @classmethod
    def named(cls, employee: str) -> "Reader":
        """Find an employee by the personnel number; nobody where it is empty."""
        if not employee:
            return cls(None, settings().zone)
        found = colleague(store(), employee)
        return cls(found.id, found.zone)


def _list_of(listed: Listed, called: str) -> "Flow[..., Any]":
    """Make the flow of a list; its form's fields are those of all lists."""

    async def listing(
        search: MaybeOneLine = "",
        address: MaybeOneLine = "",
        case: MaybeOneLine = "",
        own: bool = False,
        own_teams: bool = False,
        only_open: bool = False,
        only_done: bool = False,
        since: Time | None = None,
        until: Time | None = None,
        order: Order | None = None,
        employee: MaybeOneLine = "",
        limit: PageSize = 50,
        page_key: MaybeOneLine = "",
    ) -> State[Any]:
        """List what everybody may see, page by page; all filters hold together.

        Args:
            search: A part of the matchcode, whatever the case of the letters.
            address: Only those of an address, by its number.
            case: Only those of a case, by its number, such as SC-1042.
            own: Only those for which the employee below is responsible or in which they take part.
            own_teams: Only those of the teams of the employee below.
            only_open: Only what is not done yet.
            only_done: Only what is done.
            since: Only what was received, begins or is due from then on.
            until: Only what was received, begins or is due before then.
            order: How they are sorted; *due* and *priority* are for todos.
            employee: Whose own records and teams are meant, by the personnel number. Nothing is
                shown to them that others may not see.
            limit: At most so many, up to 200.
            page_key: Where the list goes on; the run before says it. The filters stay the same.
        """

        def reading() -> "_Shown":
            reader = Reader.named(employee)
            wish = Wish(
                search=search,
                address=address or None,
                case=case or None,
                own=own,
                own_teams=own_teams,
                only_open=only_open,
                only_done=only_done,
                since=meant(since, reader.zone),
                until=meant(until, reader.zone),
                order=order,
            )
            page = LISTS[listed].page(
                store(), wish, reader.id, limit, page_key or None, openly=True
            )
            return _Shown.of(page, ROWS[listed], reader)

        return await _told(listed, list_key(listed), reading)

    listing.__name__ = listing.__qualname__ = called
    return flow(name=f"list-{listed}", flow_run_name=f"list {listed}")(listing)


list_contacts = _list_of(Listed.CONTACTS, "list_contacts")
list_appointments = _list_of(Listed.APPOINTMENTS, "list_appointments")
list_todos = _list_of(Listed.TODOS, "list_todos")
list_cases = _list_of(Listed.CASES, "list_cases")


@flow(name="search-contacts", flow_run_name="search contacts")
async def search_contacts(
    words: OneLine,
    address: MaybeOneLine = "",
    case: MaybeOneLine = "",
    own: bool = False,
    own_teams: bool = False,
    since: Time | None = None,
    until: Time | None = None,
    employee: MaybeOneLine = "",
    limit: PageSize = 50,
    page_key: MaybeOneLine = "",
) -> State[Any]:
    """Find contacts that everybody may see by what they say, and show where they say it.

    Args:
        words: The beginnings of words; all of them stand in the contact or in its files' names.
        address: Only those of an address, by its number.
        case: Only those of a case, by its number, such as SC-1042.
        own: Only those that the employee below wrote or got.
        own_teams: Only those of the teams of the employee below.
        since: Only what was received from then on.
        until: Only what was received before then.
        employee: Whose own records and teams are meant, by the personnel number. Nothing is
            shown to them that others may not see.
        limit: At most so many, up to 200.
        page_key: Where the list goes on; the run before says it. The words stay the same.
    """

    def reading() -> "_Shown":
        reader = Reader.named(employee)
        wish = Wish(
            full_text=words,
            address=address or None,
            case=case or None,
            own=own,
            own_teams=own_teams,
            since=meant(since, reader.zone),
            until=meant(until, reader.zone),
        )
        page = find(store(), wish, reader.id, limit, page_key or None, openly=True)
        return _Shown.of(page, hit_row, reader)

    return await _told(Listed.CONTACTS, FOUND, reading)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A page as it is shown, by the clocks of a zone."""

    rows: Sequence[Row]
    next: str | None
    zone: str

    @classmethod
    def of(cls, page: Page[Any], row: Callable[[Any, str], Row], reader: Reader) -> "_Shown":
        """Write a page's lines as rows."""
        return cls([row(line, reader.zone) for line in page.lines], page.next, reader.zone)


async def _told(listed: Listed, key: str, read: Callable[[], _Shown]) -> State[Any]:
    """Read a page and show it; the run says how much there is, and how to see more."""
    try:
        shown = await asyncio.to_thread(read)
    except KontaktwerkError as error:
        return refused(reasons(error))
    count = len(shown.rows)
    told = f"{count} {listed.removesuffix('s') if count == 1 else listed}"
    if shown.next:
        told += f", more with page key {shown.next}"
    await show_rows(key, shown.rows, f"{listed.capitalize()}; times as in {shown.zone}.")
    return completed([told])
