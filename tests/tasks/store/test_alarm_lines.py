"""An employee's alarms as a list shows them: nothing of what they may not see."""

import pytest
from appointments import ANNA, HOUR, JONAS, MIA
from ringers import BEGIN, booked, ready, rung, secret_follow_up
from sqlalchemy import update

from tasks.store.alarm_lines import alarms_of, alarms_to_come
from tasks.store.database import Store
from tasks.store.directory import employee_by_number
from tasks.store.rebooking import Change, edit
from tasks.store.tables import alarms
from tasks.store.taking_part import change_participants

LATER = BEGIN + HOUR


def matchcodes(store: Store, number: str) -> list[str]:
    return [line.matchcode for line in alarms_of(store, employee_by_number(store, number))]


@pytest.mark.rule("L9")
def test_who_takes_part_no_more_reads_nothing_of_a_private_contacts_follow_up(store):
    appointment_id = secret_follow_up(store)
    rung(store)
    before = matchcodes(store, MIA)

    change_participants(store, appointment_id, ANNA, (), (MIA,), LATER)
    edit(store, appointment_id, ANNA, Change(matchcode="Kündigung von Mia"), LATER)

    assert before == ["Rückruf"]
    assert matchcodes(store, MIA) == [""]
    assert matchcodes(store, ANNA) == ["Kündigung von Mia"]
    [line] = alarms_of(store, employee_by_number(store, MIA))
    assert line.private


@pytest.mark.rule("L9")
def test_what_a_service_said_of_a_hidden_alarm_is_hidden_too(store):
    appointment_id = secret_follow_up(store)
    rung(store)
    change_participants(store, appointment_id, ANNA, (), (MIA,), LATER)
    said = update(alarms).values(reason="550 Rückruf: no such user")
    store.write(lambda connection: connection.execute(said))

    [line] = alarms_of(store, employee_by_number(store, MIA))

    assert line.reason is None


@pytest.mark.rule("L9")
def test_what_is_armed_for_who_takes_part_says_what_the_appointment_is_called(store):
    secret_follow_up(store)

    [line] = alarms_to_come(store, employee_by_number(store, MIA))

    assert (line.matchcode, line.private) == ("Rückruf", True)


def test_who_takes_part_no_more_still_reads_of_what_all_may_see(store):
    ready(store)
    appointment_id = booked(store)
    rung(store)

    change_participants(store, appointment_id, JONAS, (), (MIA,), LATER)

    assert matchcodes(store, MIA) == ["Abnahme Halle 2"]
