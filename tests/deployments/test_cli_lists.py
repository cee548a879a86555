"""Lists, searches and exports on the command line."""

import json
import os
import signal
import time
from pathlib import Path

import openpyxl
import pytest
from appointments import booked
from command_line import kontakt, sending_store
from outgoing_contacts import JONAS, MIA, saved
from todos import written

from deployments.cli.exporting import ending_tidily
from deployments.cli.json_output import jsonable
from tasks.exporting.files import replacing
from tasks.store.database import Store


@pytest.fixture
def store(sqlite_template: Path) -> Store:
    """The store that the command line sees."""
    opened = sending_store(sqlite_template)
    for matchcode in ("Pumpe eins", "Pumpe zwei", "Motor"):
        saved(opened, matchcode=matchcode)
        written(opened, matchcode=matchcode, cases=("SC-1042",))
    booked(opened, matchcode="Pumpe ansehen", cases=("SC-1042",), participants=())
    return opened


def told_to_end(target: Path, told: signal.Signals) -> None:
    with ending_tidily(), replacing(target):
        os.kill(os.getpid(), told)
        time.sleep(1)


def rows(*command: str) -> list[str]:
    """Give the matchcodes that a command lists for a program."""
    said = kontakt(*command, "--json")
    assert said.code == 0, said.err
    return [each["matchcode"] for each in json.loads(said.out)["rows"]]


@pytest.mark.rule("L2", "L6")
@pytest.mark.parametrize(
    ("command", "found"),
    [
        (("contact", "search", "PUMPE"), {"Pumpe eins", "Pumpe zwei"}),
        (("contact", "list", "--search", "pumpe", "--own", "--as", MIA), set()),
        (("contact", "list", "--case", "SC-1042", "--done"), set()),
        (("contact", "list", "--sort", "oldest", "--search", "motor"), {"Motor"}),
        (("todo", "search", "zwei"), {"Pumpe zwei"}),
        (("todo", "list", "--own", "--as", JONAS, "--search", "motor"), {"Motor"}),
        (("todo", "list", "--address", "10001"), {"Pumpe eins", "Pumpe zwei", "Motor"}),
        (("appointment", "search", "pumpe", "--as", MIA), {"Pumpe ansehen"}),
        (("appointment", "list", "--as", MIA), set()),
        (("appointment", "list", "--address", "10001", "--as", MIA), {"Pumpe ansehen"}),
    ],
)
def test_filters_are_flags_and_hold_together(store, command, found):
    assert set(rows(*command)) == found


def test_contacts_are_found_by_their_words(store):
    said = kontakt("contact", "list", "--words", "läuft wieder")

    assert said.out.count("Es läuft wieder.") == 3


def test_a_page_ends_with_the_key_of_the_next(store):
    first = kontakt("contact", "list", "--limit", "2", "--sort", "matchcode")
    key = first.out.rpartition("--page ")[2].strip()

    second = kontakt("contact", "list", "--limit", "2", "--sort", "matchcode", "--page", key)

    assert ("Motor" in first.out, "Pumpe zwei" in first.out) == (True, False)
    assert ("Pumpe zwei" in second.out, "next page" in second.out) == (True, False)


def test_a_list_is_only_counted(store):
    assert kontakt("contact", "search", "pumpe", "--count").out == "2\n"
    assert kontakt("todo", "list", "--as", JONAS, "--count").out == "3\n"
    assert json.loads(kontakt("case", "list", "--count", "--json").out)["count"] > 0


def test_what_somebody_has_to_do_is_told_to_programs_as_well(store):
    said = kontakt("todo", "list", "--as", JONAS, "--json")

    [group] = json.loads(said.out)["groups"]
    assert (group["group"], group["count"], len(group["todos"])) == ("without_due", 3, 3)


def test_todos_that_are_done_are_listed_where_it_is_said(store):
    kontakt("todo", "done", "1", "--as", JONAS)

    listed = rows("todo", "list", "--case", "SC-1042")
    with_done = rows("todo", "list", "--case", "SC-1042", "--done-too")

    assert (len(listed), len(with_done)) == (2, 3)


@pytest.mark.parametrize("kind", ["contact", "appointment", "todo"])
def test_a_record_is_shown_to_programs(store, kind):
    said = kontakt(kind, "show", "1", "--as", JONAS, "--json")

    assert kind in json.loads(said.out)
    assert said.out.isascii()


@pytest.mark.rule("L1")
def test_a_case_is_listed_searched_and_shown(store):
    listed = kontakt("case", "search", "e17")
    shown = kontakt("case", "show", "SC-1042", "--as", JONAS)

    assert "SC-1042" in listed.out
    for each in ("Müller Maschinenbau GmbH", "3 contacts", "1 appointment", "3 todos", "Motor"):
        assert each in shown.out
    told = json.loads(kontakt("case", "show", "SC-1042", "--json").out)
    assert told["case"]["todos"]["count"] == 3


@pytest.mark.rule("L7")
def test_a_list_is_exported_as_it_is_filtered(store, tmp_path):
    target = tmp_path / "list.XLSX"

    said = kontakt("contact", "export", str(target), "--search", "pumpe", "--sort", "matchcode")

    found = [row[3] for row in openpyxl.load_workbook(target).active.values]
    assert (said.code, said.out) == (0, f"2 contacts written to {target}\n")
    assert found == ["matchcode", "Pumpe eins", "Pumpe zwei"]


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP])
def test_an_export_that_is_told_to_end_leaves_nothing_behind(tmp_path, told):
    with pytest.raises(SystemExit) as ended:
        told_to_end(tmp_path / "list.csv", told)

    assert (ended.value.code, list(tmp_path.iterdir())) == (128 + told, [])
    assert signal.getsignal(told) is signal.SIG_DFL


@pytest.mark.parametrize(
    ("command", "begin"),
    [
        (("todo", "export", "list.ics"), b"BEGIN:VCALENDAR\r\n"),
        (("appointment", "export", "list.ics", "--as", JONAS), b"BEGIN:VCALENDAR\r\n"),
        (("case", "export", "list.txt", "--format", "csv"), b"\xef\xbb\xbfnumber,title"),
        (("todo", "export", "list.csv", "--separator", "semicolon"), b"\xef\xbb\xbfnumber;due"),
    ],
)
def test_the_format_is_as_it_is_said_or_as_the_file_is_called(
    store, tmp_path, monkeypatch, command, begin
):
    monkeypatch.chdir(tmp_path)

    said = kontakt(*command)

    assert (said.code, said.err) == (0, "")
    assert Path(command[2]).read_bytes().startswith(begin)


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (("contact", "export", "list"), "say as what"),
        (("contact", "export", "list.ics"), "contacts are no calendar"),
        (("contact", "export", "no/folder/list.csv"), "cannot be written: No such file"),
        (("contact", "export", "."), "say as what"),
        (("contact", "export", ".", "--format", "csv"), "there already, and no file"),
        (("contact", "export", "x.csv", "--own"), "your own records: say who you are"),
        (("contact", "export", "x.csv", "--case", "SC-0"), "there is no case SC-0"),
        (("todo", "export", "x.csv", "--separator", "!"), "--separator is comma or semicolon"),
        (("contact", "list", "--page", "x"), "the page key is none"),
        (("todo", "list", "--open", "--done"), "choose one"),
        (("contact", "list", "--sort", "due"), "contacts are sorted by newest, oldest, matchcode"),
        (("contact", "list", "--since", "tomorrow"), "tomorrow is no instant"),
        (("case", "show", "SC-0"), "there is no case SC-0"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(store, tmp_path, monkeypatch, command, sentence):
    monkeypatch.chdir(tmp_path)

    said = kontakt(*command)

    assert said.code == 2
    assert said.err.startswith("kontakt: ")
    assert sentence in said.err
    assert said.err.count("\n") == 1
    assert [each.name for each in tmp_path.iterdir() if each.name.endswith((".csv", ".part"))] == []


def test_an_order_that_there_is_not_is_wrong_usage(store):
    said = kontakt("contact", "list", "--sort", "colour")

    assert said.code == 2


def test_what_json_does_not_have_is_no_value_of_ours():
    with pytest.raises(TypeError, match="bytes"):
        jsonable(b"x")
