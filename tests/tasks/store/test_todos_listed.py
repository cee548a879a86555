"""The overview of what an employee has to do, and lists of todos."""

from datetime import datetime, timedelta

import pytest
from builders import NOW, letter, prepared, private_account, receive_letters
from outgoing_contacts import ANNA, GUEST, JONAS, MIA, ready
from sqlalchemy import event, insert, select, text
from todos import entered_visit, written

from domain.errors import UnknownRecord
from domain.todo_overview import Group
from domain.todos import TodoPriority
from tasks.store.database import Store
from tasks.store.directory import employee_by_number
from tasks.store.tables import contacts, teams
from tasks.store.tables import todos as todo_rows
from tasks.store.todo_changes import take
from tasks.store.todo_details import show_todo
from tasks.store.todo_doing import set_done
from tasks.store.todo_drafts import TodoDraft, enter_todos
from tasks.store.todo_overview import Section, Wanted, list_todos, overview

DAY = timedelta(days=1)
MANY = 20_000


def shown(store: Store, employee: str, limit: int = 100) -> dict[Group, list[int]]:
    sections = overview(store, employee_by_number(store, employee), NOW, limit)
    return {each.group: [todo.id for todo in each.todos] for each in sections}


@pytest.mark.rule("T4")
def test_an_overview_has_ones_own_todos_those_taken_and_the_teams_untaken_ones(store):
    ready(store)
    own = written(store, by=ANNA)
    taken, untaken = written(store, team="Helpdesk"), written(store, team="Helpdesk")
    take(store, taken, JONAS, NOW)
    done = written(store)
    set_done(store, done, JONAS, True, NOW)
    written(store, employee=MIA)
    written(store, team="Sales")

    assert shown(store, JONAS) == {Group.WITHOUT_DUE: [own, taken, untaken]}
    assert shown(store, GUEST) == {}


@pytest.mark.rule("T4")
def test_an_overview_is_sorted_as_a_person_works(store):
    ready(store)

    def due(at: datetime | None, **changes: object) -> int:
        return written(store, due=at, **changes)

    not_begun = due(NOW + 2 * DAY, begin=NOW + DAY)
    some_day, first = due(None), due(None, priority=TodoPriority.HIGH)
    next_week, this_week = due(NOW + 9 * DAY), due(NOW + 2 * DAY)
    at_noon, in_the_evening = (
        due(NOW + timedelta(hours=3)),
        due(NOW + timedelta(hours=9), priority=TodoPriority.HIGH),
    )
    late, later = due(NOW - DAY, team="Helpdesk"), due(NOW - 2 * DAY)

    found = shown(store, JONAS)

    assert list(found) == list(Group)
    assert list(found.values()) == [
        [later, late],
        [in_the_evening, at_noon],
        [this_week],
        [next_week],
        [first, some_day],
        [not_begun],
    ]


@pytest.mark.rule("T4")
def test_an_overview_is_bounded_and_counts_what_it_does_not_show(store):
    ready(store)
    late = [written(store, due=NOW - DAY, team="Helpdesk") for _ in range(2)]
    open_ones = [written(store) for _ in range(4)]

    sections = overview(store, employee_by_number(store, JONAS), NOW, limit=3)

    assert [_told(each) for each in sections] == [
        (Group.OVERDUE, late, 2),
        (Group.WITHOUT_DUE, open_ones[:1], 4),
    ]


@pytest.mark.rule("L5")
def test_lists_are_of_a_team_a_case_or_all_and_open_or_done(store):
    ready(store)
    helpdesk = written(store, team="Helpdesk", cases=("SC-1042",), due=NOW + DAY)
    sales = written(store, by=MIA, team="Sales", cases=("SC-1042", "PR-7"), due=NOW)
    done = written(store, employee=JONAS)
    set_done(store, done, JONAS, True, NOW)

    def listed(**wanted: object) -> list[int]:
        return [each.id for each in list_todos(store, Wanted(**wanted))]

    assert listed() == [sales, helpdesk]
    assert listed(team="Helpdesk") == [helpdesk]
    assert listed(case="sc-1042") == [sales, helpdesk]
    assert listed(case="PR-7", team="Helpdesk") == []
    assert listed(done=True) == [done]
    assert listed(done=True, assignee_id=employee_by_number(store, JONAS)) == [done]
    assert listed(done=True, assignee_id=employee_by_number(store, MIA)) == []


@pytest.mark.parametrize("wanted", [Wanted(team="Nobody"), Wanted(case="SC-0")])
def test_a_list_of_what_is_not_there_says_so(store, wanted):
    with pytest.raises(UnknownRecord):
        list_todos(store, wanted)


@pytest.mark.rule("L9")
def test_what_hangs_on_a_private_contact_is_shown_to_its_readers_only(store):
    ready(store)
    receive_letters(store, prepared(store, private_account()), [letter()])
    with store.writing() as connection:
        contact_id = connection.scalar(select(contacts.c.id).where(contacts.c.private))
        helpdesk = connection.scalar(select(teams.c.id).where(teams.c.name == "Helpdesk"))
    visit = entered_visit(store, contact_id)
    draft = TodoDraft(visit, "ring", "phone note", "Privat", team_id=helpdesk)
    [todo_id] = store.write(lambda connection: enter_todos(connection, [draft], NOW))

    seen = {
        who: [each.id for each in list_todos(store, Wanted(), employee_by_number(store, who))]
        for who in (ANNA, JONAS)
    }

    assert seen == {ANNA: [todo_id], JONAS: []}
    assert list_todos(store, Wanted()) == []
    assert shown(store, JONAS) == {}
    with pytest.raises(UnknownRecord):
        show_todo(store, todo_id, employee_by_number(store, JONAS))
    with pytest.raises(UnknownRecord):
        set_done(store, todo_id, JONAS, True, NOW)


@pytest.mark.rule("T4")
def test_an_overview_reads_by_index_however_many_todos_are_open(store):
    ready(store)
    _fill(store)
    asked: list[tuple[str, object]] = []
    event.listen(
        store.engine,
        "before_cursor_execute",
        lambda _c, _k, statement, values, *_: asked.append((statement, values)),
    )
    overview(store, employee_by_number(store, JONAS), NOW)

    plans = [_plan(store, *each) for each in tuple(asked) if "FROM todos" in each[0]]

    assert plans
    assert not [plan for plan in plans if "SCAN todos" in plan or "Seq Scan on todos" in plan]


def _told(section: Section) -> tuple[Group, list[int], int]:
    return section.group, [each.id for each in section.todos], section.count


def _fill(store: Store) -> None:
    """Let very many todos be Mia's, some be Jonas', and let some be parts, and some be taken."""
    whole = written(store, employee=MIA)
    usual = {
        "activity_type": "phone note",
        "priority": "normal",
        "rank": 1,
        "text": "",
        "created_at": NOW,
        "changed_at": NOW,
        "reminders": 0,
    }
    mia, jonas = (employee_by_number(store, each) for each in (MIA, JONAS))
    made = [
        {
            **usual,
            "matchcode": str(number),
            "employee_id": jonas if number % 100 == 0 else mia,
            "taken_by_id": mia if number % 10 == 0 else None,
            "parent_id": whole if number % 10 == 1 else None,
            "due_at": NOW + timedelta(minutes=number),
        }
        for number in range(MANY)
    ]
    with store.writing() as connection:
        connection.execute(insert(todo_rows), made)
        connection.execute(text("ANALYZE"))


def _plan(store: Store, statement: str, values: object) -> str:
    explain = "EXPLAIN QUERY PLAN" if store.is_sqlite else "EXPLAIN"
    with store.reading() as connection:
        lines = connection.exec_driver_sql(f"{explain} {statement}", values).all()
    return "\n".join(str(line) for line in lines)
