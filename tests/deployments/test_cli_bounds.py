"""Numbers and times that nothing can be reckoned with end in one clear line."""

from pathlib import Path

import pytest
from command_line import kontakt, sending_store

HUGE = "99999999999999999999"  # more than 64 bits
ME = ("--as", "1002")
BOOKING = ("appointment", "new", *ME, "--matchcode", "x", "--begin")
TIME = "2026-12-01 10:00"


@pytest.fixture(autouse=True)
def _store(sqlite_template: Path) -> None:
    sending_store(sqlite_template)


@pytest.mark.parametrize("number", [HUGE, "9223372036854775808", "x", "1.5", "９", "9" * 5_000])
def test_what_is_no_records_number_is_named(number):
    said = kontakt("appointment", "show", number, *ME)

    assert (said.code, said.err) == (2, f"kontakt: {number} is no number such as 42\n")


@pytest.mark.parametrize(
    "command",
    [
        ("alarm", "acknowledge", HUGE, *ME),
        ("alarm", "snooze", HUGE, *ME),
        ("appointment", "alarm", HUGE, "begin", *ME),
        ("appointment", "done", HUGE, *ME),
        ("appointment", "list", "--contact", HUGE, *ME),
        (*BOOKING, TIME, "--contact", HUGE),
        ("contact", "edit", HUGE, *ME, "--text", "x"),
        ("contact", "new", *ME, "--answers", HUGE),
        ("contact", "raw", HUGE, "x.eml"),
        ("contact", "send", HUGE, *ME),
        ("contact", "send", "1", *ME, "--recipient", HUGE),
        ("contact", "show", HUGE),
        ("contact", "status", HUGE, "done", *ME),
        ("dispatch", "cancel", HUGE, *ME),
        ("dispatch", "later", HUGE, "2026-11-24T09:00", *ME),
        ("dispatch", "resend", HUGE, *ME),
        ("dispatch", "show", HUGE),
        ("message", "read", HUGE, *ME),
        ("quarantine", "retry", "1", HUGE),
        ("quarantine", "show", HUGE),
        ("review", "decide", HUGE, "SC-1042"),
        ("review", "show", HUGE),
        ("todo", "comment", HUGE, "x", *ME),
        ("todo", "divide", HUGE, "x", *ME),
        ("todo", "done", HUGE, *ME),
        ("todo", "edit", HUGE, *ME, "--text", "x"),
        ("todo", "new", "x", *ME, "--part-of", HUGE),
        ("todo", "show", HUGE),
        ("workflow", "end", HUGE, *ME),
        ("workflow", "retry", HUGE, *ME),
        ("workflow", "show", "complaint", "--version", HUGE),
    ],
)
def test_every_command_takes_numbers_that_there_can_be(command):
    said = kontakt(*command)

    assert (said.code, said.err) == (2, f"kontakt: {HUGE} is no number such as 42\n")


@pytest.mark.parametrize(
    "command",
    [
        (*BOOKING, "9999-12-31 23:30"),
        (*BOOKING, "9999-12-31", "--all-day"),
        (*BOOKING, "0001-01-01 00:00"),
        (*BOOKING, TIME, "--zone", "Asia/Tokyo", "--end", "0001-01-01 00:00"),
        (*BOOKING, TIME, "--alarm", "9999-12-31 23:30"),
        (*BOOKING, TIME, "--alarm", "9999999999999d"),
        ("calendar", *ME, "--week", "9999-W52", "--next"),
        ("calendar", *ME, "--week", "9999-W53"),
        ("calendar", *ME, "--week", "0001-W01"),
        ("staff-plan", *ME, "--day", "9999-12-31"),
        ("staff-plan", *ME, "--week", "9999-W52"),
        ("todo", "new", "x", *ME, "--due", "9999-12-31"),
        ("dispatch", "later", "1", "--not-before", "9999-12-31T23:59", *ME),
        ("contact", "send", "1", *ME, "--not-before", "9999-12-31T23:59"),
    ],
)
def test_every_command_takes_times_that_there_can_be(command):
    said = kontakt(*command)

    assert said.code == 2
    assert said.err.startswith("kontakt: ")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(
    "option", [("--rule", "FREQ=DAILY;UNTIL=99991231T235959Z"), ("--alarm", "999999w")]
)
def test_what_goes_too_far_is_refused(option):
    said = kontakt(*BOOKING, TIME, *option)

    assert said.code == 1
    assert said.err.count("\n") == 1
