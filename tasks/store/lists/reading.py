"""Lists as people read them: a page, all pages one after the other, or how many there are."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, true

from domain.lists import Listed, Wish, require_sense
from tasks.store.appointment_visibility import shown_to
from tasks.store.appointments import AppointmentLine, read_appointment_lines
from tasks.store.contacts import ContactLine, read_contact_lines
from tasks.store.database import Store
from tasks.store.lists import pages
from tasks.store.lists.appointment_list import appointments_asked
from tasks.store.lists.case_list import CaseLine, cases_asked, read_case_lines
from tasks.store.lists.contact_list import contacts_asked
from tasks.store.lists.pages import Filter, Question
from tasks.store.lists.todo_list import todos_asked
from tasks.store.todo_lines import TodoLine, read_todo_lines
from tasks.store.todo_visibility import todo_shown_to
from tasks.store.visibility import visible_to

Line = TypeVar("Line")
ALL = Filter(true())
AT_ONCE = 1_000  # records, where a whole list is read


@dataclass(frozen=True, slots=True)
class Page(Generic[Line]):
    """Some lines of a list, and the key of the page after them."""

    lines: tuple[Line, ...]
    next: str | None = None  # none: this is the last


@dataclass(frozen=True, slots=True)
class ListOf(Generic[Line]):
    """A list of one kind of records: which ones it has, and what it says of each."""

    listed: Listed
    asked: Callable[[Connection, Wish, int | None], Question]
    lines: Callable[[Connection, Sequence[int], int | None], list[Line]]
    public: Filter = ALL  # what everybody may see

    def page(
        self,
        store: Store,
        wish: Wish,
        viewer: int | None = None,
        limit: int = 50,
        key: str | None = None,
        openly: bool = False,
    ) -> Page[Line]:
        """Read a page of what somebody may see; BadFilter where the wish makes no sense.

        Openly, only of what everybody may see: others read it too.
        """
        require_sense(self.listed, wish, viewer is not None)
        with store.reading() as connection:
            asked = self.asked(connection, wish, viewer)
            if openly:
                asked = replace(asked, filters=[*asked.filters, self.public])
            found = pages.read_page(connection, asked, limit, key)
            lines = self.lines(connection, found.ids, None if openly else viewer)
            return Page(tuple(lines), found.next)

    def count(self, store: Store, wish: Wish, viewer: int | None = None) -> int:
        """Count what somebody may see; BadFilter as for a page."""
        require_sense(self.listed, wish, viewer is not None)
        with store.reading() as connection:
            return pages.count(connection, self.asked(connection, wish, viewer))

    def each(self, store: Store, wish: Wish, viewer: int | None = None) -> Iterator[Line]:
        """Read the whole list as it is now, some lines at a time; BadFilter as for a page."""
        require_sense(self.listed, wish, viewer is not None)
        with store.snapshot() as connection:
            asked = self.asked(connection, wish, viewer)
            with closing(pages.each_id(connection, asked, AT_ONCE)) as found:
                for ids in found:
                    yield from self.lines(connection, ids, viewer)


CONTACTS: ListOf[ContactLine] = ListOf(
    Listed.CONTACTS,
    contacts_asked,
    lambda connection, ids, _viewer: read_contact_lines(connection, ids),
    Filter(visible_to(None)),
)
APPOINTMENTS: ListOf[AppointmentLine] = ListOf(
    Listed.APPOINTMENTS, appointments_asked, read_appointment_lines, Filter(shown_to(None))
)
TODOS: ListOf[TodoLine] = ListOf(
    Listed.TODOS,
    todos_asked,
    lambda connection, ids, _viewer: read_todo_lines(connection, ids),
    Filter(todo_shown_to(None)),
)
CASES: ListOf[CaseLine] = ListOf(
    Listed.CASES,
    cases_asked,
    lambda connection, ids, _viewer: read_case_lines(connection, ids),
    Filter(true()),
)
LISTS: Mapping[Listed, ListOf[Any]] = {
    each.listed: each for each in (CONTACTS, APPOINTMENTS, TODOS, CASES)
}
