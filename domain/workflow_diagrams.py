"""A workflow as a picture: a Mermaid diagram for the browser, and a drawing in plain text."""

from collections.abc import Iterator, Mapping

from domain.workflows import (
    Advance,
    Assignment,
    Start,
    Step,
    TodoTemplate,
    Transition,
    When,
    Workflow,
)


def mermaid(workflow: Workflow, counts: Mapping[str, int] | None = None) -> str:
    """Draw the steps and what leads from one to another, with how many cases are in each.

    Steps get names of their own (s1, s2, ...), because Mermaid trips over words such as end.
    """
    ids = {name: f"s{number}" for number, name in enumerate(workflow.steps, 1)}
    lines = ["flowchart TD", *_nodes(workflow, ids, counts or {}), *_entries(workflow, ids)]
    for name, step in workflow.steps.items():
        lines += [f"    {ids[name]} {_arrow(each, ids)}" for each in step.next]
        if not step.next:
            lines.append(f"    {ids[name]} --> done")
    return "\n".join([*lines, "    done(((end)))"])


def drawn(workflow: Workflow) -> str:
    """Draw it in plain text: each step with its todos, and under them what follows."""
    lines = [f"{workflow.title} ({workflow.name})"]
    if workflow.description:
        lines.append(workflow.description.strip())
    lines += _entries_in_words(workflow)
    for name, step in workflow.steps.items():
        lines += ["", *_step(name, step)]
    return "\n".join(lines)


def _entries_in_words(workflow: Workflow) -> Iterator[str]:
    for start in workflow.starts:
        of_kind = f"of a case of the kind {start.case_kind}"
        yield f"a new {_contact(start)} {of_kind} enters {start.enter}{_if(start.condition)}"
    for advance in workflow.advances:
        inside = f"in {advance.inside}"
        yield f"a new {_contact(advance)} {inside} enters {advance.enter}{_if(advance.condition)}"


def _contact(entry: Start | Advance) -> str:
    return "contact or automatic mail" if entry.automatic else "contact"


def _nodes(workflow: Workflow, ids: Mapping[str, str], counts: Mapping[str, int]) -> Iterator[str]:
    for name, step in workflow.steps.items():
        count = f"<br/>{_cases(counts[name])}" if counts.get(name) else ""
        yield f'    {ids[name]}["{_quoted(step.title)}{count}"]'


def _cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count:,} cases"


def _entries(workflow: Workflow, ids: Mapping[str, str]) -> Iterator[str]:
    entered = [
        (each.enter, f"{each.case_kind}: {_contact(each)}{_if(each.condition)}")
        for each in workflow.starts
        if each.enter in ids
    ]
    if entered:
        yield "    begin((start))"
    for step, label in entered:
        yield f'    begin -- "{_quoted(label)}" --> {ids[step]}'
    for each in workflow.advances:
        if each.inside in ids and each.enter in ids:
            label = _quoted(f"{_contact(each)}{_if(each.condition)}")
            yield f'    {ids[each.inside]} -. "{label}" .-> {ids[each.enter]}'


def _arrow(transition: Transition, ids: Mapping[str, str]) -> str:
    target = ids.get(transition.to, "done") if transition.to else "done"
    return f'-- "{_quoted(when_it_follows(transition))}" --> {target}'


def _quoted(text: str) -> str:
    """Write a text as Mermaid takes it between quotation marks, with nothing that ends them."""
    line = " ".join(text.split())
    return "".join(f"#{ord(each)};" if each in '"#;<>&`\\' else each for each in line)


def _step(name: str, step: Step) -> Iterator[str]:
    yield f"[{name}] {step.title}" + ("" if step.enter_from_outside else " (not from outside)")
    for each in step.prescribed():
        indent = "  " * (each.path.count("/") + 1)
        yield f"{indent}□ {each.template.key}: {each.template.matchcode}{_terms(each.template)}"
    for transition in step.next:
        yield f"  {when_it_follows(transition)} → {transition.to or 'end'}"
    if not step.next:
        yield "  all done → end"


def _terms(todo: TodoTemplate) -> str:
    at = f" at {todo.at:%H:%M}" if todo.at else ""
    terms = [f"for {_whom(todo.assign)}"] if todo.assign else []
    terms += [f"due in {todo.due}{at}"] if todo.due else []
    return f" ({', '.join(terms)}){_if(todo.condition)}"


def _whom(assign: Assignment) -> str:
    someone = f"one of {assign.team}" if assign.pick else f"team {assign.team}"
    whom = someone if assign.team else assign.employee or f"the case's {assign.role}"
    return f"{whom}, else {_whom(assign.otherwise)}" if assign.otherwise else whom


def when_it_follows(transition: Transition) -> str:
    """Say when a transition holds, as it stands at an arrow."""
    if transition.outcome is not None:
        when = f"outcome {transition.outcome}"
    elif transition.after is not None:
        when = f"after {transition.after}"
    else:
        when = "any done" if transition.when is When.ANY_DONE else "all done"
    return when + _if(transition.condition)


def _if(condition: str | None) -> str:
    return f" if {condition}" if condition else ""
