"""A workflow's texts with the facts filled in, and its conditions: bounded, and never by luck."""

from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache
from typing import Any
from unicodedata import category

from jinja2 import Template, TemplateError
from jinja2.environment import TemplateExpression

from domain.errors import Refused
from domain.refusals import Refusal
from domain.workflow_facts import LONGEST_FACT, Facts
from domain.workflow_templates import ENVIRONMENT, Group, problem_of_condition, problem_of_template
from domain.workflow_wording import WorkflowReason

LONGEST_TEXT = 20_000
_BREAKING = frozenset({"Cc", "Cs", "Zl", "Zp"})  # controls, half characters, line separators
_FAILURES = (  # what the template language and its filters raise, given what they cannot take
    TemplateError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    RecursionError,
    TypeError,
    ValueError,
)


def check_template(template: str) -> str | None:
    """Say why a text with {{ ... }} is refused; None: it is not."""
    return problem_of_template(template)


def check_condition(condition: str) -> str | None:
    """Say why a condition is refused; None: it is not."""
    return problem_of_condition(condition)


def render(template: str, facts: Facts) -> str:
    """Fill a text in, with no control character but the ends of lines and tabs.

    Refused: it is not allowed, speaks of what is missing, or gets too long.
    """
    text = _filled(template, facts)
    return "".join(each for each in text if each in "\n\t" or category(each) not in _BREAKING)


def render_line(template: str, facts: Facts) -> str:
    """Fill a text in as one line, as a matchcode is; Refused as render does."""
    line = " ".join(_filled(template, facts).split())
    return "".join(character for character in line if character.isprintable())


def _filled(template: str, facts: Facts) -> str:
    text = ""
    try:
        for piece in _text(template).generate(_names(facts)):
            text += piece
            if len(text) > LONGEST_TEXT:
                raise Refused([Refusal(WorkflowReason.TEXT_TOO_LONG, f"{LONGEST_TEXT:,}")])
    except _FAILURES as error:
        raise _failed(template, error) from error
    return text


def holds(condition: str, facts: Facts) -> bool:
    """Say whether a condition holds. Refused: it is not allowed, or cannot be answered."""
    try:
        return bool(_expression(condition)(_names(facts)))
    except _FAILURES as error:
        raise _failed(condition, error) from error


def _failed(template: str, error: Exception) -> Refused:
    about = f"“{template.strip()[:80]}”: {str(error).rstrip('.')}"
    return Refused([Refusal(WorkflowReason.TEXT_FAILED, about)])


@lru_cache(maxsize=2_000)
def _text(template: str) -> Template:
    if problem := problem_of_template(template):
        raise Refused([Refusal(WorkflowReason.TEMPLATE_REFUSED, problem)])
    return ENVIRONMENT.from_string(template)


@lru_cache(maxsize=2_000)
def _expression(condition: str) -> TemplateExpression:
    if problem := problem_of_condition(condition):
        raise Refused([Refusal(WorkflowReason.TEMPLATE_REFUSED, problem)])
    return ENVIRONMENT.compile_expression(condition, undefined_to_none=False)


def _names(facts: Facts) -> Mapping[str, Any]:
    values = {field.name: getattr(facts, field.name) for field in fields(facts)}
    groups = {name: _bounded(name, group) for name, group in values.items() if name != "now_date"}
    return {**groups, "now_date": facts.now_date.isoformat()}


def _bounded(name: str, group: Any) -> Group:
    """Give a group of facts to a template: no text of it longer than a fact is."""
    if group is None:
        return Group(name, {})
    values = {field.name: getattr(group, field.name) for field in fields(group)}
    return Group(name, {key: _shortened(value) for key, value in values.items()})


def _shortened(value: Any) -> Any:
    if isinstance(value, str) and len(value) > LONGEST_FACT:
        return value[: LONGEST_FACT - 1] + "…"
    return value
