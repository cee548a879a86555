"""Phone and fax numbers: understood as people write them, kept in one form."""

import re

import phonenumbers

# What stands in numbers that people write; letters, extensions and second numbers do not, since
# phonenumbers would dial the letters and drop what it takes for an extension.
_WRITTEN = re.compile(r"\s*[+＋]?[\d\s()（）./\-\u2010-\u2015\u2212]+")


def international(number: str, region: str) -> str | None:
    """Give a number in E.164, such as +49301234567; None where it is not valid (S4, F3).

    The region is the country (ISO 3166) from which a number without its own country is dialled.
    """
    if not _WRITTEN.fullmatch(number):
        return None
    try:
        parsed = phonenumbers.parse(number, region.upper())
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def spoken(e164: str) -> str:
    """Write an international number for people, such as +49 30 1234567."""
    parsed = phonenumbers.parse(e164)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
