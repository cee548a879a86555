"""The staff plan as Markdown: a week side by side, whatever is in it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.appointments import Period
from domain.calendar_words import words
from domain.wording import Language
from tasks.staff_plan_text import staff_plan_text
from tasks.store.agenda import Entry
from tasks.store.staff_plan import Row

BERLIN = "Europe/Berlin"
FRIDAY = date(2026, 11, 27)


def entry(begins: str, hours: int = 1, **changes: Any) -> Entry:
    """Give an appointment in Berlin in November 2026: day and time, such as 27 09:00."""
    begin = datetime.fromisoformat(f"2026-11-{begins}")
    period = Period(begin, begin + timedelta(hours=hours), BERLIN)
    usual: dict[str, Any] = {
        "occurrence_id": 1,
        "appointment_id": 7,
        "recurrence": begin,
        "period": period,
        "begins_at": period.begins_at,
        "ends_at": period.ends_at,
        "employee_ids": frozenset({1}),
        "equipment": (),
        "matchcode": "Halle 2",
        "place": "",
        "busy": False,
        "done": False,
        "alarm": False,
    }
    return Entry(**{**usual, **changes})


def plan(*entries: Entry, language: Language = Language.ENGLISH) -> list[str]:
    rows = [Row("Jonas [x]", entries)]
    return staff_plan_text(FRIDAY, rows, BERLIN, words(language)).splitlines()


def test_a_week_begins_on_any_day_and_has_a_weekend_only_where_somebody_works():
    idle, working = plan(), plan(entry("28 09:00", done=True))

    assert idle[0] == "## Staff plan, Fri 27 Nov 2026 – Thu 03 Dec 2026 (Europe/Berlin)"
    assert idle[2] == "|  | Fri 27 Nov | Mon 30 Nov | Tue 01 Dec | Wed 02 Dec | Thu 03 Dec |"
    assert working[2].startswith("|  | Fri 27 Nov | Sat 28 Nov | Mon 30 Nov |")
    assert working[4].startswith(r"| **Jonas \[x\]** |  | ✓ **09:00–10:00** Halle 2 (7) |  |")
    assert working[-1] == "No conflicts."


@pytest.mark.rule("L9")
def test_what_is_not_to_be_seen_is_busy_in_the_table_and_among_the_conflicts():
    hidden = entry("27 22:00", 4, occurrence_id=2, matchcode="", busy=True)

    lines = plan(entry("27 23:00", 4), hidden, language=Language.GERMAN)

    assert "⚠ **22:00→** belegt; ⚠ **23:00→** Halle 2 (7)" in lines[4]
    assert lines[-1] == r"- ⚠ Jonas \[x\], Fr 27.11. 23:00–Sa 28.11. 02:00: belegt / Halle 2 (7)"
