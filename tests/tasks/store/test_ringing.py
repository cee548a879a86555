"""Ringing: everybody once, in time, and whatever goes wrong with one does not touch the others."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from appointments import ANNA, HOUR, JONAS, MIA, TEN
from builders import account, letter, prepared, receive_letters
from ringers import (
    ACCOUNT,
    BEGIN,
    LENA,
    MINUTE,
    TERMS,
    booked,
    letters,
    ready,
    rows,
    rung,
    secret_follow_up,
    told,
    wishes,
)
from sqlalchemy import event, select, update

from domain.alarms import AlarmStatus, Origin
from domain.appointments import Period
from domain.ringing import Rung
from domain.services import Service
from tasks.store import alarm_letters, ringing
from tasks.store.database import Store
from tasks.store.directory import employee_by_number
from tasks.store.queues import beat, enter_services
from tasks.store.ringing import ALARMS, alarms_are_rung, next_due, ring_due
from tasks.store.tables import alarms, contacts, employees

SECOND = timedelta(seconds=1)


@pytest.mark.rule("A4")
def test_everybody_who_takes_part_is_told_once(store):
    ready(store)
    booked(store)

    first, second = rung(store), rung(store)

    assert (first, second) == (Rung(rung=2), Rung())
    for employee in (JONAS, MIA):
        [message] = told(store, employee)
        assert message.matchcode == "Appointment: Abnahme Halle 2"
        assert message.sent_at == BEGIN
    assert told(store, ANNA) == []


@pytest.mark.rule("A4")
def test_nobody_is_told_a_moment_too_early(store):
    ready(store)
    booked(store)

    early = rung(store, BEGIN - timedelta(microseconds=1))

    assert early == Rung()
    assert told(store, JONAS) == []
    assert next_due(store) == BEGIN


def test_nothing_is_due_where_nothing_is_armed(store):
    ready(store)

    assert next_due(store) is None


def test_the_text_says_what_when_where_and_with_whom(store):
    ready(store)
    alarm_id = booked(store, cases=("SC-1042",), text="Bitte Schutzhelm mitbringen.")

    rung(store)

    [message] = told(store, MIA)
    for said in (
        "Abnahme Halle 2",
        "Müller Maschinenbau, Tor 3",
        "10:00",
        "Jonas Weber",
        "SC-1042 Fehler E17",
        "Schutzhelm",
    ):
        assert said in message.text
    assert alarm_id


def test_each_is_told_the_time_by_their_own_clocks(store):
    ready(store)
    lisbon = update(employees).where(employees.c.number == MIA).values(zone="Europe/Lisbon")
    store.write(lambda connection: connection.execute(lisbon))
    booked(store)

    rung(store)

    assert "09:00" in told(store, MIA)[0].text
    assert "09:00" not in told(store, JONAS)[0].text


@pytest.mark.rule("A6")
def test_what_fell_due_while_nothing_ran_rings_once_and_says_how_late(store):
    ready(store)
    booked(store)

    outcome = rung(store, BEGIN + 12 * MINUTE)

    assert outcome == Rung(rung=2, late=2)
    assert rung(store, BEGIN + 13 * MINUTE) == Rung()
    assert "12 minutes" in told(store, MIA)[0].text


def test_a_second_is_not_late(store):
    ready(store)
    booked(store)

    assert rung(store, BEGIN + SECOND) == Rung(rung=2)


def test_a_batch_takes_the_earliest_first(store):
    ready(store)
    later = Period(TEN + HOUR, TEN + 2 * HOUR, "Europe/Berlin")
    booked(store, period=later, matchcode="Later", participants=())
    booked(store, matchcode="Earlier", participants=())

    rung(store, BEGIN + 2 * HOUR, most=1)

    assert [message.matchcode for message in told(store, JONAS)] == ["Appointment: Earlier"]


def test_who_has_left_is_not_told(store):
    ready(store)
    booked(store)
    leaving = update(employees).where(employees.c.number == MIA).values(active=False)
    store.write(lambda connection: connection.execute(leaving))

    outcome = rung(store)

    assert outcome == Rung(rung=1, void=1)
    assert told(store, MIA) == []
    assert rung(store) == Rung()


@pytest.mark.rule("A4")
def test_what_goes_out_by_e_mail_is_queued_in_the_same_transaction_with_a_calendar(store):
    ready(store, ACCOUNT)
    wishes(store, MIA, "e-mail")
    booked(store)

    outcome = rung(store)

    assert outcome == Rung(rung=3)
    [queued] = letters(store)
    [by_mail] = [row for row in rows(store, MIA) if row.channel == "e-mail"]
    assert queued.key == f"alarm:{by_mail.id}"
    assert queued.queue == "e-mail/service"
    assert queued.calendar
    assert "METHOD:PUBLISH" in queued.calendar
    assert queued.due_at == BEGIN
    assert queued.deadline == BEGIN + HOUR + 4 * HOUR
    assert by_mail.dispatch_id


@pytest.mark.parametrize(
    ("services", "employee", "reason"),
    [
        ((), MIA, alarm_letters.NO_ACCOUNT),
        ((replace(ACCOUNT, employees=frozenset({1})),), MIA, alarm_letters.NO_ACCOUNT),
        ((ACCOUNT,), LENA, alarm_letters.NO_ADDRESS),
    ],
)
def test_what_cannot_go_out_keeps_the_reason_and_the_message_is_there(
    store, services, employee, reason
):
    ready(store, *services)
    wishes(store, employee, "e-mail")
    booked(store, participants=(employee,))

    outcome = rung(store)

    assert outcome == Rung(rung=2, failing=1)
    [failing] = [row for row in rows(store) if row.channel == "e-mail"]
    assert (failing.status, failing.reason, failing.attempts) == (AlarmStatus.ARMED, reason, 1)
    assert failing.next_at == BEGIN + 5 * SECOND
    assert len(told(store, employee)) == 1


def test_what_could_not_go_out_goes_as_soon_as_it_can_and_says_how_late(store):
    ready(store)
    wishes(store, MIA, "e-mail")
    booked(store)
    rung(store)
    enter_services(store, [ACCOUNT], ["e-mail"])

    outcome = rung(store, BEGIN + MINUTE)

    assert outcome == Rung(rung=1, late=1)
    assert "1 minute" in letters(store)[0].text


def test_patience_ends_after_an_hour_and_the_board_keeps_the_reason(store):
    ready(store)
    wishes(store, MIA, "e-mail")
    booked(store)
    now = BEGIN

    while (at := next_due(store)) is not None:
        now = at
        rung(store, now)

    [failed] = [row for row in rows(store) if row.channel == "e-mail"]
    assert (failed.status, failed.reason) == (AlarmStatus.FAILED, alarm_letters.NO_ACCOUNT)
    assert HOUR * 0.9 < now - BEGIN <= HOUR


@pytest.fixture
def faulty(monkeypatch) -> None:
    """A program that cannot write the texts of some appointments."""
    write = ringing.alarm_texts

    def writing(facts, language):
        if "faulty" in facts.matchcode:
            raise RecursionError("too deep")
        return write(facts, language)

    monkeypatch.setattr(ringing, "alarm_texts", writing)


def test_one_that_cannot_be_rung_at_all_does_not_hold_up_the_others(store, faulty):
    ready(store)
    booked(store)
    booked(store, matchcode="faulty", participants=())
    booked(store, matchcode="Inventur", participants=())

    outcome = rung(store)

    assert outcome == Rung(rung=3, failing=1)
    assert {message.matchcode for message in told(store, JONAS)} == {
        "Appointment: Abnahme Halle 2",
        "Appointment: Inventur",
    }
    [failing] = [row for row in rows(store) if row.status == AlarmStatus.ARMED]
    assert failing.reason == "a fault of this program: RecursionError"
    assert failing.next_at == BEGIN + 5 * SECOND


ANNAS_PHONE = Service("phone", "push")


def pushing(store: Store, *services: Service) -> None:
    """Let Mia be informed by her push services."""
    ready(store)
    mia = frozenset({employee_by_number(store, MIA)})
    enter_services(store, [replace(each, employees=mia) for each in services], ["push"])
    wishes(store, MIA, "push")
    booked(store)


def test_a_push_goes_by_every_push_service_of_the_employee(store):
    pushing(store, Service("phone", "push"), Service("desk", "push"))

    rung(store)

    assert [each.queue for each in letters(store)] == ["push/desk", "push/phone"]
    assert len({each.key for each in letters(store)}) == 2


def test_nobody_is_pushed_by_somebody_elses_service(store):
    ready(store)
    annas = replace(ANNAS_PHONE, employees=frozenset({employee_by_number(store, ANNA)}))
    enter_services(store, [annas], ["push"])
    wishes(store, MIA, "push")
    booked(store)

    outcome = rung(store)

    assert outcome == Rung(rung=2, failing=1)
    assert letters(store) == []


def test_a_push_waits_until_the_quiet_hours_are_over(store):
    pushing(store, Service("phone", "push", quiet_from="09:30", quiet_until="14:30"))

    rung(store)

    [queued] = letters(store)
    assert queued.due_at == BEGIN + 4.5 * HOUR
    assert queued.deadline == BEGIN + 8.5 * HOUR


@pytest.mark.rule("A4")
def test_what_nobody_acknowledges_is_armed_for_another_channel(store):
    ready(store, ACCOUNT)
    wishes(store, MIA, escalate_after=10 * MINUTE, escalate_to="e-mail")
    booked(store)

    rung(store)
    escalated = rung(store, BEGIN + 10 * MINUTE)

    assert escalated == Rung(rung=1)
    [queued] = letters(store)
    assert "not acknowledged" in queued.matchcode
    assert [row.origin for row in rows(store, MIA)] == [Origin.TIME, Origin.ESCALATION]


@pytest.fixture
def followed(store: Store) -> Store:
    """A private contact of Anna's, and a follow-up of it in which Mia takes part."""
    secret_follow_up(store)
    return store


@pytest.mark.rule("L9")
def test_what_a_private_contact_says_is_told_to_its_readers_only(followed):
    rung(followed)

    [readers], [others] = told(followed, ANNA), told(followed, MIA)
    assert "Geheimes Angebot" in readers.text
    assert "SC-1042" in readers.text
    assert readers.contact_id is not None
    assert "Rückruf" in others.text
    assert "Geheimes Angebot" not in others.text
    assert "SC-1042" not in others.text
    assert others.contact_id is None


def test_a_contact_that_is_not_private_is_told_to_all(store):
    box = prepared(store, account())
    receive_letters(store, box, [letter(subject="Angebot")])
    with store.reading() as connection:
        [contact_id] = connection.scalars(select(contacts.c.id))
    booked(store, contact_id=contact_id)

    rung(store)

    assert "Angebot" in told(store, MIA)[0].text
    assert told(store, MIA)[0].contact_id == contact_id


@pytest.mark.rule("A4")
def test_two_ringers_at_once_tell_everybody_once(store):
    ready(store)
    for number in range(40):
        booked(store, matchcode=f"Termin {number}")
    start = threading.Barrier(2)

    def ringer() -> int:
        start.wait()
        return sum(rung(store, most=7).rung for _ in range(40))

    with ThreadPoolExecutor(2) as both:
        counts = [each.result() for each in [both.submit(ringer), both.submit(ringer)]]

    assert sum(counts) == 80
    assert len(told(store, JONAS)) == len({each.matchcode for each in told(store, JONAS)}) == 40


def test_what_is_being_changed_is_left_until_the_change_is_through(postgres_store):
    ready(postgres_store)
    booked(postgres_store)
    with postgres_store.writing() as connection:
        jonas = employee_by_number(postgres_store, JONAS)
        his = select(alarms.c.id).where(alarms.c.employee_id == jonas)
        connection.execute(his.with_for_update()).all()

        during = rung(postgres_store)

    assert during == Rung(rung=1)
    assert rung(postgres_store) == Rung(rung=1)


def test_a_database_that_does_not_answer_is_no_alarms_fault(sqlite_store):
    ready(sqlite_store)
    booked(sqlite_store)
    gone = Store(f"sqlite:///{sqlite_store.url.database}.gone")

    with pytest.raises(Exception, match="no such table"):
        ring_due(gone, BEGIN, 10, TERMS)
    gone.engine.dispose()

    assert rung(sqlite_store) == Rung(rung=2)


@pytest.mark.parametrize(("age", "alive"), [(0, True), (30, True), (31, False)])
def test_whether_alarms_are_rung_is_told_by_the_last_sign_of_life(store, age, alive):
    beat(store, BEGIN, ALARMS)

    assert alarms_are_rung(store, BEGIN + age * SECOND) is alive


def test_alarms_are_not_rung_where_nobody_ever_did(store):
    beat(store, BEGIN)  # the dispatch shift's sign of life is another

    assert not alarms_are_rung(store, BEGIN)


@pytest.fixture
def statements(sqlite_store) -> Callable[[Callable[[], object]], int]:
    """Count the statements that something takes."""

    def counting(what: Callable[[], object]) -> int:
        seen: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
            seen.append(statement)

        event.listen(sqlite_store.engine, "before_cursor_execute", note)
        what()
        event.remove(sqlite_store.engine, "before_cursor_execute", note)
        return len(seen)

    return counting


def test_the_work_of_a_batch_does_not_grow_with_its_alarms(sqlite_store, statements):
    ready(sqlite_store)
    for number in range(12):
        booked(sqlite_store, matchcode=f"Termin {number}")
    few = statements(lambda: rung(sqlite_store, most=2))
    many = statements(lambda: rung(sqlite_store, most=22))

    assert many == few
