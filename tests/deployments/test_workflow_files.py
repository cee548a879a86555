"""Workflow definitions are read from folders, and each problem is named by its file."""

from pathlib import Path

import pytest

from deployments import workflow_files
from deployments.workflow_files import DEMO, definitions, folders
from domain.workflow_checks import Known
from domain.workflow_yaml import Checked, checked
from tasks.settings import Settings

RIGHT = """\
workflow: {name}
title: Repair
steps:
  look:
    title: Look at it
    todos:
      - {{key: look, activity_type: visit, matchcode: Look, assign: {{team: Helpdesk}}}}
"""


def file(folder: Path, name: str, text: str = "") -> Path:
    path = folder / name
    path.write_text(text or RIGHT.format(name=path.stem), encoding="utf-8")
    return path


def test_a_folders_definitions_are_read_in_the_order_of_their_names(tmp_path):
    for name in ("repair.yml", "complaint.yaml", "notes.txt"):
        file(tmp_path, name)

    found = definitions([tmp_path], Known())

    assert [each.name for each in found.workflows] == ["complaint", "repair"]
    assert found.problems == ()


@pytest.mark.parametrize(
    "number", ["9" * 4_301, "٣.٥", "1e999"], ids=["long", "foreign", "endless"]
)
def test_a_number_that_nobody_can_read_hinders_no_other_file(tmp_path, number):
    endless = RIGHT.format(name="a").replace("Look, a", f"Look, text: '{{{{ {number} }}}}', a")
    wrong = file(tmp_path, "a.yaml", endless)
    file(tmp_path, "b.yaml")

    found = definitions([tmp_path], Known())

    assert [each.name for each in found.workflows] == ["b"]
    [problem] = found.problems
    assert problem.startswith(f"{wrong}:7: steps.look.todos[1].text: a number in it ")


def test_a_file_that_the_program_fails_at_hinders_no_other(tmp_path, monkeypatch):
    def failing(text: str, source: str, known: Known) -> Checked:
        if source.endswith("a.yaml"):
            raise AssertionError
        return checked(text, source, known)

    monkeypatch.setattr(workflow_files, "checked", failing)
    for name in ("a.yaml", "b.yaml"):
        file(tmp_path, name)

    found = definitions([tmp_path], Known())

    assert [each.name for each in found.workflows] == ["b"]
    assert found.problems == (f"{tmp_path / 'a.yaml'}:1: a fault of this program: AssertionError",)


def test_one_that_is_wrong_is_named_and_the_others_go_on(tmp_path):
    wrong = file(
        tmp_path, "a.yaml", RIGHT.format(name="a").replace("title: Repair", "titel: Repair")
    )
    file(tmp_path, "b.yaml")

    found = definitions([tmp_path], Known(teams={"Sales"}))

    assert found.workflows == ()
    assert [each.split(": ")[:2] for each in found.problems] == [
        [f"{wrong}:1", "title"],
        [f"{wrong}:2", "titel"],
        [f"{tmp_path / 'b.yaml'}:7", "steps.look.todos[1].assign.team"],
    ]


def test_a_file_that_is_no_text_is_named(tmp_path):
    (tmp_path / "a.yaml").write_bytes(b"title: \xff")
    (tmp_path / "b.yaml").mkdir()
    file(tmp_path, "c.yaml")

    found = definitions([tmp_path], Known())

    assert [each.name for each in found.workflows] == ["c"]
    assert [each.partition(" it ")[2][:14] for each in found.problems] == ["cannot be read"] * 2


def test_of_two_files_that_define_one_workflow_the_second_is_a_problem(tmp_path):
    first, second = (file(tmp_path, name, RIGHT.format(name="x")) for name in ("1.yaml", "2.yaml"))
    second.write_text(second.read_text().replace("title: Repair", "title: Other"))

    found = definitions([tmp_path], Known())

    assert [each.title for each in found.workflows] == ["Repair"]
    assert found.problems == (f"{second}:1: workflow: x is defined in {first} already",)


@pytest.mark.parametrize("name", ["", "missing", "missing.yaml"])
def test_a_place_without_a_definition_is_a_problem(tmp_path, name):
    found = definitions([tmp_path / name], Known())

    assert found.problems == (f"{tmp_path / name}: there is no definition here",)


def test_the_demo_has_its_own_folder_beside_yours(tmp_path):
    own, configured = tmp_path / "workflows", tmp_path / "kontaktwerk.toml"
    settings = Settings(workflows=own, config=configured)
    alone = folders(settings)

    own.mkdir()
    together = folders(settings)
    configured.touch()

    assert (alone, together, folders(settings)) == ((DEMO,), (DEMO, own), (own,))
