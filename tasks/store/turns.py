"""Who can be given todos, and whose turn it is: one planner at a time chooses in a team."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select, update

from domain.assigning import Choice, Staff, choose
from domain.workflows import Assignment, Pick
from tasks.store.database import insert_unless_there
from tasks.store.tables import employees, team_members, teams, todos, turns


@dataclass(slots=True)
class Roster:
    """The staff, with what they get as todos are given to them."""

    employee_ids: Mapping[str, int]
    team_ids: Mapping[str, int]
    active: Mapping[str, bool]
    members: Mapping[str, Collection[str]]
    loads: Counter[str] = field(default_factory=Counter)
    turns: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(
        cls, connection: Connection, assignments: Collection[Assignment], locking: bool = True
    ) -> "Roster":
        """Read the staff; teams in which one is chosen are locked, so that no turn is lost.

        Without locking nothing is written, for who only wants to know whom it would be.
        """
        picking = {name for each in assignments for name in _picking(each)}
        loaded = {name for each in assignments for name in _picking(each, Pick.LEAST_LOADED)}
        number_of = {row.number: row for row in connection.execute(select(employees))}
        team_ids = {row.name: row.id for row in connection.execute(select(teams))}
        taken = _locked(connection, picking) if locking else _turns(connection, picking)
        members = _members(connection)
        numbers = {number for name in loaded for number in members.get(name, ())}
        return cls(
            {number: row.id for number, row in number_of.items()},
            team_ids,
            {number: row.active for number, row in number_of.items()},
            members,
            _loads(connection, {number_of[each].id: each for each in numbers}),
            taken,
        )

    def trial(self) -> "Roster":
        """Give one to choose by that changes nothing here until it is taken over."""
        same = (self.employee_ids, self.team_ids, self.active, self.members)
        return Roster(*same, Counter(self.loads), Counter(self.turns))

    def take_over(self, trial: "Roster") -> None:
        """Take over what was chosen by a trial."""
        self.loads, self.turns = trial.loads, trial.turns

    def choose(self, assignment: Assignment, owner: str | None) -> Choice:
        """Choose whom a todo is for, and remember it; Refused as the domain's choose."""
        staff = Staff(owner, self.active, self.members, self.loads, self.turns)
        choice = choose(assignment, staff)
        if choice.turn_of is not None:
            self.turns[choice.turn_of] += 1
        if choice.employee is not None:
            self.loads[choice.employee] += 1
        return choice

    def ids(self, choice: Choice) -> tuple[int | None, int | None]:
        """Give the ids of the employee and of the team that were chosen."""
        employee = None if choice.employee is None else self.employee_ids[choice.employee]
        return employee, None if choice.team is None else self.team_ids[choice.team]

    def present(self, choice: Choice) -> list[int]:
        """Give the ids of the employees behind a choice who still work here."""
        numbers = [choice.employee] if choice.employee else self.members.get(choice.team or "", ())
        return [self.employee_ids[each] for each in numbers if self.active[each]]


def note_turns(connection: Connection, before: Roster, after: Roster) -> None:
    """Keep how often teams have chosen in turn."""
    for team, number in after.turns.items():
        if number != before.turns[team]:
            this = turns.c.name == team
            connection.execute(update(turns).where(this).values(number=number))


def _picking(assignment: Assignment, pick: Pick | None = None) -> Collection[str]:
    """Name the teams among whose members an assignment may choose, by whatever or by this."""
    picks = assignment.pick is not None and pick in (None, assignment.pick)
    own = {assignment.team} if picks and assignment.team else set()
    return own | (set(_picking(assignment.otherwise, pick)) if assignment.otherwise else set())


def _locked(connection: Connection, names: Collection[str]) -> Counter[str]:
    if not names:
        return Counter()
    rows = [{"name": name, "number": 0} for name in sorted(names)]
    connection.execute(insert_unless_there(connection, turns, "name"), rows)
    return _turns(connection, names, locking=True)


def _turns(connection: Connection, names: Collection[str], locking: bool = False) -> Counter[str]:
    query = select(turns).where(turns.c.name.in_(names)).order_by(turns.c.name)
    found = connection.execute(query.with_for_update() if locking else query)
    return Counter({row.name: row.number for row in found})


def _members(connection: Connection) -> Mapping[str, Collection[str]]:
    query = (
        select(teams.c.name, employees.c.number)
        .outerjoin(team_members, team_members.c.team_id == teams.c.id)
        .outerjoin(employees, employees.c.id == team_members.c.employee_id)
    )
    members: dict[str, list[str]] = defaultdict(list)
    for name, number in connection.execute(query):
        members[name] += [number] if number is not None else []
    return members


def _loads(connection: Connection, numbers: Mapping[int, str]) -> Counter[str]:
    """Count the open todos of employees, given by their ids; those they took from a team too."""
    loads: Counter[str] = Counter()
    for owner in (todos.c.employee_id, todos.c.taken_by_id) if numbers else ():
        theirs = owner.in_(numbers) & todos.c.done_at.is_(None)  # each has an index of its own
        query = select(owner.label("owner"), func.count().label("open")).where(theirs)
        for row in connection.execute(query.group_by(owner)):
            loads[numbers[row.owner]] += row.open
    return loads
