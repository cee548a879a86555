"""What is different about a record, and what is said where somebody else was there before."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.changes import (
    Changed,
    ChangeReason,
    Difference,
    Edit,
    Stale,
    differences,
    reasons_not_to_overwrite,
    summed_up,
)
from domain.changes_wording import CHANGE_REFUSALS, FIELDS
from domain.errors import Refused
from domain.refusals import Refusal
from domain.wording import Language, refusal_sentence

NOON = datetime(2026, 11, 24, 12, 0)  # noqa: DTZ001 - what clocks on a wall show has no zone
MINUTE = timedelta(minutes=1)
facts = st.dictionaries(st.sampled_from("abcd"), st.none() | st.sampled_from("xyz"))


def changed(field: str, who: str | None = "Jonas Weber", at: datetime = NOON) -> Changed:
    return Changed(who, at, field, "before", "after")


def said(*edits: Edit, language: Language = Language.ENGLISH) -> str:
    stale = Stale(ChangeReason.STALE, edits=edits, today=NOON.date())
    return refusal_sentence(stale, language)


@given(before=facts, after=facts)
def test_the_differences_lead_from_what_was_to_what_is(before, after):
    told = differences(before, after)

    shown = {**before, **{each.field: each.after for each in told}}
    fields = {*before, *after}
    assert {field: shown.get(field) for field in fields} == {
        field: after.get(field) for field in fields
    }
    assert all(each.before == before.get(each.field) != each.after for each in told)


def test_nothing_is_different_about_what_is_the_same():
    assert differences({"text": None, "place": "a"}, {"place": "a", "text": None}) == []
    assert differences({"text": "a"}, {"text": "b"}) == [Difference("text", "a", "b")]


def test_who_changed_several_things_is_named_once_with_all_of_them_and_their_last_time():
    edits = summed_up(
        [
            changed("text"),
            changed("status", "Mia Krüger", NOON + MINUTE),
            changed("matchcode", at=NOON + 2 * MINUTE),
            changed("text", at=NOON + 2 * MINUTE),
        ]
    )

    assert edits == (
        Edit("Mia Krüger", NOON + MINUTE, ("status",)),
        Edit("Jonas Weber", NOON + 2 * MINUTE, ("text", "matchcode")),
    )


def test_what_nobody_changed_since_may_be_changed():
    assert reasons_not_to_overwrite([], NOON) == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            Language.ENGLISH,
            "Jonas Weber changed the matchcode and the text at 14:03; Mia Krüger changed the "
            "status, the cases and the begin on 2026-11-23 at 09:00: look at it again.",
        ),
        (
            Language.GERMAN,
            "Jonas Weber hat um 14:03 Uhr den Matchcode und den Text geändert; Mia Krüger hat am "
            "23.11.2026 um 09:00 Uhr den Status, die Vorgänge und den Beginn geändert: Bitte noch "
            "einmal ansehen.",
        ),
    ],
)
def test_a_stale_edit_is_told_who_changed_what_and_when(language, sentence):
    jonas = Edit("Jonas Weber", NOON.replace(hour=14, minute=3), ("matchcode", "text"))
    mia = Edit("Mia Krüger", NOON.replace(day=23, hour=9), ("status", "cases", "begin"))

    assert said(jonas, mia, language=language) == sentence


def test_what_no_employee_changed_is_kontaktwerks():
    assert said(Edit(None, NOON, ("due",))).startswith("Kontaktwerk changed the due time at 12:00")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", ["{about}", "{0}", "{", "}{about.__class__}"])
def test_braces_in_a_name_are_shown_as_they_are(name, language):
    assert name in said(Edit(name, NOON, (name,)), language=language)


@pytest.mark.parametrize("reason", ChangeReason)
def test_each_reason_is_a_sentence_in_both_languages(reason):
    english, german = (refusal_sentence(Refusal(reason, "K-1"), each) for each in Language)

    assert english.endswith(".")
    assert german.endswith(".")
    assert english != german
    assert set(CHANGE_REFUSALS) == set(ChangeReason)


def test_each_field_has_a_name_in_both_languages():
    assert all(english and german and english != german for english, german in FIELDS.values())


def test_a_refusal_says_it_as_an_error_too():
    error = Refused(reasons_not_to_overwrite([changed("text")], NOON))

    assert str(error) == "Jonas Weber changed the text at 12:00: look at it again."
