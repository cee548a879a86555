"""An alarm has the links that stand in its appointment, and those to its records in the ERP."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from appointments import ANNA, JONAS, MIA
from builders import account, letter, prepared, private_account, receive_letters
from prefect.logging import disable_run_logger
from ringers import ACCOUNT, BEGIN, TERMS, booked, letters, ready, told, wishes
from sqlalchemy import select

from tasks import ringing
from tasks.settings import settings
from tasks.store.database import Store
from tasks.store.ringing import ring_due
from tasks.store.tables import contacts

CALL = "https://meet.example/abc-def"
ERP = "https://erp.example/{kind}/{number}"


def rung(store: Store, record_url: str = ERP, **changes: Any) -> int:
    """Book an appointment and ring it; gives its id."""
    it = booked(store, **changes)
    ring_due(store, BEGIN, 100, replace(TERMS, record_url=record_url))
    return it


def links(text: str) -> list[str]:
    """Read the links of an alarm, which come before what is to be done."""
    _, _, rest = text.partition("\nLinks:\n")
    return rest.partition("\n\n")[0].splitlines()


@pytest.mark.rule("A4")
def test_a_video_calls_address_is_a_link_wherever_it_stands(store):
    ready(store)

    rung(store, "", place=f"Teams: {CALL}", text=f"Plan: http://plan.example. Und {CALL}")

    assert links(told(store, MIA)[0].text) == [CALL, "http://plan.example"]


@pytest.mark.rule("A4")
def test_the_appointment_its_cases_and_its_contact_are_links_where_the_erp_shows_them(store):
    box = prepared(store, account())
    receive_letters(store, box, [letter(subject="Presse steht")])
    ready(store)
    with store.reading() as connection:
        [contact_id] = connection.scalars(select(contacts.c.id))

    it = rung(store, cases=("SC-1042", "PR-7"), contact_id=contact_id)

    assert links(told(store, MIA)[0].text) == [
        f"https://erp.example/appointment/{it}",
        "https://erp.example/case/PR-7",
        "https://erp.example/case/SC-1042",
        f"https://erp.example/contact/{contact_id}",
    ]


@pytest.mark.rule("L9")
def test_what_belongs_to_a_private_contact_is_no_link_for_who_may_not_see_it(store):
    box = prepared(store, private_account())
    receive_letters(store, box, [letter(subject="Geheimes Angebot")])
    with store.reading() as connection:
        [contact_id] = connection.scalars(select(contacts.c.id))
    ready(store)

    it = rung(store, contact_id=contact_id, cases=("SC-1042",), responsible=ANNA, employee=ANNA)

    its_own = f"https://erp.example/appointment/{it}"
    assert links(told(store, MIA)[0].text) == [its_own]
    assert len(links(told(store, ANNA)[0].text)) == 3


def test_without_links_there_is_no_heading_for_them(store):
    ready(store)

    rung(store, "")

    assert "Links" not in told(store, MIA)[0].text


@pytest.mark.rule("A4")
def test_the_shift_takes_the_erps_address_from_the_settings(store, monkeypatch):
    monkeypatch.setenv("KONTAKTWERK_RECORD_URL", ERP)
    settings.cache_clear()
    monkeypatch.setattr(ringing, "store", lambda: store)
    ready(store, ACCOUNT)
    wishes(store, JONAS, "e-mail")
    it = booked(store)

    with disable_run_logger():
        asyncio.run(ringing.ring.fn(BEGIN))

    its_own = f"https://erp.example/appointment/{it}"
    assert links(told(store, MIA)[0].text) == [its_own]
    assert its_own in letters(store)[0].text
