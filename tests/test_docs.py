"""The documentation says what is true: its links lead somewhere, its tables are complete."""

import ast
import re
import struct
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest
from prefect.events import AutomationCore, EventTrigger
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from typer.main import get_command

from deployments.cli import app
from deployments.configuration import Configuration, read
from deployments.demo.directory import directory
from deployments.schedule import planned
from deployments.workflow_files import DEMO
from domain.accounts import MailAccountSettings
from domain.arrivals import ReceiptOutcome
from domain.delivery import DispatchStatus, Outcome
from domain.directory import CaseKind
from domain.due_times import Unit
from domain.events import EMITTED, STEP_ENTERED, EventName, StepEntered
from domain.gateways import FaxGatewaySettings, SmsGatewaySettings
from domain.mail import Automatic, ReceptionKind
from domain.matching import MARGIN, Evidence, EvidenceKind, Verdict, weigh
from domain.push_services import PushServiceSettings
from domain.quarantine import QuarantineReason
from domain.workflow_checks import Known
from domain.workflow_diagrams import mermaid
from domain.workflow_templates import FILTERS, GROUPS, VALUES
from domain.workflow_yaml import Checked, checked
from domain.workflows import (
    Advance,
    Assignment,
    Pick,
    Reminder,
    Start,
    Step,
    TodoTemplate,
    Transition,
    When,
    Workflow,
)
from tasks.channels import CHANNELS
from tasks.settings import Settings
from tasks.store.tables import metadata

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
DOCS = ROOT / "docs"
OPERATIONS = DOCS / "operations.md"
RECEIVING = DOCS / "receiving.md"
SENDING = DOCS / "sending.md"
WORKFLOWS = DOCS / "workflows.md"
PAGES = [README, ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
PICTURES = sorted((DOCS / "pictures").glob("*.png"))
MOST_BYTES = 300_000  # of a picture
ENTRIES: dict[str, type[BaseModel]] = {  # by the headings under which they are explained
    "A workflow": Workflow,
    "An entry of starts": Start,
    "An entry of advances": Advance,
    "A step": Step,
    "A todo": TodoTemplate,
    "Whom it is for": Assignment,
    "Reminders": Reminder,
    "An entry of next": Transition,
}
SECRETS = ("SERVICE_PASSWORD", "OAUTH_CLIENT_SECRET", "OAUTH_REFRESH_TOKEN", "SMS_TOKEN")
ANNAS_PUSH = "ntfys://ntfy.example.com/a-secret-topic"

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def links(page: Path) -> Iterator[str]:
    """Give a page's links within the project."""
    for link in _LINK.findall(_BLOCK.sub("", text(page))):
        if not link.startswith(("http://", "https://")):
            yield link


def anchors(page: Path) -> set[str]:
    """Give the anchors of a page's headings, as the hosting site makes them."""
    headings = (
        re.sub(r"[^\w\s-]", "", heading.lower()) for heading in _HEADING.findall(text(page))
    )
    return {heading.strip().replace(" ", "-") for heading in headings}


def blocks(page: Path, language: str) -> list[str]:
    return [content for kind, content in _BLOCK.findall(text(page)) if kind == language]


def field_rows(model: type[BaseModel], prefix: str = "") -> list[str]:
    """Write a model's fields as the rows of a table."""
    return [
        f"| `{prefix}{(key.upper() if prefix else key)}` | {_default(field)} | {_words(field)} |"
        for key, field in model.model_fields.items()
    ]


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be given"
    default = list(field.default) if isinstance(field.default, tuple) else field.default
    nothing = default is None or str(default) in ("", "[]")
    return "" if nothing else f"`{default}`".replace("'", '"')


def _words(field: FieldInfo) -> str:
    return (field.description or "").replace("\n", " ")


def commands() -> set[str]:
    """List every command of kontakt, such as "contact list"."""
    found = set()
    for word, command in get_command(app).commands.items():
        inner = getattr(command, "commands", None) or {}
        found |= {f"{word} {each}" for each in inner}
        if not inner or getattr(command, "invoke_without_command", False):
            found.add(word)
    return found


def mentioned_commands(page: Path) -> set[str]:
    """Find what a page tells to type after kontakt."""
    told = re.findall(r"kontakt ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?", "\n".join(_code(page)))
    names = commands()
    whole = [(f"{one} {two}".strip(), one) for one, two in told]
    return {one if both not in names and one in names else both for both, one in whole}


def _code(page: Path) -> list[str]:
    inline = re.findall(r"`([^`\n]+)`", _BLOCK.sub("", text(page)))
    return [*inline, *blocks(page, "sh")]


@pytest.fixture
def secrets(monkeypatch, tmp_path):
    for variable in SECRETS:
        monkeypatch.setenv(variable, "Geheim-4711")
    monkeypatch.setenv("ANNAS_PUSH", ANNAS_PUSH)
    (tmp_path / "service.password").write_text("Geheim-4711\n")
    monkeypatch.chdir(tmp_path)


def configured_by(page: Path, folder: Path) -> Configuration:
    [example] = blocks(page, "toml")
    path = folder / "kontaktwerk.toml"
    path.write_text(example, encoding="utf-8")
    return read(path)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page):
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page

        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=name)
def test_every_page_can_be_reached_from_the_readme(page):
    reached = {(README.parent / link.partition("#")[0]).resolve() for link in links(README)}

    assert page in reached or page.parent in reached


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_that_is_mentioned_exists(page):
    assert mentioned_commands(page) <= commands()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_make_target_that_is_mentioned_exists(page):
    targets = set(re.findall(r"^([a-z]+):", text(ROOT / "Makefile"), re.MULTILINE))

    assert set(re.findall(r"\bmake ([a-z]+)", "\n".join(_code(page)))) <= targets


@pytest.mark.usefixtures("secrets")
def test_the_readmes_example_is_a_configuration(tmp_path):
    configured = configured_by(README, tmp_path)

    assert [account.name for account in configured.accounts] == ["service"]
    assert [team.name for team in configured.directory.team] == ["Helpdesk"]


@pytest.mark.usefixtures("secrets")
def test_the_example_of_operations_is_a_configuration(tmp_path):
    configured = configured_by(OPERATIONS, tmp_path)

    assert [account.uses_oauth for account in configured.accounts] == [False, True]
    assert [case.number for case in configured.directory.case] == ["SC-1042"]
    assert [gateway.name for gateway in configured.sms_gateways] == ["sms"]
    assert [gateway.account for gateway in configured.fax_gateways] == ["service"]
    assert [push.url.get_secret_value() for push in configured.push_services] == [ANNAS_PUSH]


@pytest.mark.parametrize("row", field_rows(Settings, "KONTAKTWERK_"))
def test_every_setting_is_documented(row):
    assert row in text(OPERATIONS)


@pytest.mark.parametrize("row", field_rows(MailAccountSettings))
def test_every_field_of_a_mail_account_is_documented(row):
    assert row in text(OPERATIONS)


GATEWAY_FIELDS = [
    row
    for settings in (SmsGatewaySettings, FaxGatewaySettings, PushServiceSettings)
    for row in field_rows(settings)
]


@pytest.mark.parametrize("row", GATEWAY_FIELDS)
def test_every_field_of_a_gateway_is_documented(row):
    assert row in text(OPERATIONS)


def test_every_deployment_is_documented():
    for plan in planned(Settings()):
        assert f"| `{plan.name}` |" in text(OPERATIONS)


@pytest.mark.parametrize("table", metadata.tables)
def test_the_glossary_names_every_table(table):
    assert f"| `{table}` |" in text(DOCS / "glossary.md")


def test_the_glossary_names_no_table_that_is_gone():
    tables = text(DOCS / "glossary.md").partition("## The tables")[2]

    assert set(re.findall(r"^\| `(\w+)`", tables, re.MULTILINE)) == set(metadata.tables)


@pytest.mark.parametrize("words", [ReceiptOutcome, QuarantineReason, Automatic, Verdict])
def test_every_state_is_explained(words: type[StrEnum]):
    for word in words:
        assert f"`{word}`" in text(RECEIVING)


@pytest.mark.parametrize("words", [DispatchStatus, Outcome])
def test_every_state_of_a_dispatch_is_explained(words: type[StrEnum]):
    for word in words:
        assert f"| `{word}` |" in text(SENDING)


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_channel_is_in_the_glossary(channel):
    assert f"`{channel}`" in text(DOCS / "glossary.md")


@pytest.mark.parametrize("kind", ReceptionKind)
def test_every_reception_kind_is_in_the_glossary(kind):
    assert f"`{kind}`" in text(DOCS / "glossary.md")


@pytest.mark.parametrize("kind", EvidenceKind)
def test_the_weight_of_evidence_is_the_documented_one(kind):
    [candidate] = weigh([Evidence(kind, case_id=1, detail="")])

    row = rf"^\| `{kind}` \| \w+ \| {candidate.weight} \|"

    assert re.search(row, text(RECEIVING), re.MULTILINE)


def test_the_margin_is_the_documented_one():
    assert f"at least {MARGIN} behind" in text(RECEIVING)


def example_workflow() -> Checked:
    """The workflow of the documentation, judged by the demo's names."""
    [example] = blocks(WORKFLOWS, "yaml")
    demo = directory()
    employees = {each.number for each in demo.employee}
    teams = {each.name for each in demo.team}
    activity_types = {each.name for each in demo.activity_type}
    return checked(example, "example", Known(employees, teams, activity_types))


def section(page: Path, heading: str) -> str:
    return text(page).partition(f"# {heading}\n")[2].partition("\n#")[0]


def first_cells(table: str) -> list[str]:
    return re.findall(r"^\| `([^|]+)` \|", table, re.MULTILINE)


def test_the_example_of_a_workflow_is_right_and_comes_with_the_demo():
    assert example_workflow().warnings == ()
    assert blocks(WORKFLOWS, "yaml") == [text(DEMO / "complaint.yaml")]


def test_the_diagram_of_the_example_is_what_the_command_draws():
    assert blocks(WORKFLOWS, "mermaid") == [f"{mermaid(example_workflow().workflow)}\n"]


@pytest.mark.parametrize(("heading", "entry"), ENTRIES.items())
def test_every_field_of_a_workflow_is_explained_and_no_other(heading, entry):
    fields = [field.alias or name for name, field in entry.model_fields.items()]

    assert first_cells(section(WORKFLOWS, heading)) == fields


@pytest.mark.parametrize(("heading", "entry"), ENTRIES.items())
def test_what_must_be_given_in_a_workflow_is_said(heading, entry):
    required = [
        field.alias or name for name, field in entry.model_fields.items() if field.is_required()
    ]
    rows = section(WORKFLOWS, heading).splitlines()

    said = [first_cells(row)[0] for row in rows if row.startswith("| `") and "must be given" in row]

    inherited = {"activity_type", "assign"} if entry is TodoTemplate else set()
    assert {*said} - inherited == {*required}


@pytest.mark.parametrize("word", [*CaseKind, *Pick, *When, *FILTERS])
def test_every_word_that_a_workflow_may_use_is_named(word):
    assert f"`{word}`" in text(WORKFLOWS)


@pytest.mark.parametrize("unit", Unit)
def test_every_unit_of_time_has_an_example(unit):
    assert re.search(rf"`\d+ {unit.removesuffix('s')}s?`", section(WORKFLOWS, "Every field"))


def test_the_facts_of_texts_are_the_documented_ones():
    facts = {f"{group}.{fact}" for group, entry in GROUPS.items() for fact in entry.__slots__}
    table = section(WORKFLOWS, "Texts and conditions")
    told = {fact for cell in first_cells(table) for fact in cell.split("`, `")}

    assert told == facts | VALUES


@pytest.mark.parametrize("event", EventName)
def test_every_event_is_in_the_table_with_its_payload(event):
    told = EMITTED[event]
    payload = ", ".join(f"`{field}`" for field in told.payload.model_fields)

    assert f"| `{event}` | {told.meaning} | `{told.resource}…` | {payload} |" in text(WORKFLOWS)


def test_the_table_names_no_event_that_is_not_emitted():
    assert first_cells(section(WORKFLOWS, "What it tells others")) == [*EventName]


@pytest.mark.rule("W4")
def test_the_example_of_an_event_enters_a_step_of_the_example():
    [example] = blocks(WORKFLOWS, "python")
    [call] = [each for each in ast.parse(example).body if isinstance(each, ast.Expr)]
    assert isinstance(call.value, ast.Call)
    told = {each.arg: ast.literal_eval(each.value) for each in call.value.keywords}

    entered = StepEntered(**told["payload"])

    workflow = example_workflow().workflow
    assert told["event"] == STEP_ENTERED
    assert first_cells(section(WORKFLOWS, "Entering a step from outside")) == [*told["payload"]]
    assert workflow.name == entered.workflow
    assert workflow.steps[entered.step].enter_from_outside


def test_the_example_of_an_automation_goes_by_an_event_that_is_emitted():
    [example] = blocks(WORKFLOWS, "json")
    automation = AutomationCore.model_validate_json(example)

    trigger = automation.trigger
    assert isinstance(trigger, EventTrigger)
    [event] = trigger.expect
    spoken_of = set(re.findall(r"event\.payload\.(\w+)", example))
    assert spoken_of <= EMITTED[EventName(event)].payload.model_fields.keys()


@pytest.mark.parametrize("page", DECISIONS, ids=name)
def test_a_decision_says_what_was_rejected(page):
    headings = _HEADING.findall(text(page))

    assert headings[1:] == ["Decision", "Rejected", "What follows"]


def test_decisions_are_numbered_without_a_gap():
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("picture", PICTURES, ids=name)
def test_a_picture_is_small_and_shown(picture):
    content = picture.read_bytes()
    width, height = struct.unpack(">II", content[16:24])

    assert content.startswith(b"\x89PNG")
    assert len(content) < MOST_BYTES
    assert (width, height) <= (1280, 1000)
    assert any(picture.name in link for page in PAGES for link in links(page))
