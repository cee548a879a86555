"""The token in the address of an employee's calendar feed, which nobody else can guess.

Calendars that subscribe cannot log in, so that the address itself is what is secret. Each feed has
a mark; with another mark all addresses that were given away before are void.
"""

import base64
import hashlib
import hmac

_OCTETS = 20  # 32 letters


def feed_token(number: str, mark: str, secret: bytes) -> str:
    """Sign an employee's personnel number for their feed; ValueError without a secret."""
    if not secret:
        raise ValueError("tokens cannot be signed with an empty secret")
    purpose = f"feed\0{number}\0{mark}".encode()
    digest = hmac.digest(secret, purpose, hashlib.sha256)[:_OCTETS]
    return base64.b32encode(digest).decode().lower()


def is_feed_token(given: str, number: str, mark: str, secret: bytes) -> bool:
    """Tell whether a token is the valid one, taking as long for every one."""
    return hmac.compare_digest(given.encode(), feed_token(number, mark, secret).encode())
