"""Contacts that employees write, and change as long as they may."""

import pytest
from builders import NOW, account, letter, prepared, receive_letters, rows
from outgoing_contacts import (
    ANNA,
    GUEST,
    JONAS,
    MIA,
    PETRA,
    UWE,
    answer,
    queued,
    ready,
    requested,
    saved,
    tried,
    written,
)
from sqlalchemy import select

from domain.contacts import ContactStatus, NewRecipient
from domain.errors import Refused, UnknownRecord
from domain.mail import ReceptionKind
from domain.outgoing import File
from domain.sending import Reason
from tasks.store.contacts import ContactDetails, list_contacts, show_contact
from tasks.store.database import Store
from tasks.store.dispatch_actions import cancel_dispatch
from tasks.store.files import files_of
from tasks.store.tables import (
    attachments,
    contact_cases,
    contact_readers,
    contacts,
    correspondents,
    raw_messages,
)
from tasks.store.writing import Change, edit_contact, save_contact, set_case, set_status

WRITTEN = (contacts, correspondents, contact_cases, contact_readers, attachments)
FILE = File("angebot.pdf", "application/pdf", b"%PDF-1.7")


def recipients(contact: ContactDetails) -> list[tuple[str, str, str | None]]:
    return [(each.role, each.address, each.known_as) for each in contact.correspondents]


def refusals(refused: pytest.ExceptionInfo[Refused]) -> list[Reason]:
    return [each.reason for each in refused.value.refusals]


def status_of(store: Store, contact_id: int) -> str:
    with store.reading() as connection:
        found = connection.scalar(select(contacts.c.status).where(contacts.c.id == contact_id))
    return str(found)


def test_a_contact_is_kept_as_it_was_written(store):
    ready(store)

    contact_id = saved(store, PETRA, UWE, files=(FILE, FILE))

    contact = show_contact(store, contact_id)
    assert (contact.line.sender, contact.line.matchcode) == ("Jonas Weber", "Ihr Gerät")
    assert (contact.text, contact.html, contact.line.case_number) == (
        "Es läuft wieder.",
        None,
        "SC-1042",
    )
    assert recipients(contact) == [
        ("from", "", "Jonas Weber"),
        ("to", "petra@mueller.example", "Petra Müller"),
        ("cc", "uwe@mueller.example", "Uwe Lang"),
    ]
    assert files_of(store, contact_id) == (FILE, FILE)
    assert rows(store, raw_messages) == 1
    assert contact.message_id is None


@pytest.mark.parametrize(
    ("recipient", "name", "address"),
    [
        (NewRecipient(employee="1003"), "Mia Krüger", "mia.krueger@firm.example"),
        (NewRecipient(address="10001"), "Müller Maschinenbau GmbH", "info@mueller.example"),
        (NewRecipient(address="10001", person="Uwe Lang"), "Uwe Lang", "uwe@mueller.example"),
        (
            NewRecipient("x@y.example", address="10001", person="Uwe Lang"),
            "Uwe Lang",
            "x@y.example",
        ),
        (
            NewRecipient("petra@mueller.example", employee="1003"),
            "Mia Krüger",
            "petra@mueller.example",
        ),
        (NewRecipient("x@y.example", "Xaver"), "Xaver", "x@y.example"),
        (NewRecipient("Petra@Mueller.example"), "Petra Müller", "Petra@Mueller.example"),
    ],
)
def test_a_recipient_is_named_by_number_or_by_address(store, recipient, name, address):
    ready(store)

    contact = show_contact(store, saved(store, recipient))

    [_, found] = contact.correspondents
    assert (found.name, found.address, found.known_as or found.name) == (name, address, name)


def test_who_may_be_several_is_named_with_all_of_them(store):
    ready(store)

    contact = show_contact(store, saved(store, NewRecipient("lager@mueller.example")))

    assert set(contact.correspondents[1].ambiguous) == {"Uwe Lang", "Ines Roth"}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"creator": "4711"}, "4711"),
        ({"case": "SC-9999"}, "SC-9999"),
        ({"answers": 4711}, "4711"),
        ({"recipients": (NewRecipient(employee="4711"),)}, "employee 4711"),
        ({"recipients": (NewRecipient(address="4711"),)}, "address 4711"),
        ({"recipients": (NewRecipient(address="10001", person="Nobody"),)}, "person Nobody"),
    ],
)
def test_what_is_not_there_is_named_and_nothing_is_saved(store, changes, named):
    ready(store)

    with pytest.raises(UnknownRecord, match=named):
        save_contact(store, written(**changes), NOW)

    assert rows(store, *WRITTEN) == 0


@pytest.mark.rule("X2")
def test_who_lacks_the_permission_writes_nothing(store):
    ready(store)

    with pytest.raises(Refused) as refused:
        saved(store, creator=GUEST)

    assert refusals(refused) == [Reason.NO_PERMISSION]
    assert rows(store, *WRITTEN) == 0


def test_rich_text_is_kept_with_what_can_be_read_of_it(store):
    ready(store)

    contact = show_contact(store, saved(store, text="", html="<p>Es <b>läuft</b></p>"))

    assert (contact.text, contact.html) == ("Es läuft", "<p>Es <b>läuft</b></p>")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (Change(matchcode=""), ("", "Alt", "<p>Alt</p>")),
        (Change(text="Neu"), ("Ihr Gerät", "Neu", None)),
        (Change(text=""), ("Ihr Gerät", "", None)),
        (Change(html="<p>Neu</p>"), ("Ihr Gerät", "Neu", "<p>Neu</p>")),
        (Change(text="Neu!", html="<p>Neu</p>"), ("Ihr Gerät", "Neu!", "<p>Neu</p>")),
        (Change(recipients=()), ("Ihr Gerät", "Alt", "<p>Alt</p>")),
    ],
)
def test_an_edit_changes_what_it_names_and_nothing_else(store, change, expected):
    ready(store)
    contact_id = saved(store, text="", html="<p>Alt</p>")

    edit_contact(store, contact_id, JONAS, change, NOW)

    contact = show_contact(store, contact_id)
    assert (contact.line.matchcode, contact.text, contact.html) == expected
    assert len(contact.correspondents) == (1 if change.recipients == () else 2)


@pytest.mark.rule("X2")
def test_who_edits_anothers_contact_does_not_become_its_author(store):
    ready(store)
    contact_id = saved(store)

    edit_contact(store, contact_id, ANNA, Change(recipients=(UWE,)), NOW)

    assert recipients(show_contact(store, contact_id)) == [
        ("from", "", "Jonas Weber"),
        ("cc", "uwe@mueller.example", "Uwe Lang"),
    ]


@pytest.mark.rule("X2")
def test_a_received_contact_keeps_its_sender_whoever_edits_it(store):
    ready(store)
    receive_letters(store, prepared(store, account()), [letter()])
    [line] = list_contacts(store)

    with pytest.raises(Refused) as refused:
        edit_contact(store, line.id, JONAS, Change(matchcode="x"), NOW)
    edit_contact(store, line.id, ANNA, Change(recipients=(UWE,)), NOW)

    assert refusals(refused) == [Reason.NOT_THE_AUTHOR]
    assert list_contacts(store)[0].sender == "Petra Müller"


@pytest.mark.rule("X2")
@pytest.mark.parametrize(
    ("employee", "reasons"),
    [
        (JONAS, []),
        (ANNA, []),
        (MIA, [Reason.NOT_THE_AUTHOR]),
        (GUEST, [Reason.NO_PERMISSION, Reason.NOT_THE_AUTHOR]),
    ],
)
def test_only_who_may_act_on_a_contact_changes_it(store, employee, reasons):
    ready(store)
    contact_id = saved(store)
    changes = (
        lambda: edit_contact(store, contact_id, employee, Change(matchcode="Neu"), NOW),
        lambda: set_status(store, contact_id, employee, ContactStatus.DONE, NOW),
        lambda: set_case(store, contact_id, employee, "PR-7", NOW),
    )

    found = []
    for change in changes:
        try:
            change()
        except Refused as refused:
            found.append([each.reason for each in refused.refusals])

    contact = show_contact(store, contact_id)
    done = (contact.line.matchcode, status_of(store, contact_id), contact.line.case_number)
    assert found == ([reasons] * 3 if reasons else [])
    assert done == (("Ihr Gerät", "created", "SC-1042") if reasons else ("Neu", "done", "PR-7"))


@pytest.mark.rule("X6", "E3")
@pytest.mark.parametrize("channel", ["e-mail", "sms", "fax"])
@pytest.mark.parametrize("outcome", [None, "accepted", "refused_for_now", "unknown"])
def test_what_is_on_its_way_or_was_sent_is_not_edited_but_its_status_and_case_are(
    store, channel, outcome
):
    ready(store)
    contact_id = queued(store, channel=channel).contact_id
    if outcome:
        tried(
            store, outcome, queue="e-mail/service" if channel == "e-mail" else f"{channel}/gateway"
        )
    before = show_contact(store, contact_id)

    for change in (Change(matchcode="x"), Change(text="x"), Change(recipients=())):
        with pytest.raises(Refused) as refused:
            edit_contact(store, contact_id, ANNA, change, NOW)
        assert refusals(refused) == [Reason.ALREADY_SENT]
    set_status(store, contact_id, JONAS, ContactStatus.DONE, NOW)
    set_case(store, contact_id, JONAS, "pr-7", NOW)

    after = show_contact(store, contact_id)
    assert (after.text, after.correspondents) == (before.text, before.correspondents)
    assert status_of(store, contact_id) == ContactStatus.DONE
    assert after.line.case_number == "PR-7"
    assert rows(store, contact_cases) == 1


@pytest.mark.rule("X6", "E3")
@pytest.mark.parametrize("end", ["failed", "cancelled"])
def test_what_reached_nobody_can_be_edited_and_sent_again(store, end):
    ready(store)
    decision = queued(store)
    if end == "failed":
        tried(store, "refused_for_good")
    else:
        cancel_dispatch(store, decision.dispatch_id, JONAS, NOW)

    edit_contact(store, decision.contact_id, JONAS, Change(matchcode="Zweiter Versuch"), NOW)

    assert requested(store, decision.contact_id).judgement.is_granted
    assert show_contact(store, decision.contact_id).line.matchcode == "Zweiter Versuch"


@pytest.mark.rule("X6")
def test_one_recipient_who_got_it_is_enough(store):
    ready(store)
    decision = queued(store, written(PETRA, UWE))
    tried(store, "refused_for_good", "accepted")

    with pytest.raises(Refused):
        edit_contact(store, decision.contact_id, JONAS, Change(text="x"), NOW)


@pytest.mark.rule("M3")
def test_what_was_sent_as_a_message_stays_editable(store):
    ready(store)
    colleague = NewRecipient(employee=MIA, kind=ReceptionKind.TO)
    decision = queued(store, written(colleague), "message")
    tried(store, answer("accepted"), queue="message/inbox")

    edit_contact(store, decision.contact_id, JONAS, Change(text="Neu"), NOW)

    assert show_contact(store, decision.contact_id).text == "Neu"


def test_a_contact_whose_case_is_changed_takes_the_answers_to_it_along(store):
    ready(store)
    decision = queued(store, written(case=None))
    tried(store, "accepted")
    set_case(store, decision.contact_id, JONAS, "PR-7", NOW)
    sent = show_contact(store, decision.contact_id)
    reply = letter(in_reply_to=f"<{sent.message_id}>", from_="x@stranger.example", subject="Re: x")

    receive_letters(store, prepared(store, account()), [reply])

    assert [line.case_number for line in list_contacts(store)] == ["PR-7", "PR-7"]


def test_a_case_that_is_not_there_is_named(store):
    ready(store)
    contact_id = saved(store)

    with pytest.raises(UnknownRecord, match="SC-9999"):
        set_case(store, contact_id, JONAS, "SC-9999", NOW)
