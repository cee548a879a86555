"""Todos on the command line."""

from pathlib import Path

import pytest
from builders import NOW
from command_line import kontakt, sending_store
from outgoing_contacts import ANNA, JONAS, MIA
from todos import written

from domain.todos import TodoPriority
from tasks.store.database import Store
from tasks.store.todo_details import show_todo


@pytest.fixture
def store(sqlite_template: Path) -> Store:
    """The store that the command line sees."""
    return sending_store(sqlite_template)


@pytest.mark.rule("T1", "T2")
def test_a_todo_is_written_with_all_that_belongs_to_it(store):
    times = ("--begin", "2030-01-08 09:00", "--due", "9.1.2030")
    who = ("--as", JONAS, "--team", "Sales", "--case", "SC-1042", "--priority", "high")

    said = kontakt("todo", "new", "Petra anrufen", *who, *times, "--text", "Wegen E17")

    todo = show_todo(store, int(said.out))
    line = todo.line
    assert (line.matchcode, todo.text, line.team) == ("Petra anrufen", "Wegen E17", "Sales")
    assert (line.priority, line.cases) == (TodoPriority.HIGH, ("SC-1042",))
    assert [at and at.isoformat() for at in (line.begin, line.due)] == [
        "2030-01-08T08:00:00+00:00",
        "2030-01-09T22:59:00+00:00",
    ]


def test_a_midnight_that_is_written_is_meant(store):
    said = kontakt("todo", "new", "Ring", "--as", JONAS, "--due", "2030-01-09 00:00")

    due = show_todo(store, int(said.out)).line.due
    assert due is not None
    assert due.isoformat() == "2030-01-08T23:00:00+00:00"


@pytest.mark.rule("T4")
def test_what_one_has_to_do_is_listed_group_by_group(store):
    written(store, matchcode="Längst fällig", due=NOW.replace(year=2020), cases=("SC-1042",))
    written(store, matchcode="Viel später", due=NOW.replace(year=2190), team="Helpdesk")
    written(store, matchcode="Irgendwann", priority=TodoPriority.LOW)
    written(store, matchcode="Nicht Jonas", employee=MIA)

    said = kontakt("todo", "list", "--as", JONAS)

    places = [said.out.find(each) for each in ("Overdue (1)", "Längst", "Later (1)", "Viel")]
    assert places == sorted(places)
    assert -1 not in places
    assert "Without due time (1)" in said.out
    assert "Nicht Jonas" not in said.out


@pytest.mark.rule("T4")
def test_what_is_not_shown_is_counted(store):
    for _ in range(3):
        written(store)

    said = kontakt("todo", "list", "--as", JONAS, "--limit", "1")

    assert "Without due time (3, 2 of them not shown)" in said.out


@pytest.mark.parametrize(
    ("options", "listed"),
    [
        (("--all",), {"eins", "zwei"}),
        (("--team", "Sales"), {"zwei"}),
        (("--case", "PR-7"), {"eins"}),
        (("--all", "--done"), {"drei"}),
        (("--as", JONAS, "--done"), {"drei"}),
        (("--as", MIA, "--done"), set()),
    ],
)
def test_todos_are_listed_by_team_by_case_and_when_they_are_done(store, options, listed):
    written(store, matchcode="eins", cases=("PR-7",))
    written(store, by=MIA, matchcode="zwei", team="Sales")
    done = written(store, matchcode="drei")
    kontakt("todo", "done", str(done), "--as", JONAS)

    said = kontakt("todo", "list", *options)

    assert {each for each in ("eins", "zwei", "drei") if each in said.out} == listed


@pytest.mark.rule("T3", "T5")
def test_a_todo_is_divided_done_and_undone(store):
    whole = str(written(store))

    parts = kontakt("todo", "divide", whole, "eins", "zwei", "--as", JONAS).out.split()
    refused = kontakt("todo", "done", whole, "--as", JONAS)
    for part in parts:
        kontakt("todo", "done", part, "--as", JONAS)
    done = kontakt("todo", "done", whole, "--as", JONAS)
    again = kontakt("todo", "done", whole, "--as", JONAS)
    undone = kontakt("todo", "undone", parts[0], "--as", JONAS)

    assert (refused.code, refused.err) == (
        1,
        "The todo cannot be done yet; open parts: 2.\n",
    )
    assert done.out == f"Todo {whole} is done.\n"
    assert again.out == f"Todo {whole} was done already.\n"
    assert undone.out == f"Todo {parts[0]} is open.\nTodo {whole} is open.\n"


@pytest.mark.rule("T2")
def test_a_todo_changes_hands_and_words_and_shows_how(store):
    number = str(written(store, by=ANNA, team="Helpdesk", due=NOW))
    kontakt("todo", "divide", number, "Teil [bold]", "--as", JONAS)

    kontakt("todo", "take", number, "--as", JONAS)
    kontakt("todo", "give-back", number, "--as", JONAS)
    kontakt("todo", "comment", number, "Keiner da", "--as", JONAS)
    kontakt("todo", "edit", number, "--as", JONAS, "--matchcode", "Uwe", "--due", "none")
    kontakt("todo", "delegate", number, "--as", JONAS, "--to", MIA)
    said = kontakt("todo", "show", number, "--as", JONAS)

    for each in (
        f"{number}: Uwe",
        "for Mia Krüger",
        "Teil [bold] (Jonas Weber)",
        "Jonas Weber: Keiner da",
        "taken_by: Jonas Weber → –",
        "matchcode: Petra anrufen → Uwe",
        "team: Helpdesk → –",
    ):
        assert each in said.out
    assert show_todo(store, int(number)).line.due is None


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("list",), "say who you are with --as"),
        (("list", "--team", "Nobody"), "there is no team Nobody"),
        (("list", "--case", "SC-0"), "there is no case SC-0"),
        (("show", "4711"), "there is no todo 4711"),
        (("done", "4711", "--as", JONAS), "there is no todo 4711"),
        (("new", "Ring", "--as", "4711"), "no employee with the personnel number 4711"),
        (("new", "Ring", "--as", JONAS, "--due", "soon"), "soon is no time"),
    ],
)
def test_what_is_wrong_is_one_line_and_code_2(store, arguments, told):
    said = kontakt("todo", *arguments)

    assert (said.code, said.err.count("\n")) == (2, 1)
    assert told in said.err
