"""Sender, recipients and case of a message are found, and the reasons are kept."""

import pytest
from builders import NOW, SECRET, account, letter, prepared, receive_letters

from domain.directory import Case, CaseKind, Directory
from domain.matching import EvidenceKind, Verdict
from domain.tokens import case_token, reply_address
from tasks.store.contacts import ContactDetails, list_contacts, show_contact
from tasks.store.database import Store
from tasks.store.directory import apply_directory
from tasks.store.sent_elsewhere import SentElsewhere, note_sent_elsewhere

STRANGER = "x@stranger.example"
TOKEN = case_token("SC-1001", SECRET)
REPLY_ADDRESS = reply_address("service@firm.example", "SC-1001", SECRET)


def received(store: Store, *raws: bytes) -> ContactDetails:
    """Receive messages; gives the last one's contact."""
    receive_letters(store, prepared(store, account()), raws)
    return show_contact(store, max(line.id for line in list_contacts(store)))


@pytest.mark.rule("R2")
def test_sender_and_recipients_are_identified_with_their_reception_kind(store):
    contact = received(
        store,
        letter(
            to="service@firm.example, Anna <ANNA.BERGER@firm.example>",
            cc="info@mueller.example, someone@else.example",
        ),
    )

    assert [(each.role, each.known_as) for each in contact.correspondents] == [
        ("from", "Petra Müller"),
        ("to", None),
        ("to", "Anna Berger"),
        ("cc", "Müller Maschinenbau GmbH"),
        ("cc", None),
    ]


@pytest.mark.rule("R2")
def test_an_address_that_two_persons_share_is_named_as_ambiguous(store):
    contact = received(store, letter(from_="lager@mueller.example"))

    sender = contact.correspondents[0]
    assert set(sender.ambiguous) == {"Uwe Lang", "Ines Roth"}
    assert sender.known_as == "Müller Maschinenbau GmbH"  # both are of it


@pytest.mark.rule("R2")
def test_the_name_beside_a_shared_address_tells_who_it_is(store):
    contact = received(store, letter(from_="Ines Roth <lager@mueller.example>"))

    assert contact.correspondents[0].known_as == "Ines Roth"
    assert contact.correspondents[0].ambiguous == []


@pytest.mark.rule("R2")
@pytest.mark.parametrize(
    ("to", "roles"),
    [
        ("other@firm.example", ["from", "to", "bcc"]),
        ("", ["from", "bcc"]),
        ("Service <SERVICE@firm.example>", ["from", "to"]),
        (REPLY_ADDRESS, ["from", "to"]),
        ("service@other.example", ["from", "to", "bcc"]),
    ],
)
def test_an_account_that_is_not_named_got_a_blind_copy(store, to, roles):
    contact = received(store, letter(to=to))

    assert [each.role for each in contact.correspondents] == roles


@pytest.mark.rule("R2")
@pytest.mark.parametrize(
    ("fields", "number", "kind"),
    [
        ({"subject": f"Frage [{TOKEN}]", "from": STRANGER}, "SC-1001", EvidenceKind.TOKEN),
        ({"to": REPLY_ADDRESS, "from": STRANGER}, "SC-1001", EvidenceKind.TOKEN),
        ({"subject": "Zu sc-1042"}, "SC-1042", EvidenceKind.NUMBER),
        (
            {"subject": "SC-1001", "from": "jonas.weber@firm.example"},  # its owner
            "SC-1001",
            EvidenceKind.NUMBER,
        ),
        ({"in_reply_to": "<sent@firm.example>"}, "PR-7", EvidenceKind.IN_REPLY_TO),
        ({"references": "<a@b.example> <sent@firm.example>"}, "PR-7", EvidenceKind.IN_REPLY_TO),
        ({"subject": "Frage"}, "SC-1042", EvidenceKind.OPEN_CASE),
    ],
)
def test_a_case_is_found_and_the_reason_is_kept(store, fields, number, kind):
    prepared(store, account())
    sent = SentElsewhere("sent@firm.example", "PR-7", ("petra@mueller.example",))
    note_sent_elsewhere(store, sent, NOW)

    contact = received(store, letter(**fields))

    best = contact.candidates[0]
    assert (contact.line.case_number, contact.line.verdict) == (number, Verdict.DECIDED)
    assert contact.case_numbers[best.case_id] == number
    assert best.has(kind)


@pytest.mark.rule("R2")
@pytest.mark.parametrize("forged", [TOKEN[:-1] + "0", TOKEN.replace("SC-1001", "SC-1042")])
def test_a_forged_token_opens_no_case(store, forged):
    contact = received(store, letter(subject=f"[{forged}]", from_=STRANGER))

    assert contact.line.case_number is None
    assert not any(each.has(EvidenceKind.TOKEN) for each in contact.candidates)


@pytest.mark.rule("R2")
def test_a_number_that_a_stranger_names_waits_for_a_person(store):
    contact = received(store, letter(subject="SC-1042", from_=STRANGER))

    [candidate] = contact.candidates
    assert (contact.line.case_number, contact.line.verdict) == (None, Verdict.REVIEW)
    assert candidate.has(EvidenceKind.SUGGESTION)
    assert contact.case_numbers[candidate.case_id] == "SC-1042"


@pytest.mark.rule("R2")
def test_several_open_cases_of_the_sender_wait_for_a_person(store):
    prepared(store, account())
    second = Case(
        number="SC-2000",
        kind=CaseKind.SERVICE_CALL,
        title="Ölverlust",
        address="10001",
        person="Petra Müller",
    )
    apply_directory(store, Directory.model_construct(case=(second,)))

    contact = received(store, letter())

    assert contact.line.verdict is Verdict.REVIEW
    assert set(contact.case_numbers.values()) == {"SC-1042", "SC-2000"}


@pytest.mark.rule("R2")
@pytest.mark.parametrize("sender", [STRANGER, "frieda@lindner.example"])
def test_who_has_no_open_case_and_names_none_gets_none(store, sender):
    contact = received(store, letter(from_=sender))

    assert (contact.line.case_number, contact.line.verdict) == (None, Verdict.NONE)
    assert contact.candidates == []


@pytest.mark.rule("R2")
def test_a_reply_is_told_from_what_another_reply_in_the_same_chunk_decided(store):
    first = letter(message_id="<1@x.example>", subject=f"[{TOKEN}]", from_=STRANGER)
    reply = letter(message_id="<2@x.example>", in_reply_to="<1@x.example>", from_=STRANGER)

    contact = received(store, first, reply)

    assert contact.line.case_number == "SC-1001"
    assert contact.candidates[0].has(EvidenceKind.IN_REPLY_TO)
