"""Workflows and cases for benchmarks and faults: a straight course, and who asks to enter it."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from domain.directory import Address, Case, CaseKind, Directory, Employee, Team
from domain.events import STEP_ENTERED
from domain.workflows import Workflow
from tasks.store.database import Store
from tasks.store.directory import apply_directory
from tasks.store.workflows import apply_workflow

STRAIGHT = "straight"
WORKER = "1001"
TEAM, FEW = "Helpdesk", "Night"
CROWD, OF_THEM = 50, 5  # employees, and how many of them are in the small team


def straight(
    steps: int, todos: int = 1, name: str = STRAIGHT, team: str = TEAM, pick: str | None = None
) -> Workflow:
    """Give a workflow of so many steps, one after the other, with so many todos each."""
    assign = {"team": team, "pick": pick} if pick else {"team": team}
    return Workflow.model_validate(
        {
            "workflow": name,
            "title": "Straight on",
            "steps": {f"s{number}": _step(number, steps, todos, assign) for number in range(steps)},
        }
    )


def _step(number: int, steps: int, todos: int, assign: dict[str, str]) -> dict[str, Any]:
    prescribed = [
        {
            "key": f"t{each}",
            "activity_type": "phone note",
            "matchcode": "Ring about {{ case.number }}",
            "text": "{{ case.title }}: step {{ step.title }}",
            "assign": assign,
            "due": "3 business days",
        }
        for each in range(todos)
    ]
    following = [{"to": f"s{number + 1}"}] if number + 1 < steps else []
    return {"title": f"Step {number}", "todos": prescribed, "next": following}


def enter_cases(store: Store, number: int, workflow: Workflow) -> list[str]:
    """Enter so many cases, and the workflow that they are to run; gives their numbers."""
    numbers = [f"SC-{each}" for each in range(number)]
    people = Employee(number=WORKER, name="Employee", permissions=("crm.contacts",))
    directory = Directory(
        employee=(people,),
        team=(Team(name=TEAM, members=(WORKER,)),),
        address=(Address(number="1", name="Customer"),),
        case=tuple(
            Case(number=each, kind=CaseKind.ORDER, title="Order", address="1") for each in numbers
        ),
    )
    apply_directory(store, directory)
    apply_workflow(store, workflow, store.now())
    return numbers


def enter_crowd(store: Store) -> None:
    """Enter many employees into the team, and a team of a few of them."""
    numbers = tuple(str(int(WORKER) + each) for each in range(CROWD))
    people = tuple(
        Employee(number=each, name="Employee", permissions=("crm.contacts",)) for each in numbers
    )
    few = Team(name=FEW, members=numbers[:OF_THEM])
    apply_directory(store, Directory(employee=people, team=(Team(name=TEAM, members=numbers), few)))


def asking(case: str, step: str = "s0", workflow: str = STRAIGHT) -> dict[str, Any]:
    """Give the event that asks for a case's step, as any program emits it."""
    payload = {
        "case": case,
        "workflow": workflow,
        "step": step,
        "idempotency_key": f"{case}:{workflow}:{step}",
    }
    return {
        "id": str(uuid4()),
        "occurred": datetime.now(UTC).isoformat(),
        "event": STEP_ENTERED,
        "resource": {"prefect.resource.id": f"crm.case.{case}"},
        "payload": payload,
    }
