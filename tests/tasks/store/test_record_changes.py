"""Who changed what is noted, and nobody overwrites what they have not seen."""

import inspect
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from appointments import ANNA, BEFORE, JONAS, MIA, booked
from builders import NOW, letter, prepared, private_account, receive_letters
from outgoing_contacts import GUEST, PETRA, queued, saved
from record_changing import CHANGES, KINDS, MODULES, Changing, anna, settled_in
from sqlalchemy import select
from todos import written

from domain.changes import Changed, ChangeReason, Stale
from domain.contacts import ContactStatus
from domain.errors import Refused, UnknownRecord
from domain.mail import ReceptionKind
from domain.sending import Reason
from domain.todos import TodoChange
from tasks.store import rebooking, todo_changes, todo_doing
from tasks.store.appointments import show_appointment
from tasks.store.contact_parts import change_cases, set_reception_kind
from tasks.store.contacts import list_contacts, show_contact
from tasks.store.database import Store
from tasks.store.directory import employee_by_number
from tasks.store.rebooking import edit, move, set_done
from tasks.store.reviews import decide_review
from tasks.store.tables import appointment_changes, contact_cases, contact_changes
from tasks.store.taking_part import change_cases as change_cases_of_appointment
from tasks.store.taking_part import change_participants
from tasks.store.todo_details import show_todo
from tasks.store.writing import Change, edit_contact, set_status

each_change = pytest.mark.parametrize(
    "changing", CHANGES, ids=lambda each: f"{each.function.__name__}-{'-'.join(each.noted)}"
)


def made(store: Store, changing: Changing) -> int:
    """Enter who works here, and make the record that is changed."""
    settled_in(store)
    return KINDS[changing.kind].made(store)


def noted(store: Store, changing: Changing, record_id: int) -> list[Any]:
    """Read what was noted of a record, also of one that nobody sees any more."""
    if changing.function is rebooking.delete:
        with store.reading() as connection:
            return list(connection.execute(select(appointment_changes)))
    return list(KINDS[changing.kind].show(store, record_id, anna(store)).changes)


@each_change
def test_each_change_is_noted_once_with_who_made_it_and_counts_as_a_version(store, changing):
    record_id = made(store, changing)
    show = KINDS[changing.kind].show
    before = show(store, record_id, anna(store))

    changing.made(store, record_id, seen=before.version)
    changes = noted(store, changing, record_id)
    if changing.again:
        changing.made(store, record_id)

    new = changes[len(before.changes) :]
    assert {each.field for each in new} == changing.noted
    assert all(each.before != each.after for each in new)
    assert noted(store, changing, record_id) == changes
    if changing.function is not rebooking.delete:
        assert {each.employee for each in new} == {"Jonas Weber"}
        assert show(store, record_id, anna(store)).version > before.version


@each_change
def test_a_stale_change_is_refused_with_who_changed_what_and_changes_nothing(
    sqlite_store, changing
):
    store = sqlite_store
    record_id = made(store, changing)
    kind = KINDS[changing.kind]
    seen = kind.show(store, record_id, anna(store)).version
    kind.change_text(store, record_id, NOW)
    before = kind.show(store, record_id, anna(store))

    with pytest.raises(Refused, match=r"^Anna Berger changed the text .*: look at it again\.$"):
        changing.made(store, record_id, seen=seen)

    assert kind.show(store, record_id, anna(store)) == before


def test_every_function_that_changes_a_record_is_asked_for_the_version_seen():
    uncounted = {"save_contact", "enter_contact", "note_comment", "comment"}
    functions = {
        function
        for module in MODULES
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }

    changing = {each for each in functions if "seen" in inspect.signature(each).parameters}

    assert {each.__name__ for each in functions - changing} == uncounted
    assert changing == {each.function for each in CHANGES}


@pytest.mark.parametrize("kind", ["contact", "appointment", "todo"])
def test_of_two_edits_at_once_one_is_made_and_the_other_is_told(postgres_store, kind):
    store = postgres_store
    settled_in(store)
    record_id = KINDS[kind].made(store)
    seen = KINDS[kind].show(store, record_id, anna(store)).version
    edits = {
        "contact": lambda who: edit_contact(
            store, record_id, who, Change(text=f"von {who}"), NOW, seen=seen
        ),
        "appointment": lambda who: edit(
            store, record_id, who, rebooking.Change(text=f"von {who}"), NOW, seen=seen
        ),
        "todo": lambda who: todo_changes.edit(
            store, record_id, who, TodoChange(text=f"von {who}"), NOW, seen=seen
        ),
    }
    together = Barrier(2)

    def editing(who: str) -> Refused | None:
        together.wait()
        try:
            edits[kind](who)
        except Refused as refused:
            return refused
        return None

    with ThreadPoolExecutor(2) as both:
        told = dict(zip((ANNA, JONAS), both.map(editing, (ANNA, JONAS)), strict=True))

    [winner] = [who for who, refused in told.items() if refused is None]
    [refused] = [refused for refused in told.values() if refused is not None]
    [stale] = refused.refusals
    assert isinstance(stale, Stale)
    assert [(each.employee, each.fields) for each in stale.edits] == [
        ({ANNA: "Anna Berger", JONAS: "Jonas Weber"}[winner], ("text",))
    ]
    assert KINDS[kind].show(store, record_id, anna(store)).text == f"von {winner}"


def test_who_may_not_change_a_record_is_told_that_and_that_it_is_stale(store):
    settled_in(store)
    contact_id, todo_id = saved(store), written(store, team="Helpdesk")
    edit_contact(store, contact_id, JONAS, Change(text="x"), NOW)

    with pytest.raises(Refused) as of_contact:
        set_status(store, contact_id, GUEST, ContactStatus.DONE, NOW, seen=0)
    with pytest.raises(Refused) as of_todo:
        todo_doing.set_done(store, todo_id, GUEST, True, NOW, seen=0)

    reasons = [each.reason for each in of_contact.value.refusals]
    assert reasons == [Reason.NO_PERMISSION, Reason.NOT_THE_AUTHOR, ChangeReason.STALE]
    assert of_todo.value.refusals[-1].reason is ChangeReason.STALE


def test_the_time_of_a_change_is_told_by_the_clocks_of_whoever_is_refused(store):
    settled_in(store)
    contact_id = saved(store)
    edit_contact(store, contact_id, ANNA, Change(text="x"), NOW)

    with pytest.raises(Refused, match=r"text at 10:00:"):
        set_status(store, contact_id, JONAS, ContactStatus.DONE, NOW, seen=0)
    with pytest.raises(Refused, match=r"text on 2026-11-23 at 10:00:"):
        set_status(store, contact_id, JONAS, ContactStatus.DONE, NOW + timedelta(days=1), seen=0)


def test_a_history_keeps_whole_what_was_there_before(store):
    settled_in(store)
    long = "Es läuft wieder. " * 10_000
    contact_id = saved(store, text=long)

    edit_contact(store, contact_id, JONAS, Change(text="Neu"), NOW)

    [change] = show_contact(store, contact_id).changes
    assert change == Changed("Jonas Weber", NOW, "text", long, "Neu")


def test_an_appointment_says_from_when_to_when_it_was_moved(store):
    settled_in(store)
    series = booked(store, rule="FREQ=WEEKLY;COUNT=3", alarm=None)
    [_, second, _] = show_appointment(store, series).occurrences
    later = second.period.beginning(second.period.begins + timedelta(hours=1))

    move(store, series, JONAS, later, second.recurrence, BEFORE)
    set_done(store, series, JONAS, True, second.recurrence, BEFORE)

    assert [
        (each.field, each.before, each.after) for each in show_appointment(store, series).changes
    ] == [
        ("begin", "2026-11-30 10:00", "2026-11-30 11:00"),
        ("end", "2026-11-30 11:00", "2026-11-30 12:00"),
        ("done", "2026-11-30 11:00: no", "2026-11-30 11:00: yes"),
    ]


@pytest.mark.rule("X6")
def test_the_reception_kind_is_changed_until_the_contact_is_sent_and_its_cases_afterwards(store):
    settled_in(store)
    contact_id = queued(store).contact_id

    with pytest.raises(Refused) as refused:
        set_reception_kind(store, contact_id, JONAS, 1, ReceptionKind.CC, NOW)
    change_cases(store, contact_id, JONAS, ["PR-7"], [], NOW)

    assert [each.reason for each in refused.value.refusals] == [Reason.ALREADY_SENT]
    assert show_contact(store, contact_id).correspondents[1].role == "to"
    assert [each.after for each in show_contact(store, contact_id).changes] == ["PR-7"]


@pytest.mark.parametrize("recipient", [0, 3, "", "jonas.weber@firm.example", "nobody@x.example"])
def test_only_a_recipient_gets_another_reception_kind(store, recipient):
    settled_in(store)
    contact_id = saved(store, PETRA)

    with pytest.raises(UnknownRecord, match="no recipient"):
        set_reception_kind(store, contact_id, JONAS, recipient, ReceptionKind.CC, NOW)


def test_the_main_case_is_not_removed_but_exchanged(store):
    settled_in(store)
    contact_id = saved(store)

    with pytest.raises(Refused, match="SC-1042 is the contact's main case"):
        change_cases(store, contact_id, JONAS, ["PR-7"], ["SC-1042"], NOW)

    assert show_contact(store, contact_id).changes == ()


def test_a_case_that_was_added_can_be_the_one_that_is_chosen_then(store):
    box = prepared(store, private_account())
    settled_in(store)
    receive_letters(store, box, [letter(subject="SC-1042", from_="x@stranger.example")])
    [line] = list_contacts(store, anna(store))
    change_cases(store, line.id, ANNA, ["PR-7"], [], NOW)

    decide_review(store, line.id, "PR-7", anna(store))

    changes = show_contact(store, line.id, anna(store)).changes
    assert [each.field for each in changes] == ["cases", "main_case", "verdict", "cases"]
    with store.reading() as connection:
        assert len(connection.execute(select(contact_cases)).all()) == 1


@pytest.mark.rule("L9")
def test_nobody_learns_by_a_version_whether_a_private_contact_is_there(store):
    box = prepared(store, private_account())
    settled_in(store)
    receive_letters(store, box, [letter()])
    [line] = list_contacts(store, anna(store))
    set_status(store, line.id, ANNA, ContactStatus.DONE, NOW)

    for contact_id in (line.id, 4711):
        for change in (
            lambda this: set_status(store, this, JONAS, ContactStatus.DONE, NOW, seen=0),
            lambda this: change_cases(store, this, JONAS, ["PR-7"], [], NOW, seen=0),
            lambda this: set_reception_kind(store, this, JONAS, 1, ReceptionKind.CC, NOW, seen=0),
            lambda this: show_contact(store, this, employee_by_number(store, JONAS)),
        ):
            with pytest.raises(UnknownRecord, match=f"no contact {contact_id} that you may see"):
                change(contact_id)
    assert len(show_contact(store, line.id, anna(store)).changes) == 1
    with store.reading() as connection:
        assert len(connection.execute(select(contact_changes)).all()) == 1


@pytest.mark.rule("L9")
def test_who_takes_part_without_seeing_the_contact_gets_no_history_of_its_cases(store):
    box = prepared(store, private_account())
    settled_in(store)
    receive_letters(store, box, [letter()])
    [contact] = list_contacts(store, anna(store))
    secret = booked(store, ANNA, responsible=ANNA, contact_id=contact.id)
    change_participants(store, secret, ANNA, [JONAS], [], BEFORE)
    mia = employee_by_number(store, MIA)
    seen = show_appointment(store, secret, mia).version

    change_cases_of_appointment(store, secret, ANNA, ["PR-7"], [], BEFORE)
    set_done(store, secret, MIA, True, None, BEFORE, seen=seen)

    fields = [each.field for each in show_appointment(store, secret, mia).changes]
    assert fields == ["participants", "done"]
    everything = [each.field for each in show_appointment(store, secret, anna(store)).changes]
    assert everything == ["participants", "cases", "done"]


def test_a_todo_that_a_workflow_never_touched_has_the_version_of_its_creation(store):
    settled_in(store)
    todo_id = written(store, by=JONAS)

    todo_changes.take(store, written(store, team="Helpdesk"), JONAS, NOW)

    shown = show_todo(store, todo_id)
    assert [each.field for each in shown.changes] == ["created"]
    assert shown.version > 0
