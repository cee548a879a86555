"""What people do about a dispatch."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from builders import NOW
from invited import invited, letters
from outgoing_contacts import (
    ANNA,
    GUEST,
    JONAS,
    MIA,
    PETRA,
    QUEUE,
    UWE,
    begun,
    outcome_of,
    queued,
    ready,
    tried,
    written,
)
from ringers import ACCOUNT, rung, secret_follow_up, wishes

from domain.appointments import BookingReason
from domain.delivery import PATIENCE, DispatchStatus
from domain.errors import Refused, TooLate, UnknownRecord
from domain.sending import Reason
from tasks.store.database import Store
from tasks.store.dispatch_actions import cancel_dispatch, count_as_sent, put_off, send_again
from tasks.store.dispatches import DispatchDetails, show_dispatch
from tasks.store.outbox import Ledger, expire
from tasks.store.sent_elsewhere import SentElsewhere, note_sent_elsewhere

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LATER = NOW + DAY
ACTIONS = {
    "cancel": lambda store, dispatch, who: cancel_dispatch(store, dispatch, who, NOW),
    "put off": lambda store, dispatch, who: put_off(store, dispatch, who, LATER, NOW),
    "send again": lambda store, dispatch, who: send_again(store, dispatch, who, NOW),
    "count as sent": lambda store, dispatch, who: count_as_sent(store, dispatch, who, NOW),
}
every_action = pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
HOLDING_BACK = [ACTIONS["cancel"], ACTIONS["put off"]]


def shown(store: Store, dispatch_id: int) -> DispatchDetails:
    return show_dispatch(store, dispatch_id)


def statuses(store: Store, dispatch_id: int) -> list[str]:
    return [each.status.value for each in shown(store, dispatch_id).line.deliveries]


def made(store: Store, *outcomes: str, **wishes) -> int:
    """Queue a contact to two recipients; the outcomes are those of a first attempt."""
    ready(store)
    dispatch_id = queued(store, written(PETRA, UWE), **wishes).dispatch_id
    assert dispatch_id is not None
    if outcomes:
        tried(store, *outcomes)
    return dispatch_id


@pytest.mark.rule("X2")
@every_action
@pytest.mark.parametrize(
    ("employee", "reasons"),
    [
        (JONAS, []),
        (ANNA, []),
        (MIA, [Reason.NOT_THE_AUTHOR]),
        (GUEST, [Reason.NO_PERMISSION, Reason.NOT_THE_AUTHOR]),
    ],
)
def test_who_acts_on_a_dispatch_may_act_on_its_contact(store, action, employee, reasons):
    dispatch_id = made(store, "unknown", "refused_for_now")
    before = shown(store, dispatch_id)

    if not reasons:
        action(store, dispatch_id, employee)
        assert shown(store, dispatch_id) != before
        return
    with pytest.raises(Refused) as refused:
        action(store, dispatch_id, employee)

    assert [each.reason for each in refused.value.refusals] == reasons
    assert shown(store, dispatch_id) == before


@every_action
def test_a_dispatch_that_is_not_there_is_named(store, action):
    ready(store)

    with pytest.raises(UnknownRecord, match="4711"):
        action(store, 4711, JONAS)


# --- of appointments and of neither -----------------------------------------------------------


def invitation(store: Store) -> int:
    """Queue a guest's invitation; gives its dispatch."""
    invited(store)
    [letter] = letters(store)
    return int(letter.id)


@pytest.mark.rule("X2", "A1")
@pytest.mark.parametrize("action", HOLDING_BACK)
@pytest.mark.parametrize(
    ("employee", "reasons"),
    [
        (JONAS, []),  # who is responsible
        (ANNA, []),  # who may edit others'
        (MIA, [BookingReason.NOT_YOURS]),
        (GUEST, [BookingReason.NO_PERMISSION, BookingReason.NOT_YOURS]),
    ],
)
def test_who_acts_on_a_letter_of_an_appointment_may_change_that(store, action, employee, reasons):
    dispatch_id = invitation(store)
    before = shown(store, dispatch_id)

    if not reasons:
        action(store, dispatch_id, employee)
        assert shown(store, dispatch_id) != before
        return
    with pytest.raises(Refused) as refused:
        action(store, dispatch_id, employee)

    assert [each.reason for each in refused.value.refusals] == reasons
    assert shown(store, dispatch_id) == before


@pytest.mark.parametrize(("action", "after"), [("send again", "queued"), ("count as sent", "sent")])
def test_an_invitation_of_which_nobody_knows_is_decided(store, action, after):
    dispatch_id = invitation(store)
    tried(store, "unknown")

    assert ACTIONS[action](store, dispatch_id, JONAS) == 1

    assert statuses(store, dispatch_id) == [after]


@pytest.mark.rule("L9")
@pytest.mark.parametrize("action", HOLDING_BACK)
def test_nobody_acts_on_a_colleagues_alarm_that_they_may_not_see(store, action):
    secret_follow_up(store, ACCOUNT)
    wishes(store, ANNA, "e-mail")
    rung(store)

    with pytest.raises(UnknownRecord, match="that you may see"):
        action(store, 1, MIA)
    action(store, 1, ANNA)


def test_what_another_program_sent_is_nobodys_to_act_on_but_of_who_may_edit_all(store):
    ready(store)
    note_sent_elsewhere(store, SentElsewhere("1@x.example", "SC-1042", ("a@b.example",)), NOW)

    with pytest.raises(Refused):
        count_as_sent(store, 1, JONAS, NOW)
    assert count_as_sent(store, 1, ANNA, NOW) == 0


# --- cancelled and put off ------------------------------------------------------------------


@pytest.mark.rule("X5")
@pytest.mark.parametrize(
    ("outcomes", "after", "status"),
    [
        ((), ["cancelled", "cancelled"], "cancelled"),
        (("refused_for_now",) * 2, ["cancelled", "cancelled"], "cancelled"),
        (("accepted", "refused_for_now"), ["sent", "cancelled"], "partly_sent"),
        (("unknown", "refused_for_now"), ["unknown", "cancelled"], "unknown"),
        (("refused_for_good", "refused_for_now"), ["failed", "cancelled"], "failed"),
    ],
)
def test_what_has_not_gone_out_is_cancelled_and_the_rest_stays(store, outcomes, after, status):
    dispatch_id = made(store, *outcomes)

    cancel_dispatch(store, dispatch_id, JONAS, NOW)

    assert statuses(store, dispatch_id) == after
    assert shown(store, dispatch_id).line.status == status
    assert Ledger(store, "worker").claim(QUEUE, 9, NOW + PATIENCE) == []


@pytest.mark.parametrize("action", HOLDING_BACK)
def test_what_is_leased_and_not_begun_can_still_be_held_back(store, action):
    dispatch_id = made(store)
    ledger = Ledger(store, "worker")
    [parcel] = ledger.claim(QUEUE, 1, NOW)

    action(store, dispatch_id, JONAS)

    assert not ledger.begin(parcel, NOW)


@pytest.mark.parametrize("action", HOLDING_BACK)
def test_what_is_being_sent_cannot_be_held_back(store, action):
    dispatch_id = made(store)
    ledger, parcel = begun(store)

    with pytest.raises(TooLate):
        action(store, dispatch_id, JONAS)
    ledger.turn(outcome_of(parcel, "accepted", "accepted"), None, NOW)

    assert shown(store, dispatch_id).line.status is DispatchStatus.SENT


@pytest.mark.parametrize("action", HOLDING_BACK)
@pytest.mark.parametrize("outcome", ["accepted", "refused_for_good", "unknown"])
def test_what_has_ended_cannot_be_held_back(store, action, outcome):
    dispatch_id = made(store, outcome, outcome)
    before = shown(store, dispatch_id)

    with pytest.raises(TooLate, match=str(dispatch_id)):
        action(store, dispatch_id, JONAS)

    assert shown(store, dispatch_id) == before


def test_what_is_cancelled_cannot_be_cancelled_again(store):
    dispatch_id = made(store)
    cancel_dispatch(store, dispatch_id, JONAS, NOW)

    with pytest.raises(TooLate):
        cancel_dispatch(store, dispatch_id, JONAS, NOW)


def test_to_cancel_and_to_begin_at_once_is_one_or_the_other(store):
    for _ in range(5):
        dispatch_id = made(store)
        ledger, together = Ledger(store, "worker"), Barrier(2)
        [parcel] = ledger.claim(QUEUE, 1, NOW)

        def begin(ledger=ledger, parcel=parcel, together=together) -> bool:
            together.wait(60)
            return ledger.begin(parcel, NOW)

        def cancel(dispatch_id=dispatch_id, together=together) -> bool:
            together.wait(60)
            try:
                cancel_dispatch(store, dispatch_id, JONAS, NOW)
            except TooLate:
                return False
            return True

        with ThreadPoolExecutor(2) as people:
            begins, cancels = people.submit(begin), people.submit(cancel)

        assert begins.result() is not cancels.result()
        if begins.result():
            ledger.turn(outcome_of(parcel, "accepted", "accepted"), None, NOW)


@pytest.mark.parametrize("outcomes", [(), ("accepted", "refused_for_now")])
def test_what_is_put_off_is_not_sent_before(store, outcomes):
    dispatch_id = made(store, *outcomes)

    put_off(store, dispatch_id, JONAS, LATER, NOW)

    assert Ledger(store, "worker").claim(QUEUE, 9, LATER - MINUTE) == []
    assert [each.id for each in Ledger(store, "worker").claim(QUEUE, 9, LATER)] == [dispatch_id]


@pytest.mark.parametrize(
    ("deadline", "after"),
    [
        (None, LATER + PATIENCE),
        (NOW + MINUTE, LATER + PATIENCE),
        (LATER + MINUTE, LATER + MINUTE),
    ],
)
def test_what_is_put_off_has_its_time_to_be_sent_from_then_on(store, deadline, after):
    dispatch_id = made(store, deadline=deadline)

    put_off(store, dispatch_id, JONAS, LATER, NOW)

    assert shown(store, dispatch_id).deadline == after
    assert expire(store, LATER) == 0


@pytest.mark.parametrize(
    ("outcomes", "dated"), [((), LATER), (("refused_for_now", "refused_for_now"), NOW)]
)
def test_what_is_put_off_is_dated_when_it_goes_out_unless_it_went_out_before(
    store, outcomes, dated
):
    put_off(store, made(store, *outcomes), JONAS, LATER, NOW)

    [parcel] = Ledger(store, "worker").claim(QUEUE, 9, LATER)

    assert parcel.dated_at == dated


def test_what_is_put_off_for_days_is_still_tried_more_than_once(store):
    dispatch_id = made(store)
    put_off(store, dispatch_id, JONAS, NOW + 7 * DAY, NOW)

    tried(store, "refused_for_now", "refused_for_now", now=NOW + 7 * DAY)

    assert shown(store, dispatch_id).line.status is DispatchStatus.RETRYING


# --- unknown --------------------------------------------------------------------------------


@pytest.mark.parametrize("other", ["accepted", "refused_for_good"])
def test_only_those_of_whom_nobody_knows_get_it_again(store, other):
    dispatch_id = made(store, "unknown", other)
    first = shown(store, dispatch_id).message_id

    count = send_again(store, dispatch_id, JONAS, NOW)
    again = send_again(store, dispatch_id, JONAS, NOW)
    parcel = tried(store, "accepted")

    assert (count, again) == (1, 0)
    assert [each.to for each in parcel.waiting] == ["petra@mueller.example"]
    assert parcel.message_id == first
    assert statuses(store, dispatch_id)[0] == "sent"


def test_what_is_sent_again_after_days_is_still_tried_more_than_once(store):
    dispatch_id = made(store, "unknown", "accepted", deadline=NOW + DAY)

    send_again(store, dispatch_id, JONAS, NOW + 7 * DAY)
    expired = expire(store, NOW + 7 * DAY)
    tried(store, "refused_for_now", now=NOW + 7 * DAY)

    assert expired == 0
    assert statuses(store, dispatch_id) == ["retrying", "sent"]


def test_while_others_are_being_sent_nothing_is_added_to_what_is_on_its_way(store):
    dispatch_id = made(store, "unknown", "refused_for_now")
    ledger, parcel = begun(store, NOW + MINUTE)

    with pytest.raises(TooLate, match="try again"):
        send_again(store, dispatch_id, JONAS, NOW + MINUTE)
    ledger.turn(outcome_of(parcel, "accepted", now=NOW + MINUTE), None, NOW + MINUTE)

    assert send_again(store, dispatch_id, JONAS, NOW + MINUTE) == 1
    assert [each.id for each in Ledger(store, "next").claim(QUEUE, 9, NOW + MINUTE)] == [
        dispatch_id
    ]


def test_a_lease_from_before_knows_nothing_of_what_is_sent_again(store):
    dispatch_id = made(store, "unknown", "refused_for_now")
    ledger = Ledger(store, "worker")
    [parcel] = ledger.claim(QUEUE, 1, NOW + MINUTE)

    send_again(store, dispatch_id, JONAS, NOW + MINUTE)

    assert not ledger.begin(parcel, NOW + MINUTE)
    [fresh] = Ledger(store, "next").claim(QUEUE, 1, NOW + MINUTE)
    assert len(fresh.waiting) == 2


@pytest.mark.rule("X5")
@pytest.mark.parametrize(
    ("other", "after", "status"),
    [
        ("unknown", ["sent", "sent"], "sent"),
        ("accepted", ["sent", "sent"], "sent"),
        ("refused_for_good", ["sent", "failed"], "partly_sent"),
        ("refused_for_now", ["sent", "retrying"], "retrying"),
    ],
)
def test_those_of_whom_nobody_knows_are_taken_for_reached(store, other, after, status):
    dispatch_id = made(store, "unknown", other)

    count = count_as_sent(store, dispatch_id, ANNA, NOW + MINUTE)

    details = shown(store, dispatch_id)
    assert count == (2 if other == "unknown" else 1)
    assert statuses(store, dispatch_id) == after
    assert details.line.status == status
    assert details.history[-1][1].answer == "counted as sent by Anna Berger"


@pytest.mark.parametrize("outcome", ["accepted", "refused_for_good", "refused_for_now"])
def test_where_nothing_is_unknown_nothing_changes(store, outcome):
    dispatch_id = made(store, outcome, outcome)
    before = shown(store, dispatch_id)

    counts = [act(store, dispatch_id, JONAS, NOW + MINUTE) for act in (send_again, count_as_sent)]

    assert counts == [0, 0]
    assert shown(store, dispatch_id) == before


def test_what_is_put_off_to_an_instant_that_is_past_goes_out_at_once(store):
    dispatch_id = made(store)

    put_off(store, dispatch_id, JONAS, NOW - 7 * DAY, NOW)

    assert expire(store, NOW) == 0
    [parcel] = Ledger(store, "worker").claim(QUEUE, 9, NOW)
    assert parcel.dated_at == NOW
