"""Web addresses that administrators enter: safe to send a secret to, and such as can be asked."""

import ipaddress
import re
from urllib.parse import urlsplit

from domain.accounts import is_loopback

# RFC 1123; names with other letters are written in their ASCII form, xn--...
_LABEL = r"([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST_NAME = re.compile(rf"([A-Za-z0-9]{_LABEL}\.)*[A-Za-z]{_LABEL}")


def problems_of_url(what: str, url: str) -> list[str]:
    """Say what is wrong with an address: https, or http to this very machine, and no login."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return [f"the {what} is no web address"]
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    checks = {
        f"the {what} must begin with https://": not safe,
        f"the {what} is no web address": not _is_host(host) or " " in url,
        f"the {what} must not contain a login: it would stand in logs": "@" in parts.netloc,
    }
    return [problem for problem, found in checks.items() if found]


def _is_host(host: str) -> bool:
    try:
        return bool(_HOST_NAME.fullmatch(host)) or bool(ipaddress.ip_address(host))
    except ValueError:
        return False
