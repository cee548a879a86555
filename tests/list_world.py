"""A small world of records, and what its people may see of it, worked out one by one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from builders import NOW
from hypothesis import strategies as st
from sqlalchemy import Connection, insert

from domain.contacts import ContactStatus
from domain.lists import Listed, Order, Wish
from domain.search_words import folded
from tasks.store import tables

EMPLOYEES, TEAMS, ADDRESSES, CASES = (1, 2, 3), (1, 2), (1, 2), (1, 2, 3)
MATCHCODES = ("Müller Pumpe", "mueller", "Straße 5%", "STRASSE_x", "a\\b", "", "Pumpe '5'")
TERMS = ("", "", "mueller", "MÜLLER", "%", "_", "strasse", "ump", "ss", "5", "\\", "'")
ENDED = (ContactStatus.DONE, ContactStatus.DISCARDED)


@dataclass(frozen=True)
class Box:
    """A mail account, and whose it is."""

    employees: frozenset[int]
    teams: frozenset[int]


@dataclass(frozen=True)
class Letter:
    """A contact."""

    matchcode: str
    minute: int
    private: bool
    status: ContactStatus
    boxes: frozenset[int]  # that received it, by their places
    readers: frozenset[int]
    creator: int | None
    employee: int | None  # among its recipients
    address: int | None
    cases: frozenset[int]
    answers: bool  # the first contact


@dataclass(frozen=True)
class Date:
    """An appointment."""

    matchcode: str
    minute: int
    responsible: int
    participants: frozenset[int]
    letter: int | None  # whose follow-up it is, by its place
    cases: frozenset[int]
    done: bool
    cancelled: bool
    deleted: bool


@dataclass(frozen=True)
class Duty:
    """A todo."""

    matchcode: str
    minute: int
    employee: int | None
    team: int | None
    taken_by: int | None
    letter: int | None  # that entered the step which prescribed it, by its place
    cases: frozenset[int]
    due: int | None
    rank: int
    done: bool


@dataclass(frozen=True)
class World:
    """All of it; ids are places, counted from one."""

    members: dict[int, frozenset[int]]
    boxes: tuple[Box, ...]
    letters: tuple[Letter, ...]
    dates: tuple[Date, ...]
    duties: tuple[Duty, ...]

    def expected(self, listed: Listed, wish: Wish, viewer: int | None) -> list[int]:
        """Give the ids that a list has, in its order."""
        rows = {
            Listed.CONTACTS: (self.letters, self._letter_wanted, self.sees_letter),
            Listed.APPOINTMENTS: (self.dates, self._date_wanted, self.sees_date),
            Listed.TODOS: (self.duties, self._duty_wanted, self.sees_duty),
        }
        records, wanted, seen = rows[listed]
        found = [
            (id_, record)
            for id_, record in enumerate(records, 1)
            if seen(record, viewer)
            and folded(wish.search) in folded(record.matchcode)
            and wanted(record, wish, viewer)
        ]
        order = wish.ordered(listed)
        found.sort(key=lambda each: _key(order, *each), reverse=order is Order.NEWEST)
        return [id_ for id_, _ in found]

    def sees_letter(self, letter: Letter, viewer: int | None) -> bool:
        """Whether somebody may see a contact (R4, R5, L9)."""
        by_name = {each for box in letter.boxes for each in self.boxes[box].employees}
        return not letter.private or viewer in by_name | letter.readers

    def sees_date(self, date: Date, viewer: int | None) -> bool:
        """Whether somebody may see an appointment."""
        joined = {date.responsible, *date.participants}
        return not date.deleted and (self._sees_its_letter(date, viewer) or viewer in joined)

    def sees_duty(self, duty: Duty, viewer: int | None) -> bool:
        """Whether somebody may see a todo."""
        theirs = viewer is not None and viewer in (duty.employee, duty.taken_by)
        return theirs or self._sees_its_letter(duty, viewer)

    def _sees_its_letter(self, record: Date | Duty, viewer: int | None) -> bool:
        return record.letter is None or self.sees_letter(self.letters[record.letter], viewer)

    def _letter_wanted(self, letter: Letter, wish: Wish, viewer: int | None) -> bool:
        boxes = [self.boxes[each] for each in letter.boxes]
        people = {letter.creator, letter.employee}
        ours = self.teams_of(viewer)
        return all(
            (
                not wish.own or viewer in people.union(*(box.employees for box in boxes)),
                not wish.own_teams
                or people & self._colleagues(viewer)
                or any(box.teams & ours for box in boxes),
                not wish.only_open or letter.status not in ENDED,
                not wish.only_done or letter.status is ContactStatus.DONE,
                wish.address is None or wish.address == f"A{letter.address}",
                _of_case(letter, wish),
                wish.contact is None or (letter.answers and wish.contact == 1),
                _in_time(letter.minute, wish),
            )
        )

    def _date_wanted(self, date: Date, wish: Wish, viewer: int | None) -> bool:
        people = {date.responsible, *date.participants}
        named = wish.address or wish.case or wish.contact
        letter = None if date.letter is None else self.letters[date.letter]
        addresses = {_address(case) for case in date.cases} | {letter and letter.address}
        return all(
            (
                not wish.own or viewer in people,
                not wish.own_teams or people & self._colleagues(viewer),
                not wish.only_open or not (date.done or date.cancelled),
                not wish.only_done or date.done,
                not named or self._sees_its_letter(date, viewer),
                wish.address is None or wish.address in {f"A{each}" for each in addresses},
                _of_case(date, wish) or (letter is not None and _of_case(letter, wish)),
                wish.contact is None
                or (date.letter is not None and wish.contact == date.letter + 1),
                _in_time(date.minute, wish) and not (date.cancelled and (wish.since or wish.until)),
            )
        )

    def _duty_wanted(self, duty: Duty, wish: Wish, viewer: int | None) -> bool:
        people = {duty.employee, duty.taken_by}
        return all(
            (
                not wish.own or viewer in people,
                not wish.own_teams
                or people & self._colleagues(viewer)
                or duty.team in self.teams_of(viewer),
                not wish.only_open or not duty.done,
                not wish.only_done or duty.done,
                wish.address is None
                or wish.address in {f"A{_address(case)}" for case in duty.cases},
                _of_case(duty, wish),
                wish.team is None or wish.team == f"T{duty.team}",
                not (wish.since or wish.until)
                or (duty.due is not None and _in_time(duty.due, wish)),
            )
        )

    def teams_of(self, viewer: int | None) -> set[int]:
        """Give the teams of somebody."""
        return {team for team in TEAMS if viewer in self.members[team]}

    def _colleagues(self, viewer: int | None) -> set[int]:
        return {each for team in self.teams_of(viewer) for each in self.members[team]}

    def enter(self, connection: Connection) -> None:
        """Put all of it into an empty store."""
        for table, rows in self._rows():
            if entered := list(rows):
                connection.execute(insert(table), entered)

    def _rows(self) -> Iterator[tuple[Any, Any]]:
        person = {"permissions": [], "mobile": "", "signature": "", "active": True}
        yield (
            tables.employees,
            ({"id": e, "number": str(e), "name": f"E{e}", **person} for e in EMPLOYEES),
        )
        yield tables.teams, ({"id": team, "name": f"T{team}"} for team in TEAMS)
        yield (
            tables.team_members,
            (
                {"team_id": team, "employee_id": member}
                for team in TEAMS
                for member in self.members[team]
            ),
        )
        yield (
            tables.addresses,
            (
                {"id": a, "number": f"A{a}", "name": f"C{a}", "mobile": "", "fax": ""}
                for a in ADDRESSES
            ),
        )
        case = {"kind": "service_call", "title": "", "open": True}
        yield (
            tables.cases,
            ({"id": c, "number": f"K-{c}", "address_id": _address(c), **case} for c in CASES),
        )
        yield from self._box_rows()
        yield from self._letter_rows()
        yield from self._date_rows()
        yield from self._duty_rows()

    def _box_rows(self) -> Iterator[tuple[Any, Any]]:
        boxes = list(enumerate(self.boxes, 1))
        yield (
            tables.mail_accounts,
            ({"id": n, "name": f"b{n}", "address": f"b{n}@x"} for n, _ in boxes),
        )
        yield (
            tables.mail_account_employees,
            ({"account_id": n, "employee_id": e} for n, box in boxes for e in box.employees),
        )
        yield (
            tables.mail_account_teams,
            ({"account_id": n, "team_id": t} for n, box in boxes for t in box.teams),
        )
        yield (
            tables.mailboxes,
            ({"id": n, "account_id": n, "folder": "INBOX", "watched": True} for n, _ in boxes),
        )

    def _letter_rows(self) -> Iterator[tuple[Any, Any]]:
        letters = list(enumerate(self.letters, 1))
        usual = {"activity_type": "e-mail", "text": "", "new_text": "", "automatic": "no"}
        yield (
            tables.contacts,
            (
                {
                    "id": id_,
                    "creator_id": each.creator,
                    "answers_id": 1 if each.answers and id_ > 1 else None,
                    "status": each.status,
                    "matchcode": each.matchcode,
                    "received_at": _at(each.minute),
                    "private": each.private,
                    "defects": [],
                    "main_case_id": None,
                    "verdict": "none",
                    **usual,
                }
                for id_, each in letters
            ),
        )
        yield (
            tables.contact_readers,
            ({"contact_id": id_, "employee_id": e} for id_, each in letters for e in each.readers),
        )
        yield (
            tables.contact_cases,
            ({"contact_id": id_, "case_id": c} for id_, each in letters for c in each.cases),
        )
        yield (
            tables.correspondents,
            (
                {
                    "contact_id": id_,
                    "position": 0,
                    "role": "to",
                    "name": "",
                    "address": "",
                    "ambiguous": [],
                    "employee_id": each.employee,
                    "address_id": each.address,
                }
                for id_, each in letters
            ),
        )
        yield (
            tables.receipts,
            (
                {
                    "mailbox_id": box + 1,
                    "uidvalidity": 1,
                    "uid": id_,
                    "outcome": "new",
                    "contact_id": id_,
                    "received_at": NOW,
                    "private": False,
                    "settled": True,
                }
                for id_, each in letters
                for box in each.boxes
            ),
        )

    def _date_rows(self) -> Iterator[tuple[Any, Any]]:
        dates = list(enumerate(self.dates, 1))
        usual = {"text": "", "place": "", "priority": "normal", "zone": "UTC", "all_day": False}
        yield (
            tables.appointments,
            (
                {
                    "id": id_,
                    "uid": str(id_),
                    "sequence": 0,
                    "creator_id": 1,
                    "responsible_id": each.responsible,
                    "contact_id": None if each.letter is None else each.letter + 1,
                    "matchcode": each.matchcode,
                    "begins": _at(each.minute).replace(tzinfo=None),
                    "ends": _at(each.minute).replace(tzinfo=None),
                    "created_at": NOW,
                    "changed_at": NOW,
                    "deleted_at": NOW if each.deleted else None,
                    **usual,
                }
                for id_, each in dates
            ),
        )
        yield (
            tables.occurrences,
            (
                {
                    "appointment_id": id_,
                    "position": 0,
                    "recurrence": _at(each.minute).replace(tzinfo=None),
                    "begins": _at(each.minute).replace(tzinfo=None),
                    "ends": _at(each.minute).replace(tzinfo=None),
                    "begins_at": _at(each.minute),
                    "ends_at": _at(each.minute),
                    "zone": "UTC",
                    "all_day": False,
                    "changed": False,
                    "done": each.done,
                    "cancelled": each.cancelled,
                }
                for id_, each in dates
            ),
        )
        yield (
            tables.appointment_participants,
            (
                {"appointment_id": id_, "employee_id": e}
                for id_, each in dates
                for e in each.participants
            ),
        )
        yield (
            tables.appointment_cases,
            ({"appointment_id": id_, "case_id": c} for id_, each in dates for c in each.cases),
        )

    def _duty_rows(self) -> Iterator[tuple[Any, Any]]:
        letters = range(1, len(self.letters) + 1)
        definition = {"name": "w", "version": 1, "definition": {}, "sha256": "", "applied_at": NOW}
        yield tables.workflow_versions, [{"id": 1, **definition}]
        run = {"id": 1, "version_id": 1, "case_id": 1, "status": "running", "started_at": NOW}
        yield tables.workflow_runs, [run]
        visit = {"run_id": 1, "step": "s", "status": "entered", "entered_at": NOW, "attempts": 0}
        yield (
            tables.step_visits,
            ({"id": id_, "number": id_, "contact_id": id_, **visit} for id_ in letters),
        )
        duties = list(enumerate(self.duties, 1))
        yield (
            tables.todos,
            (
                {
                    "id": id_,
                    "visit_id": None if each.letter is None else each.letter + 1,
                    "template": f"t{id_}",
                    "activity_type": "e-mail",
                    "priority": "normal",
                    "rank": each.rank,
                    "matchcode": each.matchcode,
                    "text": "",
                    "employee_id": each.employee,
                    "team_id": each.team,
                    "taken_by_id": each.taken_by,
                    "due_at": None if each.due is None else _at(each.due),
                    "created_at": _at(each.minute),
                    "changed_at": NOW,
                    "done_at": NOW if each.done else None,
                    "reminders": 0,
                }
                for id_, each in duties
            ),
        )
        yield (
            tables.todo_cases,
            ({"todo_id": id_, "case_id": c} for id_, each in duties for c in each.cases),
        )


def _at(minute: int) -> datetime:
    return NOW + timedelta(minutes=minute)


def _address(case: int) -> int:
    return 1 + case % 2


def _of_case(record: Letter | Date | Duty, wish: Wish) -> bool:
    return wish.case is None or wish.case in {f"K-{case}" for case in record.cases}


def _in_time(minute: int, wish: Wish) -> bool:
    at = _at(minute)
    return (wish.since is None or at >= wish.since) and (wish.until is None or at < wish.until)


def _key(order: Order, id_: int, record: Any) -> tuple[Any, ...]:
    due = getattr(record, "due", None)
    dues = (due is None, due or 0)
    keys = {
        Order.DUE: dues,
        Order.PRIORITY: (getattr(record, "rank", 0), *dues),
        Order.MATCHCODE: (folded(record.matchcode),),
    }
    return (*keys.get(order, (record.minute,)), id_)


def _some(of: Any) -> Any:
    return st.frozensets(st.sampled_from(of), max_size=2)


def _maybe(of: Any) -> Any:
    return st.none() | st.sampled_from(of)


_minutes, _matchcodes = st.integers(0, 3), st.sampled_from(MATCHCODES)


@st.composite
def worlds(draw: Any) -> World:
    """Give worlds in which much is private, and equal in what lists sort by."""
    boxes = tuple(draw(st.lists(st.builds(Box, _some(EMPLOYEES), _some(TEAMS)), max_size=3)))
    received = _some(range(len(boxes))) if boxes else st.just(frozenset())
    letter = st.builds(
        Letter,
        _matchcodes,
        _minutes,
        st.booleans(),
        st.sampled_from(ContactStatus),
        received,
        _some(EMPLOYEES),
        _maybe(EMPLOYEES),
        _maybe(EMPLOYEES),
        _maybe(ADDRESSES),
        _some(CASES),
        st.booleans(),
    )
    letters = draw(st.lists(letter, max_size=6))
    letters = [each if place else _first(each) for place, each in enumerate(letters)]
    of_letter = _maybe(range(len(letters))) if letters else st.none()
    date = st.builds(
        Date,
        _matchcodes,
        _minutes,
        st.sampled_from(EMPLOYEES),
        _some(EMPLOYEES),
        of_letter,
        _some(CASES),
        st.booleans(),
        st.booleans(),
        st.just(False) | st.booleans(),
    )
    duty = st.builds(
        Duty,
        _matchcodes,
        _minutes,
        _maybe(EMPLOYEES),
        _maybe(TEAMS),
        _maybe(EMPLOYEES),
        of_letter,
        _some(CASES),
        st.none() | _minutes,
        st.integers(0, 2),
        st.booleans(),
    )
    return World(
        {team: draw(_some(EMPLOYEES)) for team in TEAMS},
        boxes,
        tuple(letters),
        tuple(draw(st.lists(date, max_size=6))),
        tuple(draw(st.lists(duty, max_size=6))),
    )


def _first(letter: Letter) -> Letter:
    return Letter(**{**vars(letter), "answers": False})
