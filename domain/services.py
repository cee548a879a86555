"""A channel's services: the accounts and gateways by which contacts go out."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.accounts import TokenPlace


@dataclass(frozen=True, slots=True)
class Service:
    """One account or gateway; what is sent by it waits in a queue of the same name."""

    name: str  # unique in its channel
    channel: str
    address: str = ""  # by which it is known outside: an e-mail address, a phone number
    sender_name: str = ""  # shown beside it; empty: the acting employee's name
    signature: str = ""  # of those who have none of their own
    subject_prefix: str = ""  # the area's (E6)
    token_place: TokenPlace = TokenPlace.SUBJECT
    keeps_copies: bool = False  # whether a copy is put into the Sent folder after sending
    connections: int = 1
    per_minute: int = 0  # messages; 0: as fast as it goes
    employees: frozenset[int] = frozenset()  # whom it is for; with no teams either: for all
    teams: frozenset[int] = frozenset()
    quiet_from: str = ""  # when nothing is sent by it, such as 22:00; by the recipient's clocks
    quiet_until: str = ""

    def is_for(self, employee_id: int, team_ids: frozenset[int]) -> bool:
        """Tell whether an employee may send by it."""
        if not self.employees and not self.teams:
            return True
        return employee_id in self.employees or not self.teams.isdisjoint(team_ids)


@dataclass(frozen=True, slots=True)
class Problem:
    """An account or gateway that cannot be used, and why, in one sentence that shows no secret."""

    name: str
    problem: str


def in_order(
    services: Iterable[Service], answered_by: str | None, employee_id: int
) -> list[Service]:
    """Put the one first by which the answered contact came, then the employee's own, their teams'.

    The rest is in the order of their names, so that the same request is always sent by the same.
    """

    def rank(service: Service) -> tuple[bool, bool, bool, str]:
        own = employee_id in service.employees
        return service.name != answered_by, not own, not service.teams, service.name

    return sorted(services, key=rank)
