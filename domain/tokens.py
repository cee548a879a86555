"""A case's signed token: the proof, within an e-mail, that it belongs to that case.

A token is the case's number and a signature of it: SC-1042.7k2mq9xa4c. Without the
installation's secret nobody can make one, and so nobody can write into another's case.
"""

import hashlib
import hmac
import re

SIGNATURE_LENGTH = 10  # characters of five bits each
MOST_FOUND = 20
MOST_READ = 200_000  # characters; a text longer than that is read up to there

# Crockford's base 32: no letter in it is taken for a digit, and the letters that would be
# are read as the digit that was meant.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_AS_MEANT = str.maketrans("ilo", "110", "\r\n\t\f\v \u00a0\u200b")

_GAP = r"[\s\u00a0\u200b]{0,3}"  # mailers fold and wrap, even inside words
_NUMBER = r"[a-z0-9]{1,16}(?:-[a-z0-9]{1,16}){0,3}"
_CASE_NUMBER = re.compile(_NUMBER, re.ASCII | re.IGNORECASE)
# A lookahead, so that what only looks like a token never swallows one that begins within it.
_TOKEN = re.compile(
    rf"(?<![a-z0-9])(?=({_NUMBER}){_GAP}\.{_GAP}"
    rf"((?:[a-z0-9]{_GAP}){{{SIGNATURE_LENGTH - 1}}}[a-z0-9])(?![a-z0-9]))",
    re.ASCII | re.IGNORECASE,
)
_LONGEST_LOCAL_PART = 64  # RFC 5321, 4.5.3.1.1


def case_token(case_number: str, secret: bytes) -> str:
    """Sign a case's number; ValueError where it is not letters, digits and single hyphens."""
    if not _CASE_NUMBER.fullmatch(case_number):
        raise ValueError(f"a token cannot carry the case number {case_number!r}")
    number = case_number.upper()
    return f"{number}.{_signature(number, secret)}"


def cases_signed_in(text: str, secret: bytes) -> tuple[str, ...]:
    """Find the numbers of the cases whose valid tokens stand in a subject, address or text.

    Letters' case, look-alike characters and white space that a mailer put in are forgiven.
    """
    found: dict[str, None] = {}
    for match in _TOKEN.finditer(text[:MOST_READ]):
        number = match[1].upper()
        if _is_valid(number, match[2], secret):
            found[number] = None
            if len(found) == MOST_FOUND:
                break
    return tuple(found)


def without_tokens(text: str, secret: bytes) -> str:
    """Take the valid tokens out of a subject, with the brackets and the blanks around them."""
    spans = [
        (match.start(1), match.end(2))
        for match in _TOKEN.finditer(text[:MOST_READ])
        if _is_valid(match[1].upper(), match[2], secret)
    ]
    for start, end in reversed(spans):
        before, after = text[:start].rstrip(), text[end:].lstrip()
        if before.endswith("[") and after.startswith("]"):
            before, after = before[:-1].rstrip(), after[1:].lstrip()
        text = f"{before} {after}".strip()
    return text


def reply_address(base: str, case_number: str, secret: bytes) -> str:
    """Put a case's token into a mailbox's address, by plus-addressing (RFC 5233)."""
    local, _, domain = base.rpartition("@")
    if not local or not domain or '"' in local:
        raise ValueError(f"no token can be put into the address {base!r}")
    tagged = f"{local}+{case_token(case_number, secret).lower()}"
    if len(tagged) > _LONGEST_LOCAL_PART:
        raise ValueError(f"with a token, the address {base!r} gets too long")
    return f"{tagged}@{domain}"


def _is_valid(number: str, given: str, secret: bytes) -> bool:
    signature = given.lower().translate(_AS_MEANT)
    return hmac.compare_digest(signature, _signature(number, secret))


def _signature(number: str, secret: bytes) -> str:
    if not secret:
        raise ValueError("tokens cannot be signed with an empty secret")
    digest = hmac.digest(secret, b"case " + number.encode("ascii"), hashlib.sha256)
    bits = int.from_bytes(digest[:8], "big")
    return "".join(_ALPHABET[bits >> 5 * place & 31] for place in range(SIGNATURE_LENGTH))
