"""What is exported is what the same wish lists, in every format (L7, L9)."""

import csv
from pathlib import Path
from typing import Any

import icalendar
import openpyxl
import pytest
from appointments import BEFORE, booked, peopled
from builders import NOW, letter, prepared, private_account, receive_letters
from outgoing_contacts import ANNA, JONAS, MIA, ready, saved
from sqlalchemy import update
from todos import written

from domain.errors import BadFilter
from domain.lists import Listed, Order, Wish
from domain.wording import Language
from tasks.exporting.columns import COLUMNS, Reader, headers, rows
from tasks.exporting.exports import Export, Format, export
from tasks.store.database import Store
from tasks.store.directory import employee_by_number
from tasks.store.lists import reading as lists
from tasks.store.lists.reading import CONTACTS, LISTS, TODOS
from tasks.store.rebooking import cancel
from tasks.store.tables import todos
from tasks.store.todo_doing import set_done

READER = Reader(Language.GERMAN, "Europe/Berlin")
EVERYTHING = Wish()


@pytest.fixture
def filled(store: Store) -> Store:
    """A store with some of everything."""
    ready(store)
    peopled(store)
    for matchcode in ("=1+1", "Pumpe; läuft", 'Motor "neu"'):
        saved(store, matchcode=matchcode)
    for matchcode in ("Halle 2", "Pumpe"):
        booked(store, matchcode=matchcode)
    written(store, matchcode="Pumpe prüfen", due=NOW, text="bald")
    written(store, matchcode="+49 30 anrufen", team="Helpdesk")
    return store


def exported(store: Store, target: Path, listed: Listed, **more: Any) -> Path:
    format_ = Format(target.suffix[1:])
    usual = {"wish": EVERYTHING, "viewer": None, **more}
    export(store, Export(listed, format=format_, reader=READER, **usual), target)
    return target


def listed_rows(store: Store, listed: Listed, wish: Wish) -> list[tuple[Any, ...]]:
    """Give the rows of the pages that the same wish has."""
    who = employee_by_number(store, JONAS)
    lines = LISTS[listed].page(store, wish, who, limit=100).lines
    return list(rows(COLUMNS[listed], lines, READER))


WISHES = [
    (Listed.CONTACTS, EVERYTHING),
    (Listed.CONTACTS, Wish(search="pumpe")),
    (Listed.APPOINTMENTS, Wish(order=Order.MATCHCODE)),
    (Listed.TODOS, EVERYTHING),
    (Listed.TODOS, Wish(own_teams=True)),
    (Listed.CASES, EVERYTHING),
]


@pytest.mark.rule("L7")
@pytest.mark.parametrize(("listed", "wish"), WISHES)
def test_a_workbook_has_what_the_wish_lists(filled, tmp_path, listed, wish):
    jonas = employee_by_number(filled, JONAS)

    target = exported(filled, tmp_path / "list.xlsx", listed, wish=wish, viewer=jonas)

    header, *found = openpyxl.load_workbook(target).active.iter_rows(values_only=True)
    expected = listed_rows(filled, listed, wish)
    assert list(header) == headers(COLUMNS[listed], READER)
    assert found == [tuple(None if cell == "" else cell for cell in row) for row in expected]
    assert found


@pytest.mark.rule("L7")
def test_csv_has_what_the_wish_lists(filled, tmp_path):
    wish = Wish(order=Order.MATCHCODE)

    target = exported(filled, tmp_path / "list.csv", Listed.CONTACTS, wish=wish)

    with target.open(encoding="utf-8-sig", newline="") as file:
        header, *found = csv.reader(file, delimiter=";")
    expected = [row[3] for row in listed_rows(filled, Listed.CONTACTS, wish)]
    assert header[1] == "Eingang (Europe/Berlin)"
    assert [row[3].removeprefix("'") for row in found] == expected
    assert found[0][3] == "'=1+1"
    assert {row[4] for row in found} == {"angelegt"}


@pytest.mark.rule("L7")
def test_a_calendar_has_the_appointments_that_the_wish_lists(filled, tmp_path):
    booked(filled, matchcode="Runde", rule="FREQ=DAILY;COUNT=3")
    off = booked(filled, matchcode="Fällt aus")
    cancel(filled, off, JONAS, None, BEFORE)

    target = exported(filled, tmp_path / "list.ics", Listed.APPOINTMENTS)

    calendar = icalendar.Calendar.from_ical(target.read_bytes())
    events = {str(each["summary"]): each for each in calendar.walk("VEVENT")}
    assert set(events) == {"Halle 2", "Pumpe", "Runde", "Fällt aus"}
    assert events["Fällt aus"]["status"] == "CANCELLED"
    assert "rrule" in events["Runde"]
    assert [str(each["tzid"]) for each in calendar.walk("VTIMEZONE")] == ["Europe/Berlin"]
    assert calendar.subcomponents[0].name == "VTIMEZONE"


@pytest.mark.rule("L7")
def test_a_calendar_has_the_todos_that_the_wish_lists(filled, tmp_path):
    done = written(filled, matchcode="Erledigt")
    set_done(filled, done, JONAS, True, NOW)

    target = exported(filled, tmp_path / "list.ics", Listed.TODOS)

    calendar = icalendar.Calendar.from_ical(target.read_bytes())
    found = [(str(each["summary"]), str(each["status"])) for each in calendar.walk("VTODO")]
    assert found == [
        ("Pumpe prüfen", "NEEDS-ACTION"),
        ("+49 30 anrufen", "NEEDS-ACTION"),
        ("Erledigt", "COMPLETED"),
    ]


@pytest.mark.rule("L9")
@pytest.mark.parametrize(("who", "found"), [(ANNA, 1), (MIA, 0), (None, 0)])
def test_nothing_private_is_exported_to_others(store, tmp_path, who, found):
    receive_letters(store, prepared(store, private_account()), [letter()])
    viewer = employee_by_number(store, who) if who else None

    target = exported(store, tmp_path / "list.csv", Listed.CONTACTS, viewer=viewer)

    assert len(target.read_text().splitlines()) == 1 + found


def test_a_list_is_read_as_it_was_when_the_reading_began(filled, monkeypatch):
    monkeypatch.setattr(lists, "AT_ONCE", 1)  # so that the second is read after the change
    reading = TODOS.each(filled, EVERYTHING)
    first = next(reading)

    written(filled, matchcode="inzwischen")
    with filled.writing() as connection:
        connection.execute(update(todos).values(matchcode="anders"))

    assert [first.matchcode, *(each.matchcode for each in reading)] == [
        "Pumpe prüfen",
        "+49 30 anrufen",
    ]


def test_whoever_reads_only_the_beginning_leaves_nothing_behind(filled):
    reading = CONTACTS.each(filled, EVERYTHING)
    next(reading)

    reading.close()

    assert filled.engine.pool.checkedout() == 0


@pytest.mark.parametrize("listed", [Listed.CONTACTS, Listed.CASES])
def test_what_is_no_calendar_is_not_written_as_one(store, tmp_path, listed):
    with pytest.raises(BadFilter, match="export them as csv or xlsx"):
        exported(store, tmp_path / "list.ics", listed, viewer=None)

    assert list(tmp_path.glob("*.ics")) == []
