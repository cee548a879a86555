"""Guests' answers are read from calendars of every kind, and hostile ones cost nothing."""

from datetime import UTC, date, datetime
from time import process_time

import pytest

from domain.invitation_replies import LONGEST, MOST_EVENTS, invitation_replies
from domain.mail import Participation

ACCEPTED = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:petra@mueller.example"


def reply(*lines: str, method: str = "REPLY") -> str:
    """Write an answer."""
    begin = ["BEGIN:VCALENDAR", f"METHOD:{method}", "BEGIN:VEVENT", "UID:1@kontaktwerk"]
    return "\r\n".join([*begin, *lines, "END:VEVENT", "END:VCALENDAR", ""])


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("ACCEPTED", Participation.ACCEPTED),
        ("declined", Participation.DECLINED),
        ("TENTATIVE", Participation.TENTATIVE),
        ("DELEGATED", Participation.DELEGATED),
    ],
)
def test_an_answer_is_read(said, expected):
    lines = ["SEQUENCE:2", "DTSTAMP:20261123T090000Z", "COMMENT:Bis bald\\, Petra"]
    attendee = f'ATTENDEE;CN="Müller, Petra";PARTSTAT={said}:MAILTO:Petra@mueller.\r\n example'

    [found] = invitation_replies(reply(*lines, attendee))

    assert (found.uid, found.guest) == ("1@kontaktwerk", "Petra@mueller.example")
    assert (found.answer, found.sequence) == (expected, 2)
    assert found.written_at == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert (found.recurrence, found.comment) == (None, "Bis bald, Petra")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("RECURRENCE-ID:20261123T090000Z", datetime(2026, 11, 23, 9, tzinfo=UTC)),
        ("RECURRENCE-ID;VALUE=DATE:20261123", date(2026, 11, 23)),
        ("RECURRENCE-ID;TZID=Nowhere/Else:20261123T100000", datetime(2026, 11, 23, 10)),  # noqa: DTZ001 - by the appointment's clocks
    ],
)
def test_an_answer_can_be_for_one_occurrence(line, expected):
    [found] = invitation_replies(reply(line, ACCEPTED))

    assert found.recurrence == expected


def test_zones_are_known_by_the_names_of_other_programs():
    line = "RECURRENCE-ID;TZID=W. Europe Standard Time:20261123T100000"

    [found] = invitation_replies(reply(line, ACCEPTED))

    assert isinstance(found.recurrence, datetime)
    assert found.recurrence.astimezone(UTC) == datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_a_proposal_is_no_answer():
    [found] = invitation_replies(reply(ACCEPTED, method="COUNTER"))

    assert found.answer is None


@pytest.mark.parametrize(
    "calendar",
    [
        "",
        reply(ACCEPTED, method="REQUEST"),
        reply("ATTENDEE:mailto:petra@mueller.example"),
        reply("ATTENDEE;PARTSTAT=PERHAPS:mailto:petra@mueller.example"),
        reply("RECURRENCE-ID:99999999T999999", ACCEPTED),
        reply("RECURRENCE-ID:garbage", ACCEPTED),
        reply("RECURRENCE-ID;TZID=Asia/Tokyo:00010101T000000", ACCEPTED),
        reply("RECURRENCE-ID;TZID=America/New_York:99991231T235959", ACCEPTED),
        reply("RECURRENCE-ID:20261123T090000Z", "RECURRENCE-ID:20261124T090000Z", ACCEPTED),
        reply(ACCEPTED) + " " * LONGEST,
    ],
)
def test_what_is_no_answer_is_taken_for_none(calendar):
    assert invitation_replies(calendar) == ()


@pytest.mark.parametrize(
    ("line", "sequence"),
    [("SEQUENCE:-1", 0), ("SEQUENCE:many", 0), ("SEQUENCE:99999999999", 2**31 - 1)],
)
def test_an_odd_number_is_brought_down(line, sequence):
    [found] = invitation_replies(reply(line, ACCEPTED))

    assert found.sequence == sequence


@pytest.mark.parametrize("stamp", ["garbage", "20261123", "20261399T990000Z", "20261123T090000"])
def test_an_odd_date_is_none(stamp):
    [found] = invitation_replies(reply(f"DTSTAMP:{stamp}", ACCEPTED))

    assert found.written_at is None


def test_a_date_without_an_instant_is_none():
    [found] = invitation_replies(reply("DTSTAMP;TZID=Asia/Tokyo:00010101T000000", ACCEPTED))

    assert found.written_at is None


@pytest.mark.parametrize(
    "calendar",
    [
        reply(*[ACCEPTED] * 1_000),
        reply(ACCEPTED).replace("END:VCALENDAR", "BEGIN:VEVENT\n" * 4_000),
        "METHOD:REPLY\n" + "BEGIN:VEVENT\n" * 4_900,
        "METHOD:REPLY\n" + "BEGIN:VEVENT\nEND:VEVENT\n" * 2_600,
        "METHOD:REPLY\nBEGIN:VEVENT" + "\n" * 60_000,
        "METHOD:REPLY\nBEGIN:VEVENT\n" + "END:VEVENT " * 5_000,
        reply("ATTENDEE;" + 'X="a";' * 9_000 + "PARTSTAT=ACCEPTED:mailto:a@b.example"),
        reply("BEGIN:VTIMEZONE", "RRULE:FREQ=SECONDLY", "END:VTIMEZONE", ACCEPTED),
        "METHOD:REPLY" + "\n " * 30_000,
    ],
)
def test_a_hostile_calendar_costs_little(calendar):
    begin = process_time()

    found = invitation_replies(calendar)

    assert process_time() - begin < 2
    assert len(found) <= MOST_EVENTS * 100
