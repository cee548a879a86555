"""The lists in the Prefect UI: pages of what everybody may see, as tables."""

import asyncio
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from appointments import ANNA, JONAS, MIA, NOBODY, ROOM, TEN, at, booked, peopled
from builders import letter, prepared, private_account, receive_letters
from flow_api import everything_told
from outgoing_contacts import saved
from prefect import Flow
from pressed_buttons import pressed, refused, said, shown
from todos import entered_visit, written

from domain.lists import Order
from flows.lists import (
    list_appointments,
    list_cases,
    list_contacts,
    list_todos,
    search_contacts,
)
from flows.staff_plan import staff_plan
from tasks.store.contacts import list_contacts as list_of_contacts
from tasks.store.database import Store
from tasks.store.directory import employee_by_number
from tasks.store.tables import todos

SECRET = "Kündigungsgespräch"
LISTINGS = (list_contacts, list_appointments, list_todos)


@pytest.fixture
def store(installed: Store) -> Store:
    """A store with everybody in it."""
    peopled(installed)
    return installed


def rows(button: Flow[..., Any], **form: Any) -> list[dict[str, Any]]:
    key = "found-contacts" if button is search_contacts else button.name.replace("list", "list-of")
    table: list[dict[str, Any]] = json.loads(shown(pressed(button, **form), key))
    return table


def numbers(button: Flow[..., Any], **form: Any) -> list[int]:
    return [row["no."] for row in rows(button, **form)]


def test_a_list_is_a_table_of_its_records_by_the_clocks_of_the_installation(store):
    contact = saved(store, case=None, matchcode="Pumpe [rot]", activity_type="e-mail")
    appointment = booked(store, contact_id=contact, cases=("SC-1042",), place="Halle 2")
    todo = written(store, due=datetime(2026, 11, 24, 8, tzinfo=UTC), cases=("SC-1042",))

    [letter_row], [date_row], [todo_row] = [rows(each) for each in LISTINGS]

    assert letter_row["no."] == contact
    assert (letter_row["from"], letter_row["matchcode"]) == ("Jonas Weber", r"Pumpe \[rot\]")
    assert date_row == {
        "no.": appointment,
        "begins": "2026-11-23 10:00",
        "matchcode": "Halle 2",
        "place": "Halle 2",
        "responsible": "Jonas Weber",
        "priority": "normal",
        "contact": contact,
        "state": "open",
    }
    assert (todo_row["no."], todo_row["due"], todo_row["for"]) == (
        todo,
        "2026-11-24 09:00",
        "Jonas Weber",
    )
    assert (todo_row["cases"], todo_row["state"]) == ("SC-1042", "open")


def test_cases_are_a_list_too(store):
    assert numbers(list_cases, search="sc-1042", limit=1) == ["SC-1042"]
    assert refused(list_cases, case="SC-1042")


@pytest.mark.rule("L1", "L2", "L3", "L4", "L5", "L6")
def test_filters_and_search_combine(store):
    mine = written(store, matchcode="Müller anrufen")
    ours = written(store, matchcode="Mueller schreiben", team="Helpdesk", cases=("SC-1042",))
    theirs = written(store, matchcode="Lager", employee=MIA, by=MIA)

    found = [
        numbers(list_todos, search="MUELLER", only_open=True),
        numbers(list_todos, own=True, employee=JONAS, address=""),
        numbers(list_todos, own_teams=True, employee=JONAS, address="10001"),
        numbers(list_todos, own=True, employee=MIA, search="lag", order=Order.NEWEST),
    ]

    assert found == [[mine, ours], [mine], [ours], [theirs]]


def test_a_list_says_how_much_there_is_and_goes_on_by_its_page_key(store):
    first, second, third = [booked(store, period=at(TEN.replace(day=day))) for day in (26, 25, 24)]

    told = said(list_appointments, limit=2)
    key = told.removeprefix("2 appointments, more with page key ")

    assert numbers(list_appointments, limit=2) == [first, second]
    assert numbers(list_appointments, limit=2, page_key=key) == [third]
    assert said(list_appointments, limit=2, page_key=key) == "1 appointment"
    assert said(list_contacts) == "0 contacts"


def test_words_are_found_and_shown_in_bold_and_nothing_else_is_markdown(store):
    it = saved(store, matchcode="Frage", text="<b>Wann</b> kommt die Türschließanlage? [x](y)")
    saved(store, matchcode="Pumpe")

    [row] = rows(search_contacts, words="tuer")

    assert row["no."] == it
    assert row["found"] == (r"\<b\>Wann\</b\> kommt die **Tür**schließanlage? \[x\](y)")


@pytest.mark.rule("L9")
def test_nothing_private_is_in_an_artifact_though_its_reader_asks(store):
    receive_letters(store, prepared(store, private_account()), [letter(subject=SECRET)])
    [private] = [line.id for line in list_of_contacts(store, employee_by_number(store, ANNA))]
    booked(store, ANNA, contact_id=private, matchcode=SECRET, responsible=ANNA, cases=("SC-1042",))
    todo = written(store, matchcode=SECRET, employee=ANNA, by=ANNA)
    visit = entered_visit(store, private)
    with store.writing() as connection:
        connection.execute(todos.update().where(todos.c.id == todo).values(visit_id=visit))
    public = booked(store, ANNA, responsible=ANNA)

    asked = {"employee": ANNA, "own": True}
    found = [numbers(each, **asked) for each in LISTINGS]
    hits = numbers(search_contacts, words="kuendigung", **asked)
    plan = pressed(staff_plan, first_day=date(2026, 11, 23))

    assert (found, hits) == ([[], [public], []], [])
    assert "**10:00–11:00** busy" in shown(plan, "staff-plan")
    assert SECRET not in asyncio.run(everything_told())


def test_bad_input_is_refused_in_one_sentence(store):
    forms: list[tuple[Flow[..., Any], dict[str, Any], str]] = [
        (list_todos, {"only_open": True, "only_done": True}, "open and only what is done: choose"),
        (list_contacts, {"own": True}, "your own records: say who you are"),
        (list_contacts, {"order": Order.DUE}, "contacts are sorted by newest, oldest, matchcode"),
        (list_contacts, {"employee": NOBODY}, "no employee with the personnel number 9999"),
        (list_contacts, {"page_key": "…"}, "the page key is none: take it from the list as it is"),
        (search_contacts, {"words": "!?"}, "search for one word, or up to 20"),
        (staff_plan, {"team": "Nobody"}, "there is no team Nobody"),
    ]

    told = [refused(button, **form) for button, form, _ in forms]

    assert [each for each, (_, _, why) in zip(told, forms, strict=True) if why not in each] == []


@pytest.mark.rule("L8")
def test_the_staff_plan_has_everybody_side_by_side_and_marks_what_overlaps(store):
    one = booked(store, matchcode="Halle | 2", equipment=(ROOM,))
    other = booked(store, matchcode="Werk 1", participants=())

    plan = shown(pressed(staff_plan, first_day=date(2026, 11, 23)), "staff-plan")

    assert "| **Anna Berger** |  |  |  |  |  |" in plan
    assert rf"| **Mia Krüger** | **10:00–11:00** Halle \| 2 ({one}) |" in plan
    assert rf"⚠ **10:00–11:00** Halle \| 2 ({one}); ⚠ **10:00–11:00** Werk 1 ({other})" in plan
    both = rf"Halle \| 2 ({one}) / Werk 1 ({other})"
    assert f"- ⚠ Jonas Weber, Mon 23 Nov 10:00–11:00: {both}" in plan
    assert rf"| **Besprechungsraum** | **10:00–11:00** Halle \| 2 ({one}) |" in plan
