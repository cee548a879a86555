"""May customers see this contact, and when is it withdrawn by itself?"""

from typing import Any

import pytest

from domain.contacts import ContactStatus
from domain.directory import CaseKind
from domain.publishing import (
    Caution,
    CautionKind,
    Publishable,
    PublishingReason,
    Toggled,
    Withdrawn,
    reasons_not_to_publish,
    reasons_not_to_withdraw,
    why_withdrawn,
)
from domain.publishing_texts import (
    HISTORY_WORDS,
    Told,
    became,
    caution_sentence,
    our_side,
    told,
    withdrawn_by_itself,
)
from domain.refusals import Refusal
from domain.sending import EDIT_OTHERS, PERMISSION, Actor, Reason
from domain.wording import Language, refusal_sentence

JONAS = Actor(2, frozenset({PERMISSION}))
GUEST = Actor(4, frozenset())
languages = pytest.mark.parametrize("language", Language)


def contact(**changes: Any) -> Publishable:
    usual: dict[str, Any] = {
        "creator_id": JONAS.id,
        "status": ContactStatus.CREATED,
        "private": False,
        "main_case": CaseKind.SERVICE_CALL,
        "files": frozenset({0, 1}),
    }
    return Publishable(**{**usual, **changes})


@pytest.mark.rule("P1")
@pytest.mark.parametrize("kind", [*(set(CaseKind) - {CaseKind.SERVICE_CALL}), None])
def test_only_a_service_calls_contacts_are_published(kind):
    reasons = reasons_not_to_publish(contact(main_case=kind), JONAS)

    assert reasons == [Refusal(PublishingReason.NO_SERVICE_CALL)]


@pytest.mark.rule("P2")
@pytest.mark.parametrize(
    ("status", "reasons"),
    [
        (ContactStatus.CREATED, []),
        (ContactStatus.DONE, []),
        (ContactStatus.IN_PROGRESS, [Refusal(PublishingReason.STATUS_FORBIDS)]),
        (ContactStatus.DISCARDED, [Refusal(PublishingReason.STATUS_FORBIDS)]),
    ],
)
def test_only_created_and_done_contacts_are_published(status, reasons):
    assert reasons_not_to_publish(contact(status=status), JONAS) == reasons


@pytest.mark.rule("P4", "L9")
def test_a_private_contact_is_never_published():
    reasons = reasons_not_to_publish(contact(private=True), JONAS)

    assert reasons == [Refusal(PublishingReason.IS_PRIVATE)]


@pytest.mark.rule("X2")
def test_who_publishes_needs_the_permissions_of_who_sends():
    assert reasons_not_to_publish(contact(), GUEST) == [
        Refusal(Reason.NO_PERMISSION),
        Refusal(Reason.NOT_THE_AUTHOR),
    ]
    assert reasons_not_to_publish(contact(creator_id=None), JONAS) == [
        Refusal(Reason.NOT_THE_AUTHOR)
    ]
    everybodys = Actor(9, frozenset({PERMISSION, EDIT_OTHERS}))
    assert reasons_not_to_publish(contact(creator_id=None), everybodys) == []


def test_files_that_are_not_there_are_refused_one_by_one():
    reasons = reasons_not_to_publish(contact(), JONAS, (7, 1, 5, 7))

    assert reasons == [
        Refusal(PublishingReason.FILE_UNKNOWN, "5"),
        Refusal(PublishingReason.FILE_UNKNOWN, "7"),
    ]


@pytest.mark.rule("P1", "P2", "P4", "X4")
def test_every_reason_is_said_at_once():
    hopeless = contact(main_case=None, status=ContactStatus.DISCARDED, private=True)

    reasons = [each.reason for each in reasons_not_to_publish(hopeless, GUEST, [3])]

    assert reasons == [Reason.NO_PERMISSION, Reason.NOT_THE_AUTHOR, *PublishingReason]


@pytest.mark.rule("P3")
def test_nothing_but_permissions_keeps_anybody_from_withdrawing():
    assert reasons_not_to_withdraw(JONAS, JONAS.id) == []
    assert [each.reason for each in reasons_not_to_withdraw(GUEST, JONAS.id)] == [
        Reason.NO_PERMISSION,
        Reason.NOT_THE_AUTHOR,
    ]


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({}, None),
        ({"status": ContactStatus.DONE}, None),
        ({"status": ContactStatus.IN_PROGRESS}, Withdrawn.STATUS),
        ({"main_case": CaseKind.ORDER}, Withdrawn.MOVED),
        ({"main_case": None}, Withdrawn.MOVED),
        ({"private": True, "status": ContactStatus.DISCARDED}, Withdrawn.PRIVATE),
    ],
)
def test_what_may_not_be_seen_any_more_is_withdrawn_by_itself(changes, because):
    assert why_withdrawn(contact(**changes), edited=False, moved=False) is because


def test_what_was_edited_or_moved_is_withdrawn_by_itself():
    assert why_withdrawn(contact(), edited=True, moved=False) is Withdrawn.EDITED
    assert why_withdrawn(contact(), edited=True, moved=True) is Withdrawn.MOVED


@pytest.mark.rule("X4")
@languages
@pytest.mark.parametrize("reason", PublishingReason)
def test_each_reason_is_a_sentence_in_both_languages(reason, language):
    sentence = refusal_sentence(Refusal(reason, "3"), language)

    assert sentence.endswith(".")
    assert "{" not in sentence
    assert sentence != refusal_sentence(Refusal(reason, "3"), _other(language))


@languages
@pytest.mark.parametrize("kind", CautionKind)
def test_each_caution_is_a_sentence_in_both_languages(kind, language):
    sentence = caution_sentence(Caution(kind, "{about}"), language)

    assert sentence.endswith((".", ": {about}."))
    assert sentence != caution_sentence(Caution(kind, "{about}"), _other(language))


@pytest.mark.rule("P3")
@languages
def test_how_a_contact_stands_and_whether_that_is_new_is_told(language):
    told_of = {
        became(Toggled(published, changed), 12, language)
        for published in (True, False)
        for changed in (True, False)
    }

    assert len(told_of) == 4
    assert all("12" in each for each in told_of)


@languages
def test_every_other_word_exists_in_both_languages(language):
    here, there = (
        {
            *(told(each, 1, spoken) for each in Told),
            *(withdrawn_by_itself(each, spoken) for each in Withdrawn),
            our_side(spoken),
            HISTORY_WORDS[spoken].title,
        }
        for spoken in (language, _other(language))
    )

    assert here.isdisjoint(there)


def _other(language: Language) -> Language:
    return Language.GERMAN if language is Language.ENGLISH else Language.ENGLISH
