"""Push goes by each employee's own service, after the quiet hours, and carries no contacts."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from builders import DIRECTORY
from servers.push import TOPIC, Turn, push_server, push_service
from sqlalchemy import select

from domain.alarms import PUSH
from domain.appointments import NewAppointment, Period
from domain.delivery import DispatchStatus
from domain.directory import Directory, Employee
from domain.mail import MailAddress
from domain.push_services import PushService
from domain.sending import Texts
from domain.services import Problem
from domain.zones import wall
from tasks.channels import CHANNELS, WAYS
from tasks.channels.push import Push, routed
from tasks.delivering import Batch, sent_one_by_one
from tasks.store import database
from tasks.store.appointment_letters import AppointmentLetter, enter_letters, service_for
from tasks.store.booking import book
from tasks.store.directory import apply_directory, employee_by_number
from tasks.store.dispatches import DispatchDetails, show_dispatch
from tasks.store.outbox import Ledger
from tasks.store.queues import enter_services
from tasks.store.tables import metadata

PERIOD = Period(
    datetime.fromisoformat("2099-06-01T10:00"),
    datetime.fromisoformat("2099-06-01T11:00"),
    "Europe/Berlin",
)
ISTANBUL = "Europe/Istanbul"
LEFT = Employee(number="1009", name="Olaf Fort", active=False)
ABROAD = Employee(number="1010", name="Ayla Demir", zone=ISTANBUL)


@pytest.fixture
def store(own_store: database.Store) -> database.Store:
    apply_directory(own_store, DIRECTORY)
    apply_directory(own_store, Directory(employee=(LEFT, ABROAD)))
    return own_store


def dispatched(store: database.Store, service: PushService) -> int:
    """Configure a service, and queue a letter to its owner by it."""
    [configured], problems = routed([service])
    assert not problems
    enter_services(store, [configured.service], list(WAYS))
    new = NewAppointment(PERIOD, "1001", "Wartung")
    now = datetime.now(UTC)
    appointment_id = book(store, new, "1001", now).id
    owner = employee_by_number(store, service.employee)
    with store.writing() as connection:
        chosen = service_for(connection, PUSH, owner)
        assert chosen
        to = MailAddress("Anna Berger", chosen.name)
        letter = AppointmentLetter("a1", appointment_id, chosen, to, Texts("Wartung", "Halle 2"))
        return enter_letters(connection, [letter], now)["a1"]


def worked(store: database.Store, dispatch_id: int, service: PushService) -> DispatchDetails:
    """Do what a dispatch shift does with what is due."""
    [configured], _ = routed([service])
    ledger = Ledger(store, uuid.uuid4().hex)
    parcels = ledger.claim(f"push/{service.name}", 10, datetime.now(UTC))
    list(sent_one_by_one(Batch(ledger, Push().line(configured.settings), parcels)))
    return show_dispatch(store, dispatch_id)


def everything_in(store: database.Store) -> str:
    with store.reading() as connection:
        found = [connection.execute(select(table)).all() for table in metadata.sorted_tables]
    return str(found)


def test_no_contact_is_sent_by_it():
    assert PUSH not in CHANNELS
    assert set(WAYS) == {*CHANNELS, PUSH}


def test_a_service_is_for_its_employee_alone_with_its_rate_and_quiet_hours(store):
    service = push_service(
        "ntfys://ntfy.example.com/topic",
        messages_per_minute=6,
        quiet_from="22:00",
        quiet_until="07:00",
    )

    [configured], problems = routed([service])

    known = configured.service
    assert problems == []
    assert known.employees == {employee_by_number(store, "1001")}
    assert (known.channel, known.per_minute) == ("push", 6)
    assert (known.quiet_from, known.quiet_until) == ("22:00", "07:00")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"employee": "9999"}, "there is no employee with the personnel number 9999"),
        ({"employee": "1009"}, "Olaf Fort does not work here any more"),
        ({"url": "nonsense://topic"}, "its address is none that apprise knows"),
    ],
)
def test_a_bad_one_is_named_and_the_others_go_on(store, changes, problem):
    url = "ntfys://ntfy.example.com/topic"
    bad = push_service(**{"url": url, "name": "bad", **changes})

    configured, problems = routed([bad, push_service(url)])

    assert problems == [Problem("bad", problem)]
    assert [each.service.name for each in configured] == ["anna-phone"]


@pytest.mark.rule("A4")
def test_what_is_queued_arrives_and_is_followed(store):
    with push_server() as server:
        service = push_service(server.url)
        shown = worked(store, dispatched(store, service), service)

    assert shown.line.status == DispatchStatus.SENT
    assert [(each.title, each.text) for each in server.pushed] == [("Wartung", "Halle 2")]


@pytest.mark.parametrize("turn", [Turn(), Turn(403), Turn(breaks=True)])
def test_the_address_stands_nowhere_in_the_database(store, turn):
    with push_server(turn) as server:
        service = push_service(server.url)
        worked(store, dispatched(store, service), service)

    assert TOPIC not in everything_in(store)


def test_what_is_tried_again_within_the_quiet_hours_waits_for_their_end(store):
    there = wall(datetime.now(UTC), ISTANBUL)
    begin, end = there - timedelta(hours=1), there + timedelta(hours=1)
    quiet = {"quiet_from": f"{begin:%H:%M}", "quiet_until": f"{end:%H:%M}"}
    with push_server() as server:
        service = push_service(server.url, employee="1010", **quiet)
        shown = worked(store, dispatched(store, service), service)

    assert server.pushed == []
    assert shown.line.status == DispatchStatus.RETRYING
    assert shown.line.due_at
    assert f"{wall(shown.line.due_at, ISTANBUL):%H:%M}" == quiet["quiet_until"]


def test_quiet_hours_are_those_of_the_employees_own_clocks(store):
    there = wall(datetime.now(UTC), ISTANBUL)
    begin, end = there + timedelta(hours=1), there + timedelta(hours=2)
    quiet = {"quiet_from": f"{begin:%H:%M}", "quiet_until": f"{end:%H:%M}"}
    with push_server() as server:
        service = push_service(server.url, employee="1010", **quiet)
        shown = worked(store, dispatched(store, service), service)

    assert shown.line.status == DispatchStatus.SENT
