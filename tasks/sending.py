"""Sending contacts, for flows, the command line and other programs: one way to ask for it."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby

from domain.contacts import NewContact
from domain.errors import UnknownRecord
from domain.sending import ChannelRules, Judgement, Request
from tasks.channels import CHANNELS
from tasks.settings import settings
from tasks.store import sending
from tasks.store.database import store
from tasks.store.judging import Terms
from tasks.store.sending import Decision

AT_ONCE = 200  # requests in one transaction


def send_contact(request: Request) -> Decision:
    """Judge a request and queue the dispatch, or say all that stands against it (X1-X4).

    UnknownRecord where there is no such employee, contact or channel.
    """
    wanted, rules = _once(request), _rules(request.channel)
    return sending.request_dispatch(store(), wanted, rules, _terms())


def judge_request(request: Request) -> Judgement:
    """Judge a request as send_contact does, and queue nothing: what would be asked, and said."""
    return sending.judge_request(store(), request, _rules(request.channel), _terms())


def send_contacts(requests: Sequence[Request]) -> list[Decision]:
    """Do the same for many, each judged for itself; the answers come in their order."""
    decisions: list[Decision] = []
    for channel, wanted in groupby(requests, key=lambda request: request.channel):
        rules, asked = _rules(channel), [_once(request) for request in wanted]
        for start in range(0, len(asked), AT_ONCE):
            some = asked[start : start + AT_ONCE]
            decisions += sending.request_dispatches(store(), some, rules, _terms())
    return decisions


def write_and_send(contact: NewContact, request: Request) -> Decision:
    """Save a contact and queue its dispatch in the same transaction (X3).

    The request's contact_id is that of the new contact, whatever it says.
    """
    rules = _rules(request.channel)
    return sending.save_and_send(store(), contact, _once(request), rules, _terms())


def _once(request: Request) -> Request:
    """Give a request a key: its transaction is done again where a commit's answer was lost."""
    return request if request.key else replace(request, key=uuid.uuid4().hex)


def _rules(channel: str) -> ChannelRules:
    if channel not in CHANNELS:
        raise UnknownRecord(f"there is no channel {channel}: choose {', '.join(CHANNELS)}")
    return CHANNELS[channel].rules


def _terms() -> Terms:
    now = datetime.now(UTC)
    return Terms(settings().token_secret, now, settings().country)
