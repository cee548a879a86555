"""Usual values of the rules of sending for tests, changed where a test says so."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from domain.mail import ReceptionKind
from domain.sending import EDIT_OTHERS, PERMISSION, Actor, Addressee, Request, Sendable
from domain.services import Service

ACTOR = Actor(1, frozenset({PERMISSION, EDIT_OTHERS}), frozenset({7}), "Anna Berger")
SERVICE = Service("service", "e-mail", "service@firm.example")


def service(
    name: str = "service", employees: Iterable[int] = (), teams: Iterable[int] = (), **changes: Any
) -> Service:
    """Give an account that sends, for everybody or for these."""
    people = (frozenset(employees), frozenset(teams))
    return replace(SERVICE, name=name, employees=people[0], teams=people[1], **changes)


def addressee(position: int = 1, **changes: Any) -> Addressee:
    """Give a recipient who can be reached by every channel but the message."""
    usual = {
        "name": f"Petra Müller {position}",
        "kind": ReceptionKind.TO,
        "email": f"petra{position}@mueller.example",
        "mobile": "0151 23456789",
        "fax": "030 1234567",
    }
    return Addressee(position, **{**usual, **changes})


def sendable(addressees: Iterable[Addressee] = (), **changes: Any) -> Sendable:
    """Give a contact to one recipient against which nothing stands."""
    usual = {
        "creator_id": ACTOR.id,
        "options": frozenset({"e-mail", "sms", "fax"}),
        "matchcode": "Fehler E17",
        "text": "Guten Tag",
        "addressees": tuple(addressees) or (addressee(),),
    }
    return Sendable(**{**usual, **changes})


def wish(**changes: Any) -> Request:
    """Give Anna's wish to send a contact by e-mail."""
    return Request(**{"channel": "e-mail", "contact_id": 1, "employee": "1001", **changes})
