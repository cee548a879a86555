"""The staff plan as a button: who and what is needed in a week, as all may see it (L8, L9)."""

import asyncio
from datetime import date, datetime, time, timedelta
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from domain.calendar_words import words
from domain.entered import Day
from domain.errors import KontaktwerkError
from domain.forms import MaybeOneLine
from domain.zones import instant, wall
from flows.pressing import completed
from flows.refusing import reasons, refused
from tasks.list_artifacts import STAFF_PLAN, show_markdown
from tasks.settings import settings
from tasks.staff_plan_text import staff_plan_text
from tasks.store.database import store
from tasks.store.staff_plan import equipment_rows, staff_rows

WEEK = timedelta(days=7)


@flow(name="staff-plan", flow_run_name="staff plan")
async def staff_plan(first_day: Day | None = None, team: MaybeOneLine = "") -> State[Any]:
    """Show what all employees do in a week, side by side, and what equipment is booked for.

    Args:
        first_day: The first of its seven days. Left empty: today.
        team: Only the members of a team, by its name.
    """
    zone = settings().zone
    day = first_day or wall(store().now(), zone).date()
    try:
        plan = await asyncio.to_thread(_read, day, zone, team or None)
    except KontaktwerkError as error:
        return refused(reasons(error))
    await show_markdown(STAFF_PLAN, plan, f"The week from {day} on; what is private is busy.")
    return completed([f"the staff plan from {day} on"])


def _read(first: date, zone: str, team: str | None) -> str:
    begin, end = (instant(datetime.combine(each, time()), zone) for each in (first, first + WEEK))
    staff = staff_rows(store(), None, begin, end, team)
    things = equipment_rows(store(), None, begin, end)
    return staff_plan_text(first, [*staff, *things], zone, words(settings().language))
