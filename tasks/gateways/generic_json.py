"""Gateways that take a message as JSON; fields and paths are the administrator's."""

import json
from typing import Any
from urllib.parse import quote

from domain.gateways import SmsGateway
from domain.placeholders import filled_json
from tasks.gateways.shape import Fate, Report, Request, Sms


class GenericJson:
    """A gateway that is described by a template and a few paths."""

    def __init__(self, gateway: SmsGateway) -> None:
        self._gateway = gateway
        self._template = json.loads(gateway.body)

    @property
    def gives_references(self) -> bool:
        """Whether the administrator named the place of the id."""
        return self._gateway.reference_path is not None

    def sending(self, sms: Sms) -> Request:
        """Post the filled template, in ASCII: whatever the text has, any JSON parser reads it."""
        values = {
            "to": sms.number,
            "digits": sms.number.removeprefix("+"),
            "text": sms.text,
            "sender": self._gateway.sender or "",
            "id": sms.message_id,
        }
        body = json.dumps(filled_json(self._template, values)).encode()
        headers = {"Content-Type": "application/json", **self._headers()}
        return Request("POST", self._gateway.url, headers, body)

    def asking(self, reference: str) -> Request | None:
        """Ask at the address of the status, if there is one."""
        if not self._gateway.status_url or not reference:
            return None
        # Dots are escaped too: a reference of two dots would lead to another address.
        escaped = quote(reference, safe="").replace(".", "%2E")
        url = self._gateway.status_url.replace("{reference}", escaped)
        return Request("GET", url, self._headers())

    def report(self, said: Any) -> Report:
        """Look the id, the status and the reason up by their paths."""
        status = _at(said, self._gateway.status_path)
        reason = _at(said, self._gateway.reason_path)
        words = ": ".join(filter(None, [status, reason]))
        reference = _at(said, self._gateway.reference_path)
        return Report(reference, self._fate(status.casefold()), words)

    def _fate(self, status: str) -> Fate:
        if status in map(str.casefold, self._gateway.delivered):
            return Fate.ARRIVED
        if status in map(str.casefold, self._gateway.undelivered):
            return Fate.LOST
        return Fate.OPEN

    def _headers(self) -> dict[str, str]:
        token = self._gateway.token.get_secret_value()
        return {self._gateway.header: token} if token else {}


def _at(said: Any, path: str | None) -> str:
    """Follow a path such as messages.0.id; "" where it leads to nothing that can be written."""
    if path is None:
        return ""
    for step in path.split("."):
        if isinstance(said, dict):
            said = said.get(step)
        elif isinstance(said, list) and step.isascii() and step.isdigit():
            said = said[int(step)] if int(step) < len(said) else None
        else:
            return ""
    return str(said) if isinstance(said, str | int) and not isinstance(said, bool) else ""
