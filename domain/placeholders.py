"""Templates that administrators write: names in braces, filled in one pass."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def placeholders(template: str) -> frozenset[str]:
    """List the names that stand in braces in a template."""
    return frozenset(_PLACEHOLDER.findall(template))


def filled(template: str, values: Mapping[str, str]) -> str:
    """Put values in the places of their names; braces within the values stay as they are."""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), template)


def texts_in(template: Any) -> Iterator[str]:
    """Give the texts among a JSON template's values; its fields' names are left alone."""
    if isinstance(template, str):
        yield template
    elif isinstance(template, dict | list):
        for inner in template.values() if isinstance(template, dict) else template:
            yield from texts_in(inner)


def filled_json(template: Any, values: Mapping[str, str]) -> Any:
    """Fill the texts of a parsed JSON template: no value can change the structure around it."""
    if isinstance(template, str):
        return filled(template, values)
    if isinstance(template, dict):
        return {name: filled_json(inner, values) for name, inner in template.items()}
    if isinstance(template, list):
        return [filled_json(inner, values) for inner in template]
    return template
