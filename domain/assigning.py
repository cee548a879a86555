"""Whom a prescribed todo is for: whom the definition says, but nobody who left (W2)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from domain.errors import Refused
from domain.refusals import Refusal
from domain.workflow_wording import WorkflowReason
from domain.workflows import Assignment, Pick


@dataclass(frozen=True, slots=True)
class Staff:
    """Who may be chosen; employees by their personnel numbers, teams by their names."""

    owner: str | None  # of the case
    employees: Mapping[str, bool]  # whether they still work here
    members: Mapping[str, Collection[str]]  # of each team
    loads: Mapping[str, int] = field(default_factory=dict)  # open todos of each employee
    turns: Mapping[str, int] = field(default_factory=dict)  # how often each team chose in turn


@dataclass(frozen=True, slots=True)
class Choice:
    """An employee or a team, and the team whose turn was taken, if one was."""

    employee: str | None = None
    team: str | None = None
    turn_of: str | None = None


def choose(assignment: Assignment, staff: Staff) -> Choice:
    """Choose whom a todo is for; Refused says why each that the definition names cannot do it."""
    refusals: list[Refusal] = []
    wish: Assignment | None = assignment
    while wish is not None:
        answer = _chosen(wish, staff)
        if isinstance(answer, Choice):
            return answer
        refusals.append(answer)
        wish = wish.otherwise
    raise Refused(refusals)


def _chosen(wish: Assignment, staff: Staff) -> Choice | Refusal:
    if wish.team is not None:
        return _of_team(wish.team, wish.pick, staff)
    if wish.employee is not None:
        return _employee(wish.employee, staff)
    if staff.owner is None:
        return Refusal(WorkflowReason.OWNER_MISSING)
    return _employee(staff.owner, staff)


def _employee(number: str, staff: Staff) -> Choice | Refusal:
    if number not in staff.employees:
        return Refusal(WorkflowReason.EMPLOYEE_UNKNOWN, number)
    if not staff.employees[number]:
        return Refusal(WorkflowReason.EMPLOYEE_LEFT, number)
    return Choice(employee=number)


def _of_team(team: str, pick: Pick | None, staff: Staff) -> Choice | Refusal:
    if team not in staff.members:
        return Refusal(WorkflowReason.TEAM_UNKNOWN, team)
    members = sorted(each for each in staff.members[team] if staff.employees.get(each))
    if not members:
        return Refusal(WorkflowReason.TEAM_EMPTY, team)
    if pick is Pick.ROUND_ROBIN:
        turn = staff.turns.get(team, 0)
        return Choice(employee=members[turn % len(members)], turn_of=team)
    if pick is Pick.LEAST_LOADED:
        return Choice(employee=_least_loaded(members, staff.loads))
    return Choice(team=team)


def _least_loaded(members: Sequence[str], loads: Mapping[str, int]) -> str:
    return min(members, key=lambda number: (loads.get(number, 0), number))
