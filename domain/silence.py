"""Noticing that a mail account which brought mail daily brings none any more.

Broken forwarding or a full mailbox at the provider looks like a quiet day: the login works,
nothing fails, and nothing comes.
"""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from itertools import groupby, islice

HABIT_DAYS = 7  # working days looked at
DAYS_WITH_MAIL = 5  # of these, for an account to count as one with daily mail

_DAY = timedelta(days=1)
_SATURDAY = 5


def is_silent(
    days_with_mail: Collection[date], today: date, days_off: Collection[date] = ()
) -> bool:
    """Tell whether an account with daily mail has fallen silent."""
    return silent_since(days_with_mail, today, days_off) is not None


def silent_since(
    days_with_mail: Collection[date], today: date, days_off: Collection[date] = ()
) -> date | None:
    """Give the last day with mail of an account that has fallen silent since; None if it has not.

    Silent is: more whole working days without mail than ever in a row within the habit. Today
    is not over and counts only if it brought mail; weekends and days off do not count.
    """
    mailed = frozenset(days_with_mail)
    last = max(mailed, default=today)
    habit = list(islice(_working_days_back(last, days_off), HABIT_DAYS))
    if len(mailed.intersection(habit)) < DAYS_WITH_MAIL:
        return None
    patience = _longest_gap(habit, mailed)
    quiet = islice(_working_days_after(last, today, days_off), patience + 1)
    return last if len(list(quiet)) > patience else None


def _longest_gap(days: Collection[date], mailed: frozenset[date]) -> int:
    runs = groupby(days, key=lambda day: day in mailed)
    return max((len(list(run)) for brought, run in runs if not brought), default=0)


def _working_days_back(day: date, days_off: Collection[date]) -> Iterator[date]:
    while True:
        if _is_working_day(day, days_off):
            yield day
        day -= _DAY


def _working_days_after(last: date, today: date, days_off: Collection[date]) -> Iterator[date]:
    days = (last + _DAY * ahead for ahead in range(1, (today - last).days))
    return (day for day in days if _is_working_day(day, days_off))


def _is_working_day(day: date, days_off: Collection[date]) -> bool:
    return day.weekday() < _SATURDAY and day not in days_off
