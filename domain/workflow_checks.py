"""Does a workflow make sense? What is wrong or odd about a definition whose shape is right."""

from collections.abc import Collection, Iterator

from domain.todo_template_checks import Finding, Known, Path, in_condition, in_todo, unknown
from domain.workflow_cycles import cycles_without_a_person
from domain.workflows import Step, TodoTemplate, Transition, When, Workflow

__all__ = ["Finding", "Known", "Path", "findings"]


def findings(workflow: Workflow, known: Known) -> Iterator[Finding]:
    """Give all that is wrong or odd."""
    yield from _in_starts(workflow)
    for name, step in workflow.steps.items():
        for number, todo in enumerate(step.todos):
            yield from in_todo(("steps", name, "todos", number), todo, known)
        for number, transition in enumerate(step.next):
            yield from _in_transition(("steps", name, "next", number), transition, step, workflow)
    yield from _unreached(workflow)
    yield from _standing_still(workflow)
    yield from _endless(workflow)


def _in_starts(workflow: Workflow) -> Iterator[Finding]:
    for number, start in enumerate(workflow.starts):
        yield from unknown(("starts", number, "enter"), "step", start.enter, workflow.steps)
        yield from in_condition(("starts", number), start.condition)
    for number, advance in enumerate(workflow.advances):
        yield from unknown(("advances", number, "in"), "step", advance.inside, workflow.steps)
        yield from unknown(("advances", number, "enter"), "step", advance.enter, workflow.steps)
        yield from in_condition(("advances", number), advance.condition)
        if not _may_stay(workflow.steps.get(advance.inside)):
            sentence = "no case stays in this step: give it a todo, or a transition with after"
            yield Finding(("advances", number, "in"), sentence)


def _may_stay(step: Step | None) -> bool:
    """Whether a case can be in a step for a while: one without todos may be left at once."""
    if step is None or step.todos:
        return True
    leaves = any(each.waits_for_all and each.condition is None for each in step.next)
    return bool(step.next) and not leaves


def _in_transition(
    path: Path, transition: Transition, step: Step, workflow: Workflow
) -> Iterator[Finding]:
    yield from in_condition(path, transition.condition)
    if transition.to is not None:
        yield from unknown((*path, "to"), "step", transition.to, workflow.steps)
    if transition.outcome is not None:
        offered = {outcome for each in step.prescribed() for outcome in each.template.outcomes}
        where = (*path, "outcome")
        yield from unknown(where, "todo with the outcome", transition.outcome, offered)
    if transition.when is When.ANY_DONE and not step.todos:
        yield Finding((*path, "when"), "the step has no todo that could be done")


def _unreached(workflow: Workflow) -> Iterator[Finding]:
    reached = {start.enter for start in workflow.starts}
    reached |= {advance.enter for advance in workflow.advances}
    for name, step in workflow.steps.items():
        reached |= {each.to for each in step.next if each.to is not None and each.to != name}
    for name, step in workflow.steps.items():
        if name not in reached and not step.enter_from_outside:
            yield Finding(("steps", name), "this step is never entered", is_error=False)


def _standing_still(workflow: Workflow) -> Iterator[Finding]:
    for name, step in workflow.steps.items():
        if step.next and not _always_goes_on(step):
            sentence = "all may be done and nothing follow: let one transition have no if"
            yield Finding(("steps", name, "next"), sentence, is_error=False)


def _always_goes_on(step: Step) -> bool:
    certain = [each for each in step.next if each.condition is None]
    followed = {each.outcome for each in certain}
    return None in followed or any(_is_answered(todo, followed) for todo in step.todos)


def _is_answered(todo: TodoTemplate, followed: Collection[str | None]) -> bool:
    return bool(todo.outcomes) and not todo.condition and set(todo.outcomes) <= set(followed)


def _endless(workflow: Workflow) -> Iterator[Finding]:
    for cycle in cycles_without_a_person(workflow):
        way = " -> ".join([*cycle, cycle[0]])
        sentence = f"this goes round for ever without anybody doing anything: {way}"
        yield Finding(("steps", cycle[0], "next"), sentence)
