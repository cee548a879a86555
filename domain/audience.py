"""Who sees a contact: what mail accounts received, and what was written here (R3, R4, R5, L9)."""

from collections.abc import Container, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Assignment:
    """The employees and teams that a mail account is for."""

    employees: frozenset[int] = frozenset()
    teams: frozenset[int] = frozenset()

    def includes(self, employee_id: int, team_ids: frozenset[int]) -> bool:
        """Tell whether the account is for this employee, or for a team of theirs."""
        return employee_id in self.employees or not team_ids.isdisjoint(self.teams)


def is_private(assignment: Assignment) -> bool:
    """Tell whether what an account receives is private: for employees, and for no team (R4)."""
    return bool(assignment.employees) and not assignment.teams


def is_private_contact(receipts: Iterable[bool]) -> bool:
    """Tell whether a contact is private, given whether each account that received it is (R5).

    Nothing received is a ValueError: either answer would be a guess, and one would publish.
    """
    private_accounts = list(receipts)
    if not private_accounts:
        raise ValueError("a received contact was received by at least one account")
    return all(private_accounts)


def may_see(
    employee_id: int,
    team_ids: frozenset[int],
    private: bool,
    assignments: Iterable[Assignment],
    readers: Container[int] = (),
) -> bool:
    """Tell whether an employee may see a contact, given its receiving accounts' assignments (R4).

    A private one is for the employees assigned by name; a team that joins later opens nothing.
    One that was written here is for its readers.
    """
    by_name = any(employee_id in each.employees for each in assignments)
    return not private or by_name or employee_id in readers


def stands_in_view_of(
    employee_id: int,
    team_ids: frozenset[int],
    assignments: Iterable[Assignment],
    author_id: int | None = None,
) -> bool:
    """Tell whether a contact stands in an employee's own view or that of a team of theirs (R3).

    What an employee wrote stands in their own.
    """
    return employee_id == author_id or any(
        each.includes(employee_id, team_ids) for each in assignments
    )
