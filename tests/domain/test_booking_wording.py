"""Each reason against an appointment is said in both languages, with what it is about."""

import pytest

from domain.appointments import BookingReason
from domain.refusals import Refusal
from domain.wording import Language, refusal_sentence

ABOUT_SOMETHING = {
    BookingReason.UNKNOWN_ZONE,
    BookingReason.EMPLOYEE_UNKNOWN,
    BookingReason.EMPLOYEE_LEFT,
    BookingReason.EQUIPMENT_UNKNOWN,
    BookingReason.EQUIPMENT_GONE,
    BookingReason.CASE_UNKNOWN,
    BookingReason.CONTACT_UNKNOWN,
    BookingReason.BAD_GUEST,
    BookingReason.BAD_RULE,
    BookingReason.TOO_MANY,
    BookingReason.OFF_THE_RULE,
    BookingReason.ALARM_OF_ONE_AFTER_END,
    BookingReason.NO_SUCH_OCCURRENCE,
    BookingReason.RESPONSIBLE_STAYS,
}


@pytest.mark.rule("X4")
@pytest.mark.parametrize("reason", BookingReason)
@pytest.mark.parametrize("language", Language)
def test_every_reason_has_a_sentence_that_names_what_it_is_about(reason, language):
    sentence = refusal_sentence(Refusal(reason, "{4711}"), language)

    assert sentence.endswith(".")
    assert ("{4711}" in sentence) == (reason in ABOUT_SOMETHING)


@pytest.mark.parametrize("reason", BookingReason)
def test_the_two_languages_differ(reason):
    refusal = Refusal(reason, "4711")

    english, german = (refusal_sentence(refusal, language) for language in Language)

    assert english != german
