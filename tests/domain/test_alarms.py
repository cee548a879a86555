"""Each is informed at the alarm time by every channel they want, once, and not of times gone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alarms import (
    E_MAIL,
    MESSAGE,
    PUSH,
    USUAL,
    Expected,
    Origin,
    Preferences,
    Rearming,
    Ring,
    escalation,
    lateness,
    outlives,
    rearm,
    rearm_shifted,
    wanted_rings,
)

ADA, JAN = 1, 2
NINE = datetime(2026, 11, 25, 9, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PATIENT = Preferences(escalate_after=5 * MINUTE, escalate_to=PUSH)

RINGS = st.builds(
    Ring,
    st.sampled_from([ADA, JAN, 3]),
    st.sampled_from([MESSAGE, E_MAIL, PUSH]),
    st.integers(-3, 3).map(lambda hours: NINE + hours * HOUR),
)
SETS = st.frozensets(RINGS, max_size=8)


def ring(employee_id=ADA, channel=MESSAGE, due_at=NINE):
    return Ring(employee_id, channel, due_at)


@pytest.mark.rule("A4")
def test_everyone_gets_the_message_and_what_else_they_want():
    wishes = {ADA: USUAL, JAN: Preferences(channels=frozenset({E_MAIL, PUSH}))}

    wanted = wanted_rings(NINE, wishes)

    assert wanted == {ring(ADA), ring(JAN), ring(JAN, E_MAIL), ring(JAN, PUSH)}


@pytest.mark.rule("A3", "A5")
def test_without_an_alarm_time_nobody_is_informed():
    assert wanted_rings(None, {ADA: USUAL}) == frozenset()


@pytest.mark.rule("A7")
def test_one_who_is_added_in_time_is_informed_and_one_removed_is_not():
    rearming = rearm({ring(JAN)}, armed={ring(ADA)}, past=(), now=NINE - MINUTE)

    assert rearming == Rearming(frozenset({ring(JAN)}), frozenset({ring(ADA)}))


@pytest.mark.rule("A4", "A7")
@pytest.mark.parametrize(
    ("now", "armed"), [(NINE - MINUTE, True), (NINE, False), (NINE + MINUTE, False)]
)
def test_what_is_set_to_a_time_that_has_come_is_not_armed(now, armed):
    rearming = rearm({ring()}, armed=(), past=(), now=now)

    assert bool(rearming.to_arm) is armed


@pytest.mark.rule("A6")
def test_what_was_armed_in_time_stays_though_it_is_overdue():
    assert rearm({ring()}, {ring()}, (), NINE + HOUR) == Rearming(frozenset(), frozenset())


@pytest.mark.rule("A5")
def test_what_has_rung_is_not_armed_again_when_the_appointment_is_moved_there_once_more():
    assert rearm({ring()}, (), {ring()}, NINE - HOUR).to_arm == frozenset()


@pytest.mark.rule("A4", "A5", "A6", "A7")
@given(SETS, SETS, SETS, st.integers(-4, 4))
def test_rearming_arms_only_what_is_wanted_new_and_to_come(wanted, armed, past, hours):
    now = NINE + hours * HOUR

    rearming = rearm(wanted, armed, past, now)

    assert all(each.due_at > now for each in rearming.to_arm)
    assert rearming.to_arm <= wanted - armed - past
    assert not rearming.to_void & wanted
    assert rearming.to_void <= armed


@pytest.mark.rule("A4", "A5")
@given(SETS, SETS, SETS, st.integers(-4, 4))
def test_to_rearm_once_more_changes_nothing(wanted, armed, past, hours):
    now = NINE + hours * HOUR
    once = rearm(wanted, armed, past, now)
    armed_then = (armed | once.to_arm) - once.to_void

    again = rearm(wanted, armed_then, past, now)

    assert again == Rearming(frozenset(), frozenset())
    assert armed & wanted <= armed_then <= wanted


@pytest.mark.rule("A4", "A6")
@pytest.mark.parametrize("shift", [-HOUR, HOUR, -2 * HOUR])
def test_what_new_zone_rules_shift_rings_at_its_new_time_or_at_once(shift):
    shifted = ring(due_at=NINE + shift)

    assert rearm_shifted({shifted}, {ring()}, ()) == Rearming(
        frozenset({shifted}), frozenset({ring()})
    )


@pytest.mark.rule("A4")
@pytest.mark.parametrize("past", [set(), {ring()}])
def test_new_zone_rules_ring_nothing_that_has_rung_or_was_not_armed(past):
    shifted = ring(due_at=NINE + HOUR)

    assert rearm_shifted({shifted}, (), past) == Rearming(frozenset(), frozenset())


@pytest.mark.rule("A5", "A7")
@pytest.mark.parametrize(
    ("wanted", "stays"),
    [
        ({ring()}, True),  # its text was changed, say
        ({ring(), ring(JAN)}, True),
        ({ring(due_at=NINE + HOUR)}, False),  # moved
        ({ring(due_at=NINE - HOUR)}, False),
        ({ring(JAN)}, False),  # its person was removed
        (set(), False),  # done, cancelled, deleted, or the alarm cleared
    ],
)
def test_a_snooze_stays_while_the_alarm_time_that_rang_is_still_the_same(wanted, stays):
    snooze = ring(due_at=NINE + 10 * MINUTE)

    assert outlives(snooze, wanted, past={ring(), ring(JAN)}) is stays


@pytest.mark.rule("A5")
@pytest.mark.parametrize(("hours", "stays"), [(0, True), (-1, False)])
def test_a_snooze_follows_the_last_alarm_time_that_rang(hours, stays):
    snooze = ring(due_at=NINE + 10 * MINUTE)
    moved_to = ring(due_at=NINE + hours * HOUR)

    assert outlives(snooze, {moved_to}, past={ring(due_at=NINE - HOUR), ring()}) is stays


@pytest.mark.rule("A5", "A7")
@pytest.mark.parametrize(
    ("wanted", "origin", "escalating", "holds"),
    [
        ({ring()}, Origin.TIME, {ADA}, True),
        ({ring(channel=PUSH)}, Origin.TIME, {ADA}, False),  # by another channel now
        ({ring()}, Origin.ESCALATION, {ADA}, True),
        ({ring()}, Origin.ESCALATION, {JAN}, False),
        ({ring()}, Origin.SNOOZE, set(), True),
        (set(), Origin.TIME, {ADA}, False),
        (set(), Origin.ESCALATION, {ADA}, False),
        (set(), Origin.SNOOZE, {ADA}, False),
    ],
)
def test_an_alarm_holds_while_its_time_its_person_and_the_wish_for_it_do(
    wanted, origin, escalating, holds
):
    expected = Expected(frozenset(wanted), frozenset({ring()}), frozenset(escalating))
    alarm = ring() if origin is Origin.TIME else ring(channel=E_MAIL, due_at=NINE + MINUTE)

    assert expected.holds(alarm, origin) is holds


@pytest.mark.parametrize(
    ("after", "to", "escalates"),
    [(MINUTE, PUSH, True), (None, PUSH, False), (MINUTE, None, False), (None, None, False)],
)
def test_an_escalation_needs_a_time_and_a_channel(after, to, escalates):
    wishes = Preferences(escalate_after=after, escalate_to=to)

    assert wishes.escalates is escalates
    assert (escalation(ring(), wishes, NINE) is not None) is escalates


@pytest.mark.rule("A4")
def test_a_message_that_is_not_acknowledged_is_followed_on_another_channel():
    rung_at = NINE + timedelta(seconds=2)

    assert escalation(ring(), PATIENT, rung_at) == ring(channel=PUSH, due_at=rung_at + 5 * MINUTE)


@pytest.mark.rule("A4")
@pytest.mark.parametrize(
    ("channel", "preferences"),
    [(MESSAGE, USUAL), (E_MAIL, PATIENT), (PUSH, PATIENT)],
)
def test_nothing_else_is_followed(channel, preferences):
    assert escalation(ring(channel=channel), preferences, NINE) is None


@pytest.mark.rule("A6")
@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-1, None), (0, None), (1, None), (1.5, timedelta(seconds=1.5)), (3_600, HOUR)],
)
def test_more_than_a_second_after_its_time_an_alarm_is_late(seconds, expected):
    assert lateness(NINE, NINE + timedelta(seconds=seconds)) == expected
