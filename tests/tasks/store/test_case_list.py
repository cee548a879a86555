"""Cases listed, searched and shown with what belongs to them."""

import pytest
from appointments import booked
from builders import DIRECTORY
from outgoing_contacts import JONAS, MIA, ready, saved
from todos import written

from domain.directory import Address, Case, CaseKind, Directory
from domain.errors import BadFilter, UnknownRecord
from domain.lists import Order, Wish
from tasks.store.case_details import show_case
from tasks.store.database import Store
from tasks.store.directory import apply_directory, employee_by_number
from tasks.store.lists.reading import CASES

STREET = Case(number="P-77", kind=CaseKind.PROJECT, title="Umbau Hauptstraße", owner=MIA)
CLOSED = Case(number="O-5", kind=CaseKind.ORDER, title="Café-Möbel", address="20001", open=False)


@pytest.fixture
def cased(store: Store) -> Store:
    """A store with some cases more."""
    ready(store)
    address = Address(number="20001", name="Café Krause")
    people = DIRECTORY.employee
    apply_directory(store, Directory(employee=people, address=(address,), case=(STREET, CLOSED)))
    return store


@pytest.mark.rule("L2", "L5", "L6")
@pytest.mark.parametrize(
    ("wish", "found"),
    [
        (Wish(search="STRASSE"), ["P-77"]),
        (Wish(search="cafe"), ["O-5"]),
        (Wish(search="moebel"), ["O-5"]),
        (Wish(search="p-7"), ["P-77"]),
        (Wish(search="p-7", only_open=True), ["P-77"]),
        (Wish(search="cafe", only_open=True), []),
        (Wish(search="%"), []),
        (Wish(only_done=True), ["O-5", "SC-1001"]),
        (Wish(address="20001"), ["O-5"]),
    ],
)
def test_cases_are_found_by_number_title_address_and_state(cased, wish, found):
    assert [line.number for line in CASES.page(cased, wish).lines] == found
    assert CASES.count(cased, wish) == len(found)


@pytest.mark.rule("L3")
def test_own_cases_are_those_that_somebody_owns(cased):
    mia = employee_by_number(cased, MIA)

    found = CASES.page(cased, Wish(own=True), mia).lines

    assert [(line.number, line.owner) for line in found] == [("P-77", "Mia Krüger")]


def test_pages_of_cases_go_on_where_the_last_one_ended(cased):
    every = [line.number for line in CASES.page(cased, Wish()).lines]

    first = CASES.page(cased, Wish(), limit=1)
    second = CASES.page(cased, Wish(), limit=100, key=first.next)

    assert [line.number for line in (*first.lines, *second.lines)] == every == sorted(every)


@pytest.mark.parametrize("wish", [Wish(case="P-77"), Wish(order=Order.NEWEST), Wish(own=True)])
def test_what_cases_do_not_have_is_refused(cased, wish):
    with pytest.raises(BadFilter):
        CASES.page(cased, wish)


@pytest.mark.rule("L1")
def test_a_case_shows_what_belongs_to_it(cased):
    contact = saved(cased)
    booked(cased, cases=("SC-1042",))
    for _ in range(7):
        written(cased, cases=("SC-1042",))

    case = show_case(cased, " sc-1042 ", employee_by_number(cased, JONAS))

    assert (case.line.address, case.line.title) == ("10001", "Fehler E17")
    assert [line.id for line in case.contacts.lines] == [contact]
    assert (case.appointments.count, case.todos.count, len(case.todos.lines)) == (1, 7, 5)


def test_a_case_that_is_not_there_is_said_so(cased):
    with pytest.raises(UnknownRecord, match="there is no case X-1"):
        show_case(cased, "X-1")
