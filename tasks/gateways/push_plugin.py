"""Apprise, which knows the push services: loaded late, quiet in logs, and held to our terms."""

import logging
import sys
import warnings
from functools import cache
from threading import get_ident
from typing import Any

from domain.accounts import is_loopback
from domain.errors import ConfigurationError
from domain.push_services import PushService

LOGGER = "apprise"
_TELL_ADDRESSES = (LOGGER, "urllib3.connectionpool")


class Heard(logging.Handler):
    """What apprise says in this thread, and the error of which it speaks.

    It answers only that it failed; it logs why while it catches the error.
    """

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.words: list[str] = []
        self.error: BaseException | None = None
        self._thread = get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        """Take in what is said in this thread; other lines speak in others."""
        if record.thread == self._thread:
            self.words.append(record.getMessage())
            self.error = sys.exc_info()[1] or self.error

    def __enter__(self) -> "Heard":
        logging.getLogger(LOGGER).addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger(LOGGER).removeHandler(self)


@cache
def load_apprise() -> Any:
    """Import apprise with all its plugins, which takes half a second, and keep it from logging."""
    for name in _TELL_ADDRESSES:
        logging.getLogger(name).propagate = False
    logging.getLogger(LOGGER).setLevel(logging.WARNING)
    logging.getLogger(LOGGER).addHandler(logging.NullHandler())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its plugins import what Python will drop one day
        import apprise

        apprise.Apprise.instantiate("json://localhost")  # the first one loads all plugins
    return apprise


def plugin_for(service: PushService) -> Any:
    """Open the plugin that knows a service's address; ConfigurationError never shows it.

    What an address may ask of apprise itself is ours to say: to try again is the ledger's, which
    knows what may have arrived; nothing follows a redirect to elsewhere; a failure is one.
    """
    apprise = load_apprise()
    asset = apprise.AppriseAsset(
        app_id="Kontaktwerk",
        async_mode=False,
        http_redirects=False,
        storage_mode="memory",
        image_url_mask="",  # else phones fetch a picture from elsewhere
        image_url_logo="",
    )
    plugin = apprise.Apprise.instantiate(service.url.get_secret_value(), asset=asset)
    if plugin is None:
        raise ConfigurationError("its address is none that apprise knows")
    plugin.retry, plugin.optional, plugin.redirects = 0, False, False
    plugin.overflow_mode = apprise.OverflowMode.TRUNCATE  # one message, never a part of several
    if problems := _problems(plugin):
        raise ConfigurationError("; ".join(problems))
    return plugin


def problem_of_address(service: PushService) -> str:
    """Say what is wrong with a service's address, without showing it; empty: it can be used."""
    try:
        plugin_for(service)
    except ConfigurationError as error:
        return str(error)
    return ""


def _problems(plugin: Any) -> list[str]:
    checks = {
        "its address turns the check of certificates off": not plugin.verify_certificate,
        "its address is encrypted by no TLS, which is for this very machine only": (
            _is_plain(plugin) and not is_loopback(plugin.host or "")
        ),
        "its address has several recipients: give each a push service": len(plugin) > 1,
    }
    return [problem for problem, found in checks.items() if found]


def _is_plain(plugin: Any) -> bool:
    """Whether it goes unencrypted, though apprise knows a protocol that is."""
    return bool(plugin.secure_protocol) and plugin.schema in _as_tuple(plugin.protocol)


def _as_tuple(protocols: Any) -> tuple[str, ...]:
    return (protocols,) if isinstance(protocols, str) else tuple(protocols or ())
