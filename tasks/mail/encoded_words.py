"""Text of any script in a header that is ASCII: encoded words (RFC 2047)."""

from binascii import b2a_base64
from functools import lru_cache

MOST_LETTERS = 50  # encoded, in one word: with the field's name, a line stays within 76
_OCTETS_IN_BASE64 = 36
_Q_SAFE = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/ "


def encoded_words(text: str) -> list[str]:
    """Encode text as words that belong on lines of their own, in the shorter of both encodings.

    No word ends within a letter (RFC 2047, 5 (3)).
    """
    octets = octets_of(text)
    escaped = len(octets.translate(None, _Q_SAFE))
    if 6 * escaped <= len(octets):
        return _words("q", [_q_encoded(letter) for letter in octets.decode()])
    return _base64_words(octets)


def octets_of(text: str) -> bytes:
    """Give text as UTF-8, with replacement characters for what is none: halves of surrogates."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return whole.encode()


def _words(encoding: str, pieces: list[str]) -> list[str]:
    words, word = [], ""
    for piece in pieces:
        if len(word) + len(piece) > MOST_LETTERS:
            words.append(word)
            word = ""
        word += piece
    return [f"=?utf-8?{encoding}?{word}?=" for word in [*words, word]]


@lru_cache(maxsize=1024)
def _q_encoded(letter: str) -> str:
    octets = letter.encode()
    if octets in _Q_SAFE:
        return letter.replace(" ", "_")
    return "".join(f"={octet:02X}" for octet in octets)


def _base64_words(octets: bytes) -> list[str]:
    words, start = [], 0
    while start < len(octets):
        end = min(start + _OCTETS_IN_BASE64, len(octets))
        while end < len(octets) and octets[end] & 0xC0 == 0x80:  # within a letter
            end -= 1
        word = b2a_base64(octets[start:end], newline=False).decode()
        words.append(f"=?utf-8?b?{word}?=")
        start = end
    return words
