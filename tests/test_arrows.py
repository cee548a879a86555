"""The arrows deployments -> flows -> tasks -> domain, held by reading the imports."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = ["domain", "tasks", "flows", "deployments"]  # each may import the ones before it
PURE = {
    "dateutil",
    "email_validator",
    "holidays",
    "icalendar",
    "jinja2",
    "phonenumbers",
    "pydantic",
    "tzdata",
    "yaml",
}
NO_IO = {"imaplib", "smtplib", "socket", "sqlite3", "subprocess", "urllib.request", "http"}


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def modules(layer: str) -> list[Path]:
    return sorted((ROOT / layer).rglob("*.py"))


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_imports_only_itself_and_what_lies_below(layer):
    above = set(LAYERS[LAYERS.index(layer) + 1 :])

    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(layer)
        for name in imports(path)
        if name.split(".")[0] in above
    }

    assert wrong == set()


def test_the_domain_knows_only_the_standard_library_and_pure_libraries():
    allowed = {*sys.stdlib_module_names, "domain", *PURE}

    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules("domain")
        for name in imports(path)
        if name.split(".")[0] not in allowed or name in NO_IO
    }

    assert wrong == set()


def test_mail_and_store_know_nothing_of_prefect():
    wrong = {
        str(path.relative_to(ROOT))
        for part in ("tasks/mail", "tasks/store")
        for path in (ROOT / part).rglob("*.py")
        if any(name.split(".")[0] == "prefect" for name in imports(path))
    }

    assert wrong == set()


def test_the_layers_are_where_they_are_looked_for():
    assert all(modules(layer) for layer in LAYERS)
