"""What appointments say, and to whom: texts and guests that can be written down and sent."""

from collections.abc import Iterable
from unicodedata import category

from domain.appointments import BookingReason, Guest
from domain.mail_addresses import is_mail_address
from domain.refusals import Refusal

_BREAKING = frozenset({"Cc", "Cs", "Zl", "Zp"})  # controls, half characters, line separators


def reasons_against_words(matchcode: str, place: str, text: str) -> list[Refusal]:
    """Say why an appointment cannot be called like this; empty means it can."""
    refusals = []
    if not matchcode.strip():
        refusals.append(Refusal(BookingReason.NO_MATCHCODE))
    if _breaks(matchcode + place) or _breaks("".join(text.split())):
        refusals.append(Refusal(BookingReason.CONTROL_CHARACTERS))
    return refusals


def reasons_against_guests(guests: Iterable[Guest]) -> list[Refusal]:
    """Name the guests who cannot be invited by e-mail."""
    bad = (
        guest
        for guest in guests
        if _breaks(guest.name) or not is_mail_address(guest.address.strip())
    )
    return [Refusal(BookingReason.BAD_GUEST, _shown(guest)) for guest in bad]


def _breaks(text: str) -> bool:
    return any(category(character) in _BREAKING for character in text)


def _shown(guest: Guest) -> str:
    """Write a guest so that what is wrong can be seen, in one line."""
    shown = f"{guest.name} <{guest.address}>" if _breaks(guest.name) else guest.address
    return shown if shown.isprintable() else repr(shown)
