"""A run, against an interpreter of the definition that knows nothing of databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from builders import NOW
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from outgoing_contacts import JONAS, ready
from workflows import CASE, planned, runs_of, todos_of, visits_of

from domain.events import StepEntered
from domain.workflows import Workflow
from tasks.store.database import Store
from tasks.store.runs import enter_step
from tasks.store.todo_doing import set_done
from tasks.store.workflows import apply_workflow

STEPS = ("a", "b", "c")
OUTCOMES = ("yes", "no")


@st.composite
def definitions(draw: Any) -> dict[str, Any]:
    """Give steps of one to three todos, and where they lead by what."""
    steps = {}
    for name in STEPS:
        count = draw(st.integers(1, 3))
        decides = draw(st.booleans())
        todos = [_todo(f"t{each}", decides and each == 0) for each in range(count)]
        transitions = draw(st.lists(_transitions(decides), max_size=3))
        steps[name] = {"title": name, "todos": todos, "next": transitions}
    return {"workflow": "model", "title": "Model", "steps": steps}


def _todo(key: str, decides: bool) -> dict[str, Any]:
    usual = {"activity_type": "phone note", "matchcode": key, "assign": {"role": "owner"}}
    return {"key": key, **usual, "outcomes": OUTCOMES if decides else ()}


@st.composite
def _transitions(draw: Any, decides: bool) -> dict[str, Any]:
    to = draw(st.sampled_from([{"to": name} for name in STEPS] + [{"end": True}]))
    whens = [{"when": "all_done"}, {"when": "any_done"}]
    outcomes = [{"outcome": each} for each in OUTCOMES] if decides else []
    return {**to, **draw(st.sampled_from([*whens, *outcomes]))}


@dataclass
class Visit:
    """What the model knows of one visit: each todo's key with how it was done, or None."""

    step: str
    todos: dict[str, str | None]
    left: bool = False


@dataclass
class Model:
    """The definition, taken word by word."""

    steps: dict[str, Any]
    visits: list[Visit] = field(default_factory=list)
    status: str = "open"

    def enter(self, step: str) -> None:
        """Begin a visit, with all its todos open."""
        self.visits.append(Visit(step, {each["key"]: None for each in self.steps[step]["todos"]}))

    def settle(self) -> None:
        """Follow transitions until none holds."""
        while (visit := next((each for each in self.visits if not each.left), None)) is not None:
            follows = self._follows(visit)
            if follows is None:
                return
            visit.left = True
            if "to" in follows:
                self.enter(follows["to"])
            else:
                self.status = "completed"

    def _follows(self, visit: Visit) -> dict[str, Any] | None:
        answers = visit.todos.values()
        usual = [{"end": True, "when": "all_done"}]
        for each in self.steps[visit.step]["next"] or usual:
            all_done = each.get("when") == "all_done" and None not in answers
            any_done = each.get("when") == "any_done" and any(answers)
            if all_done or any_done or ("outcome" in each and each["outcome"] in answers):
                return dict(each)
        return None


@contextmanager
def fresh(template: Path) -> Iterator[Store]:
    """Give an empty store of one's own."""
    with TemporaryDirectory() as folder:
        opened = Store(f"sqlite:///{copy(template, Path(folder) / 'store.db')}")
        yield opened
        opened.engine.dispose()


@pytest.mark.rule("W1", "W3")
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(definition=definitions(), doings=st.lists(st.tuples(st.integers(0, 20), st.booleans())))
def test_a_run_goes_where_its_definition_says(sqlite_template, definition, doings):
    model = Model(definition["steps"])
    with fresh(sqlite_template) as store:
        ready(store)
        apply_workflow(store, Workflow.model_validate(definition), NOW)
        asked = StepEntered(case=CASE, workflow="model", step="a", idempotency_key="1")
        enter_step(store, asked, NOW)
        planned(store)
        model.enter("a")

        for number, yes in doings[:15]:
            _do(store, model, number, "yes" if yes else "no")
            _agree(store, model)


def _do(store: Store, model: Model, number: int, answer: str) -> None:
    """Do a todo, or undo it where it is done, in the store and in the model."""
    every = [(visit, key) for visit in model.visits for key in visit.todos]
    place = number % len(every)
    visit, key = every[place]
    [todo_id] = [todos_of(store, "id")[place]]
    decides = any(
        each["outcomes"] for each in model.steps[visit.step]["todos"] if each["key"] == key
    )
    is_done = visit.todos[key] is not None
    outcome = answer if decides and not is_done else None
    set_done(store, todo_id, JONAS, not is_done, NOW, outcome)
    visit.todos[key] = None if is_done else outcome or "done"
    planned(store)
    model.settle()


def _agree(store: Store, model: Model) -> None:
    expected = [(each.step, each.left) for each in model.visits]
    seen = [(step, left is not None) for step, left in visits_of(store, "step", "left_at")]
    keys = [key for each in model.visits for key in each.todos]
    assert (seen, todos_of(store), runs_of(store)) == (expected, keys, [model.status])
