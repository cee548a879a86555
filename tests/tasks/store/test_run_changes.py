"""What people change on runs says so where others see it."""

import pytest
from builders import NOW
from sqlalchemy import select
from workflows import RING, done, entered, open_todos, planned, started

from domain.wording import Language
from tasks.settings import settings
from tasks.store.database import Store
from tasks.store.run_changes import end_run
from tasks.store.tables import todo_comments

SECOND = RING.replace("key: ring", "key: write")
STEPS = f"look: {{title: Look, todos: [{RING}, {SECOND}]}}"


def comments(store: Store) -> list[tuple[int, str]]:
    query = select(todo_comments.c.todo_id, todo_comments.c.text).order_by(todo_comments.c.id)
    with store.reading() as connection:
        return [(row.todo_id, row.text) for row in connection.execute(query)]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.ENGLISH, "Somebody has ended the workflow; this todo stays open"),
        (Language.GERMAN, "Der Workflow wurde von Hand beendet; diese Aufgabe bleibt offen"),
    ],
)
def test_the_open_todos_of_a_run_that_a_person_ends_say_so(store, monkeypatch, language, words):
    monkeypatch.setenv("KONTAKTWERK_LANGUAGE", language)
    settings.cache_clear()
    started(store, STEPS)
    entered(store, "look")
    planned(store)
    done(store)

    end_run(store, 1, NOW)

    [(todo_id, said)] = comments(store)
    assert [todo_id] == open_todos(store)
    assert said.startswith(words)
