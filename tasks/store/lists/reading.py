"""Lists as people read them: a page, all pages one after the other, or how many there are."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from domain.lists import Listed, Wish, require_sense
from tasks.store.appointments import AppointmentLine, read_appointment_lines
from tasks.store.contacts import ContactLine, read_contact_lines
from tasks.store.database import Store
from tasks.store.lists import pages
from tasks.store.lists.appointment_list import appointments_asked
from tasks.store.lists.contact_list import contacts_asked
from tasks.store.lists.pages import Question
from tasks.store.lists.todo_list import todos_asked
from tasks.store.todo_lines import TodoLine, read_todo_lines

Line = TypeVar("Line")
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

    def page(
        self,
        store: Store,
        wish: Wish,
        viewer: int | None = None,
        limit: int = 50,
        key: str | None = None,
    ) -> Page[Line]:
        """Read a page of what somebody may see; BadFilter where the wish makes no sense."""
        require_sense(self.listed, wish, viewer is not None)
        with store.reading() as connection:
            asked = self.asked(connection, wish, viewer)
            found = pages.read_page(connection, asked, limit, key)
            return Page(tuple(self.lines(connection, found.ids, viewer)), found.next)

    def count(self, store: Store, wish: Wish, viewer: int | None = None) -> int:
        """Count what somebody may see; BadFilter as for a page."""
        require_sense(self.listed, wish, viewer is not None)
        with store.reading() as connection:
            return pages.count(connection, self.asked(connection, wish, viewer))

    def each(self, store: Store, wish: Wish, viewer: int | None = None) -> Iterator[Line]:
        """Read the whole list, a page's memory at a time; BadFilter as for a page."""
        require_sense(self.listed, wish, viewer is not None)
        with store.reading() as connection:
            asked = self.asked(connection, wish, viewer)
            for ids in pages.each_page(connection, asked, AT_ONCE):
                yield from self.lines(connection, ids, viewer)


CONTACTS = ListOf[ContactLine](
    Listed.CONTACTS,
    contacts_asked,
    lambda connection, ids, _viewer: read_contact_lines(connection, ids),
)
APPOINTMENTS = ListOf[AppointmentLine](
    Listed.APPOINTMENTS, appointments_asked, read_appointment_lines
)
TODOS = ListOf[TodoLine](
    Listed.TODOS,
    todos_asked,
    lambda connection, ids, _viewer: read_todo_lines(connection, ids),
)
LISTS: Mapping[Listed, ListOf[Any]] = {
    each.listed: each for each in (CONTACTS, APPOINTMENTS, TODOS)
}
