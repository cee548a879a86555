"""The buttons with which customers are shown a contact, and what they see."""

import asyncio

import pytest
from flow_api import artifacts
from outgoing_contacts import ANNA, JONAS, MIA, ready, saved
from pressed_buttons import refused, said

from flows.publish_contact import Action, publish_contact, service_history
from tasks.store.database import Store


@pytest.fixture
def store(installed: Store) -> Store:
    """A store with everybody in it."""
    ready(installed)
    return installed


@pytest.mark.rule("P3")
def test_the_same_button_publishes_and_withdraws(store):
    number = saved(store, text="Es läuft wieder.")

    told = [
        said(publish_contact, contact=number, employee=JONAS),
        said(publish_contact, contact=number, employee=JONAS, action=Action.PUBLISH),
        said(publish_contact, contact=number, employee=JONAS),
        said(publish_contact, contact=number, employee=JONAS, action=Action.WITHDRAW),
    ]

    assert [line.partition(": ")[0] for line in told] == [
        f"Contact {number} is published",
        f"Contact {number} is published already",
        f"Contact {number} is withdrawn",
        f"Contact {number} is not published",
    ]


@pytest.mark.rule("P1", "P2", "X2")
def test_what_stands_against_it_is_said_by_the_run(store):
    other = saved(store, case="PR-7")

    assert "service call" in refused(publish_contact, contact=other, employee=JONAS)
    assert "crm.contacts" in refused(publish_contact, contact=other, employee=MIA)
    assert "no contact 999" in refused(publish_contact, contact=999, employee=ANNA)


def test_what_is_to_be_thought_about_is_said_where_nobody_can_be_asked(store):
    number = saved(store, text="Fragen Sie Jonas Weber.")

    assert "Jonas Weber" in refused(publish_contact, contact=number, employee=JONAS)


@pytest.mark.rule("P4")
def test_a_history_is_shown_as_its_customer_sees_it(store):
    shown = saved(store, matchcode="Es geht [wieder](https://x.example)", text="Danke.")
    saved(store, matchcode="Nur für uns", text="intern")
    said(publish_contact, contact=shown, employee=JONAS)

    told = said(service_history, case="sc-1042", employee=JONAS)

    key = "service-history-sc-1042"
    assert told == f"SC-1042: 1 published, shown as {key}"
    [history] = [each["data"] for each in asyncio.run(artifacts(key))]
    assert r"Es geht \[wieder\]" in history
    assert "intern" not in history
    assert "there is no employee" in refused(service_history, case="SC-1042", employee="0")
