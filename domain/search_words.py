"""How searches compare texts: letters' case, umlauts and accents make no difference (L2)."""

import re
import unicodedata

from domain.errors import BadFilter

LONGEST = 200  # letters of what is searched for
SORTED_BY = 60  # letters of a folded text that lists are sorted by
_GERMAN = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "o", "æ": "ae", "œ": "oe"}
_WORD = re.compile(r"[^\W_]+")


class _WithoutMarks(dict[int, int | None]):
    """What becomes of each letter where accents go; found as letters come, for there are many."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.combining(chr(code)) else code
        return self[code]


_WITHOUT_MARKS = _WithoutMarks()


def folded(text: str) -> str:
    """Write a text as searches compare it: "Müller" and "mueller", "Straße" and "STRASSE" alike.

    White space is one blank. Folded again, it stays as it is.
    """
    small = _in_german(text.casefold())
    if not small.isascii():
        small = _in_german(unicodedata.normalize("NFKC", text).casefold())
        small = unicodedata.normalize("NFKD", small).translate(_WITHOUT_MARKS)
    return " ".join(small.replace("\0", " ").split())


def _in_german(small: str) -> str:
    """Write umlauts as they are transcribed; one by one, which is quicker than translate()."""
    for letter, transcribed in _GERMAN.items():
        small = small.replace(letter, transcribed)
    return small


def sort_key(search_key: str) -> str:
    """Give what lists sort a folded text by."""
    return search_key[:SORTED_BY]


def words(text: str) -> list[str]:
    """Take the words out of a text, folded, in their order."""
    return _WORD.findall(folded(text))


def search_term(text: str) -> str:
    """Fold what somebody searches for; BadFilter where it cannot be searched for."""
    if len(text) > LONGEST:
        raise BadFilter(f"search for at most {LONGEST} letters")
    if any(unicodedata.category(each) in ("Cc", "Cs") for each in text):
        raise BadFilter("a search has no control characters")
    return folded(text)
