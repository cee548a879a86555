"""A line to an employee's push service: bounded in time, and telling no secret."""

import ssl
from queue import Empty, Queue
from threading import Thread
from typing import Any

from domain.delivery import Answer, Outcome
from domain.errors import CertificateRefused, ServerUnreachable
from domain.push_services import PushService, hidden
from domain.sending import Texts
from tasks.gateways.push_plugin import Heard, load_apprise, plugin_for
from tasks.gateways.replies import shown

LONGEST = 20.0  # seconds for one message; a server may answer bit by bit for ever


class PushLine:
    """Sends messages by one service."""

    def __init__(self, service: PushService, longest: float = LONGEST) -> None:
        self._service = service
        self._longest = longest
        self._plugin: Any = None
        self.is_stuck = False

    def connect(self) -> None:
        """Make sure that the address can be used; ConfigurationError where it cannot."""
        if self._plugin is None:
            self._plugin = plugin_for(self._service)

    def send(self, texts: Texts) -> Answer:
        """Send one message.

        Raises ServerUnreachable or CertificateRefused where nothing has gone out.
        """
        self.connect()
        answered: Queue[tuple[bool, Heard]] = Queue()
        Thread(target=self._notify, args=(texts, answered), daemon=True).start()
        try:
            taken, heard = answered.get(timeout=self._longest)
        except Empty:
            self.is_stuck = True
            return Answer(Outcome.UNKNOWN, f"no answer within {self._longest:g} seconds")
        if taken:
            return Answer(Outcome.ACCEPTED, "taken by the push service")
        return self._refused(heard)

    def _notify(self, texts: Texts, answered: "Queue[tuple[bool, Heard]]") -> None:
        apprise = load_apprise()
        sender = apprise.Apprise(self._plugin, asset=self._plugin.asset)
        with Heard() as heard:
            taken = sender.notify(
                body=texts.text, title=texts.matchcode, body_format=apprise.NotifyFormat.TEXT
            )
            answered.put((bool(taken), heard))

    def _refused(self, heard: Heard) -> Answer:
        if _is_unverified(heard.error):
            raise CertificateRefused(f"{self._service.name} could not prove who it is")
        if _nothing_went_out(heard.error):
            kind = type(heard.error).__name__
            raise ServerUnreachable(f"{self._service.name} cannot be reached: {kind}")
        outcome = Outcome.UNKNOWN if _may_have_arrived(heard.error) else Outcome.FOR_NOW
        words = hidden(self._service.url.get_secret_value(), " ".join(heard.words))
        return Answer(outcome, shown(words) or "the push service did not take it")


def _is_unverified(error: BaseException | None) -> bool:
    return _has_cause(error, ssl.SSLCertVerificationError)


def _nothing_went_out(error: BaseException | None) -> bool:
    """Whether no connection was made; apprise's plugins speak HTTP by requests."""
    from requests import exceptions as http  # imported late: it comes with apprise
    from urllib3 import exceptions as wire

    if isinstance(error, http.SSLError):  # no encryption was agreed on, unless it ended later
        return not _has_cause(error, ssl.SSLEOFError, ssl.SSLZeroReturnError)
    if isinstance(error, http.ConnectTimeout | http.ProxyError):
        return True
    return _has_cause(error, wire.NewConnectionError, wire.ConnectTimeoutError)


def _may_have_arrived(error: BaseException | None) -> bool:
    """Whether a connection broke, or stayed silent, after something had gone out."""
    from requests import exceptions as http

    broken = http.ConnectionError | http.ReadTimeout | http.ChunkedEncodingError
    return isinstance(error, broken)


def _has_cause(error: BaseException | None, *kinds: type[BaseException]) -> bool:
    """Whether an error, or what led to it, is of one of these kinds."""
    while error is not None and not isinstance(error, kinds):
        error = error.__cause__ or error.__context__
    return error is not None
