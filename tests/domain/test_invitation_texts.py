"""Letters to guests, and what employees are told, in both languages."""

import pytest
from calendar_events import HOUR, later, period

from domain.invitation_texts import (
    MOST_TIMES,
    AnswerFacts,
    LetterFacts,
    answer_notice,
    guest_letter,
    untold_notice,
)
from domain.invitations import Tidings
from domain.mail import Participation
from domain.wording import Language

ENGLISH, GERMAN = Language.ENGLISH, Language.GERMAN


def facts(tidings: Tidings = Tidings.INVITED, periods=(HOUR,), place: str = "Halle 2"):
    address = "service@firm.example"
    return LetterFacts(tidings, "Wartung", place, periods, "Jonas Weber", address)


@pytest.mark.parametrize(
    ("tidings", "language", "subject"),
    [
        (Tidings.INVITED, ENGLISH, "Invitation: Wartung"),
        (Tidings.INVITED, GERMAN, "Einladung: Wartung"),
        (Tidings.CHANGED, ENGLISH, "Changed: Wartung"),
        (Tidings.CHANGED, GERMAN, "Geändert: Wartung"),
        (Tidings.PARTLY_OFF, ENGLISH, "Partly cancelled: Wartung"),
        (Tidings.PARTLY_OFF, GERMAN, "Teilweise abgesagt: Wartung"),
        (Tidings.REST_OFF, ENGLISH, "Cancelled: Wartung"),
        (Tidings.REST_OFF, GERMAN, "Abgesagt: Wartung"),
        (Tidings.OFF, ENGLISH, "Cancelled: Wartung"),
        (Tidings.OFF, GERMAN, "Abgesagt: Wartung"),
    ],
)
def test_a_letters_subject_says_what_it_is_about(tidings, language, subject):
    assert guest_letter(facts(tidings), language).matchcode == subject


def test_a_letter_says_what_when_where_and_who():
    text = guest_letter(facts(), GERMAN).text

    assert "Was: Wartung\nWann: " in text
    assert "10:00" in text
    assert "(Europe/Berlin)\nWo: Halle 2\nEs lädt ein: Jonas Weber (service@firm.example)" in text


def test_a_letter_without_a_place_says_nothing_of_it():
    assert "Where" not in guest_letter(facts(place=""), ENGLISH).text


@pytest.mark.parametrize(("count", "shown", "more"), [(1, 1, ""), (10, 10, ""), (12, 10, "and 2 ")])
def test_of_a_long_series_the_first_times_are_listed(count, shown, more):
    periods = [later(HOUR, days=7 * week) for week in range(count)]

    text = guest_letter(facts(periods=periods), ENGLISH).text

    assert text.count("When: ") == shown <= MOST_TIMES
    assert more in text
    assert ("more times" in text) is bool(more)


@pytest.mark.parametrize("tidings", [Tidings.OFF, Tidings.REST_OFF, Tidings.PARTLY_OFF])
def test_what_is_off_asks_for_no_answer(tidings):
    assert "answer" not in guest_letter(facts(tidings), ENGLISH).text


def test_whole_days_have_no_zone():
    days = period("2026-12-24", "2026-12-25", all_day=True)

    assert "Berlin" not in guest_letter(facts(periods=[days]), ENGLISH).text


@pytest.mark.parametrize("answer", [*Participation, None])
@pytest.mark.parametrize("language", Language)
def test_every_answer_has_its_words(answer, language):
    notice = answer_notice(AnswerFacts("Petra", "Wartung", answer, [HOUR], "Bis bald"), language)

    assert notice.matchcode.startswith("Petra ")
    assert notice.matchcode.endswith(": Wartung")
    assert "Bis bald" in notice.text


@pytest.mark.parametrize(
    ("language", "subject", "why"),
    [
        (ENGLISH, "Petra accepts (before it was moved): Wartung", "not to the times"),
        (GERMAN, "Petra sagt zu (vor der Verschiebung): Wartung", "nicht den jetzigen Zeiten"),
    ],
)
def test_an_answer_to_another_time_says_so(language, subject, why):
    answer = AnswerFacts("Petra", "Wartung", Participation.ACCEPTED, [HOUR], outdated=True)

    notice = answer_notice(answer, language)

    assert notice.matchcode == subject
    assert why in notice.text


def test_guests_who_could_not_be_written_to_are_named():
    notice = untold_notice("Wartung", ["petra@mueller.example"], GERMAN)

    assert notice.matchcode == "Gäste nicht angeschrieben: Wartung"
    assert "- petra@mueller.example" in notice.text
