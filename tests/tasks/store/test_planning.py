"""Planning: what entered steps prescribe is created once, and the next steps follow."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from builders import DIRECTORY, NOW, rows
from outgoing_contacts import ANNA, JONAS, MIA
from sqlalchemy import select, update
from workflows import (
    CASE,
    RING,
    TERMS,
    done,
    entered,
    open_todos,
    planned,
    runs_of,
    started,
    todos_of,
    told,
    visits_of,
)

from domain.errors import UnknownRecord
from domain.wording import Language
from domain.workflow_runs import ATTEMPTS
from tasks.store import planning
from tasks.store.database import Store
from tasks.store.directory import apply_directory, employee_by_number
from tasks.store.planning import Terms, due_visits, plan_visits
from tasks.store.run_changes import end_run, retry_visit
from tasks.store.runs import Arrived, enter_steps
from tasks.store.tables import cases, step_visits, team_members, teams, todo_comments
from tasks.store.tables import todos as todo_rows
from tasks.store.todo_doing import set_done

TWO_STEPS = f"""
look:
  title: Look at it
  todos: [{RING}]
  next: [{{to: mend}}]
mend:
  title: Mend it
  todos: [{RING}]
"""
OWNER = "activity_type: phone note, assign: {role: owner}"


def enter_and_plan(store: Store, steps: str, step: str = "look") -> int:
    started(store, steps)
    visit_id = entered(store, step).visit_id
    assert visit_id is not None
    planned(store)
    return visit_id


def standstill(store: Store) -> tuple[str, str]:
    [row] = visits_of(store, "status", "reason")
    return tuple(row)


@pytest.mark.rule("W1", "W2")
def test_a_step_creates_its_todos_with_the_cases_data(store):
    steps = f"""
    look:
      title: Look at it
      todos:
        - {{key: call, {OWNER}, priority: high, due: 3 business days,
           matchcode: "{{{{ case.number }}}}: {{{{ case.title }}}}",
           text: "Ring {{{{ person.name }}}} of {{{{ address.name }}}}"}}
        - {RING}
    """

    enter_and_plan(store, steps)

    call, ring = todos_of(
        store, "matchcode", "text", "priority", "employee_id", "team_id", "due_at"
    )
    jonas = employee_by_number(store, JONAS)
    due = datetime(2026, 11, 26, 16, 0, tzinfo=UTC)
    text = "Ring Petra Müller of Müller Maschinenbau GmbH"
    assert call == ("SC-1042: Fehler E17", text, "high", jonas, None, due)
    assert ring == ("Ring", "", "normal", None, 1, None)


@pytest.mark.rule("W1")
def test_parts_are_created_below_their_whole_and_left_out_with_it(store):
    parts = "parts: [{key: order, matchcode: Order}]"
    steps = f"""
    look:
      title: Look at it
      todos:
        - {{key: mend, {OWNER}, matchcode: Mend, {parts}}}
        - {{key: never, {OWNER}, matchcode: Never, if: not case.open, {parts}}}
    """

    enter_and_plan(store, steps)

    [mend, order] = todos_of(store, "template", "id", "parent_id")
    assert (mend[0], order[0], order[2]) == ("mend", "mend/order", mend[1])


@pytest.mark.rule("W1")
def test_planned_again_a_visit_gets_nothing_more(store):
    visit_id = enter_and_plan(store, TWO_STEPS)

    retry_visit(store, visit_id, NOW)
    again = planned(store)

    assert (again.visits, again.todos, rows(store, todo_rows)) == (1, 0, 1)


def test_a_pass_looks_at_nothing_that_has_not_changed(store):
    enter_and_plan(store, TWO_STEPS)

    assert due_visits(store, NOW + timedelta(days=100), 10) == []


@pytest.mark.rule("W3")
def test_the_next_step_is_entered_once_all_todos_are_done_and_the_run_ends_after_the_last(store):
    enter_and_plan(store, TWO_STEPS)
    assert visits_of(store) == [("look", "open")]

    done(store)
    planned(store)
    done(store)
    planned(store)

    assert visits_of(store) == [("look", "completed"), ("mend", "completed")]
    assert runs_of(store) == ["completed"]
    names = ["workflow.step.begun", "workflow.step.completed"]
    steps = [(name, each["step"]) for name, each in told(store, *names)]
    assert steps == [(name, step) for step in ("look", "mend") for name in names]


@pytest.mark.rule("W3")
def test_an_outcome_decides_which_step_follows_and_what_is_open_says_so(store):
    steps = f"""
    look:
      title: Look at it
      todos:
        - {{key: decide, {OWNER}, matchcode: Decide, outcomes: [mend, scrap]}}
        - {RING}
      next: [{{to: mend, outcome: mend}}, {{end: true, outcome: scrap}}]
    mend: {{title: Mend it, todos: [{RING}]}}
    """
    enter_and_plan(store, steps)
    decide, ring = open_todos(store)

    done(store, decide, outcome="mend")
    planned(store)

    assert visits_of(store, "step", "outcome") == [("look", "mend"), ("mend", None)]
    with store.reading() as connection:
        [comment] = connection.execute(select(todo_comments))
    assert (comment.todo_id, comment.employee_id) == (ring, None)
    assert "has left the step Look at it (mend)" in comment.text


@pytest.mark.rule("W3")
def test_time_lets_a_step_follow_and_not_a_moment_before(store):
    steps = f"""
    look:
      title: Look at it
      todos: [{RING}]
      next: [{{to: mend, after: 2 hours}}, {{end: true}}]
    mend: {{title: Mend it, todos: [{RING}]}}
    """
    enter_and_plan(store, steps)
    deadline = NOW + timedelta(hours=2)

    too_early = due_visits(store, deadline - timedelta(microseconds=1), 10)
    planned(store, deadline)

    assert too_early == []
    assert visits_of(store) == [("look", "completed"), ("mend", "open")]


@pytest.mark.rule("W1", "W3")
def test_a_step_that_is_visited_again_creates_anew(store):
    steps = f"""
    look:
      title: Look at it
      todos: [{{key: decide, {OWNER}, matchcode: Decide, outcomes: [again, fine]}}]
      next: [{{to: look, outcome: again}}, {{end: true}}]
    """
    enter_and_plan(store, steps)

    done(store, outcome="again")
    planned(store)
    done(store, outcome="again")
    planned(store)
    done(store, outcome="fine")
    planned(store)

    assert visits_of(store, "step", "number") == [("look", 1), ("look", 2), ("look", 3)]
    assert todos_of(store, "template") == ["decide"] * 3
    assert runs_of(store) == ["completed"]


def test_steps_without_todos_are_passed_at_once(store):
    steps = f"""
    look: {{title: Look, next: [{{to: mend, if: case.open}}]}}
    mend: {{title: Mend, todos: [{RING}]}}
    """

    enter_and_plan(store, steps)

    assert visits_of(store) == [("look", "completed"), ("mend", "open")]


def test_what_is_undone_in_time_keeps_the_step_open(store):
    enter_and_plan(store, TWO_STEPS)
    [ring] = open_todos(store)

    set_done(store, ring, JONAS, True, NOW)
    set_done(store, ring, JONAS, False, NOW)
    planned(store)

    assert visits_of(store) == [("look", "open")]


def test_once_left_a_step_is_not_left_again_whatever_becomes_of_its_todos(store):
    enter_and_plan(store, TWO_STEPS)
    [ring] = open_todos(store)
    done(store, ring)
    planned(store)

    set_done(store, ring, JONAS, False, NOW)
    set_done(store, ring, JONAS, True, NOW)
    planned(store)

    assert visits_of(store) == [("look", "completed"), ("mend", "open")]
    assert due_visits(store, NOW, 10) == []


@pytest.mark.rule("W5")
def test_a_case_keeps_the_version_that_it_started_with(store):
    enter_and_plan(store, TWO_STEPS)
    started(store, TWO_STEPS.replace("matchcode: Ring", "matchcode: Write"))

    done(store)
    planned(store)
    entered(store, "look", "2", case="PR-7")
    planned(store)

    assert todos_of(store, "matchcode") == ["Ring", "Ring", "Write"]


def finish(store: Store, is_open: bool = False) -> None:
    with store.writing() as connection:
        finishing = update(cases).where(cases.c.number == CASE).values(open=is_open)
        connection.execute(finishing)


def test_a_finished_case_ends_its_run_and_leaves_the_todos_with_a_comment(store):
    visit_id = enter_and_plan(store, TWO_STEPS)

    finish(store)
    retry_visit(store, visit_id, NOW)
    planned(store, terms=replace(TERMS, language=Language.GERMAN))

    assert (visits_of(store), runs_of(store)) == ([("look", "ended")], ["ended"])
    assert len(open_todos(store)) == 1
    with store.reading() as connection:
        [comment] = connection.execute(select(todo_comments.c.text)).scalars()
    assert comment.startswith("Der Vorgang ist abgeschlossen")


def test_a_case_that_the_directory_says_is_finished_ends_its_run_at_once(store):
    enter_and_plan(store, TWO_STEPS)
    [of_the_case] = [each for each in DIRECTORY.case if each.number == CASE]
    finished = of_the_case.model_copy(update={"open": False})

    apply_directory(store, DIRECTORY.model_copy(update={"case": (finished,)}))
    planned(store, now=store.now())

    assert runs_of(store) == ["ended"]


def test_a_run_that_is_ended_by_a_person_goes_no_further(store):
    enter_and_plan(store, TWO_STEPS)

    end_run(store, 1, NOW)
    done(store)
    planned(store)

    assert (visits_of(store), runs_of(store)) == ([("look", "ended")], ["stopped"])
    with pytest.raises(UnknownRecord, match="no open workflow run 1"):
        end_run(store, 1, NOW)


STUCK = f"look: {{title: Look, todos: [{{key: call, {OWNER}, matchcode: Call}}]}}"


def without_owner(store: Store, owner_id: int | None = None) -> None:
    with store.writing() as connection:
        connection.execute(update(cases).where(cases.c.number == CASE).values(owner_id=owner_id))


def test_a_visit_that_cannot_be_planned_stands_still_with_its_reason_and_the_rest_goes_on(store):
    started(store, STUCK)
    without_owner(store)
    entered(store, "look")
    with store.writing() as connection:
        jonas = update(cases).where(cases.c.number == "PR-7")
        connection.execute(jonas.values(owner_id=employee_by_number(store, JONAS)))
    entered(store, "look", "2", case="PR-7")

    result = planned(store)

    stuck, fine = visits_of(store, "status", "reason", "look_at")
    reason = "The case has no owner who could do the todo."
    assert stuck == ("entered", reason, NOW + timedelta(minutes=1))
    assert fine == ("open", None, None)
    assert (result.visits, result.todos, result.stuck) == (2, 1, 1)


@pytest.mark.rule("W3")
def test_a_visit_that_nothing_follows_stands_still_until_the_case_changes(store):
    started(store, TWO_STEPS.replace("{to: mend}", "{to: mend, if: \"case.title == 'Mended'\"}"))
    entered(store, "look")
    planned(store)
    before = standstill(store)
    done(store)

    planned(store)
    withheld = standstill(store)
    with store.writing() as connection:
        connection.execute(update(cases).values(title="Mended"))
    planned(store, NOW + timedelta(hours=1))

    nothing = "All todos of the step are done, and none of its transitions holds."
    assert (before, withheld) == (("open", None), ("open", nothing))
    assert visits_of(store, "step", "reason") == [("look", None), ("mend", None)]


def test_after_several_attempts_it_waits_for_a_person_who_asks(store):
    started(store, STUCK)
    without_owner(store)
    visit_id = entered(store, "look").visit_id
    now = NOW
    for _ in range(ATTEMPTS):
        planned(store, now)
        now += timedelta(hours=3)

    failed = visits_of(store, "status", "look_at")
    without_owner(store, employee_by_number(store, ANNA))
    retry_visit(store, visit_id or 0, now)
    planned(store, now)

    assert failed == [("failed", None)]
    assert visits_of(store, "status", "reason", "attempts") == [("open", None, 0)]
    assert todos_of(store, "employee_id") == [employee_by_number(store, ANNA)]


def test_what_cannot_be_tried_again_is_told(store):
    with pytest.raises(UnknownRecord, match="no visit 77"):
        retry_visit(store, 77, NOW)


def test_where_nothing_follows_the_visit_says_so(store):
    steps = f"""
    look:
      title: Look at it
      todos: [{{key: decide, {OWNER}, matchcode: Decide, outcomes: [mend, scrap]}}]
      next: [{{end: true, outcome: mend}}]
    """
    enter_and_plan(store, steps)

    done(store, outcome="scrap")
    planned(store)

    status, reason = standstill(store)
    assert status == "open"
    assert reason.startswith("All todos of the step are done")


def test_a_state_that_has_no_calendar_is_named(store):
    started(store, TWO_STEPS.replace("Ring,", "Ring, due: 2 business days,"))
    entered(store, "look")

    planned(store, terms=Terms(state="BAYERN"))

    _, reason = standstill(store)
    assert reason.startswith("country DE, state BAYERN: ")


def test_a_fault_of_ours_stops_one_visit_only(store, monkeypatch):
    started(store, TWO_STEPS)
    entered(store, "look")
    entered(store, "look", "2", case="PR-7")
    decide = planning.decide

    def faulty(step, visit, calendar, now):
        if visit.facts.case.number == CASE:
            raise RecursionError
        return decide(step, visit, calendar, now)

    monkeypatch.setattr(planning, "decide", faulty)
    planned(store)

    reason = "a fault of this program: RecursionError"
    assert visits_of(store, "status", "reason") == [("entered", reason), ("open", None)]
    assert len(todos_of(store)) == 1


PICKED = """
look:
  title: Look
  todos:
    - {key: call, activity_type: phone note, matchcode: Call, assign: {team: All, pick: PICK}}
"""


def everybody_in_one_team(store: Store) -> dict[int, str]:
    numbers = {employee_by_number(store, each): each for each in (ANNA, JONAS, MIA)}
    with store.writing() as connection:
        team_id = connection.execute(teams.insert().returning(teams.c.id), {"name": "All"}).scalar()
        members = [{"team_id": team_id, "employee_id": each} for each in numbers]
        connection.execute(team_members.insert(), members)
    return numbers


@pytest.mark.rule("W2")
@pytest.mark.parametrize("pick", ["round_robin", "least_loaded"])
def test_planners_at_once_give_each_member_of_a_team_as_much(store, pick):
    started(store, PICKED.replace("PICK", pick))
    numbers = everybody_in_one_team(store)
    for key in range(12):
        entered(store, "look", str(key))
    ids = due_visits(store, NOW, 100)
    together = Barrier(3)

    def plan(some: list[int]) -> None:
        together.wait(60)
        for each in some:
            while each in due_visits(store, NOW, 100):
                plan_visits(store, [each], NOW, TERMS)

    with ThreadPoolExecutor(3) as planners:
        list(planners.map(plan, [ids[::3], ids[1::3], ids[2::3]]))

    given = [numbers[each] for each in todos_of(store, "employee_id")]
    assert sorted(given) == sorted([ANNA, JONAS, MIA] * 4)


@pytest.mark.rule("W1", "W3")
def test_planners_at_once_create_and_leave_once(store):
    started(store, TWO_STEPS)
    for key in range(20):
        entered(store, "look", str(key))
    together = Barrier(4)

    def plan(_: int) -> None:
        together.wait(60)
        planned(store)

    with ThreadPoolExecutor(4) as planners:
        list(planners.map(plan, range(4)))
    done(store, *open_todos(store))
    with ThreadPoolExecutor(4) as planners:
        list(planners.map(plan, range(4)))

    assert [step for step, _ in visits_of(store)] == ["look"] * 20 + ["mend"] * 20
    assert len(todos_of(store)) == 40


@pytest.mark.rule("W1")
def test_dying_before_the_commit_leaves_nothing_and_loses_nothing(store, monkeypatch):
    started(store, TWO_STEPS)
    entered(store, "look")

    class Killed(BaseException):
        """The program ends."""

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(planning, "leave", die)
        with pytest.raises(Killed):
            planned(store)
    left = rows(store, todo_rows)
    planned(store)

    assert (left, rows(store, todo_rows)) == (0, 1)


@pytest.mark.rule("W3")
def test_a_todo_done_while_its_visit_is_planned_is_not_lost(store, monkeypatch):
    visit_id = enter_and_plan(store, TWO_STEPS)
    [ring] = open_todos(store)
    retry_visit(store, visit_id, NOW)
    read = planning.read_visits

    with ThreadPoolExecutor(1) as employee:

        def read_and_let_do(*given):
            found = read(*given)
            doing.append(employee.submit(set_done, store, ring, JONAS, True, NOW))
            return found

        doing: list = []
        monkeypatch.setattr(planning, "read_visits", read_and_let_do)
        plan_visits(store, [visit_id], NOW, TERMS)
        doing[0].result(60)
    monkeypatch.undo()
    planned(store)

    assert visits_of(store) == [("look", "completed"), ("mend", "open")]


@pytest.mark.rule("W1", "W4")
def test_a_thousand_events_are_todos_in_a_few_seconds(store):
    started(store, TWO_STEPS)
    payload = {"case": CASE, "workflow": "repair", "step": "look"}
    events = [
        Arrived(f"e{each}", NOW, {**payload, "idempotency_key": str(each)}) for each in range(1_000)
    ]

    begin = datetime.now(UTC)
    for start in range(0, 1_000, 250):
        enter_steps(store, events[start : start + 250], NOW)
    while ids := due_visits(store, NOW, 250):
        plan_visits(store, ids, NOW, TERMS)
    taken = datetime.now(UTC) - begin

    assert rows(store, todo_rows) == rows(store, step_visits) == 1_000
    assert taken < timedelta(seconds=10)
