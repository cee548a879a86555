"""Whatever is done to an appointment, the right people are informed at the right time, once.

Random edits go through the rules as the store uses them, edit by edit. The oracle looks at the
whole story afterwards, minute by minute and person by person, and keeps no armed alarms at all.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.alarms import (
    E_MAIL,
    MESSAGE,
    PUSH,
    USUAL,
    Origin,
    Preferences,
    Ring,
    escalation,
    outlives,
    rearm,
    wanted_rings,
)
from domain.appointments import Alarm, Period

DAWN = datetime(2026, 10, 25, tzinfo=UTC)
PEOPLE = (1, 2, 3)
CHANNELS = (MESSAGE, E_MAIL, PUSH)


def clock(minute):
    return DAWN + timedelta(minutes=minute)


@dataclass(frozen=True)
class State:
    """An appointment and its people at one time; all times in minutes."""

    begin: int = 60
    length: int = 30
    lead: int | None = 0
    alarm_at: int | None = None
    done: bool = False
    gone: bool = False  # cancelled or deleted
    people: frozenset[int] = frozenset({1, 2})
    wishes: Mapping[int, Preferences] = field(default_factory=dict)

    def wishes_of(self, person):
        return self.wishes.get(person, USUAL)


class Rules:
    """An appointment's alarms, kept right by the domain's rules after each edit."""

    def __init__(self, state):
        self.now, self.state, self.informed = 0, state, []
        self.armed: dict[Ring, Origin] = {}
        self.rung: dict[Ring, Origin] = {}
        self.edit(state)

    def edit(self, state):
        self.state = state
        wanted = self._wanted()
        self._void(lambda ring: not outlives(ring, wanted, self._rung_in_time()), *AGAIN)
        usual = [ring for ring, origin in self.armed.items() if origin is Origin.TIME]
        change = rearm(wanted, usual, self.rung, clock(self.now))
        self._void(change.to_void.__contains__, Origin.TIME)
        self._arm(change.to_arm, Origin.TIME)

    def ring(self):
        for ring in [each for each in self.armed if each.due_at <= clock(self.now)]:
            self.rung[ring] = self.armed.pop(ring)
            self.informed.append((ring.employee_id, ring.channel, ring.due_at, self.now))
            follows = escalation(ring, self.state.wishes_of(ring.employee_id), clock(self.now))
            self._arm([follows] if follows else [], Origin.ESCALATION)

    def minutes_to_next(self):
        """Say how long the ringer would sleep."""
        due_at = min((ring.due_at for ring in self.armed), default=clock(self.now))
        return max(0, (due_at - clock(self.now)) // timedelta(minutes=1))

    def acknowledge(self, person):
        self._void(lambda ring: ring.employee_id == person, *AGAIN)

    def snooze(self, person, minutes):
        until = clock(self.now + minutes)
        wishes = {person: self.state.wishes_of(person)}
        if outlives(Ring(person, MESSAGE, until), self._wanted(), self._rung_in_time()):
            self.acknowledge(person)
            self._arm(wanted_rings(until, wishes), Origin.SNOOZE)

    def _wanted(self):
        state = self.state
        if state.done or state.gone or (state.lead is None and state.alarm_at is None):
            return frozenset()
        begins = clock(state.begin).replace(tzinfo=None)
        period = Period(begins, begins + timedelta(minutes=state.length), "UTC")
        alarm = (
            Alarm(at=clock(state.alarm_at).replace(tzinfo=None))
            if state.alarm_at is not None
            else Alarm(lead=timedelta(minutes=state.lead))
        )
        return wanted_rings(
            alarm.due_at(period), {each: state.wishes_of(each) for each in state.people}
        )

    def _rung_in_time(self):
        return [ring for ring, origin in self.rung.items() if origin is Origin.TIME]

    def _arm(self, rings, origin):
        for ring in rings:
            assert ring not in self.armed.keys() | self.rung.keys()  # the store's unique key
            self.armed[ring] = origin

    def _void(self, which, *origins):
        for ring in [each for each, origin in self.armed.items() if origin in origins]:
            if which(ring):
                del self.armed[ring]


AGAIN = (Origin.SNOOZE, Origin.ESCALATION)


def alarm_minute(state, person):
    """Say at which minute somebody is to be informed as things stand; None: not at all."""
    if state.done or state.gone or person not in state.people:
        return None
    if state.alarm_at is not None:
        return state.alarm_at
    return None if state.lead is None else state.begin - state.lead


def informed_in_time(story, person, channel, minute):
    """Find the step that informs a person of an alarm minute, wanted from before it until then.

    The story is a list of (now, what, argument).
    """
    since = None
    for step, (now, what, argument) in enumerate(story):
        if what == "edit":
            wants = channel == MESSAGE or channel in argument.wishes_of(person).channels
            if alarm_minute(argument, person) != minute or not wants:
                since = None
            elif since is None:
                since = now
        elif what == "ring" and since is not None and since < minute <= now:
            return step
    return None


def informed_again(story, person, messages):
    """Follow what one person is told again; messages are their alarm minutes, by step."""
    told, waiting, state, last = [], [], None, None
    for step, (now, what, argument) in enumerate(story):
        if what == "edit":
            state = argument
            waiting = waiting if alarm_minute(state, person) == last else []
        elif what == "acknowledge" and argument == person:
            waiting = []
        elif what == "snooze" and argument[0] == person:
            if last is not None and alarm_minute(state, person) == last:
                channels = (MESSAGE, *state.wishes_of(person).channels)
                waiting = [(channel, now + argument[1]) for channel in channels]
        elif what == "ring":
            due = [each for each in waiting if each[1] <= now]
            waiting = [each for each in waiting if each[1] > now]
            told += [(channel, minute, now) for channel, minute in due]
            last = messages.get(step, last)
            wishes = state.wishes_of(person)
            if wishes.escalate_to and (step in messages or MESSAGE in dict(due)):
                after = wishes.escalate_after // timedelta(minutes=1)
                waiting.append((wishes.escalate_to, now + after))
    return told


def expected(story):
    """Say who must be informed how, of which minute and when, by looking at the whole story."""
    told = Counter()
    states = [argument for _, what, argument in story if what == "edit"]
    for person in PEOPLE:
        minutes = {alarm_minute(state, person) for state in states} - {None}
        rung = {
            (channel, minute): step
            for channel in CHANNELS
            for minute in minutes
            if (step := informed_in_time(story, person, channel, minute)) is not None
        }
        messages = {step: minute for (channel, minute), step in rung.items() if channel == MESSAGE}
        again = informed_again(story, person, messages)
        in_time = [(*what, story[step][0]) for what, step in rung.items()]
        told.update((person, channel, clock(due), now) for channel, due, now in in_time + again)
    return told


WISHES = st.builds(
    lambda channels, patience: Preferences(channels, *patience),
    st.frozensets(st.sampled_from([E_MAIL, PUSH])),
    st.sampled_from([(None, None), (timedelta(minutes=5), PUSH), (timedelta(minutes=9), E_MAIL)]),
)
PERSON = st.sampled_from(PEOPLE)
SOON = st.sampled_from(range(1, 31))
WHENEVER = st.sampled_from([*range(1, 31), *range(1, 31), *range(-20, 61)])
EDITS = (
    st.tuples(st.just("move"), WHENEVER),
    st.tuples(st.just("move"), WHENEVER),
    st.tuples(st.just("alarm"), WHENEVER),
    st.tuples(st.just("lead"), st.sampled_from([0, 0, 0, 5, 15, None])),
    st.tuples(st.just("shorten"), st.integers(0, 60)),
    st.tuples(st.just("done"), st.sampled_from([False, False, True])),
    st.tuples(st.just("add"), PERSON),
    st.tuples(st.just("remove"), PERSON),
    st.tuples(st.just("wish"), st.tuples(PERSON, WISHES)),
)
OTHERS = (
    st.tuples(st.just("pass"), st.integers(0, 10)),
    st.tuples(st.just("ring after"), SOON),
    *4 * (st.just(("ring next", None)),),
    st.tuples(st.just("acknowledge"), PERSON),
    *3 * (st.tuples(st.just("snooze"), st.tuples(PERSON, SOON)),),
)
STEPS = st.one_of(*EDITS, *OTHERS)
ENDINGS = st.sampled_from([[], [], [("cancel", None)], [("delete", None)]])
COURSES = st.builds(
    lambda first, ending, last: [*first, *ending, *last],
    st.lists(STEPS, min_size=10, max_size=25),
    ENDINGS,
    st.lists(STEPS, max_size=5),
)


def edited(state, what, argument, now):
    """Give the appointment after one edit; moves and alarm times are counted from now."""
    match what:
        case "move":
            return replace(state, begin=now + argument)
        case "shorten":
            return replace(state, length=argument)
        case "lead":
            return replace(state, lead=argument, alarm_at=None)
        case "alarm":
            return replace(state, lead=None, alarm_at=now + argument)
        case "done":
            return replace(state, done=argument)
        case "add":
            return replace(state, people=state.people | {argument})
        case "remove":
            return replace(state, people=state.people - {argument})
        case "wish":
            return replace(state, wishes={**state.wishes, argument[0]: argument[1]})
    assert what in ("cancel", "delete")
    return replace(state, gone=True)


def run(course):
    """Take every step by the rules; gives what they told whom, and the story for the oracle."""
    state = State()
    rules, story = Rules(state), [(0, "edit", state)]
    for what, argument in [*course, ("ring after", 90), ("ring after", 90)]:
        if what in ("pass", "ring after", "ring next"):
            rules.now += rules.minutes_to_next() if argument is None else argument
            what, argument = what.partition(" ")[0], None
        if what == "ring":
            rules.ring()
        elif what == "acknowledge":
            rules.acknowledge(argument)
        elif what == "snooze":
            rules.snooze(*argument)
        elif what != "pass":
            argument = edited(rules.state, what, argument, rules.now)
            rules.edit(argument)
            what = "edit"
        story.append((rules.now, what, argument))
    return rules, story


@pytest.mark.rule("A3", "A4", "A5", "A6", "A7")
@given(COURSES)
@settings(deadline=None, max_examples=2_000)
def test_the_rules_inform_exactly_those_whom_the_whole_story_asks_for(course):
    rules, story = run(course)

    assert Counter(rules.informed) == expected(story)
    assert all(due_at <= clock(now) for _, _, due_at, now in rules.informed)
    assert max(Counter(each[:3] for each in rules.informed).values(), default=1) == 1


@pytest.mark.rule("A4", "A5", "A7")
@pytest.mark.parametrize(
    ("course", "times"),
    [
        ([("ring after", 60)], [60]),
        ([("ring after", 59)], [149]),  # the service stood still until then
        ([("move", 70), ("ring after", 60), ("ring after", 10)], [70]),
        ([("ring after", 60), ("move", 5), ("ring after", 5)], [60, 65]),
        ([("ring after", 60), ("move", 0)], [60]),
        ([("pass", 61), ("remove", 1)], []),
        ([("done", True), ("ring after", 60)], []),
        ([("done", True), ("pass", 61), ("done", False)], []),
        ([("done", True), ("pass", 59), ("done", False), ("ring after", 1)], [60]),
        ([("delete", None)], []),
        ([("ring after", 60), ("snooze", (1, 10)), ("shorten", 10), ("ring after", 10)], [60, 70]),
        ([("ring after", 60), ("snooze", (1, 10)), ("move", 30), ("ring after", 90)], [60, 150]),
        ([("ring after", 60), ("snooze", (1, 10)), ("acknowledge", 1)], [60]),
        (
            [
                ("ring after", 60),
                ("move", 5),
                ("ring after", 5),
                ("snooze", (1, 10)),
                ("shorten", 10),
                ("ring after", 10),
            ],
            [60, 65, 75],
        ),
    ],
)
def test_the_oracle_and_the_rules_agree_with_what_a_person_expects(course, times):
    rules, story = run([("remove", 2), *course])

    assert sorted(now for *_, now in rules.informed) == times
    assert sorted(now for *_, now in expected(story).elements()) == times
