"""What people read when a contact is not sent."""

import pytest

from domain.refusals import Refusal
from domain.sending import Ask, Judgement, Question, Reason
from domain.wording import (
    Language,
    failure_notice,
    question_sentence,
    refusal_sentence,
    sentences,
)

ENGLISH, GERMAN = Language
languages = pytest.mark.parametrize("language", Language)


@pytest.mark.rule("X4")
@languages
@pytest.mark.parametrize("reason", Reason)
def test_each_reason_is_a_sentence_in_both_languages(reason, language):
    sentence = refusal_sentence(Refusal(reason, "Petra"), language)

    assert sentence.endswith(".")
    assert "{" not in sentence
    assert sentence != refusal_sentence(Refusal(reason, "Petra"), _other(language))


@languages
@pytest.mark.parametrize("about", ["", "0151"])
@pytest.mark.parametrize("ask", Ask)
def test_each_question_is_a_question_in_both_languages(ask, about, language):
    sentence = question_sentence(Question(ask, about), language)

    assert sentence.endswith("?")
    assert "{" not in sentence
    assert "“”" not in sentence
    assert "„“" not in sentence
    assert sentence != question_sentence(Question(ask, about), _other(language))


@languages
@pytest.mark.parametrize("about", ["{about}", "{0}", "{", "}{about.__class__}"])
def test_braces_in_what_a_refusal_is_about_are_shown_as_they_are(about, language):
    assert about in refusal_sentence(Refusal(Reason.BAD_ADDRESS, about), language)
    assert about in question_sentence(Question(Ask.WHICH_NUMBER, about), language)
    assert about in failure_notice(about, [(about, about)], language).matchcode


@pytest.mark.rule("X4")
def test_everything_is_said_the_reasons_before_the_questions():
    judgement = Judgement(
        (Refusal(Reason.NO_RECIPIENT), Refusal(Reason.ALREADY_SENT)),
        (Question(Ask.EMPTY_SUBJECT),),
    )

    said = sentences(judgement)

    assert said == [
        "The contact has no recipient.",
        "The contact was sent by e-mail, SMS or fax already.",
        "The matchcode is empty (and mail without a subject may be taken for spam). Send anyway?",
    ]


@languages
def test_an_author_is_told_who_was_not_reached_and_why(language):
    notice = failure_notice("Angebot", [("Petra", "550 no such user"), ("Uwe", "late")], language)

    assert notice.matchcode.endswith(": Angebot")
    assert notice.text.splitlines()[1:] == ["- Petra: 550 no such user", "- Uwe: late"]
    assert notice.html is None


def _other(language: Language) -> Language:
    return GERMAN if language is ENGLISH else ENGLISH
