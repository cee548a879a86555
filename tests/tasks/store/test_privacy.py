"""Who sees what, and in whose views it stands."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from builders import (
    DIRECTORY,
    NOW,
    account,
    letter,
    not_understood,
    prepared,
    private_account,
    receive_letters,
)
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from outgoing_contacts import ANNAS, PETRA, ready, requested, saved, tried
from sqlalchemy import delete

from domain.accounts import MailAccount
from domain.arrivals import Counts
from domain.audience import (
    Assignment,
    is_private,
    is_private_contact,
    may_see,
    stands_in_view_of,
)
from domain.contacts import NewContact
from domain.directory import Directory, Employee, Team
from domain.errors import UnknownRecord
from domain.sending import Reason
from tasks.store.accounts import enter_account
from tasks.store.contacts import list_contacts, list_reviews, raw_of_contact, show_contact
from tasks.store.database import Store
from tasks.store.directory import apply_directory, employee_by_number
from tasks.store.dispatch_actions import cancel_dispatch
from tasks.store.inbox import inbox
from tasks.store.quarantine import confined, show_confined
from tasks.store.reviews import decide_review
from tasks.store.tables import metadata
from tasks.store.writing import Change, edit_contact, save_contact

ANNA, JONAS, MIA = "1001", "1002", "1003"
PEOPLE = ("1", "2", "3", "4")
TEAMS = ("red", "green", "blue")


@dataclass(frozen=True)
class World:
    """Who is in which team, for whom the accounts are, and which of them received the message."""

    teams: dict[str, frozenset[str]]
    accounts: Sequence[tuple[frozenset[str], frozenset[str]]]

    def teams_of(self, person: str) -> frozenset[int]:
        return frozenset(i for i, team in enumerate(TEAMS) if person in self.teams[team])

    @property
    def assignments(self) -> list[Assignment]:
        return [
            Assignment(frozenset(map(int, people)), frozenset(map(TEAMS.index, teams)))
            for people, teams in self.accounts
        ]


people = st.frozensets(st.sampled_from(PEOPLE), max_size=3)
assigned = st.tuples(people, st.frozensets(st.sampled_from(TEAMS), max_size=2)).filter(any)
worlds = st.builds(
    World,
    st.fixed_dictionaries(dict.fromkeys(TEAMS, people)),
    st.lists(assigned, min_size=1, max_size=3),
)


def emptied(store: Store) -> None:
    with store.writing() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))


def settled_in(store: Store, world: World) -> None:
    apply_directory(
        store,
        Directory(
            employee=tuple(
                Employee(number=number, name=f"P{number}", permissions=("crm.contacts",))
                for number in PEOPLE
            ),
            team=tuple(Team(name=name, members=tuple(world.teams[name])) for name in TEAMS),
        ),
    )
    for number, (employees, teams) in enumerate(world.accounts):
        [box] = enter_account(
            store,
            account(name=f"a{number}", employees=tuple(employees), teams=tuple(teams)),
        )
        receive_letters(store, box, [letter()])


@pytest.mark.rule("R3", "R4", "R5")
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(world=worlds)
def test_everybody_sees_what_the_rules_let_them_see_and_no_more(store, world):
    emptied(store)
    settled_in(store, world)
    private = is_private_contact(map(is_private, world.assignments))

    for person in PEOPLE:
        viewer = employee_by_number(store, person)
        asked = (int(person), world.teams_of(person))

        seen = bool(list_contacts(store, viewer))
        stands = bool(list_contacts(store, viewer, own=True))

        assert seen is may_see(*asked, private, world.assignments)
        assert stands is stands_in_view_of(*asked, world.assignments)


def viewer(store: Store, number: str | None) -> int | None:
    return employee_by_number(store, number) if number else None


def received_by(store: Store, *accounts: MailAccount, raw: bytes = b"") -> list[Counts]:
    apply_directory(store, DIRECTORY)
    boxes = [enter_account(store, each)[0] for each in accounts]
    return [receive_letters(store, box, [raw or letter()]) for box in boxes]


@pytest.mark.rule("R5")
def test_one_message_to_two_accounts_is_one_contact_and_no_longer_private(store):
    counts = received_by(store, private_account(), account())

    assert counts == [Counts(imported=1), Counts(duplicate=1)]
    assert [line.private for line in list_contacts(store)] == [False]


@pytest.mark.rule("R5")
def test_what_only_private_accounts_received_is_seen_by_the_employees_of_all_of_them(store):
    received_by(store, private_account(), private_account(name="mia", employees=(MIA,)))

    seen = {who: len(list_contacts(store, viewer(store, who))) for who in (ANNA, JONAS, MIA, None)}

    assert seen == {ANNA: 1, JONAS: 0, MIA: 1, None: 0}


@pytest.mark.rule("R4")
def test_a_team_that_is_added_later_opens_nothing_that_was_private(store):
    received_by(store, private_account())

    enter_account(store, private_account(teams=("Helpdesk",)))

    assert list_contacts(store, viewer(store, JONAS)) == []
    assert list_contacts(store, viewer(store, JONAS), own=True) == []
    assert len(list_contacts(store, viewer(store, ANNA))) == 1


@pytest.mark.rule("R4")
@pytest.mark.parametrize("number", [None, JONAS])
def test_a_private_contact_is_to_others_like_one_that_is_not_there(store, number):
    received_by(store, private_account())
    [line] = list_contacts(store, viewer(store, ANNA))
    other = viewer(store, number)

    def refusal(reading, contact_id):
        with pytest.raises(UnknownRecord) as refused:
            reading(contact_id)
        return str(refused.value).replace(str(contact_id), "N")

    for reading in (
        lambda contact_id: show_contact(store, contact_id, other),
        lambda contact_id: raw_of_contact(store, contact_id, other),
        lambda contact_id: decide_review(store, contact_id, "SC-1042", other),
    ):
        assert refusal(reading, line.id) == refusal(reading, 4711)


@pytest.mark.rule("R4")
def test_the_review_list_hides_private_contacts(store):
    received_by(store, private_account(), raw=letter(subject="SC-1001", from_="x@stranger.example"))

    assert list_reviews(store, viewer(store, JONAS)) == []
    assert len(list_reviews(store, viewer(store, ANNA))) == 1


@pytest.mark.rule("R4", "R6")
@pytest.mark.parametrize(("number", "sees"), [(ANNA, True), (JONAS, False), (None, False)])
def test_a_private_message_in_quarantine_is_shown_to_its_employees_only(store, number, sees):
    box = prepared(store, private_account())
    receive_letters(store, box, [letter()], reader=not_understood)
    [message] = confined(store)

    if sees:
        assert show_confined(store, message.id, viewer(store, number)) == letter()
    else:
        with pytest.raises(UnknownRecord, match="that you may see"):
            show_confined(store, message.id, viewer(store, number))
    assert message.private
    assert message.next_try_at > NOW


# --- what is written here -------------------------------------------------------------------


def answered(store: Store, author: str, *accounts: MailAccount) -> tuple[int, int]:
    """Receive a message by these accounts and answer it; gives both contacts' ids."""
    received_by(store, *accounts)
    [line] = list_contacts(store, viewer(store, author))
    reply = NewContact(author, "AW: Fehler E17", "Wir sehen nach.", answers=line.id)
    return line.id, save_contact(store, reply, NOW)


@pytest.mark.rule("R4", "L9")
def test_an_answer_to_a_private_contact_is_private_and_seen_by_the_same(store):
    accounts = [private_account(), private_account(name="mia", employees=(MIA,))]
    _, answer = answered(store, ANNA, *accounts)

    seen = {
        who: answer in [line.id for line in list_contacts(store, viewer(store, who))]
        for who in (ANNA, JONAS, MIA, None)
    }

    assert seen == {ANNA: True, JONAS: False, MIA: True, None: False}


@pytest.mark.rule("R4", "L9")
def test_an_answer_to_an_open_contact_is_open(store):
    _, answer = answered(store, JONAS, account())

    assert not show_contact(store, answer).line.private


@pytest.mark.rule("R4", "L9")
def test_an_answer_to_a_private_answer_is_private_too(store):
    _, first = answered(store, ANNA, private_account())

    second = save_contact(store, NewContact(ANNA, "Noch etwas", answers=first), NOW)

    assert [line.id for line in list_contacts(store, viewer(store, JONAS))] == []
    assert second in [line.id for line in list_contacts(store, viewer(store, ANNA))]


@pytest.mark.rule("R4", "L9")
@pytest.mark.parametrize("author", [JONAS, MIA])
def test_nobody_answers_what_they_may_not_see(store, author):
    received_by(store, private_account())
    [line] = list_contacts(store, viewer(store, ANNA))

    with pytest.raises(UnknownRecord, match="that you may see"):
        save_contact(store, NewContact(author, "AW", answers=line.id), NOW)


@pytest.mark.rule("R4", "X2", "L9")
def test_a_private_answer_is_to_others_like_one_that_is_not_there(store):
    _, answer = answered(store, ANNA, private_account())
    ready(store, ANNAS)
    dispatch = requested(store, _addressed(store, answer), employee=ANNA).dispatch_id
    assert dispatch is not None

    for contact_id in (answer, 4711):
        with pytest.raises(UnknownRecord, match=f"no contact {contact_id} that you may see"):
            edit_contact(store, contact_id, JONAS, Change(matchcode="x"), NOW)
        with pytest.raises(UnknownRecord, match=f"no contact {contact_id} that you may see"):
            requested(store, contact_id, employee=JONAS)
    for dispatch_id in (dispatch, 4711):
        with pytest.raises(UnknownRecord, match=f"no dispatch {dispatch_id} that you may see"):
            cancel_dispatch(store, dispatch_id, JONAS, NOW)


@pytest.mark.rule("R4", "L9")
def test_that_a_private_contact_did_not_arrive_is_told_to_its_author_only(store):
    accounts = [private_account(), private_account(name="mia", employees=(MIA,))]
    _, answer = answered(store, ANNA, *accounts)
    ready(store, ANNAS)
    requested(store, _addressed(store, answer), employee=ANNA)

    tried(store, "refused_for_good", queue="e-mail/anna")

    told = {who: len(inbox(store, viewer(store, who) or 0)) for who in (ANNA, JONAS, MIA)}
    assert told == {ANNA: 1, JONAS: 0, MIA: 0}


def _addressed(store: Store, contact_id: int) -> int:
    edit_contact(store, contact_id, ANNA, Change(recipients=(PETRA,)), NOW)
    return contact_id


@pytest.mark.rule("R3", "R4", "L9")
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(world=worlds, author=st.sampled_from(PEOPLE))
def test_an_answer_is_seen_by_its_author_and_whoever_sees_what_it_answers(store, world, author):
    emptied(store)
    settled_in(store, world)
    own = employee_by_number(store, author)
    visible = list_contacts(store, own)
    assume(visible)
    answer = save_contact(store, NewContact(author, "AW", answers=visible[0].id), NOW)
    private = is_private_contact(map(is_private, world.assignments))
    named = frozenset[int]().union(*(each.employees for each in world.assignments))
    readers = {int(author)} | named if private else set()

    for person in PEOPLE:
        lines = list_contacts(store, employee_by_number(store, person))

        asked = (int(person), world.teams_of(person), private)
        assert (answer in [line.id for line in lines]) is may_see(*asked, [], readers)
        assert (visible[0].id in [line.id for line in lines]) is may_see(*asked, world.assignments)


@pytest.mark.rule("R4", "X1")
def test_a_private_answer_goes_out_by_its_own_account_or_not_at_all(store):
    ready(store)
    receive_letters(store, prepared(store, private_account()), [letter()])
    [received] = list_contacts(store, employee_by_number(store, "1001"))

    decision = requested(store, saved(store, creator="1001", answers=received.id), employee="1001")

    assert [each.reason for each in decision.judgement.refusals] == [Reason.NOT_CONFIGURED]
