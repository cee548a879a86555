from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from threading import Barrier
from time import sleep as time_passes
from zoneinfo import ZoneInfo

import pytest
from holidays.countries import Germany
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import due_times
from domain.due_times import Calendar, Offset, Unit, due_at, offset
from domain.errors import ConfigurationError

BERLIN = ZoneInfo("Europe/Berlin")
CALENDAR = Calendar("Europe/Berlin", "DE", "BE")


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("30 minutes", Offset(30, Unit.MINUTES)),
        ("1 hour", Offset(1, Unit.HOURS)),
        (" 2 Days ", Offset(2, Unit.DAYS)),
        ("1 week", Offset(1, Unit.WEEKS)),
        ("1000 business  days", Offset(1_000, Unit.BUSINESS_DAYS)),
    ],
)
def test_a_length_of_time_is_read(text, read):
    assert offset(text) == read


@pytest.mark.parametrize(
    "text", ["", "soon", "0 days", "-1 day", "1.5 hours", "1001 days", "4 business hours", "٣ days"]
)
def test_what_is_no_length_of_time_is_refused_with_examples(text):
    with pytest.raises(ValueError, match="3 business days"):
        offset(text)


@settings(deadline=None)  # a first time loads more
@given(st.integers(1, 1_000), st.sampled_from(Unit))
def test_a_length_of_time_that_is_written_reads_the_same(number, unit):
    length = Offset(number, unit)

    assert offset(str(length)) == length


@pytest.mark.rule("W2")
@pytest.mark.parametrize(
    ("length", "since", "due"),
    [
        ("4 hours", "2026-11-27 22:00", "2026-11-28 02:00"),
        ("4 hours", "2026-10-25 01:00", "2026-10-25 04:00"),  # clocks are put back at three
        ("1 day", "2026-10-24 09:00", "2026-10-25 09:00"),  # 25 hours
        ("1 day", "2027-03-27 02:30", "2027-03-28 03:30"),  # clocks leave out 02:30
        ("2 weeks", "2026-12-20 12:00", "2027-01-03 12:00"),
        ("1 business day", "2026-11-23 09:00", "2026-11-24 17:00"),
        ("1 business day", "2026-11-27 18:00", "2026-11-30 17:00"),  # over the weekend
        ("1 business day", "2026-11-28 10:00", "2026-11-30 17:00"),  # from within it
        ("3 business days", "2026-12-23 09:00", "2026-12-29 17:00"),  # over Christmas
        ("1 business day", "2027-03-05 09:00", "2027-03-09 17:00"),  # 8 March is Berlin's own
        ("1 business day", "2026-12-31 23:59", "2027-01-04 17:00"),
    ],
)
def test_it_is_due_when_a_person_would_say(length, since, due):
    result = due_at(offset(length), berlin(since), CALENDAR)

    assert result == berlin(due)


def test_another_state_has_other_business_days():
    bavaria = Calendar("Europe/Berlin", "DE", "BY")

    result = due_at(offset("1 business day"), berlin("2027-03-05 09:00"), bavaria)

    assert result == berlin("2027-03-08 17:00")


def test_a_country_s_own_weekend_is_no_business():
    israel = Calendar("Asia/Jerusalem", "IL")
    thursday = datetime(2026, 11, 26, 10, tzinfo=ZoneInfo("Asia/Jerusalem"))

    result = due_at(offset("1 business day"), thursday, israel)

    assert result == datetime(2026, 11, 29, 17, tzinfo=ZoneInfo("Asia/Jerusalem"))  # a Sunday


def test_a_country_that_is_none_is_said():
    with pytest.raises(ConfigurationError, match="country XX, state none"):
        due_at(offset("1 business day"), berlin("2026-11-23 09:00"), Calendar("UTC", "XX"))


@pytest.mark.parametrize("length", ["1 day", "1 business day"])
def test_a_given_time_of_day_is_kept(length):
    result = due_at(offset(length), berlin("2026-11-23 18:00"), CALENDAR, time(8, 30))

    assert result == berlin("2026-11-24 08:30")


def test_the_day_is_the_one_of_the_zone():
    just_after_midnight = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)

    result = due_at(offset("1 business day"), just_after_midnight, CALENDAR)

    assert result == berlin("2026-11-25 17:00")


class Slow(Germany):
    """A calendar that takes its time to fill a year in."""

    def _populate(self, year: int) -> None:
        time_passes(0.05)
        super()._populate(year)


@pytest.mark.rule("W2")
def test_two_who_ask_at_once_for_a_year_get_its_holidays_both(monkeypatch):
    calendar, together = Slow(), Barrier(2)
    monkeypatch.setattr(due_times, "_business_calendar", lambda *_: calendar)

    def asked(_: int) -> datetime:
        together.wait(60)
        return due_at(offset("1 business day"), berlin("2026-12-24 09:00"), CALENDAR)

    with ThreadPoolExecutor(2) as planners:
        due = list(planners.map(asked, range(2)))

    assert due == [berlin("2026-12-28 17:00")] * 2


@settings(deadline=None)  # a first time loads more
@given(
    st.integers(1, 300),
    st.sampled_from(Unit),
    st.integers(0, 2**31).map(lambda second: datetime.fromtimestamp(second, UTC)),
)
def test_what_is_longer_is_never_due_earlier(number, unit, since):
    due = due_at(Offset(number, unit), since, CALENDAR)
    later = due_at(Offset(number + 1, unit), since, CALENDAR)

    assert since < due < later
    assert due.utcoffset() == timedelta(0)
