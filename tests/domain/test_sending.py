"""May this contact be sent? One answer, with everything that stands against it."""

from datetime import timedelta
from itertools import combinations

import pytest
from builders import NOW
from hypothesis import given
from hypothesis import strategies as st
from sendables import ACTOR, SERVICE, addressee, sendable, service, wish

from domain.channel_rules import E_MAIL, FAX, MESSAGE, SMS
from domain.mail import ReceptionKind
from domain.sending import (
    ALIVE,
    EDIT_OTHERS,
    PERMISSION,
    Actor,
    Ask,
    Judgement,
    Reason,
    Request,
    Sendable,
    is_alive,
    judge,
    reasons_not_to_act,
    reasons_not_to_edit,
)

CHANNELS = (E_MAIL, SMS, FAX, MESSAGE)


def judged(
    request: Request | None = None,
    contact: Sendable | None = None,
    actor: Actor = ACTOR,
    services=(SERVICE,),
    last_beat=NOW,
    rules=E_MAIL,
) -> Judgement:
    return judge(request or wish(), contact or sendable(), actor, services, last_beat, rules, NOW)


def reasons(judgement: Judgement) -> list[Reason]:
    return [each.reason for each in judgement.refusals]


@pytest.mark.parametrize("rules", CHANNELS, ids=lambda rules: rules.channel)
def test_a_contact_against_which_nothing_stands_may_go_out(rules):
    contact = sendable(addressees=[addressee(employee_id=2, personnel_number="1002")])

    judgement = judged(contact=contact, rules=rules)

    assert judgement.is_granted
    assert judgement.service == SERVICE
    assert [each.position for each in judgement.destinations] == [1]


@pytest.mark.rule("X1")
def test_without_a_service_that_is_configured_nothing_is_sent():
    judgement = judged(services=())

    assert reasons(judgement) == [Reason.NOT_CONFIGURED]
    assert judgement.service is None


@pytest.mark.rule("X1")
@pytest.mark.parametrize(
    ("employees", "teams", "granted"),
    [
        (set(), set(), True),
        ({ACTOR.id}, set(), True),
        ({ACTOR.id + 1}, set(), False),
        (set(), {7}, True),
        (set(), {ACTOR.id}, False),  # the number of the employee is no number of a team
        ({ACTOR.id + 1}, {7}, True),
    ],
)
def test_a_service_sends_for_those_whom_it_is_for(employees, teams, granted):
    there = service(employees=employees, teams=teams)

    judgement = judged(services=[there])

    assert reasons(judgement) == ([] if granted else [Reason.NOT_CONFIGURED])


@pytest.mark.rule("X1")
def test_a_service_that_is_named_must_be_there_for_the_employee():
    others = service("sales", {ACTOR.id + 1})
    services = [SERVICE, others]

    found = {name: judged(wish(service=name), services=services) for name in ("sales", "none")}

    assert {name: reasons(each) for name, each in found.items()} == {
        "sales": [Reason.SERVICE_UNKNOWN],
        "none": [Reason.SERVICE_UNKNOWN],
    }
    assert found["sales"].refusals[0].about == "sales"


@pytest.mark.rule("X1")
def test_the_service_that_is_named_is_taken_else_the_first_one():
    services = [SERVICE, service("sales")]

    assert judged(services=services).service == services[0]
    assert judged(wish(service="sales"), services=services).service == services[1]


@pytest.mark.rule("X1")
@pytest.mark.parametrize(
    ("age", "alive"),
    [
        (timedelta(0), True),
        (ALIVE, True),
        (ALIVE + timedelta(microseconds=1), False),
        (-timedelta(seconds=2), True),  # the clock of another machine goes before ours
        (None, False),
    ],
)
def test_a_service_is_available_while_its_last_sign_of_life_is_fresh(age, alive):
    last_beat = None if age is None else NOW - age

    assert is_alive(last_beat, NOW) is alive
    assert reasons(judged(last_beat=last_beat)) == ([] if alive else [Reason.NOT_RUNNING])


@pytest.mark.rule("X2")
@pytest.mark.parametrize("creator", [ACTOR.id, ACTOR.id + 1, None], ids=["own", "other", "none"])
@pytest.mark.parametrize(
    "permissions", [(), (PERMISSION,), (EDIT_OTHERS,), (PERMISSION, EDIT_OTHERS)]
)
def test_who_acts_has_the_permission_and_is_the_author_or_may_edit_others(permissions, creator):
    expected = []
    if PERMISSION not in permissions:
        expected.append(Reason.NO_PERMISSION)
    if creator != ACTOR.id and EDIT_OTHERS not in permissions:
        expected.append(Reason.NOT_THE_AUTHOR)

    actor = Actor(ACTOR.id, frozenset(permissions))

    assert [each.reason for each in reasons_not_to_act(actor, creator)] == expected
    assert reasons(judged(contact=sendable(creator_id=creator), actor=actor)) == expected


@pytest.mark.rule("X2", "X6")
@pytest.mark.parametrize("sent", [True, False])
def test_what_was_sent_is_not_edited_by_anyone(sent):
    everything = Actor(1, frozenset({PERMISSION, EDIT_OTHERS}))

    found = [each.reason for each in reasons_not_to_edit(everything, 2, sent)]

    assert found == ([Reason.ALREADY_SENT] if sent else [])


@pytest.mark.rule("X6")
def test_who_may_not_act_on_what_was_sent_is_told_both():
    found = [each.reason for each in reasons_not_to_edit(Actor(1, frozenset()), 2, sent=True)]

    assert found == [Reason.NO_PERMISSION, Reason.NOT_THE_AUTHOR, Reason.ALREADY_SENT]


@pytest.mark.parametrize(
    ("not_before", "deadline", "refused"),
    [
        (None, None, False),
        (None, 1, False),
        (None, 0, True),
        (None, -1, True),
        (2, 3, False),
        (2, 2, True),
        (2, 1, True),
        (-2, -1, True),
        (2, None, False),
    ],
)
def test_a_deadline_leaves_time_to_send(not_before, deadline, refused):
    def hours(number):
        return None if number is None else NOW + timedelta(hours=number)

    judgement = judged(wish(not_before=hours(not_before), deadline=hours(deadline)))

    assert reasons(judgement) == ([Reason.DEADLINE_TOO_EARLY] if refused else [])


# Each condition that can be unmet on its own: how to break it, and what is said of it then.
BROKEN = {
    Reason.NOT_CONFIGURED: {"services": ()},
    Reason.NOT_RUNNING: {"last_beat": None},
    Reason.NO_PERMISSION: {"permissions": {EDIT_OTHERS}},
    Reason.NOT_THE_AUTHOR: {"creator_id": None},
    Reason.DEADLINE_TOO_EARLY: {"deadline": NOW},
    Reason.NO_OPTION: {"options": frozenset()},
    Reason.ALREADY_SENT: {"sent": True},
    Reason.CONTROL_CHARACTERS: {"matchcode": "a\r\nBcc: x@evil.test"},
    Reason.NO_MAIN_RECIPIENT: {"kind": ReceptionKind.CC},
    Reason.NO_ADDRESS: {"email": ""},
    Ask.EMPTY_SUBJECT: {"matchcode": " "},
}


def broken(*conditions: Reason | Ask) -> Judgement:
    """Judge an e-mail with these conditions unmet, and the others met."""
    changes = {name: value for each in conditions for name, value in BROKEN[each].items()}
    permissions = {PERMISSION} if Reason.NOT_THE_AUTHOR in conditions else {PERMISSION, EDIT_OTHERS}
    if Reason.NO_PERMISSION in conditions:
        permissions -= {PERMISSION}
    to = addressee(**{name: changes[name] for name in ("kind", "email") if name in changes})
    of_contact = ("options", "sent", "matchcode", "creator_id")
    return judged(
        wish(**{name: changes[name] for name in ("deadline",) if name in changes}),
        sendable(
            addressees=[to], **{name: changes[name] for name in of_contact if name in changes}
        ),
        Actor(ACTOR.id, frozenset(permissions)),
        changes.get("services", (SERVICE,)),
        changes.get("last_beat", NOW),
    )


def named(judgement: Judgement) -> set[Reason | Ask]:
    asked = {question.ask for question in judgement.questions}
    return {*reasons(judgement), *asked}


def together(conditions: frozenset[Reason | Ask]) -> bool:
    """Whether these can be unmet at once: a matchcode is either empty or has a line break."""
    return not {Reason.CONTROL_CHARACTERS, Ask.EMPTY_SUBJECT} <= conditions


@pytest.mark.rule("X1", "X2", "X4", "E1", "E2", "E3", "E7")
@given(st.frozensets(st.sampled_from(list(BROKEN))).filter(together))
def test_every_unmet_condition_is_named_at_once_and_nothing_else(conditions):
    judgement = broken(*conditions)

    assert named(judgement) == conditions
    assert judgement.is_granted is (not conditions)


@pytest.mark.rule("X4")
def test_two_conditions_are_never_named_as_one():
    pairs = [pair for pair in combinations(BROKEN, 2) if together(frozenset(pair))]

    assert all(named(broken(*pair)) == set(pair) for pair in pairs)
