"""Twilio's Messages API, of 2010-04-01, and gateways that offer the same."""

from base64 import b64encode
from typing import Any
from urllib.parse import quote, urlencode

from domain.gateways import SmsGateway
from tasks.gateways.shape import Fate, Report, Request, Sms

_FATES = {
    "delivered": Fate.ARRIVED,
    "read": Fate.ARRIVED,
    "undelivered": Fate.LOST,
    "failed": Fate.LOST,
    "canceled": Fate.LOST,
}


class Twilio:
    """A Twilio account, or a sub-account."""

    gives_references = True

    def __init__(self, gateway: SmsGateway) -> None:
        self._gateway = gateway
        self._messages = (
            f"{gateway.url.rstrip('/')}/2010-04-01/Accounts/{gateway.account_sid}/Messages"
        )

    def sending(self, sms: Sms) -> Request:
        """Post a form; either the sender is named, or the service that chooses one."""
        form = {"To": sms.number, "Body": sms.text}
        if self._gateway.messaging_service:
            form["MessagingServiceSid"] = self._gateway.messaging_service
        else:
            form["From"] = self._gateway.sender or ""
        headers = {"Content-Type": "application/x-www-form-urlencoded", **self._login()}
        return Request("POST", f"{self._messages}.json", headers, urlencode(form).encode())

    def asking(self, reference: str) -> Request | None:
        """Ask for the message's own resource."""
        if not reference:
            return None
        return Request("GET", f"{self._messages}/{quote(reference, safe='')}.json", self._login())

    def report(self, said: Any) -> Report:
        """Read a message resource or an error, which name their code differently."""
        if not isinstance(said, dict):
            return Report()
        status, reference = (_text(said.get(name)) for name in ("status", "sid"))
        words = _text(said.get("error_message")) or _text(said.get("message")) or status
        code = said.get("error_code") or said.get("code")
        told = f"{words} (Twilio {code})" if code else words
        return Report(reference, _FATES.get(status, Fate.OPEN), told)

    def _login(self) -> dict[str, str]:
        token = self._gateway.token.get_secret_value()
        login = b64encode(f"{self._gateway.account_sid}:{token}".encode()).decode()
        return {"Authorization": f"Basic {login}"}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
