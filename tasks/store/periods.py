"""Periods and alarms, as rows keep them."""

from datetime import datetime, timedelta
from typing import Any

from domain.appointments import Alarm, Period
from tasks.store.overlapping import span_of


def period_row(period: Period) -> dict[str, Any]:
    """Write a period into an appointment's row."""
    return {
        "begins": period.begins,
        "ends": period.ends,
        "zone": period.zone,
        "all_day": period.all_day,
    }


def placed(period: Period) -> dict[str, Any]:
    """Write a period into an occurrence's row, with its instants beside it."""
    return {**period_row(period), **instants(period)}


def instants(period: Period) -> dict[str, Any]:
    """Derive what the rules of its zone make of a period."""
    begins_at, ends_at = period.begins_at, period.ends_at
    return {"begins_at": begins_at, "ends_at": ends_at, "span": span_of(begins_at, ends_at)}


def alarm_row(alarm: Alarm | None) -> dict[str, Any]:
    """Write an alarm into an occurrence's row."""
    if alarm is None:
        return {"alarm_lead": None, "alarm_at": None}
    if alarm.at is not None:
        return {"alarm_lead": None, "alarm_at": alarm.at}
    return {"alarm_lead": (alarm.lead or timedelta(0)) // timedelta(seconds=1), "alarm_at": None}


def period_of(row: Any) -> Period:
    """Read a period."""
    return Period(row.begins, row.ends, row.zone, row.all_day)


def alarm_of(row: Any) -> Alarm | None:
    """Read an occurrence's alarm."""
    if row.alarm_at is not None:
        return Alarm(at=row.alarm_at)
    return None if row.alarm_lead is None else Alarm(lead=timedelta(seconds=row.alarm_lead))


def due_at(row: Any) -> datetime | None:
    """Tell when an occurrence rings; None where it has no alarm, is done or cancelled (A5)."""
    alarm = alarm_of(row)
    return None if alarm is None or row.done or row.cancelled else alarm.due_at(period_of(row))
