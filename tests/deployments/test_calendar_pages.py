"""Weeks and plans as a terminal shows them, at any width."""

from collections.abc import Sequence
from datetime import date, datetime
from io import StringIO
from itertools import count
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType

from deployments.printing.calendars import Reader, week
from deployments.printing.staff_plan import Plan, day_plan, week_plan
from domain.appointments import Period
from domain.wording import Language
from tasks.store.agenda import Entry
from tasks.store.staff_plan import Row

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
IN_ENGLISH = Reader("Europe/Berlin", Language.ENGLISH, TUESDAY)
IN_GERMAN = Reader("Europe/Berlin", Language.GERMAN, TUESDAY)
numbers = count(1)


def entry(begins: str, ends: str, matchcode: str = "Halle 2", **changes: Any) -> Entry:
    """Give an appointment in Berlin in November 2026: day and time, such as 24 09:00."""
    begin, end = (datetime.fromisoformat(f"2026-11-{each}") for each in (begins, ends))
    period = Period(begin, end, "Europe/Berlin", changes.pop("all_day", False))
    number = next(numbers)
    usual: dict[str, Any] = {
        "occurrence_id": number,
        "appointment_id": number,
        "recurrence": begin,
        "period": period,
        "begins_at": period.begins_at,
        "ends_at": period.ends_at,
        "employee_ids": frozenset({1}),
        "equipment": (),
        "matchcode": matchcode,
        "place": "",
        "busy": False,
        "done": False,
        "alarm": False,
    }
    return Entry(**{**usual, **changes})


def printed(page: RenderableType, width: int = 100) -> list[str]:
    """Print a page on a terminal without colours; gives its lines."""
    console = Console(width=width, file=StringIO())
    with console.capture() as captured:
        console.print(page)
    return [line.rstrip() for line in captured.get().splitlines()]


def shown(entries: Sequence[Entry], reader: Reader = IN_ENGLISH, width: int = 100) -> list[str]:
    """Print a week of Anna."""
    return printed(week("Anna Berger", MONDAY, entries, reader, width), width)


def planned(*rows: Sequence[Entry], things: Sequence[Row] = (), width: int = 100) -> list[str]:
    """Print the staff plan of Tuesday: Anna's row, and Jonas's."""
    staff = [Row(name, own) for name, own in zip(("Anna", "Jonas"), rows, strict=False)]
    return printed(day_plan(TUESDAY, Plan(staff, things), IN_ENGLISH, width), width)


def below(lines: Sequence[str], heading: str) -> list[str]:
    """Give what stands in a day's column, from the top."""
    [top] = [line for line in lines if heading in line]
    begin = top.index(heading)
    end = top.find("│", begin)
    column = [line[begin : end if end > 0 else None].strip() for line in lines]
    return [text for text in column[lines.index(top) + 1 :] if text.strip("━─┿┼ ")]


@pytest.mark.rule("L8")
@pytest.mark.parametrize("width", [80, 100, 160])
def test_the_days_of_a_week_stand_side_by_side(width):
    lines = shown(
        [entry("23 09:00", "23 10:00"), entry("27 11:00", "27 12:00", "Tor 3")], width=width
    )

    assert below(lines, "Mon 23 Nov")[0] == "09:00–10:00"
    assert below(lines, "Fri 27 Nov")[0] == "11:00–12:00"
    assert "Tor 3" in " ".join(below(lines, "Fri 27 Nov"))
    assert max(map(cell_len, lines)) <= width


def test_a_full_week_of_seven_days_is_readable_in_80_columns():
    entries = [entry(f"{day} 09:00", f"{day} 10:00", "Wartung") for day in range(23, 30)]

    lines = shown(entries, width=80)

    assert below(lines, "Sun 29 Nov")[:3] == ["09:00", "–10:00", "Wartung"]
    assert max(map(cell_len, lines)) <= 80


def test_in_a_narrow_terminal_the_days_are_a_list():
    first, second = entry("23 09:00", "23 10:00"), entry("25 07:00", "25 07:30", "Tor 3")

    lines = shown([first, second], width=60)

    assert lines.index("Mon 23 Nov") < lines.index("Wed 25 Nov")
    assert f"07:00–07:30 Tor 3 ({second.appointment_id})" in map(str.strip, lines)
    assert "nothing" in map(str.strip, lines)


def test_what_takes_whole_days_is_on_top_of_each_of_them():
    fair = entry("24 00:00", "26 00:00", "Messe", all_day=True)

    lines = shown([entry("24 07:00", "24 08:00"), fair])

    for day in ("Tue 24 Nov", "Wed 25 Nov"):
        assert below(lines, day)[0].startswith("all day")
    assert "Messe" not in " ".join(below(lines, "Thu 26 Nov"))


def test_whole_days_are_those_of_their_own_zone():
    fair = entry("24 00:00", "25 00:00", "Messe", all_day=True)
    reader = Reader("America/New_York", Language.ENGLISH, TUESDAY)

    lines = shown([fair], reader)

    assert "all day" in below(lines, "Tue 24 Nov")
    assert "all day" not in below(lines, "Mon 23 Nov")


def test_times_are_those_of_who_reads():
    reader = Reader("America/New_York", Language.ENGLISH, TUESDAY)

    assert "03:00–04:00" in below(shown([entry("24 09:00", "24 10:00")], reader), "Tue 24 Nov")


def test_what_goes_beyond_midnight_has_an_arrow_on_both_days():
    lines = shown([entry("24 22:00", "25 06:00"), entry("26 20:00", "27 00:00")])

    assert below(lines, "Tue 24 Nov")[0] == "22:00→"
    assert below(lines, "Wed 25 Nov")[0] == "→06:00"
    assert below(lines, "Thu 26 Nov")[0] == "20:00–00:00"
    assert below(lines, "Fri 27 Nov") == []


def test_a_moment_has_one_time():
    assert below(shown([entry("24 09:00", "24 09:00")]), "Tue 24 Nov")[0] == "09:00"


def test_what_is_done_is_marked_and_conflicts_with_nothing():
    done, open_one = entry("24 09:00", "24 10:00", done=True), entry("24 09:30", "24 10:30")

    column = below(shown([done, open_one]), "Tue 24 Nov")

    assert column[1] == f"✓ Halle 2 ({done.appointment_id})"
    assert column[3] == f"Halle 2 ({open_one.appointment_id})"


def test_what_overlaps_is_marked():
    lines = shown([entry("24 09:00", "24 10:00", "Eins"), entry("24 09:30", "24 10:30", "Zwei")])

    column = below(lines, "Tue 24 Nov")
    assert column[0] == "09:00–10:00"
    assert column[1].startswith("! Eins")
    assert column[3].startswith("! Zwei")


@pytest.mark.rule("L9")
def test_of_what_the_reader_may_not_see_only_its_time_is_shown():
    lines = shown([entry("24 09:00", "24 10:00", "", busy=True)])

    assert below(lines, "Tue 24 Nov") == ["09:00–10:00", "busy"]


@pytest.mark.parametrize(
    ("reader", "today"), [(IN_ENGLISH, "Tue 24 Nov today"), (IN_GERMAN, "Di 24.11. heute")]
)
def test_today_is_marked_in_the_readers_language(reader, today):
    assert any(today in line for line in shown([], reader))


@pytest.mark.parametrize(("day", "is_shown"), [("27", False), ("28", True), ("29", True)])
def test_saturday_and_sunday_are_shown_where_there_is_something(day, is_shown):
    lines = shown([entry(f"{day} 09:00", f"{day} 10:00")])

    assert any("Sat" in line or "Sun" in line for line in lines[1:]) is is_shown


@pytest.mark.rule("L8")
def test_a_plan_draws_each_appointment_over_its_hours():
    lines = planned([entry("24 09:00", "24 17:00", "Wartung")], [])

    hours, anna, jonas = lines[1], lines[2], lines[3]
    assert anna.startswith("Anna")
    assert anna.index("[") == hours.index("09")
    assert anna.index("]") == hours.index("17") - 1
    assert "[Wartung" in anna
    assert "[" not in jonas
    assert lines[-1] == "No conflicts."


def test_a_label_that_does_not_fit_into_its_bar_stands_beside_it():
    lines = planned([entry("24 09:00", "24 09:30", "Wartung der Anlage")])

    assert "] Wartung der Anlage" in lines[2]


def test_what_has_no_room_beside_another_one_is_drawn_below_it():
    lines = planned([entry("24 09:00", "24 09:30", "Eins"), entry("24 09:30", "24 10:00", "Zwei")])

    assert "Eins" in lines[2]
    assert "Zwei" in lines[3]
    assert not lines[3].startswith("Anna")
    assert "!" not in "".join(lines)


@pytest.mark.parametrize(
    ("begins", "ends", "first", "last"),
    [
        ("24 09:00", "24 10:00", "07", "17"),
        ("24 05:30", "24 06:00", "05", "17"),
        ("24 20:00", "24 20:15", "07", "20"),
        ("23 22:00", "24 02:00", "00", "17"),
        ("24 22:00", "25 02:00", "07", "23"),
        ("24 00:00", "25 00:00", "07", "17"),
    ],
)
def test_a_plan_shows_the_office_hours_and_every_hour_that_is_needed(begins, ends, first, last):
    lines = planned([entry(begins, ends)])

    hours = lines[1].split()
    assert (hours[0], hours[-1]) == (first, last)


@pytest.mark.parametrize(
    ("begins", "ends", "bar"), [("23 22:00", "24 12:00", "‹"), ("24 09:00", "25 12:00", "›")]
)
def test_a_bar_that_goes_beyond_the_day_has_an_angle(begins, ends, bar):
    assert bar in planned([entry(begins, ends)])[2]


@pytest.mark.rule("L8")
def test_conflicts_of_people_and_of_equipment_are_marked_and_told():
    one, other = entry("24 09:00", "24 12:00", "Eins"), entry("24 11:00", "24 15:00", "Zwei")

    lines = planned([one, other], [one], things=[Row("Transporter", [one, other])])

    both = f"Tue 24 Nov 11:00–12:00: Eins ({one.appointment_id}) / Zwei ({other.appointment_id})"
    assert lines[-3:] == ["Conflicts", f"! Anna, {both}", f"! Transporter, {both}"]
    assert "[! Eins" in lines[2]
    assert "[! Zwei" in lines[3]
    assert "[Eins" in lines[4]
    assert lines[5] == "Equipment"


@pytest.mark.parametrize("width", [40, 80, 100, 200])
def test_a_plan_fits_its_terminal(width):
    long = entry("24 00:30", "24 23:30", "Ein sehr langer Matchcode, der nirgends passt")
    busy = [long, *(entry(f"24 {hour:02}:00", f"24 {hour:02}:20") for hour in range(24))]

    lines = planned(busy, width=width)

    drawn = lines[1 : lines.index("Conflicts")]
    assert max(map(cell_len, drawn)) <= max(width, 8 + 1 + 48)


@pytest.mark.rule("L8")
@pytest.mark.parametrize("width", [80, 100])
def test_a_week_of_the_plan_has_a_row_for_each_one(width):
    one, other = entry("24 09:00", "24 12:00", "Eins"), entry("24 11:00", "24 15:00", "Zwei")
    plan = Plan([Row("Anna", [one, other])], [Row("Transporter", [one])])

    lines = printed(week_plan(MONDAY, plan, IN_GERMAN, width), width)

    [annas] = [position for position, line in enumerate(lines) if line.startswith("│Anna")]
    [vans] = [position for position, line in enumerate(lines) if line.startswith("│Transporter")]
    assert "09:00–12:00" in lines[annas]
    assert "! Eins" in lines[annas + 1]
    assert "09:00–12:00" in lines[vans]
    assert "│Eins" in lines[vans + 1]
    assert "Konflikte" in lines
    assert max(map(cell_len, lines)) <= width


def test_where_a_week_has_no_room_side_by_side_its_days_are_drawn_below_one_another():
    entries = [entry(f"{day} 09:00", f"{day} 17:00", "Dienst") for day in range(23, 30)]
    plan = Plan([Row("Anna", entries)], [])

    lines = printed(week_plan(MONDAY, plan, IN_ENGLISH, 80), 80)

    drawn = [line for line in lines if line.startswith("Anna") and "[Dienst" in line]
    assert len(drawn) == 7
    assert lines.index("Tue 24 Nov today") < lines.index("Sun 29 Nov")
    assert max(map(cell_len, lines)) <= 80


def test_no_matchcode_is_obeyed_by_a_terminal():
    lines = shown([entry("24 09:00", "24 10:00", "[bold]x[/bold]\x1b[31m")], width=160)

    assert "[bold]x[/bold]" in "".join(lines)
    assert "\x1b" not in "".join(lines)
