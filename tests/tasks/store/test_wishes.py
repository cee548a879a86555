"""Employees say how they want to be informed, and what is armed for them follows."""

from datetime import UTC, datetime, timedelta

import pytest
from builders import DIRECTORY, NOW
from outgoing_contacts import ANNA, JONAS
from ringers import TERMS
from sqlalchemy import select

from domain.alarms import E_MAIL, MESSAGE, PUSH, USUAL, Preferences
from domain.appointments import AT_BEGIN, NewAppointment, Period
from domain.directory import AlarmWishes, Directory, Employee
from domain.errors import UnknownRecord
from tasks.store.booking import book
from tasks.store.database import Store
from tasks.store.directory import apply_directory, employee_by_number
from tasks.store.ringing import ring_due
from tasks.store.tables import alarms
from tasks.store.wishes import set_wishes, wishes_of

BY_PUSH = Preferences(frozenset({PUSH}), timedelta(minutes=5), E_MAIL)
LATER = NewAppointment(
    Period(
        datetime.fromisoformat("2099-06-01T10:00"),
        datetime.fromisoformat("2099-06-01T11:00"),
        "Europe/Berlin",
    ),
    responsible=ANNA,
    matchcode="Wartung",
    participants=(JONAS,),
    alarm=AT_BEGIN,
)


@pytest.fixture
def office(store: Store) -> Store:
    apply_directory(store, DIRECTORY)
    return store


def wishes(store: Store, number: str) -> Preferences:
    employee_id = employee_by_number(store, number)
    with store.reading() as connection:
        return wishes_of(connection, [employee_id])[employee_id]


def armed(store: Store, number: str) -> set[tuple[str, datetime]]:
    theirs = alarms.c.employee_id == employee_by_number(store, number)
    with store.reading() as connection:
        rows = connection.execute(select(alarms.c.channel, alarms.c.due_at).where(theirs))
        return {(row.channel, row.due_at) for row in rows}


def channels(store: Store, number: str) -> set[str]:
    return {channel for channel, _ in armed(store, number)}


def applied(store: Store, **changes) -> None:
    jonas = Employee(number=JONAS, name="Jonas Weber", permissions=("crm.contacts",), **changes)
    apply_directory(store, Directory(employee=(jonas,)))


def test_who_never_said_any_has_the_usual_ones(office):
    assert wishes(office, ANNA) == USUAL


@pytest.mark.parametrize(
    "said",
    [
        BY_PUSH,
        Preferences(frozenset({PUSH, E_MAIL})),
        Preferences(frozenset(), timedelta(seconds=90), PUSH),
        USUAL,
    ],
)
def test_what_is_said_is_kept_and_the_last_word_counts(office, said):
    set_wishes(office, ANNA, Preferences(frozenset({E_MAIL})), NOW)

    set_wishes(office, ANNA, said, NOW)

    assert wishes(office, ANNA) == said
    assert wishes(office, JONAS) == USUAL


def test_nobody_unknown_has_wishes(office):
    with pytest.raises(UnknownRecord, match="9999"):
        set_wishes(office, "9999", BY_PUSH, NOW)


@pytest.mark.rule("A4")
def test_what_is_armed_follows_new_wishes_at_once(office):
    book(office, LATER, ANNA, NOW)
    at = datetime(2099, 6, 1, 8, tzinfo=UTC)

    set_wishes(office, JONAS, BY_PUSH, NOW)

    assert armed(office, JONAS) == {(MESSAGE, at), (PUSH, at)}
    assert armed(office, ANNA) == {(MESSAGE, at)}

    set_wishes(office, JONAS, USUAL, NOW)

    assert armed(office, JONAS) == {(MESSAGE, at)}


@pytest.mark.rule("A4")
@pytest.mark.parametrize(
    ("said", "stays"),
    [
        (USUAL, False),
        (Preferences(frozenset({E_MAIL})), False),
        (Preferences(escalate_after=timedelta(minutes=5), escalate_to=E_MAIL), True),
        (Preferences(escalate_after=timedelta(minutes=9), escalate_to=E_MAIL), True),
    ],
)
def test_who_wants_no_second_channel_any_more_gets_none(office, said, stays):
    set_wishes(office, JONAS, BY_PUSH, NOW)
    book(office, LATER, ANNA, NOW)
    at = datetime(2099, 6, 1, 8, tzinfo=UTC)
    ring_due(office, at, 100, TERMS)
    follows = (E_MAIL, at + timedelta(minutes=5))
    assert follows in armed(office, JONAS)

    set_wishes(office, JONAS, said, at)

    assert (follows in armed(office, JONAS)) is stays


def test_a_directory_that_says_none_leaves_an_employees_own_wishes_alone(office):
    set_wishes(office, JONAS, BY_PUSH, NOW)

    applied(office)

    assert wishes(office, JONAS) == BY_PUSH


@pytest.mark.rule("A4")
def test_a_directory_that_says_some_sets_them_and_what_is_armed_follows(office):
    set_wishes(office, JONAS, BY_PUSH, NOW)
    book(office, LATER, ANNA, NOW)

    applied(office, alarms=AlarmWishes(channels=("e-mail",)))

    assert wishes(office, JONAS) == Preferences(frozenset({E_MAIL}))
    assert channels(office, JONAS) == {MESSAGE, E_MAIL}


@pytest.mark.rule("A4", "A7")
def test_who_leaves_is_not_informed_any_more_and_who_comes_back_is(office):
    book(office, LATER, ANNA, NOW)

    applied(office, active=False)

    assert armed(office, JONAS) == set()
    assert channels(office, ANNA) == {MESSAGE}

    applied(office)

    assert channels(office, JONAS) == {MESSAGE}
