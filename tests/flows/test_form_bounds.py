"""Forms take numbers and times that can be kept and reckoned with, and no others."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from prefect.client.schemas.objects import StateType
from prefect.exceptions import ParameterTypeError

from flows.appointments import (
    change_participants,
    mark_appointment_done,
    move_appointment,
    set_alarm,
)
from flows.resolve_dispatch import Resolution, cancel_dispatch, resolve_dispatch
from flows.send_contact import send_contact
from flows.workflow_actions import end_workflow_run, retry_visit

HUGE = 2**63
LAST = datetime(9999, 12, 31, 23, 30, tzinfo=UTC)
WHO = {"employee": "1002"}
IT = {"appointment": 1, **WHO}
SENDING = {"contact": 1, "channel": "sms", **WHO}


@pytest.mark.parametrize(
    ("form", "entered", "wrong"),
    [
        (set_alarm, IT, {"appointment": HUGE}),
        (set_alarm, IT, {"minutes_before": 10**12}),
        (set_alarm, IT, {"at": LAST}),
        (set_alarm, IT, {"occurrence": LAST}),
        (move_appointment, {**IT, "begins": "2026-11-24T09:00:00Z"}, {"begins": LAST}),
        (move_appointment, {**IT, "begins": "2026-11-24T09:00:00Z"}, {"ends": LAST}),
        (change_participants, IT, {"appointment": -1}),
        (mark_appointment_done, IT, {"occurrence": LAST}),
        (send_contact, SENDING, {"contact": HUGE}),
        (send_contact, SENDING, {"recipient": HUGE}),
        (send_contact, SENDING, {"not_before": LAST}),
        (send_contact, SENDING, {"deadline": LAST}),
        (
            resolve_dispatch,
            {"dispatch": 1, "decision": Resolution.SEND_AGAIN, **WHO},
            {"dispatch": HUGE},
        ),
        (cancel_dispatch, {"dispatch": 1, **WHO}, {"dispatch": HUGE}),
        (cancel_dispatch, {"dispatch": 1, **WHO}, {"not_before": LAST}),
        (retry_visit, {"visit": 1}, {"visit": HUGE}),
        (end_workflow_run, {"run": 1}, {"run": HUGE}),
    ],
)
def test_a_form_names_the_field_that_is_out_of_range(form, entered, wrong):
    [field] = wrong

    form.validate_parameters(entered)

    with pytest.raises(ParameterTypeError, match=field):
        form.validate_parameters({**entered, **wrong})


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"begins": LAST}, "begins: Value error, must be in the years 1970 to 2199"),
        ({"appointment": HUGE}, "appointment: Input should be less than or equal to"),
    ],
)
def test_the_run_says_what_is_wrong(installed, wrong, told):
    entered: dict[str, Any] = {**IT, "begins": datetime(2026, 11, 24, 9, tzinfo=UTC), **wrong}

    state = asyncio.run(move_appointment(**entered, return_state=True))

    assert state.type is StateType.FAILED
    assert told in (state.message or "")
