"""Bounces find their way back to the dispatch and the recipient that they speak of."""

import pytest
from builders import NOW, account, bounce_of, letter, prepared, receive_letters, rows
from sqlalchemy import select

from domain.arrivals import Counts
from domain.mail import Automatic
from domain.matching import EvidenceKind, Verdict
from tasks.store.contacts import list_contacts, show_contact
from tasks.store.database import Store
from tasks.store.sent_elsewhere import SentElsewhere, note_sent_elsewhere
from tasks.store.tables import bounced_recipients, deliveries

SENT = SentElsewhere(
    "angebot@firm.example", "SC-1042", ("Petra@Mueller.example", "ÄNNE@mueller.example")
)


def delivered(store: Store) -> dict[str, tuple[str, str | None]]:
    with store.reading() as connection:
        found = connection.execute(select(deliveries)).all()
    assert all((row.bounced_at == NOW) is (row.status == "bounced") for row in found)
    return {row.address: (row.status, row.reason) for row in found}


@pytest.mark.rule("R7")
@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("petra@mueller.example", "Petra@Mueller.example"),
        ("PETRA@MUELLER.EXAMPLE", "Petra@Mueller.example"),
        ("änne@mueller.example", "ÄNNE@mueller.example"),
    ],
)
def test_a_bounce_is_noted_on_the_recipient_whom_it_speaks_of_and_no_other(store, told, meant):
    box = prepared(store, account())
    note_sent_elsewhere(store, SENT, NOW)

    receive_letters(store, box, [bounce_of("angebot@firm.example", told)])

    noted = delivered(store)
    [other] = set(noted) - {meant}
    assert noted[meant][0] == "bounced"
    assert "no such user" in (noted[meant][1] or "")
    assert noted[other] == ("sent", None)


@pytest.mark.rule("R7")
def test_a_bounce_is_a_contact_that_says_who_was_not_reached_and_why(store):
    box = prepared(store, account())
    note_sent_elsewhere(store, SENT, NOW)

    receive_letters(store, box, [bounce_of("angebot@firm.example", "petra@mueller.example")])

    [line] = list_contacts(store)
    [failed] = show_contact(store, line.id).bounced
    assert line.automatic == Automatic.BOUNCE
    assert (failed.address, failed.status) == ("petra@mueller.example", "5.1.1")
    assert failed.permanent


@pytest.mark.rule("R2", "R7")
def test_a_bounce_belongs_to_the_case_of_the_message_that_was_sent(store):
    box = prepared(store, account())
    note_sent_elsewhere(store, SENT, NOW)

    receive_letters(store, box, [bounce_of("angebot@firm.example", "petra@mueller.example")])

    [line] = list_contacts(store)
    [best] = show_contact(store, line.id).candidates
    assert (line.case_number, line.verdict) == ("SC-1042", Verdict.DECIDED)
    assert best.has(EvidenceKind.BOUNCE_OF)


@pytest.mark.rule("R7")
def test_a_bounce_of_what_nobody_here_sent_is_a_contact_and_changes_nothing_else(store):
    box = prepared(store, account())
    note_sent_elsewhere(store, SENT, NOW)

    counts = receive_letters(
        store, box, [bounce_of("x@elsewhere.example", "petra@mueller.example")]
    )

    assert counts == Counts(imported=1)
    assert {status for status, _ in delivered(store).values()} == {"sent"}
    assert rows(store, bounced_recipients) == 1


@pytest.mark.rule("R7")
def test_a_bounce_that_names_somebody_else_of_the_dispatch_harms_nobody(store):
    box = prepared(store, account())
    note_sent_elsewhere(store, SENT, NOW)

    receive_letters(store, box, [bounce_of("angebot@firm.example", "nobody@mueller.example")])

    assert {status for status, _ in delivered(store).values()} == {"sent"}


@pytest.mark.rule("R7")
@pytest.mark.parametrize(
    ("fields", "automatic"),
    [
        ({}, Automatic.NO),
        ({"auto_submitted": "auto-replied", "subject": "Abwesend"}, Automatic.REPLY),
        ({"subject": "Abwesenheitsnotiz: Angebot"}, Automatic.REPLY),
        ({"list_unsubscribe": "<https://news.example>", "precedence": "bulk"}, Automatic.BULK),
    ],
)
def test_a_contact_says_whether_a_machine_wrote_it(store, fields, automatic):
    box = prepared(store, account())

    receive_letters(store, box, [letter(**fields)])

    assert [line.automatic for line in list_contacts(store)] == [automatic]


def test_a_dispatch_that_is_entered_twice_is_there_once(store):
    prepared(store, account())

    for _ in range(2):
        note_sent_elsewhere(store, SENT, NOW)

    assert rows(store, deliveries) == 2
