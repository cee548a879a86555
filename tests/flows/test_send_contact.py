"""Asking to send in the Prefect UI: refusals, dialogs, and the dispatch that is queued."""

import asyncio
import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from builders import NOW, letter, private_account, receive_letters
from flow_api import everything_told
from outgoing_contacts import ANNA, ANNAS, GUEST, JONAS, SERVICES, ready, saved
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.responses import OrchestrationResult, SetStateStatus
from prefect.exceptions import Pause
from prefect.flow_engine import run_flow_async
from prefect.states import AwaitingRetry
from prefect.types.entrypoint import EntrypointType

from domain.contacts import NewRecipient
from domain.directory import Address, Directory, Person
from domain.mail import ReceptionKind
from domain.sending import Ask, Choice, Judgement, Question
from domain.wording import Language
from flows.dialogs import dialog
from flows.send_contact import send_contact
from tasks.channels import CHANNELS
from tasks.settings import settings
from tasks.store import database
from tasks.store.accounts import enter_account
from tasks.store.contacts import list_contacts
from tasks.store.directory import apply_directory, employee_by_number
from tasks.store.dispatches import DispatchLine, list_dispatches
from tasks.store.writing import Change, edit_contact

PETRA, UWE = NewRecipient("petra@mueller.example"), NewRecipient("uwe@mueller.example")
PHONES = Directory(
    address=(
        Address(
            number="10001",
            name="Müller Maschinenbau GmbH",
            person=(
                Person(name="Petra Müller", emails=(PETRA.email,), mobile="0171 2345678"),
                Person(name="Uwe Lang", emails=(UWE.email,), mobile="12"),
            ),
        ),
    ),
)
UWE_IN_COPY = NewRecipient(UWE.email, kind=ReceptionKind.CC)
SECRET_TEXT, SECRET_ADDRESS = "nur unter uns", "vertraulich@private.example"


@pytest.fixture
def store(installed: database.Store, monkeypatch: pytest.MonkeyPatch) -> database.Store:
    """A store in which everything can be queued; nothing is sent, so nobody waits for it long."""
    monkeypatch.setattr("flows.send_contact.PATIENCE", 0.25)
    ready(installed, now=datetime.now(UTC))
    apply_directory(installed, PHONES)
    return installed


@pytest.fixture
def answered_privately(store: database.Store) -> int:
    """A private contact of Anna's, without a subject: it answers what came for her only."""
    ready(store, *SERVICES, ANNAS, now=datetime.now(UTC))
    own = enter_account(store, private_account())[0]
    receive_letters(store, own, [letter(subject="Privat")])
    [received] = [
        each for each in list_contacts(store, employee_by_number(store, ANNA)) if each.private
    ]
    return saved(
        store,
        NewRecipient(SECRET_ADDRESS),
        creator=ANNA,
        case=None,
        matchcode="",
        text=SECRET_TEXT,
        answers=received.id,
    )


async def asked_to_send(contact: int, channel: str = "e-mail", **wishes: Any) -> FlowRun:
    """Fill in the run form, and let the run begin."""
    deployment = await send_contact.ato_deployment(
        "send-contact", entrypoint_type=EntrypointType.MODULE_PATH
    )
    deployment_id = await deployment.apply()
    parameters = {"contact": contact, "channel": channel, "employee": JONAS, **wishes}
    async with get_client() as client:
        run = await client.create_flow_run_from_deployment(
            UUID(str(deployment_id)), parameters=parameters
        )
    return await ran(run)


async def ran(run: FlowRun) -> FlowRun:
    """Run it as the runner does, from its beginning; gives how it stands afterwards."""
    async with get_client() as client:
        current = await client.read_flow_run(run.id)
        with suppress(Pause):  # that is how a run ends that is suspended
            await run_flow_async(
                send_contact, flow_run=current, parameters=current.parameters, return_type="state"
            )
        return await client.read_flow_run(run.id)


async def answer(run: FlowRun, **answers: Any) -> OrchestrationResult[Any]:
    """Answer a run's dialog as the UI does, and submit it."""
    async with get_client() as client:
        return await client.resume_flow_run(run.id, run_input=answers)


async def shown_dialog(run: FlowRun) -> tuple[dict[str, Any], str]:
    """Read the form that the UI shows of a suspended run, and the text above it."""
    assert run.state
    keys = run.state.state_details.run_input_keyset or {}
    async with get_client() as client:
        schema = await client.read_flow_run_input(run.id, keys["schema"])
        text = await client.read_flow_run_input(run.id, keys["description"])
    return json.loads(schema)["properties"], json.loads(text)


def state_of(run: FlowRun) -> State[Any]:
    assert run.state
    return run.state


def queued(store: database.Store, contact: int, viewer: int | None = None) -> list[DispatchLine]:
    return list_dispatches(store, viewer, contact_id=contact)


@pytest.mark.rule("X3", "X5")
def test_a_contact_against_which_nothing_stands_is_queued_at_once(store):
    contact = saved(store)

    run = asyncio.run(asked_to_send(contact))

    [line] = queued(store, contact)
    assert state_of(run).type is StateType.COMPLETED
    assert state_of(run).message == f"dispatch {line.id} is queued: {PETRA.email} queued"
    assert run.name == f"send contact {contact} by e-mail - queued"


@pytest.mark.rule("X2", "X4")
def test_a_refused_request_fails_with_every_sentence_and_queues_nothing(store):
    contact = saved(store, UWE_IN_COPY, activity_type="sms")

    run = asyncio.run(asked_to_send(contact, employee=GUEST))

    told = state_of(run).message or ""
    assert state_of(run).type is StateType.FAILED
    for words in ("(crm.contacts).", "did not create", "option e-mail", "reception kind *to*"):
        assert words in told
    assert queued(store, contact) == []


@pytest.mark.rule("X4")
def test_a_refusal_is_the_result_and_in_the_chosen_language(store, monkeypatch):
    monkeypatch.setenv("KONTAKTWERK_LANGUAGE", "de")
    settings.cache_clear()
    contact = saved(store, activity_type="phone note")

    state = asyncio.run(
        send_contact(contact=contact, channel="e-mail", employee=JONAS, return_state=True)
    )

    [sentence] = state.result(raise_on_failure=False)
    assert sentence == "Die Aktivitätsart des Kontakts hat die Option E-Mail nicht."


@pytest.mark.parametrize(
    ("wishes", "told"),
    [
        ({"employee": "4711"}, "no employee with the personnel number 4711"),
        ({"contact": 4711}, "there is no contact 4711"),
    ],
)
def test_what_is_not_there_is_said(store, wishes, told):
    run = asyncio.run(asked_to_send(**{"contact": saved(store), **wishes}))

    assert state_of(run).type is StateType.FAILED
    assert told in (state_of(run).message or "")


@pytest.mark.rule("E7")
def test_an_empty_subject_is_asked_about_and_sent_once_confirmed(store):
    contact = saved(store, matchcode="")

    async def story() -> tuple[dict[str, Any], str, FlowRun, FlowRun]:
        asking = await asked_to_send(contact)
        form, text = await shown_dialog(asking)
        assert queued(store, contact) == []
        await answer(asking, empty_subject=True)
        return form, text, asking, await ran(asking)

    form, text, asking, done = asyncio.run(story())

    assert state_of(asking).name == "Suspended"
    assert form["empty_subject"]["type"] == "boolean"
    assert text.startswith(f"**Contact {contact} by e-mail**")
    assert "may be taken for spam" in text
    assert state_of(done).type is StateType.COMPLETED
    assert len(queued(store, contact)) == 1


@pytest.mark.rule("E7", "S5")
@pytest.mark.parametrize(
    ("channel", "question", "empty"),
    [("e-mail", "empty_subject", "matchcode"), ("sms", "empty_text", "text")],
)
def test_what_is_not_confirmed_is_not_sent(store, channel, question, empty):
    contact = saved(store, activity_type=channel, **{empty: ""})

    async def story() -> FlowRun:
        asking = await asked_to_send(contact, channel)
        await answer(asking, **{question: False})
        return await ran(asking)

    run = asyncio.run(story())

    assert state_of(run).type is StateType.CANCELLED
    assert state_of(run).message == "It was not confirmed: nothing is sent."
    assert queued(store, contact) == []


@pytest.mark.rule("S3", "S4")
def test_an_answer_may_raise_the_next_question_and_all_answers_are_kept(store):
    contact = saved(store, PETRA, UWE, activity_type="sms")

    async def story() -> tuple[dict[str, Any], dict[str, Any], FlowRun]:
        run = await asked_to_send(contact, "sms")
        which, _ = await shown_dialog(run)
        await answer(run, which_recipient=which["which_recipient"]["enum"][1])
        run = await ran(run)
        number, _ = await shown_dialog(run)
        await answer(run, which_number="0151 23456789")
        return which, number, await ran(run)

    which, number, run = asyncio.run(story())

    [line] = queued(store, contact)
    assert which["which_recipient"]["enum"] == ["1: Petra Müller", "2: Uwe Lang"]
    assert "“12” is no valid number" in number["which_number"]["description"]
    assert [each.to for each in line.deliveries] == ["+4915123456789"]
    assert state_of(run).type is StateType.COMPLETED


@pytest.mark.rule("S4")
def test_a_number_that_is_wrong_again_is_asked_for_again(store):
    contact = saved(store, UWE, activity_type="sms")

    async def story() -> FlowRun:
        run = await asked_to_send(contact, "sms")
        await answer(run, which_number="12")
        return await ran(run)

    run = asyncio.run(story())

    assert state_of(run).name == "Suspended"
    assert queued(store, contact) == []


def test_an_answer_that_does_not_fit_is_refused_by_the_form(store):
    contact = saved(store, PETRA, UWE, activity_type="sms")

    async def story() -> OrchestrationResult[Any]:
        return await answer(await asked_to_send(contact, "sms"), which_recipient="3: Nobody")

    result = asyncio.run(story())

    assert result.status is SetStateStatus.REJECT


def test_what_was_changed_while_the_dialog_was_open_is_judged_anew(store):
    contact = saved(store, matchcode="")

    async def story() -> FlowRun:
        run = await asked_to_send(contact)
        edit_contact(store, contact, JONAS, Change(recipients=(UWE,), matchcode=""), NOW)
        await answer(run, empty_subject=True)
        edit_contact(store, contact, JONAS, Change(matchcode="Ein Betreff"), NOW)
        return await ran(run)

    run = asyncio.run(story())

    [line] = queued(store, contact)
    assert state_of(run).type is StateType.COMPLETED
    assert [each.to for each in line.deliveries] == [UWE.email]


@pytest.mark.rule("E3", "M2")
@pytest.mark.parametrize("channel", ["e-mail", "message"])
def test_a_run_that_is_run_again_queues_nothing_twice(store, channel):
    contact = saved(store, NewRecipient(employee=GUEST))

    async def story() -> FlowRun:
        run = await asked_to_send(contact, channel)
        async with get_client() as client:  # as *Retry* does in the UI
            await client.set_flow_run_state(run.id, AwaitingRetry(), force=True)
        return await ran(run)

    run = asyncio.run(story())

    [line] = queued(store, contact)
    assert state_of(run).type is StateType.COMPLETED
    assert f"dispatch {line.id} is queued" in (state_of(run).message or "")


@pytest.mark.rule("M2")
def test_another_run_sends_the_message_once_more(store):
    contact = saved(store, NewRecipient(employee=GUEST))

    for _ in range(2):
        asyncio.run(asked_to_send(contact, "message"))

    assert len(queued(store, contact)) == 2


@pytest.mark.rule("R4")
def test_runs_tell_nothing_of_a_private_contact(store, answered_privately):
    contact = answered_privately

    async def story() -> tuple[FlowRun, str, str]:
        asking = await asked_to_send(contact, employee=ANNA)
        form, text = await shown_dialog(asking)
        await answer(asking, empty_subject=True)
        return await ran(asking), f"{form} {text}", await everything_told()

    run, shown, told = asyncio.run(story())

    [line] = queued(store, contact, employee_by_number(store, ANNA))
    assert state_of(run).message == f"dispatch {line.id} is queued: queued"
    for secret in (SECRET_TEXT, SECRET_ADDRESS):
        assert secret not in told
        assert secret not in shown


def test_the_run_form_explains_itself():
    schema = send_contact.parameters

    assert schema.properties["channel"]["enum"] == list(CHANNELS)
    assert all(field["description"] for field in schema.properties.values())
    assert schema.required == ["contact", "channel", "employee"]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("ask", Ask)
def test_every_question_has_a_form_in_every_language(ask, language):
    choices = (Choice(1, "Petra"),) if ask is Ask.WHICH_RECIPIENT else ()
    judgement = Judgement(questions=(Question(ask, "12", choices),), remark="2 × SMS")

    form = dialog("Contact 1", judgement, language)

    assert form.model_json_schema()["properties"][ask]["title"]
