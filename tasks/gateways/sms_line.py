"""A line to an SMS gateway: kept open, verified, and exact about what became of a message."""

import json
import ssl
from contextlib import suppress
from http import HTTPStatus
from time import monotonic
from typing import Any

import httpx

from domain.delivery import Answer, Outcome
from domain.errors import CertificateRefused, ConfigurationError, LoginRefused, ServerUnreachable
from domain.gateways import SmsGateway, SmsShape
from domain.sms_segments import as_sent
from tasks.gateways.generic_json import GenericJson
from tasks.gateways.replies import (
    MOST_BYTES,
    REFUSES_EVERYBODY,
    Reply,
    outcome_of,
    shown,
    usable,
    wait_of,
)
from tasks.gateways.shape import Fate, Report, Request, Shape, Sms
from tasks.gateways.twilio import Twilio

SHAPES: dict[SmsShape, type[GenericJson] | type[Twilio]] = {
    SmsShape.GENERIC_JSON: GenericJson,
    SmsShape.TWILIO: Twilio,
}
# Servers close idle connections after 5 s and more; a message that meets the closing is unknown.
KEPT_SECONDS = 2
_NOTHING_WENT_OUT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
)


class SmsLine:
    """Hands messages in at one gateway, and asks what became of them."""

    def __init__(self, gateway: SmsGateway) -> None:
        self._gateway = gateway
        self._shape: Shape = SHAPES[gateway.shape](gateway)
        self._client = httpx.Client(
            verify=_tls_context(gateway),
            timeout=gateway.timeout_seconds,
            follow_redirects=False,
            limits=httpx.Limits(max_connections=gateway.connections, keepalive_expiry=KEPT_SECONDS),
            # Replies are short, and a packed one could unfold without a limit.
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
        )

    def send(self, number: str, text: str, message_id: str) -> Answer:
        """Hand one message in.

        Raises ServerUnreachable, CertificateRefused or LoginRefused where that tells nothing of
        this message, but of all: the gateway's queue pauses.
        """
        writable = as_sent(text).encode("utf-8", "replace").decode("utf-8")
        try:
            reply = self._exchange(self._shape.sending(Sms(number, writable, message_id)))
        except httpx.HTTPError as error:
            reason = shown(f"no answer came: {type(error).__name__} {error}")
            return Answer(Outcome.UNKNOWN, reason)
        if reply.is_success:
            return self._taken(reply)
        outcome = outcome_of(reply.status)
        wait = wait_of(reply.headers) if outcome is Outcome.FOR_NOW else None
        return Answer(outcome, self._words(reply), wait=wait)

    def receipt(self, reference: str) -> Answer | None:
        """Ask what became of a message; None while that is open, or where nobody can tell.

        Raises as send does; to ask does no harm, and may be tried again at any time.
        """
        request = self._shape.asking(reference)
        if request is None:
            return None
        try:
            reply = self._exchange(request)
        except httpx.HTTPError as error:
            raise ServerUnreachable(f"{self._gateway.name}: {type(error).__name__}") from error
        report = self._report(reply) if reply.is_success else None
        if report is None or report.fate is Fate.OPEN:
            return None
        arrived = report.fate is Fate.ARRIVED
        outcome = Outcome.ACCEPTED if arrived else Outcome.FOR_GOOD
        words = self._shown(report.words) or ("delivered" if arrived else "not delivered")
        return Answer(outcome, words, reference)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _exchange(self, request: Request) -> Reply:
        """Ask and read; what is raised as httpx's own error may have reached the gateway."""
        until = monotonic() + self._gateway.timeout_seconds
        try:
            with self._client.stream(
                request.method, request.url, headers=request.headers, content=request.body
            ) as response:
                reply = Reply(response.status_code, response.headers, _read(response, until))
        except _NOTHING_WENT_OUT as error:
            raise self._not_connected(error) from error
        if reply.status in REFUSES_EVERYBODY:
            # Its words may speak of one message, and this is shown to everybody.
            phrase = HTTPStatus(reply.status).phrase
            raise LoginRefused(f"{self._gateway.name} refused: {reply.status} {phrase}")
        return reply

    def _not_connected(self, error: httpx.HTTPError) -> ServerUnreachable | CertificateRefused:
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, ssl.SSLCertVerificationError):
                return CertificateRefused(f"{self._gateway.name}: {cause.verify_message}")
            cause = cause.__cause__ or cause.__context__
        return ServerUnreachable(f"{self._gateway.name} cannot be reached: {error}")

    def _taken(self, reply: Reply) -> Answer:
        report = self._report(reply)
        if report is not None and report.fate is Fate.LOST:
            return Answer(Outcome.FOR_GOOD, self._words(reply), usable(report.reference))
        reference = usable(report.reference) if report else ""
        if self._shape.gives_references and not reference:
            return Answer(Outcome.UNKNOWN, f"an answer without an id: {self._words(reply)}")
        return Answer(Outcome.ACCEPTED, self._words(reply), reference)

    def _report(self, reply: Reply) -> Report | None:
        try:
            said: Any = json.loads(reply.body)
        except (ValueError, RecursionError):
            return None
        return self._shape.report(said)

    def _words(self, reply: Reply) -> str:
        report = self._report(reply)
        words = (report and report.words) or reply.body.decode("utf-8", "replace")
        status = f"{reply.status} {httpx.codes.get_reason_phrase(reply.status)}".rstrip()
        return self._shown(f"{status}: {words}" if words else status)

    def _shown(self, words: str) -> str:
        return shown(words, self._gateway.token.get_secret_value())


def _tls_context(gateway: SmsGateway) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=gateway.ca_file)
    except OSError as error:
        raise ConfigurationError(f"{gateway.ca_file} holds no certificates: {error}") from error


def _read(response: httpx.Response, until: float) -> bytes:
    """Read up to the limits; the status has been told, so what breaks off here is no loss."""
    body = bytearray()
    with suppress(httpx.TransportError):
        for piece in response.iter_raw():
            body += piece
            if len(body) > MOST_BYTES or monotonic() > until:
                break
    return bytes(body[:MOST_BYTES])
