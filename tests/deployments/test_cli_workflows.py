"""Workflows on the command line."""

from pathlib import Path

import pytest
from builders import NOW
from command_line import kontakt, sending_store
from outgoing_contacts import ANNA, GUEST
from sqlalchemy import insert, update
from todos import entered_visit

from deployments.workflow_applying import apply_folders
from tasks.settings import settings
from tasks.store.database import Store
from tasks.store.tables import incoming_events, step_visits
from tasks.store.workflow_lines import run_lines

DEFINITION = """\
workflow: repair
title: Repair [bold]
steps:
  look:
    title: Look at it
    todos:
      - key: look
        activity_type: phone note
        matchcode: "{{ case.number }}: look at it"
        assign: {team: Helpdesk}
        due: 4 hours
    next:
      - to: close
  close:
    title: Close it
    enter_from_outside: false
"""


@pytest.fixture
def store(sqlite_template: Path) -> Store:
    """The store that the command line sees."""
    return sending_store(sqlite_template)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A right definition, alone in its folder."""
    path = tmp_path / "workflows" / "repair.yaml"
    path.parent.mkdir()
    path.write_text(DEFINITION)
    return path


def rewritten(path: Path, written: str, instead: str) -> None:
    text = path.read_text()
    assert written in text
    path.write_text(text.replace(written, instead))


def test_what_is_right_is_counted(store, file):
    said = kontakt("workflow", "check", str(file.parent))

    assert (said.code, said.out, said.err) == (0, "1 workflow without an error.\n", "")


@pytest.mark.parametrize(
    ("written", "instead", "line"),
    [
        (
            "team: Helpdesk",
            "team: Helpdesc",
            "10: steps.look.todos[1].assign.team: there is no team",
        ),
        ("phone note", "phone", "8: steps.look.todos[1].activity_type: there is no activity type"),
        ("4 hours", "soon", "11: steps.look.todos[1].due: “soon” is no length of time"),
        ("case.number", "case.secret", "9: steps.look.todos[1].matchcode: case has no secret"),
        ("to: close", "{to: look, after: 1 day}", "12: steps.look.next"),
    ],
)
def test_what_is_wrong_is_named_by_file_line_and_field(store, file, written, instead, line):
    rewritten(file, written, instead)

    said = kontakt("workflow", "check", str(file))

    assert said.code == 1
    assert said.err.startswith(f"{file}:{line}")


def test_what_is_odd_is_said_and_is_no_error(store, file):
    rewritten(file, "to: close", "{to: close, if: owner}")

    said = kontakt("workflow", "check", str(file))

    assert said.code == 0
    assert f"{file}:12: steps.look.next: warning: all may be done and nothing follow" in said.err


def test_before_there_is_a_directory_names_are_not_checked(file):
    said = kontakt("workflow", "check", str(file))

    assert said.code == 0
    assert "Nobody is entered yet" in said.out


def test_a_workflow_is_drawn_before_it_is_applied(store, file):
    as_text = kontakt("workflow", "show", str(file))
    as_diagram = kontakt("workflow", "show", str(file), "--mermaid")

    assert "Repair [bold] (repair)" in as_text.out
    assert "[look] Look at it\n  □ look: {{ case.number }}: look at it (for team H" in as_text.out
    assert as_diagram.out.startswith("flowchart TD\n")
    assert 's1 -- "all done" --> s2' in as_diagram.out


@pytest.mark.rule("W5")
def test_applying_says_what_is_new_what_is_the_same_and_what_changed(store, file):
    new = kontakt("workflow", "apply", str(file.parent))
    same = kontakt("workflow", "apply", str(file.parent))
    rewritten(file, "4 hours", "2 hours")
    changed = kontakt("workflow", "apply", str(file.parent))

    assert new.out == "repair: new, version 1\n"
    assert same.out == "repair: unchanged, version 1\n"
    assert changed.out == (
        "repair: changed, version 2\n  steps.look.todos[look].due: “4 hours” → “2 hours”\n"
    )


def test_what_is_wrong_is_not_applied_and_the_rest_is(store, file):
    wrong = file.with_name("wrong.yaml")
    wrong.write_text(DEFINITION.replace("repair", "other").replace("4 hours", "soon"))

    said = kontakt("workflow", "apply", str(file.parent))

    assert (said.code, said.out) == (1, "repair: new, version 1\n")
    assert said.err.startswith(f"{wrong}:11: steps.look.todos[1].due: “soon” is no length")


@pytest.mark.rule("W5")
def test_what_is_applied_is_listed_and_each_version_is_drawn(store, file):
    kontakt("workflow", "apply", str(file))
    rewritten(file, "Repair [bold]", "Mend")
    kontakt("workflow", "apply", str(file))

    listed = kontakt("workflow", "list").out
    latest = kontakt("workflow", "show", "repair").out
    first = kontakt("workflow", "show", "repair", "--version", "1").out

    [row] = [line.split("│")[1:6] for line in listed.splitlines() if "repair" in line]
    assert [cell.strip() for cell in row[:3]] == ["repair", "Mend", "2"]
    assert latest.startswith("Mend (repair)")
    assert first.startswith("Repair [bold] (repair)")


def test_a_retired_workflow_stays_so_at_the_next_start_though_its_file_is_there(
    store, file, monkeypatch
):
    monkeypatch.setenv("KONTAKTWERK_WORKFLOWS", str(file.parent))
    settings.cache_clear()
    apply_folders(settings(), store)
    kontakt("workflow", "retire", "repair")

    apply_folders(settings(), store)

    [row] = [line for line in kontakt("workflow", "list").out.splitlines() if "│ repair" in line]
    assert "retired 20" in row


def test_nothing_in_a_file_is_obeyed_by_a_terminal(store, file):
    rewritten(file, "title: Repair [bold]", 'title: "Repair \\e[31mred"\n"\\e[2J": x')
    checked = kontakt("workflow", "check", str(file))
    rewritten(file, '"\\e[2J": x\n', "")

    shown = kontakt("workflow", "show", str(file))
    kontakt("workflow", "apply", str(file))
    rewritten(file, "[31mred", "[31mgreen")
    applied = kontakt("workflow", "apply", str(file))

    assert "�[2J" in checked.err
    assert "�[31mred" in shown.out
    assert "�[31mgreen" in applied.out
    assert "\x1b" not in checked.err + shown.out + applied.out


def test_trying_a_workflow_says_what_would_have_been_refused(store, file):
    kontakt("workflow", "enter", "SC-1042", "repair", "close", "--as", ANNA)

    said = kontakt("workflow", "try", str(file))

    assert "refused: The step close is entered by the workflow itself only." in said.out
    assert "Todos: 0, standing still: 0, refused: 1." in said.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("workflow", "retire", "\udcff"),
        ("workflow", "show", "\udcff"),
        ("workflow", "runs", "--case", "\udcff"),
        ("workflow", "enter", "SC-1042", "repair", "look", "--as", "\udcff"),
        ("todo", "list", "--team", "\ud800"),
    ],
)
def test_half_a_character_is_named_in_one_line(store, arguments):
    said = kontakt(*arguments)

    assert (said.code, said.err.count("\n")) == (2, 1)
    assert said.err.endswith("is no text in UTF-8\n")


def test_a_retired_workflow_is_listed_as_such_until_it_is_applied_again(store, file):
    kontakt("workflow", "apply", str(file))

    kontakt("workflow", "retire", "repair")
    retired = kontakt("workflow", "list").out
    refused = kontakt("workflow", "enter", "SC-1042", "repair", "look", "--as", ANNA)
    kontakt("workflow", "apply", str(file))
    again = kontakt("workflow", "list").out

    assert "│ retired 20" in retired
    assert refused.err.startswith("The workflow repair is retired")
    assert "retired" not in again


@pytest.mark.rule("W1", "W4")
def test_a_case_enters_a_step_once_with_a_key_and_ends(store, file):
    kontakt("workflow", "apply", str(file))
    entering = ("workflow", "enter", "sc-1042", "repair", "look", "--as", ANNA, "--key", "call 7")

    entered = kontakt(*entering)
    again = kontakt(*entering)
    [run] = run_lines(store)
    kontakt("workflow", "end", str(run.id), "--as", ANNA)

    assert (entered.code, again) == (0, entered)
    assert entered.out.startswith(f"Visit {run.visit_id} of look has begun")
    assert (run.case, run.step) == ("SC-1042", "look")
    assert run_lines(store) == []


@pytest.mark.rule("W1")
def test_a_key_of_another_case_is_refused_and_nothing_begins(store, file):
    kontakt("workflow", "apply", str(file))
    kontakt("workflow", "enter", "SC-1042", "repair", "look", "--as", ANNA, "--key", "call 7")

    other = kontakt("workflow", "enter", "PR-7", "repair", "look", "--as", ANNA, "--key", "call 7")

    assert (other.code, other.out) == (1, "")
    assert other.err.startswith("The key call 7 has entered another step, or the step of another")
    assert [run.case for run in run_lines(store)] == ["SC-1042"]


def test_trying_a_workflow_says_what_it_would_have_created_and_writes_nothing(store, file):
    before = kontakt("workflow", "try", str(file))
    kontakt("workflow", "apply", str(file))
    kontakt("workflow", "enter", "SC-1042", "repair", "look", "--as", ANNA)
    rewritten(file, "look at it", "mend it")

    said = kontakt("workflow", "try", str(file), "--days", "7")

    assert before.out == "Nothing that happened would have started it.\n"
    assert "SC-1042: mend it" in said.out
    assert "Helpdesk" in said.out
    assert said.out.endswith("Todos: 1, standing still: 0. Nothing was written.\n")
    assert "mend it" not in kontakt("todo", "list", "--all").out


@pytest.mark.parametrize(
    ("case", "step", "told"),
    [
        ("SC-9", "look", "There is no case SC-9."),
        ("SC-1001", "look", "The case SC-1001 is finished: no step of it is entered any more."),
        ("SC-1042", "jump", "The workflow has no step jump."),
        ("SC-1042", "close", "The step close is entered by the workflow itself only."),
    ],
)
def test_what_is_refused_is_said_and_kept(store, file, case, step, told):
    kontakt("workflow", "apply", str(file))

    said = kontakt("workflow", "enter", case, "repair", step, "--as", ANNA)
    kept = kontakt("workflow", "events", "--refused").out

    assert (said.code, said.err) == (1, f"{told}\n")
    assert told in kept


def test_runs_are_listed_and_what_stands_still_comes_first(store):
    visit = entered_visit(store)
    still = entered_visit(store, number=2)
    with store.writing() as connection:
        reason = {"reason": "The case has no owner."}
        connection.execute(update(step_visits).where(step_visits.c.id == still).values(**reason))

    said = kontakt("workflow", "runs")
    of_case = kontakt("workflow", "runs", "--case", "sc-1042")
    of_another = kontakt("workflow", "runs", "--case", "PR-7")

    rows = [line.split("│")[1:9] for line in said.out.splitlines() if "SC-1042" in line]
    assert [row[3].strip() for row in rows] == [str(still), str(visit)]
    assert rows[0][7].strip() == "stands still: The case has no owner."
    assert of_case.out == said.out
    assert "SC-1042" not in of_another.out


def test_events_are_listed_with_what_came_of_them(store):
    visit = entered_visit(store)
    payload = {"case": "SC-1042", "workflow": "repair", "step": "look", "idempotency_key": "1"}
    usual = {"occurred_at": NOW, "handled_at": NOW, "outcome": "entered", "visit_id": visit}
    refused = {"outcome": "refused", "reason": "There is no case SC-9.", "visit_id": None}
    events = [
        {"id": "good", "payload": payload, "reason": None},
        {"id": "bad", "payload": {**payload, "case": "SC-9"}, **refused},
        {"id": "odd", "payload": ["\x1b[31m"], **refused},
    ]
    with store.writing() as connection:
        connection.execute(insert(incoming_events), [{**usual, **event} for event in events])

    every = kontakt("workflow", "events").out
    bad = kontakt("workflow", "events", "--refused").out

    assert all(f"│ {name}" in every for name in ("good", "bad", "odd"))
    assert f"visit {visit}" in every
    assert "There is no case SC-9." in bad
    assert "good" not in bad
    assert "\x1b" not in every


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("show", "nothing"), 2, "there is no workflow nothing"),
        (("runs", "--case", "SC-0"), 2, "there is no case SC-0"),
        (("enter", "SC-1042", "repair", "look", "--as", "4711"), 2, "no employee with the pers"),
        (("enter", "SC-1042", " ", "look", "--as", ANNA), 2, "workflow: "),
        (("enter", "SC-1042", "repair", "look", "--as", GUEST), 1, "You lack the permission"),
        (("enter", "SC-1042", "repair", "look", "--as", ANNA), 1, "There is no workflow repair."),
        (("retry", "1", "--as", GUEST), 1, "You lack the permission"),
        (("retry", "4711", "--as", ANNA), 2, "there is no visit 4711"),
        (("end", "1", "--as", GUEST), 1, "You lack the permission"),
        (("end", "4711", "--as", ANNA), 2, "there is no open workflow run 4711"),
        (("retire", "nothing"), 2, "there is no workflow nothing in use"),
        (("check", "nowhere"), 1, "nowhere: there is no definition here"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(store, arguments, code, told):
    said = kontakt("workflow", *arguments)

    assert (said.code, said.err.count("\n")) == (code, 1)
    assert told in said.err
