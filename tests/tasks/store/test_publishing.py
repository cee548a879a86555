"""Contacts that customers see: published, withdrawn, and kept for ever."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from builders import NOW, account, letter, receive_letters, rows
from meanwhile import is_kept_waiting, stopped_before
from outgoing_contacts import (
    ANNA,
    GUEST,
    JONAS,
    MIA,
    SERVICES,
    queued,
    ready,
    saved,
    tried,
)
from published import (
    HOUSE,
    TERMS,
    make_private,
    published,
    received_id,
    seen,
    shown_contact,
    texts_seen,
)

from domain.contacts import ContactStatus
from domain.directory import Case, CaseKind, Directory
from domain.errors import Refused, UnknownRecord
from domain.outgoing import File
from domain.publishing import Caution, CautionKind, PublishingReason, Withdrawn
from domain.sending import Reason
from domain.services import Service
from domain.tokens import case_token
from tasks.store import publishing
from tasks.store.accounts import enter_account
from tasks.store.database import Store
from tasks.store.directory import apply_directory, employee_by_number
from tasks.store.publishing import preview, publish, was_published, withdraw
from tasks.store.service_history import publications_of, service_history
from tasks.store.tables import publication_files, publications
from tasks.store.writing import Change, edit_contact, set_case, set_status

LATER = NOW + timedelta(hours=1)
PLAN, PHOTO = File("plan.pdf", "application/pdf", b"%PDF-1.7"), File("e17.png", "image/png", b"PNG")


@pytest.fixture
def ready_store(store: Store) -> Store:
    """A store with the directory and services."""
    ready(store)
    return store


def reasons_of(refused: pytest.ExceptionInfo[Refused]) -> list[object]:
    return [each.reason for each in refused.value.refusals]


def receive(store: Store, **fields: str) -> int:
    """Receive a message for the Helpdesk that belongs to SC-1042; gives its contact."""
    box = enter_account(store, account())[0]
    subject = f"{fields.pop('subject', 'E17')} [{case_token('SC-1042', TERMS.secret)}]"
    receive_letters(store, box, [letter(subject=subject, **fields)])
    return received_id(store, subject)


@pytest.mark.rule("P3", "P4")
def test_a_published_contact_and_no_other_stands_in_the_history(ready_store):
    saved(ready_store, text="Nur für uns.")

    toggled = published(ready_store, saved(ready_store, text="Für Sie."))

    assert (toggled.published, toggled.changed) == (True, True)
    assert texts_seen(ready_store) == ["Für Sie."]


@pytest.mark.rule("P3")
def test_publishing_twice_is_publishing_once(ready_store):
    contact = shown_contact(ready_store)

    again = published(ready_store, contact)

    assert (again.published, again.changed) == (True, False)
    assert rows(ready_store, publications) == 1


@pytest.mark.rule("P3")
def test_withdrawing_is_always_possible_and_twice_is_once(ready_store):
    contact = shown_contact(ready_store)
    with ready_store.writing() as connection:  # as it stands after whatever happened
        connection.exec_driver_sql("UPDATE contacts SET status = 'discarded', main_case_id = NULL")

    first = withdraw(ready_store, contact, JONAS, LATER)
    again = withdraw(ready_store, contact, JONAS, LATER)

    assert (first.published, first.changed) == (False, True)
    assert (again.published, again.changed) == (False, False)
    assert texts_seen(ready_store) == []


@pytest.mark.rule("P1")
def test_a_contact_of_another_kind_of_case_is_refused(ready_store):
    contact = saved(ready_store, case="PR-7")

    with pytest.raises(Refused) as refused:
        publish(ready_store, contact, JONAS, TERMS)

    assert reasons_of(refused) == [PublishingReason.NO_SERVICE_CALL]
    assert rows(ready_store, publications) == 0


@pytest.mark.rule("P2", "X4")
def test_every_reason_is_named_at_once(ready_store):
    contact = saved(ready_store, case=None)
    set_status(ready_store, contact, JONAS, ContactStatus.IN_PROGRESS, NOW)

    with pytest.raises(Refused) as refused:
        publish(ready_store, contact, GUEST, TERMS, files=[0])

    assert reasons_of(refused) == [
        Reason.NO_PERMISSION,
        Reason.NOT_THE_AUTHOR,
        PublishingReason.NO_SERVICE_CALL,
        PublishingReason.STATUS_FORBIDS,
        PublishingReason.FILE_UNKNOWN,
    ]


@pytest.mark.rule("X2")
def test_who_may_not_act_neither_publishes_nor_withdraws(ready_store):
    contact = shown_contact(ready_store)

    for acting in (
        lambda: publish(ready_store, contact, MIA, TERMS),
        lambda: withdraw(ready_store, contact, MIA, NOW),
    ):
        with pytest.raises(Refused) as refused:
            acting()

        assert reasons_of(refused) == [Reason.NOT_THE_AUTHOR]


@pytest.mark.rule("L9", "P4")
def test_strangers_cannot_tell_a_private_contact_from_none(ready_store):
    contact = shown_contact(ready_store)
    make_private(ready_store, contact)
    viewer = employee_by_number(ready_store, ANNA)

    for number in (contact, 999):
        for acting in (
            lambda number: preview(ready_store, number, ANNA, TERMS),
            lambda number: publish(ready_store, number, ANNA, TERMS),
            lambda number: withdraw(ready_store, number, ANNA, NOW),
            lambda number: publications_of(ready_store, number, viewer),
        ):
            with pytest.raises(UnknownRecord, match=f"contact {number} that you may see"):
                acting(number)


@pytest.mark.rule("P4", "L9")
def test_a_private_contact_never_stands_in_the_history(ready_store):
    contact = shown_contact(ready_store)

    make_private(ready_store, contact)  # without any withdrawal

    assert seen(ready_store) == []


@pytest.mark.parametrize("kind", [CaseKind.COMPLAINT, CaseKind.OTHER], ids=["complaint", "other"])
@pytest.mark.rule("P4")
def test_what_was_a_service_call_has_no_history_any_more(ready_store, kind):
    shown_contact(ready_store)

    apply_directory(ready_store, Directory(case=(Case(number="SC-1042", kind=kind, title="x"),)))

    with pytest.raises(UnknownRecord, match="no service call"):
        service_history(ready_store, "SC-1042")


@pytest.mark.rule("P4")
@pytest.mark.parametrize(
    ("change", "because"),
    [
        (lambda store, id_: edit_contact(store, id_, JONAS, Change(text="X"), LATER), "edited"),
        (lambda store, id_: edit_contact(store, id_, JONAS, Change("X"), LATER), "edited"),
        (lambda store, id_: set_case(store, id_, JONAS, "SC-1001", LATER), "moved"),
        (
            lambda store, id_: set_status(store, id_, JONAS, ContactStatus.DISCARDED, LATER),
            "status",
        ),
    ],
    ids=["text", "matchcode", "case", "status"],
)
def test_a_change_under_what_customers_see_withdraws_it(ready_store, change, because):
    contact = shown_contact(ready_store)

    change(ready_store, contact)

    assert seen(ready_store) == []
    assert seen(ready_store, "SC-1001") == []
    [kept] = publications_of(ready_store, contact)
    assert (kept.withdrawn_at, kept.withdrawer, kept.because) == (LATER, None, Withdrawn(because))
    assert kept.entry.text == "Es läuft wieder."


@pytest.mark.parametrize(
    "change",
    [
        lambda store, id_: edit_contact(
            store, id_, JONAS, Change("Ihr Gerät", "Es läuft wieder."), LATER
        ),
        lambda store, id_: edit_contact(store, id_, JONAS, Change(recipients=()), LATER),
        lambda store, id_: set_case(store, id_, JONAS, "SC-1042", LATER),
        lambda store, id_: set_status(store, id_, JONAS, ContactStatus.DONE, LATER),
    ],
    ids=["same text", "recipients", "same case", "done"],
)
def test_what_customers_see_stays_where_nothing_of_it_changes(ready_store, change):
    contact = shown_contact(ready_store)

    change(ready_store, contact)

    assert texts_seen(ready_store) == ["Es läuft wieder."]


@pytest.mark.rule("X6")
def test_a_contact_that_is_sent_later_stays_published_as_it_was(ready_store):
    contact = queued(ready_store).contact_id
    published(ready_store, contact)

    tried(ready_store, "accepted")
    set_status(ready_store, contact, JONAS, ContactStatus.DONE, LATER)

    assert texts_seen(ready_store) == ["Es läuft wieder."]


@pytest.mark.rule("P3")
def test_all_that_customers_ever_saw_is_kept_with_who_and_when(ready_store):
    contact = shown_contact(ready_store)
    withdraw(ready_store, contact, ANNA, LATER)
    edit_contact(ready_store, contact, JONAS, Change(text="Neu."), LATER)
    published(ready_store, contact)

    latest, first = publications_of(ready_store, contact)

    assert (first.publisher, first.withdrawer, first.because) == (
        "Jonas Weber",
        "Anna Berger",
        None,
    )
    assert (first.published_at, first.withdrawn_at, first.case_number) == (NOW, LATER, "SC-1042")
    assert (first.entry.text, latest.entry.text) == ("Es läuft wieder.", "Neu.")
    assert (first.because, latest.withdrawn_at) == (None, None)


def test_how_it_was_at_an_instant_can_be_told(ready_store):
    contact = shown_contact(ready_store)
    withdraw(ready_store, contact, JONAS, LATER)

    instants = (NOW - timedelta(seconds=1), NOW, LATER - timedelta(seconds=1), LATER)

    assert [was_published(ready_store, contact, at) for at in instants] == [
        False,
        True,
        True,
        False,
    ]


def test_customers_see_our_account_and_no_colleague_as_the_sender(ready_store):
    named = Service("named", "e-mail", "named@firm.example", sender_name="Helpdesk der Firma")
    ready(ready_store, *SERVICES, named)
    by_named = queued(ready_store, service="named").contact_id
    by_other = queued(ready_store, service="service").contact_id

    for contact in (by_named, by_other):
        published(ready_store, contact)

    senders = [(each.sender, each.incoming) for each in seen(ready_store)]
    assert senders == [("Helpdesk der Firma", False), (HOUSE, False)]


@pytest.mark.parametrize(
    ("sender", "shown"),
    [
        ("Petra M. <petra@mueller.example>", ("Petra M.", True)),
        ("petra@mueller.example", ("Petra Müller", True)),
        ("fremd@else.example", ("fremd@else.example", True)),
        ("Jonas Weber <jonas.weber@firm.example>", (HOUSE, False)),
    ],
)
def test_customers_see_who_wrote_to_us_by_name(ready_store, sender, shown):
    contact = receive(ready_store, from_=sender)

    published(ready_store, contact, ANNA)

    [entry] = seen(ready_store)
    assert (entry.sender, entry.incoming) == shown


def test_customers_see_no_token_and_nothing_to_be_loaded(ready_store):
    token = case_token("SC-1042", TERMS.secret)
    html = "<p onclick='x()'>Hallo<img src='https://x.example/a.png'><script>alert(1)</script></p>"

    shown_contact(ready_store, matchcode=f"Ihr Gerät [{token}]", html=html, text="")

    [entry] = seen(ready_store)
    assert (entry.matchcode, entry.html) == ("Ihr Gerät", "<p>Hallo<img></p>")


def test_only_released_files_are_shown_and_given(ready_store):
    contact = saved(ready_store, files=(PLAN, PHOTO))

    publish(ready_store, contact, JONAS, TERMS, files=[1])

    [entry] = service_history(ready_store, "sc-1042", with_files=True).entries
    [file] = entry.files
    assert (file.position, file.name, file.size, file.content) == (1, "e17.png", 3, b"PNG")
    assert [each.content for each in seen(ready_store)[0].files] == [None]


def test_a_history_is_in_the_order_of_time(ready_store):
    asked = receive(ready_store, text="Wann?")
    answered = saved(ready_store, text="Morgen.")

    published(ready_store, answered)
    published(ready_store, asked, ANNA)

    assert [each.strip() for each in texts_seen(ready_store)] == ["Wann?", "Morgen."]


def test_only_a_service_call_has_a_history(ready_store):
    for number in ("PR-7", "SC-9"):
        with pytest.raises(UnknownRecord, match=f"no service call {number}"):
            service_history(ready_store, number)


def test_a_preview_shows_what_customers_would_see_and_all_that_speaks_against_it(ready_store):
    contact = saved(ready_store, case="PR-7", text="Frag Mia Krüger.", files=(PLAN,))

    shown = preview(ready_store, contact, JONAS, TERMS)

    assert (shown.entry.sender, shown.entry.files) == (HOUSE, ())
    assert [each.name for each in shown.files] == ["plan.pdf"]
    assert [each.reason for each in shown.refusals] == [PublishingReason.NO_SERVICE_CALL]
    assert shown.cautions == (Caution(CautionKind.NAMES_EMPLOYEE, "Mia Krüger"),)
    assert not shown.published
    assert rows(ready_store, publications) == 0


def test_what_is_to_be_thought_about_is_confirmed_as_it_is_now(ready_store):
    contact = saved(ready_store, text="Frag Mia Krüger.")
    first = publish(ready_store, contact, JONAS, TERMS)
    edit_contact(ready_store, contact, JONAS, Change(text="Frag Anna Berger."), NOW)

    second = publish(ready_store, contact, JONAS, TERMS, confirmed=first.cautions)

    assert (first.published, first.changed) == (False, False)
    assert second.cautions == (Caution(CautionKind.NAMES_EMPLOYEE, "Anna Berger"),)
    assert seen(ready_store) == []


def test_a_quoted_contact_is_looked_for_in_the_case_and_the_thread(ready_store):
    asked = receive(ready_store, text="Warum geht das Gerät schon wieder nicht?")
    quote = "Es läuft.\n\n> Warum geht das Gerät schon wieder nicht?"
    answer = saved(ready_store, text=quote, answers=asked)

    shown = preview(ready_store, answer, JONAS, TERMS)
    published(ready_store, asked, ANNA)

    assert shown.cautions == (Caution(CautionKind.REPEATS_UNPUBLISHED, str(asked)),)
    assert preview(ready_store, answer, JONAS, TERMS).cautions == ()


def test_two_who_publish_at_once_publish_once(postgres_store):
    ready(postgres_store)
    contact, together = saved(postgres_store, files=(PLAN,)), Barrier(4)

    def publishing_together() -> bool:
        together.wait()
        return publish(postgres_store, contact, JONAS, TERMS, files=[0]).changed

    with ThreadPoolExecutor(4) as several:
        done = [several.submit(publishing_together) for _ in range(4)]
        changed = [each.result() for each in done]

    assert sorted(changed) == [False, False, False, True]
    assert rows(postgres_store, publications) == 1
    assert rows(postgres_store, publication_files) == 1


def test_who_edits_while_it_is_published_waits_and_withdraws_it(postgres_store, monkeypatch):
    ready(postgres_store)
    contact = saved(postgres_store)

    def editing() -> None:
        edit_contact(postgres_store, contact, JONAS, Change(text="Neu."), LATER)

    with (
        ThreadPoolExecutor(1) as beside,
        stopped_before(
            monkeypatch,
            publishing,
            "_enter",
            lambda: publish(postgres_store, contact, JONAS, TERMS),
        ) as publishes,
    ):
        edited = beside.submit(editing)
        assert is_kept_waiting(edited)

    assert publishes.result().changed
    edited.result()
    assert seen(postgres_store) == []
    assert [each.because for each in publications_of(postgres_store, contact)] == ["edited"]


def test_who_is_killed_while_publishing_has_published_nothing(ready_store, monkeypatch):
    contact = saved(ready_store, files=(PLAN,))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "_enter_files", killed)
        with pytest.raises(KeyboardInterrupt):
            publish(ready_store, contact, JONAS, TERMS, files=[0])
    assert rows(ready_store, publications) == 0

    again = publish(ready_store, contact, JONAS, TERMS, files=[0])

    assert again.changed
    assert rows(ready_store, publications, publication_files) == 2
