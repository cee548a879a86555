"""Requests are judged and queued in one transaction."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from builders import NOW, SECRET, account, bounce_of, letter, prepared, receive_letters, rows
from outgoing_contacts import (
    ANNA,
    FRIEDA,
    GUEST,
    JONAS,
    MIA,
    PETRA,
    RULES,
    SERVICES,
    UWE,
    begun,
    queued,
    ready,
    requested,
    saved,
    tried,
    written,
)
from sqlalchemy import event, insert

from domain.accounts import TokenPlace
from domain.contacts import NewRecipient
from domain.delivery import PATIENCE, DeliveryStatus, DispatchStatus
from domain.errors import Refused, UnknownRecord
from domain.mail import ReceptionKind
from domain.matching import EvidenceKind, Verdict
from domain.sending import ALIVE, Ask, Reason, Request
from domain.services import Service
from domain.tokens import case_token, reply_address
from tasks.store.contacts import ContactDetails, list_contacts, show_contact
from tasks.store.database import Store
from tasks.store.dispatches import DispatchDetails, list_dispatches, show_dispatch
from tasks.store.judging import Terms
from tasks.store.parcels import Parcel
from tasks.store.sending import (
    Decision,
    judge_request,
    request_dispatch,
    request_dispatches,
    save_and_send,
)
from tasks.store.tables import (
    contacts,
    deliveries,
    dispatches,
    employees,
    thread_cases,
    thread_nodes,
)

QUEUED = (dispatches, deliveries, thread_nodes, thread_cases)
TOKEN = case_token("SC-1042", SECRET)
EMPLOYEE_MIA = NewRecipient(employee=MIA)


def reasons(decision: Decision) -> set[Reason]:
    return {each.reason for each in decision.judgement.refusals}


def shown(store: Store, decision: Decision) -> DispatchDetails:
    assert decision.dispatch_id is not None
    return show_dispatch(store, decision.dispatch_id)


def parcel_of(store: Store) -> Parcel:
    return begun(store)[1]


class Killed(BaseException):
    """The process dies; nothing of ours catches that."""


@contextmanager
def counted(store: Store, die_at: int = 0) -> Iterator[list[str]]:
    """Note the statements of a transaction that writes; the process dies as one begins."""
    seen: list[str] = []

    def noting(_connection, _cursor, sql, *_):
        seen.append(sql)
        if len(seen) == die_at:
            raise Killed

    event.listen(store.engine, "before_cursor_execute", noting)
    try:
        yield seen
    finally:
        event.remove(store.engine, "before_cursor_execute", noting)


# --- judged and queued ----------------------------------------------------------------------


@pytest.mark.rule("X3", "X5")
@pytest.mark.parametrize(
    ("channel", "to"),
    [
        ("e-mail", "petra@mueller.example"),
        ("sms", "+4915123456789"),
        ("fax", "+49301234567"),
    ],
)
def test_a_granted_request_is_queued_for_its_recipient(store, channel, to):
    ready(store)

    decision = queued(store, channel=channel)

    dispatch = shown(store, decision)
    [delivery] = dispatch.line.deliveries
    assert dispatch.line.contact_id == decision.contact_id
    assert (dispatch.line.channel, dispatch.line.status) == (channel, DispatchStatus.QUEUED)
    assert (delivery.to, delivery.status) == (to, DeliveryStatus.QUEUED)
    assert (dispatch.line.queued_at, dispatch.line.due_at) == (NOW, NOW)


@pytest.mark.rule("X1")
@pytest.mark.parametrize(
    ("age", "unmet"), [(ALIVE, set()), (ALIVE + timedelta(seconds=1), {Reason.NOT_RUNNING})]
)
def test_the_last_sign_of_life_decides_whether_a_service_is_available(store, age, unmet):
    ready(store, now=NOW - age)

    decision = requested(store, saved(store))

    assert reasons(decision) == unmet
    assert rows(store, dispatches) == (0 if unmet else 1)


@pytest.mark.rule("X1", "X4")
def test_an_installation_that_never_ran_says_both_that_it_sends_by_nothing_and_is_not_alive(store):
    prepared(store, account())

    decision = requested(store, saved(store), "message")

    assert reasons(decision) >= {Reason.NOT_CONFIGURED, Reason.NOT_RUNNING}


@pytest.mark.rule("X1")
def test_a_service_that_is_not_for_the_employee_is_none(store):
    ready(store)
    ready(store, replace(SERVICES[0], employees=frozenset({4711})))

    assert reasons(requested(store, saved(store))) == {Reason.NOT_CONFIGURED}
    assert reasons(requested(store, saved(store), "sms")) == {Reason.NOT_CONFIGURED}


@pytest.mark.rule("X2")
@pytest.mark.parametrize(
    ("employee", "unmet"),
    [
        (JONAS, set()),
        (ANNA, set()),
        (MIA, {Reason.NOT_THE_AUTHOR}),
        (GUEST, {Reason.NO_PERMISSION, Reason.NOT_THE_AUTHOR}),
    ],
)
def test_who_sends_is_allowed_to(store, employee, unmet):
    ready(store)

    decision = requested(store, saved(store), employee=employee)

    assert reasons(decision) == unmet
    assert (decision.dispatch_id is None) is bool(unmet)


@pytest.mark.rule("X2")
@pytest.mark.parametrize(("employee", "author"), [(ANNA, True), (JONAS, False)])
def test_a_received_contact_has_no_author_and_is_sent_by_who_may_edit_others(
    store, employee, author
):
    ready(store)
    receive_letters(store, prepared(store, account()), [letter()])
    [line] = list_contacts(store)

    decision = requested(store, line.id, employee=employee)

    assert (Reason.NOT_THE_AUTHOR not in reasons(decision)) is author


@pytest.mark.rule("X3", "X4")
def test_a_refused_request_names_everything_and_queues_nothing(store):
    ready(store, now=NOW - timedelta(hours=1))
    contact_id = saved(
        store,
        UWE,
        NewRecipient(name="Nobody", kind=ReceptionKind.BCC),
        activity_type="phone note",
        matchcode="",
    )

    decision = requested(store, contact_id, employee=GUEST, service="x", deadline=NOW)

    assert reasons(decision) == {
        Reason.SERVICE_UNKNOWN,
        Reason.NOT_RUNNING,
        Reason.NO_PERMISSION,
        Reason.NOT_THE_AUTHOR,
        Reason.DEADLINE_TOO_EARLY,
        Reason.NO_OPTION,
        Reason.NO_ADDRESS,
        Reason.NO_MAIN_RECIPIENT,
    }
    assert [each.ask for each in decision.judgement.questions] == [Ask.EMPTY_SUBJECT]
    assert rows(store, *QUEUED) == 0


@pytest.mark.rule("E7", "S5", "M1")
@pytest.mark.parametrize(
    ("channel", "ask"),
    [
        ("e-mail", Ask.EMPTY_SUBJECT),
        ("message", Ask.EMPTY_SUBJECT),
        ("sms", Ask.EMPTY_TEXT),
    ],
)
def test_a_question_holds_a_contact_back_until_it_is_answered(store, channel, ask):
    ready(store)
    contact_id = saved(
        store, NewRecipient("a@b.example", employee=MIA), matchcode="", text="", case=None
    )

    asked = requested(store, contact_id, channel, number="0151 23456789")
    before = rows(store, *QUEUED)
    confirmed = requested(
        store, contact_id, channel, number="0151 23456789", confirmed=frozenset({ask})
    )

    assert [each.ask for each in asked.judgement.questions] == [ask]
    assert before == 0
    assert confirmed.dispatch_id is not None


@pytest.mark.rule("S3", "S4")
def test_the_chosen_recipient_and_the_corrected_number_are_kept_on_the_dispatch(store):
    ready(store)
    contact_id = saved(store, UWE, PETRA)

    decision = requested(store, contact_id, "sms", recipient=2, number="0171/2345678")

    [delivery] = shown(store, decision).line.deliveries
    assert (delivery.name, delivery.to) == ("Petra Müller", "+491712345678")


@pytest.mark.rule("E4")
def test_an_e_mail_goes_once_to_each_address_by_its_kind(store):
    ready(store)
    again = NewRecipient("PETRA@mueller.example", kind=ReceptionKind.CC)
    silent = NewRecipient("info@mueller.example", kind=ReceptionKind.NONE)

    decision = queued(store, written(again, PETRA, UWE, FRIEDA, silent))

    assert [(each.kind, each.to) for each in shown(store, decision).line.deliveries] == [
        ("to", "petra@mueller.example"),
        ("cc", "uwe@mueller.example"),
        ("bcc", "frieda@lindner.example"),
    ]


@pytest.mark.rule("M4")
def test_a_message_goes_to_two_colleagues_of_the_same_name(store):
    ready(store)
    with store.writing() as connection:
        for number in ("2001", "2002"):
            twin = {
                "name": "Hans Müller",
                "permissions": [],
                "mobile": "",
                "signature": "",
                "active": True,
            }
            connection.execute(insert(employees).values(number=number, **twin))
    twins = [NewRecipient(employee=number) for number in ("2001", "2002", "2001")]

    decision = queued(store, written(*twins), "message")

    assert [(each.name, each.to) for each in shown(store, decision).line.deliveries] == [
        ("Hans Müller", "2001"),
        ("Hans Müller", "2002"),
    ]


@pytest.mark.parametrize(
    "asked",
    [
        Request("e-mail", 4711, JONAS),
        Request("e-mail", 1, "4711"),
    ],
)
def test_who_or_what_is_not_there_is_no_refusal_but_an_error(store, asked):
    ready(store)
    saved(store)

    with pytest.raises(UnknownRecord, match="4711"):
        request_dispatch(store, asked, RULES["e-mail"], Terms(SECRET, NOW))


@pytest.mark.rule("X4")
def test_requests_of_one_transaction_are_judged_each_for_itself(store):
    ready(store)
    ids = [saved(store), saved(store, creator=MIA), saved(store)]
    requests = [Request("e-mail", contact_id, JONAS) for contact_id in [*ids, ids[0]]]

    found = request_dispatches(store, requests, RULES["e-mail"], Terms(SECRET, NOW))

    assert [reasons(decision) for decision in found] == [
        set(),
        {Reason.NOT_THE_AUTHOR},
        set(),
        {Reason.ALREADY_SENT},
    ]
    assert rows(store, dispatches) == 2


def test_to_be_judged_is_not_to_be_sent(store):
    ready(store)
    request = Request("e-mail", saved(store), JONAS)

    judgement = judge_request(store, request, RULES["e-mail"], Terms(SECRET, NOW))

    assert judgement.is_granted
    assert rows(store, *QUEUED) == 0


# --- nothing is half queued -----------------------------------------------------------------


@pytest.mark.rule("X3")
def test_a_contact_is_saved_although_its_dispatch_is_refused(store):
    ready(store, now=NOW - timedelta(hours=1))
    request = Request("e-mail", 0, JONAS)

    decision = save_and_send(store, written(), request, RULES["e-mail"], Terms(SECRET, NOW))

    assert reasons(decision) == {Reason.NOT_RUNNING}
    assert show_contact(store, decision.contact_id).text == "Es läuft wieder."
    assert rows(store, *QUEUED) == 0


@pytest.mark.rule("X2", "X3")
def test_who_may_not_write_a_contact_sends_none_either(store):
    ready(store)
    request = Request("e-mail", 0, GUEST)

    with pytest.raises(Refused):
        save_and_send(store, written(creator=GUEST), request, RULES["e-mail"], Terms(SECRET, NOW))

    assert rows(store, contacts, *QUEUED) == 0


@pytest.mark.rule("X3")
@pytest.mark.parametrize("way", ["save and send", "send"])
def test_whoever_dies_while_queueing_has_done_nothing_and_then_it_works_once(store, way):
    ready(store)
    before = 0 if way == "save and send" else 1
    contact_id = saved(store) if before else 0
    request = Request("e-mail", contact_id, JONAS)

    def send() -> Decision:
        terms = Terms(SECRET, NOW)
        if before:
            return request_dispatch(store, request, RULES["e-mail"], terms)
        return save_and_send(store, written(PETRA, UWE), request, RULES["e-mail"], terms)

    left_behind, statement = set(), 0
    while True:
        statement += 1
        try:
            with counted(store, die_at=statement) as seen:
                decision = send()
            break
        except Killed:
            left_behind.add((rows(store, contacts), rows(store, *QUEUED)))

    assert left_behind == {(before, 0)}
    assert len(seen) == statement - 1 > 10
    assert decision.judgement.is_granted
    assert (rows(store, contacts), rows(store, dispatches)) == (1, 1)


@pytest.mark.rule("X3")
def test_who_dies_at_the_commit_has_queued_nothing(store):
    ready(store)

    @event.listens_for(store.engine, "commit", once=True)
    def die(_connection):
        raise Killed

    with pytest.raises(Killed):
        queued(store)
    assert rows(store, contacts, *QUEUED) == 0


@pytest.mark.rule("E3", "S2", "F2", "X3")
def test_of_two_requests_at_once_one_is_queued_and_the_other_was_too_late(store):
    ready(store)
    for _ in range(5):
        contact_id, together = saved(store), Barrier(4)

        def send(channel: str, contact_id=contact_id, together=together) -> Decision:
            together.wait(60)
            return requested(store, contact_id, channel)

        with ThreadPoolExecutor(4) as people:
            found = list(people.map(send, ["e-mail", "sms", "e-mail", "fax"]))

        assert sum(each.dispatch_id is not None for each in found) == 1
        assert [reasons(each) for each in found].count({Reason.ALREADY_SENT}) == 3
        assert len(list_dispatches(store, contact_id=contact_id)) == 1


@pytest.mark.rule("X3")
def test_sending_and_receiving_at_once_do_not_stop_each_other(store):
    ready(store)
    box, together = prepared(store, account()), Barrier(2)
    first = queued(store)
    tried(store, "accepted")
    message_id = show_contact(store, first.contact_id).message_id

    def send() -> int:
        together.wait(60)
        return sum(
            queued(store, written(answers=first.contact_id)).judgement.is_granted for _ in range(15)
        )

    def receive() -> int:
        together.wait(60)
        raws = [
            letter(message_id=f"<{n}@mueller.example>", in_reply_to=f"<{message_id}>")
            for n in range(15)
        ]
        counts = [receive_letters(store, box, [raw], uid) for uid, raw in enumerate(raws, 1)]
        return sum(each.imported for each in counts)

    with ThreadPoolExecutor(2) as people:
        done = [people.submit(send), people.submit(receive)]

    assert [each.result() for each in done] == [15, 15]


# --- what counts as sent --------------------------------------------------------------------


@pytest.mark.rule("E3", "S2", "F2")
@pytest.mark.parametrize("first", ["e-mail", "sms", "fax"])
@pytest.mark.parametrize("second", ["e-mail", "sms", "fax"])
@pytest.mark.parametrize(
    ("outcome", "again"),
    [
        (None, False),
        ("accepted", False),
        ("refused_for_now", False),
        ("unknown", False),
        ("refused_for_good", True),
    ],
)
def test_what_is_or_may_be_with_anyone_is_not_sent_again(
    sqlite_store, first, second, outcome, again
):
    ready(sqlite_store)
    contact_id = queued(sqlite_store, channel=first).contact_id
    if outcome:
        queue = "e-mail/service" if first == "e-mail" else f"{first}/gateway"
        tried(sqlite_store, outcome, queue=queue)

    decision = requested(sqlite_store, contact_id, second)

    assert reasons(decision) == (set() if again else {Reason.ALREADY_SENT})


@pytest.mark.rule("M2")
def test_a_message_goes_out_any_number_of_times_and_stops_nothing(store):
    ready(store)
    contact_id = saved(store, PETRA, activity_type="e-mail")
    both = saved(store, NewRecipient("mia.krueger@firm.example"), activity_type="e-mail")

    refused = requested(store, contact_id, "message")
    messages = [requested(store, both, "message") for _ in range(2)]
    tried(store, "accepted", queue="message/inbox")
    e_mail = requested(store, both)
    afterwards = requested(store, both, "message")

    assert reasons(refused) == {Reason.NO_EMPLOYEE}
    assert all(each.dispatch_id is not None for each in (*messages, e_mail, afterwards))


# --- what goes out --------------------------------------------------------------------------


@pytest.mark.rule("E6")
def test_prefix_token_and_signature_go_out_and_stand_in_the_contact_only_afterwards(store):
    ready(store)
    contact_id = queued(store, written(html="<p>Es läuft.</p>")).contact_id
    before = _texts(show_contact(store, contact_id))

    sent = tried(store, "accepted", now=NOW + timedelta(minutes=1))

    after = show_contact(store, contact_id)
    assert before == ("Ihr Gerät", "Es läuft wieder.", "<p>Es läuft.</p>")
    assert _texts(after) == (sent.matchcode, sent.text, sent.html)
    assert sent.matchcode == f"[Helpdesk] Ihr Gerät [{TOKEN}]"
    assert sent.text == "Es läuft wieder.\n\n-- \nDas Team der Firma"
    assert sent.html is not None
    assert "Das Team der Firma" in sent.html
    assert (after.sent_at, after.message_id) == (NOW + timedelta(minutes=1), sent.message_id)


@pytest.mark.rule("E6")
@pytest.mark.parametrize("outcome", ["refused_for_now", "refused_for_good"])
def test_a_contact_that_did_not_go_out_is_as_it_was(store, outcome):
    ready(store)
    contact_id = queued(store).contact_id
    before = show_contact(store, contact_id)

    tried(store, outcome)

    after = show_contact(store, contact_id)
    assert _texts(after) == _texts(before) == ("Ihr Gerät", "Es läuft wieder.", None)
    assert after.sent_at is None


@pytest.mark.rule("E6")
def test_what_may_have_gone_out_stands_in_the_contact(store):
    ready(store)
    contact_id = queued(store).contact_id

    sent = tried(store, "unknown")

    assert _texts(show_contact(store, contact_id)) == (sent.matchcode, sent.text, None)


@pytest.mark.rule("E6")
@pytest.mark.parametrize("first", ["refused_for_good", "unknown"])
def test_a_second_dispatch_puts_nothing_twice(store, first):
    ready(store)
    decision = queued(store)
    tried(store, first)
    if first == "unknown":
        _come_back(store, decision)

    again = requested(store, decision.contact_id)
    tried(store, "accepted")

    text = f"{shown(store, again).line.matchcode}\n{shown(store, again).text}"
    assert [text.count(part) for part in ("[Helpdesk]", TOKEN, "Das Team der Firma")] == [1] * 3
    assert show_contact(store, decision.contact_id).text == shown(store, again).text


@pytest.mark.rule("M3")
def test_a_message_says_what_the_author_wrote_and_changes_nothing(store):
    ready(store)
    contact_id = queued(store, written(EMPLOYEE_MIA), "message").contact_id

    sent = tried(store, "accepted", queue="message/inbox")

    assert (sent.matchcode, sent.text) == ("Ihr Gerät", "Es läuft wieder.")
    contact = show_contact(store, contact_id)
    assert _texts(contact) == ("Ihr Gerät", "Es läuft wieder.", None)
    assert (contact.sent_at, contact.message_id) == (None, None)


@pytest.mark.rule("E6")
def test_a_token_in_the_reply_address_leaves_the_subject_alone(store):
    ready(store, replace(SERVICES[0], token_place=TokenPlace.REPLY_ADDRESS))

    queued(store)

    parcel = parcel_of(store)
    assert parcel.matchcode == "[Helpdesk] Ihr Gerät"
    assert parcel.reply_to == reply_address("service@firm.example", "SC-1042", SECRET)


def test_a_reply_address_that_would_be_too_long_is_none_and_the_subject_has_the_token(store):
    long = f"{'s' * 60}@firm.example"
    ready(store, replace(SERVICES[0], address=long, token_place=TokenPlace.REPLY_ADDRESS))

    queued(store)

    parcel = parcel_of(store)
    assert parcel.reply_to is None
    assert parcel.matchcode.endswith(f"[{TOKEN}]")


def test_without_a_case_there_is_no_token(store):
    ready(store)

    queued(store, written(case=None))

    assert parcel_of(store).matchcode == "[Helpdesk] Ihr Gerät"


@pytest.mark.parametrize(("sender_name", "shown_as"), [("", "Jonas Weber"), ("Firma", "Firma")])
def test_the_sender_is_the_account_under_its_name_or_the_employees(store, sender_name, shown_as):
    ready(store, replace(SERVICES[0], sender_name=sender_name))

    queued(store)

    sender = parcel_of(store).sender
    assert (sender.name, sender.address) == (shown_as, "service@firm.example")


def test_each_dispatch_has_an_id_of_its_own_for_ever(store):
    ready(store)
    queued(store)

    first = tried(store, "refused_for_now")
    again = tried(store, "accepted", now=NOW + timedelta(minutes=1))

    ids = {shown(store, queued(store)).message_id for _ in range(3)}
    assert len(ids | {first.message_id}) == 4
    assert first.message_id == again.message_id
    assert all(message_id.endswith("@firm.example") for message_id in ids)


@pytest.mark.parametrize(
    ("not_before", "deadline", "due", "until"),
    [
        (None, None, NOW, None),
        (timedelta(days=7), None, NOW + timedelta(days=7), NOW + timedelta(days=7) + PATIENCE),
        (timedelta(days=1), timedelta(days=2), NOW + timedelta(days=1), NOW + timedelta(days=2)),
        (None, timedelta(hours=1), NOW, NOW + timedelta(hours=1)),
    ],
)
def test_what_is_to_be_sent_later_has_its_time_from_then_on(
    store, not_before, deadline, due, until
):
    ready(store)

    decision = queued(
        store,
        not_before=not_before and NOW + not_before,
        deadline=deadline and NOW + deadline,
    )

    dispatch = shown(store, decision)
    assert (dispatch.line.due_at, dispatch.deadline) == (due, until)


# --- threads --------------------------------------------------------------------------------


def test_an_answer_names_what_it_answers_and_all_before_it_the_oldest_first(store):
    ready(store)
    box = prepared(store, account())
    receive_letters(store, box, [letter(message_id="<1@mueller.example>")])
    [first] = list_contacts(store)
    queued(store, written(answers=first.id, case=None))
    own = tried(store, "accepted")
    reply = letter(
        message_id="<2@mueller.example>",
        in_reply_to=f"<{own.message_id}>",
        date="Mon, 23 Nov 2026 10:00:00 +0000",
    )
    receive_letters(store, box, [reply], 2)
    second = list_contacts(store)[0]

    decision = queued(store, written(answers=second.id, case=None))

    parcel = parcel_of(store)
    assert (own.in_reply_to, own.references) == ("1@mueller.example", ("1@mueller.example",))
    assert parcel.id == decision.dispatch_id
    assert parcel.in_reply_to == "2@mueller.example"
    assert parcel.references == ("1@mueller.example", own.message_id, "2@mueller.example")
    assert show_contact(store, decision.contact_id).line.case_number == second.case_number


def test_an_answer_to_what_was_never_sent_begins_a_conversation(store):
    ready(store)

    queued(store, written(answers=saved(store)))

    parcel = parcel_of(store)
    assert (parcel.in_reply_to, parcel.references) == (None, ())


def test_an_answer_goes_by_the_account_that_was_written_to(store):
    ready(store, Service("a", "e-mail", "a@firm.example"), *SERVICES)
    receive_letters(store, prepared(store, account()), [letter()])
    [line] = list_contacts(store)

    decision = queued(store, written(answers=line.id))

    assert shown(store, decision).line.queue == "e-mail/service"
    assert shown(store, queued(store)).line.queue == "e-mail/a"


def test_a_received_contact_that_is_sent_on_is_still_found_by_answers_to_it(store):
    ready(store)
    box = prepared(store, account())
    receive_letters(store, box, [letter()])
    [line] = list_contacts(store)
    with store.writing() as connection:
        changing = contacts.update().values(activity_type="everything")
        connection.execute(changing)

    decision = requested(store, line.id, employee=ANNA)

    assert decision.judgement.is_granted
    assert show_contact(store, line.id).message_id == "1@mueller.example"


@pytest.mark.rule("R2")
@pytest.mark.parametrize("way", ["in_reply_to", "references", "token", "reply address"])
def test_a_reply_to_what_was_sent_finds_its_case_and_says_how(store, way):
    place = TokenPlace.REPLY_ADDRESS if way == "reply address" else TokenPlace.SUBJECT
    ready(store, replace(SERVICES[0], token_place=place))
    queued(store)
    sent = tried(store, "accepted")
    fields = {
        "in_reply_to": {"in_reply_to": f"<{sent.message_id}>"},
        "references": {"references": f"<x@y.example> <{sent.message_id}>"},
        "token": {"subject": f"AW: {sent.matchcode}"},
        "reply address": {"to": sent.reply_to or ""},
    }[way]
    usual = {"from": "x@stranger.example", "subject": "Danke", "message_id": "<9@y.example>"}

    receive_letters(store, prepared(store, account()), [letter(**{**usual, **fields})])

    reply = show_contact(store, list_contacts(store)[0].id)
    [best] = reply.candidates
    by_reference = way in {"in_reply_to", "references"}
    assert (reply.line.case_number, reply.line.verdict) == ("SC-1042", Verdict.DECIDED)
    assert best.has(EvidenceKind.IN_REPLY_TO) is by_reference
    assert best.has(EvidenceKind.TOKEN) is not by_reference


def test_an_answer_without_a_case_of_its_own_takes_that_of_what_it_answers(store):
    ready(store)
    first = saved(store, case="PR-7")

    answer_id = saved(store, answers=first, case=None)

    assert show_contact(store, answer_id).line.case_number == "PR-7"


def _texts(contact: ContactDetails) -> tuple[str, str, str | None]:
    return contact.line.matchcode, contact.text, contact.html


def _come_back(store: Store, decision: Decision) -> None:
    """Let the only delivery of a dispatch bounce."""
    message_id = shown(store, decision).message_id
    box = prepared(store, account())
    receive_letters(store, box, [bounce_of(message_id, "petra@mueller.example")])
