"""Which templates admins may write: facts and a few filters, no statement, no call, no trick.

What is not allowed here by name is refused, whatever the template language has or will have.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from types import MappingProxyType
from typing import Any, get_type_hints

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.parser import Parser
from jinja2.sandbox import SandboxedEnvironment

from domain.workflow_facts import (
    AddressFacts,
    CaseFacts,
    ContactFacts,
    Facts,
    OwnerFacts,
    PersonFacts,
    TitledFacts,
)

LONGEST_TEMPLATE = 10_000
DEEPEST_EXPRESSION = 20
LARGEST_NUMBER = 10**15
FILTERS = frozenset({"capitalize", "default", "lower", "trim", "truncate", "upper"})
GROUPS = MappingProxyType(
    {
        "case": CaseFacts,
        "address": AddressFacts,
        "person": PersonFacts,
        "owner": OwnerFacts,
        "contact": ContactFacts,
        "workflow": TitledFacts,
        "step": TitledFacts,
    }
)
VALUES = frozenset(get_type_hints(Facts)) - GROUPS.keys()  # facts without facts below them
_TRUTHS = (nodes.And, nodes.Or, nodes.Not)


@dataclass(frozen=True, slots=True)
class Group:
    """Facts as a template reads them; without values it is missing, and counts as false."""

    name: str
    values: Mapping[str, str | bool]

    def __bool__(self) -> bool:
        return bool(self.values)


class _Environment(SandboxedEnvironment):
    """Jinja with no global name, only the filters above, and no attributes but facts."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, keep_trailing_newline=True, cache_size=0)
        self.globals.clear()
        self.policies["truncate.leeway"] = 0
        self.filters = {name: self.filters[name] for name in FILTERS}

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Group) and attribute in obj.values:
            return obj.values[attribute]
        return self.undefined(f"there is no {getattr(obj, 'name', 'such thing')} here")


ENVIRONMENT = _Environment()


@lru_cache(maxsize=2_000)
def problem_of_template(template: str) -> str | None:
    """Say what is not allowed in a text with {{ ... }}; None: nothing."""
    return _problem(template, lambda: next(_in_text(ENVIRONMENT.parse(template)), None))


@lru_cache(maxsize=2_000)
def problem_of_condition(condition: str) -> str | None:
    """Say what is not allowed in a condition, which has no braces; None: nothing."""
    return _problem(condition, lambda: _in_condition(condition))


def _problem(written: str, of: Callable[[], str | None]) -> str | None:
    if len(written) > LONGEST_TEMPLATE:
        return f"it has more than {LONGEST_TEMPLATE:,} characters"
    try:
        return of()
    except TemplateSyntaxError as error:
        return (error.message or "it cannot be read").rstrip(".")
    except RecursionError:
        return "it is nested too deeply"
    except (ValueError, OverflowError, SyntaxError):  # of Python, which reads the numbers
        return "a number in it cannot be read"


def _in_condition(condition: str) -> str | None:
    parser = Parser(ENVIRONMENT, condition, state="variable")
    expression = parser.parse_expression()
    if not parser.stream.eos:
        return "a condition is one expression, written without braces"
    return next(_in_expression(expression, is_truth=True), None)


def _in_text(template: nodes.Template) -> Iterator[str]:
    for statement in template.body:
        if not isinstance(statement, nodes.Output):
            yield f"only {{{{ ... }}}} is offered, no statement such as {_word(statement)}"
            continue
        for part in statement.nodes:
            if not isinstance(part, nodes.TemplateData):
                yield from _in_expression(part)


def _in_expression(node: nodes.Node, is_truth: bool = False, depth: int = 1) -> Iterator[str]:
    """Walk an expression; as a truth, as in `if owner`, a group of facts may stand alone."""
    if depth > DEEPEST_EXPRESSION:
        yield "it is nested too deeply"
    elif isinstance(node, nodes.Name):
        yield from _in_name(node, is_truth)
    elif isinstance(node, nodes.Getattr):
        yield from _in_attribute(node)
    elif problem := _problem_of_kind(node):
        yield problem
    else:
        for child, child_is_truth in _children(node, is_truth):
            yield from _in_expression(child, child_is_truth, depth + 1)


def _children(node: nodes.Node, is_truth: bool) -> Iterator[tuple[nodes.Node, bool]]:
    if isinstance(node, nodes.CondExpr):
        yield node.test, True
        yield node.expr1, is_truth
        yield node.expr2 or nodes.Const(""), is_truth
        return
    for child in node.iter_child_nodes():
        yield child, isinstance(node, nodes.Not) or (is_truth and isinstance(node, _TRUTHS))


def _in_name(node: nodes.Name, is_truth: bool) -> Iterator[str]:
    if node.name in GROUPS:
        if not is_truth:
            names = ", ".join(f"{node.name}.{each}" for each in _names(node.name))
            yield f"{node.name} is not one value: take one of {names}"
    elif node.name not in VALUES:
        yield f"there is no {node.name} here: take one of {', '.join(sorted(_all_names()))}"


def _in_attribute(node: nodes.Getattr) -> Iterator[str]:
    if isinstance(node.node, nodes.Name) and node.node.name not in GROUPS.keys() | VALUES:
        yield from _in_name(node.node, is_truth=False)
    elif not isinstance(node.node, nodes.Name) or node.node.name not in GROUPS:
        yield f".{node.attr} is only offered of {', '.join(sorted(GROUPS))}"
    elif node.attr not in _names(group := node.node.name):
        yield f"{group} has no {node.attr}: it has {', '.join(_names(group))}"


_LOGIC = (nodes.CondExpr, nodes.And, nodes.Or, nodes.Not, nodes.Concat)
_COMPARED = (nodes.Compare, nodes.Operand, nodes.List, nodes.Tuple)


def _problem_of_kind(node: nodes.Node) -> str | None:
    if isinstance(node, nodes.Filter):
        return _problem_of_filter(node)
    if isinstance(node, nodes.Const):
        return "a number in it is too large" if _is_too_large(node.value) else None
    if isinstance(node, (*_LOGIC, *_COMPARED)):
        return None
    return f"{_word(node)} is not offered"


def _is_too_large(value: Any) -> bool:
    return isinstance(value, int | float) and value > LARGEST_NUMBER


def _problem_of_filter(node: nodes.Filter) -> str | None:
    if node.name not in FILTERS:
        return f"there is no filter {node.name}: take one of {', '.join(sorted(FILTERS))}"
    if node.kwargs or node.dyn_args or node.dyn_kwargs:
        return f"give the filter {node.name} its arguments without names"
    return None


def _word(node: nodes.Node) -> str:
    return {"Call": "a call", "Getitem": "[...]", "Test": "`is`"}.get(
        type(node).__name__, type(node).__name__.lower()
    )


def _names(group: str) -> tuple[str, ...]:
    return tuple(field.name for field in fields(GROUPS[group]))


def _all_names() -> set[str]:
    return {f"{group}.{name}" for group in GROUPS for name in _names(group)} | VALUES
