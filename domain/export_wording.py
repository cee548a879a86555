"""What exported lists say in English and German: their columns' names, and values that are words.

The English words of values are those that the program writes elsewhere.
"""

from collections.abc import Mapping
from enum import StrEnum

from domain.contacts import ContactStatus
from domain.directory import CaseKind
from domain.lists import Listed
from domain.mail import Automatic
from domain.matching import Verdict
from domain.wording import Language

LISTS: Mapping[Listed, tuple[str, str]] = {
    Listed.CONTACTS: ("Contacts", "Kontakte"),
    Listed.APPOINTMENTS: ("Appointments", "Termine"),
    Listed.TODOS: ("Todos", "Aufgaben"),
    Listed.CASES: ("Cases", "Vorgänge"),
}
_YES, _NO = ("yes", "ja"), ("no", "nein")
_WORDS: Mapping[str, tuple[str, str]] = {
    ContactStatus.CREATED: ("created", "angelegt"),
    ContactStatus.IN_PROGRESS: ("in progress", "in Bearbeitung"),
    ContactStatus.DONE: ("done", "erledigt"),
    ContactStatus.DISCARDED: ("discarded", "verworfen"),
    Verdict.DECIDED: ("decided", "entschieden"),
    Verdict.REVIEW: ("to review", "zu prüfen"),
    Verdict.NONE: ("none", "keiner"),
    Automatic.NO: _NO,
    Automatic.REPLY: ("automatic reply", "automatische Antwort"),
    Automatic.BOUNCE: ("bounce", "unzustellbar"),
    Automatic.CONFIRMATION: ("confirmation", "Bestätigung"),
    Automatic.BULK: ("bulk", "Massensendung"),
    "low": ("low", "niedrig"),  # the priorities of appointments and of todos
    "normal": ("normal", "normal"),
    "high": ("high", "hoch"),
    CaseKind.SERVICE_CALL: ("service call", "Servicecall"),
    CaseKind.PROJECT: ("project", "Projekt"),
    CaseKind.ORDER: ("order", "Auftrag"),
    CaseKind.COMPLAINT: ("complaint", "Reklamation"),
    CaseKind.OTHER: ("other", "Sonstiges"),
}


def list_name(listed: Listed, language: Language) -> str:
    """Name a list."""
    return in_language(LISTS[listed], language)


def word(value: StrEnum, language: Language) -> str:
    """Write a value that is a word; one that nobody has put into words stays as it is."""
    return in_language(_WORDS.get(value, (value, value)), language)


def yes_or_no(value: bool, language: Language) -> str:
    """Write whether something is so."""
    return in_language(_YES if value else _NO, language)


def in_language(texts: tuple[str, str], language: Language) -> str:
    """Choose the English or the German text."""
    english, german = texts
    return german if language is Language.GERMAN else english
