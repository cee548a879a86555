"""An alarm tells what, when, where, with whom and for which case, and what to do about it."""

from dataclasses import replace
from datetime import datetime, timedelta
from time import process_time

import pytest

from domain.alarm_texts import AlarmFacts, alarm_texts
from domain.alarms import Origin
from domain.appointments import Period
from domain.wording import Language

ENGLISH, GERMAN = Language.ENGLISH, Language.GERMAN
QUICK = 3.0  # seconds for ten thousand; it takes about 0.5
VISIT = AlarmFacts(
    alarm_id=17,
    period=Period(
        datetime.fromisoformat("2026-11-25 09:00"),
        datetime.fromisoformat("2026-11-25 10:30"),
        "Europe/Berlin",
    ),
    zone="Europe/Berlin",
    responsible="Ada Berg",
    matchcode="Wartung Presse 4",
    text="Bitte Öl mitnehmen.\n",
    place="Halle 3",
    participants=("Jan Ott",),
    guests=("Eva Gast",),
    cases=("SC-1042 Fehler E17", "PR-7 Umbau"),
    contact="E-Mail: Presse steht",
    links=("https://erp.example/appointment/4",),
)
BARE = AlarmFacts(17, VISIT.period, "Europe/Berlin", "Ada Berg", "Kaffee")


@pytest.mark.rule("A4", "A7")
def test_everything_that_is_known_is_told():
    texts = alarm_texts(VISIT, GERMAN)

    assert texts.matchcode == "Termin: Wartung Presse 4"
    assert texts.html is None
    assert texts.text.splitlines() == [
        "Wartung Presse 4",
        "Wann: Mittwoch, 25. November 2026, 09:00–10:30 Uhr",
        "Wo: Halle 3",
        "Mit: Ada Berg (verantwortlich), Jan Ott",
        "Gäste: Eva Gast",
        "Vorgang: SC-1042 Fehler E17",
        "Vorgang: PR-7 Umbau",
        "Kontakt: E-Mail: Presse steht",
        "",
        "Bitte Öl mitnehmen.",
        "",
        "Links:",
        "https://erp.example/appointment/4",
        "",
        "Alarm 17. Gesehen: kontakt alarm acknowledge 17",
        "Noch einmal in 10 Minuten: kontakt alarm snooze 17 --minutes 10",
    ]


@pytest.mark.rule("A4")
def test_what_there_is_not_leaves_no_empty_lines():
    texts = alarm_texts(BARE, ENGLISH)

    assert texts.matchcode == "Appointment: Kaffee"
    assert texts.text.splitlines() == [
        "Kaffee",
        "When: Wednesday, 25 November 2026, 09:00–10:30",
        "With: Ada Berg (responsible)",
        "",
        "Alarm 17. You have seen it: kontakt alarm acknowledge 17",
        "Again in 10 minutes: kontakt alarm snooze 17 --minutes 10",
    ]


@pytest.mark.rule("A6")
@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (ENGLISH, "This alarm comes with 12 minutes' delay."),
        (GERMAN, "Dieser Alarm kommt mit 12 Minuten Verspätung."),
    ],
)
def test_a_late_alarm_says_how_late_it_is_and_one_in_time_does_not(language, expected):
    in_time = alarm_texts(VISIT, language).text
    late = alarm_texts(replace(VISIT, late=timedelta(minutes=12)), language).text

    assert expected in late.splitlines()
    assert expected not in in_time


@pytest.mark.parametrize(
    ("origin", "language", "title", "sentence"),
    [
        (Origin.SNOOZE, ENGLISH, "Appointment again: ", "You wanted to be told again."),
        (Origin.SNOOZE, GERMAN, "Termin, erneut: ", "Sie wollten noch einmal erinnert werden."),
        (
            Origin.ESCALATION,
            ENGLISH,
            "Appointment, not acknowledged yet: ",
            "You have not acknowledged the first alarm yet.",
        ),
        (
            Origin.ESCALATION,
            GERMAN,
            "Termin, noch nicht bestätigt: ",
            "Sie haben den ersten Alarm noch nicht bestätigt.",
        ),
    ],
)
def test_an_alarm_that_rings_again_says_why(origin, language, title, sentence):
    texts = alarm_texts(replace(VISIT, origin=origin), language)

    assert texts.matchcode == f"{title}Wartung Presse 4"
    assert sentence in texts.text.splitlines()


@pytest.mark.rule("A4")
def test_the_time_is_that_of_the_employees_own_zone():
    texts = alarm_texts(replace(VISIT, zone="America/New_York"), ENGLISH)

    assert (
        "When: Wednesday, 25 November 2026, 03:00–04:30 (America/New_York), "
        "that is Wednesday, 25 November 2026, 09:00–10:30 (Europe/Berlin)"
    ) in texts.text.splitlines()


@pytest.mark.parametrize("language", Language)
def test_braces_that_people_wrote_stay_as_they_are(language):
    texts = alarm_texts(replace(VISIT, matchcode="{0} {id} %s", text="{late}"), language)

    assert texts.matchcode.endswith(": {0} {id} %s")
    assert "{late}" in texts.text.splitlines()


def test_ten_thousand_are_written_quickly():
    began = process_time()

    for alarm_id in range(10_000):
        alarm_texts(replace(VISIT, alarm_id=alarm_id), GERMAN)

    assert process_time() - began < QUICK
