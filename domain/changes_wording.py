"""Why a change is not made, in the words that people read: above all, who was there before."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from domain.changes import ChangeReason, Edit, Stale

CHANGE_REFUSALS: Mapping[StrEnum, tuple[str, str]] = {
    ChangeReason.STALE: (
        "It was changed since you saw it: look at it again.",
        "Inzwischen wurde etwas geändert: Bitte noch einmal ansehen.",
    ),
    ChangeReason.MAIN_CASE_STAYS: (
        "{about} is the contact's main case: give it another one first.",
        "{about} ist der Hauptvorgang des Kontakts: Bitte zuerst einen anderen bestimmen.",
    ),
}
FIELDS: Mapping[str, tuple[str, str]] = {  # what was changed
    "created": ("the whole record", "den ganzen Eintrag"),
    "matchcode": ("the matchcode", "den Matchcode"),
    "text": ("the text", "den Text"),
    "html": ("the rich text", "den formatierten Text"),
    "recipients": ("the recipients", "die Empfänger"),
    "status": ("the status", "den Status"),
    "main_case": ("the main case", "den Hauptvorgang"),
    "verdict": ("the choice of the case", "die Zuordnung zum Vorgang"),
    "cases": ("the cases", "die Vorgänge"),
    "place": ("the place", "den Ort"),
    "priority": ("the priority", "die Priorität"),
    "responsible": ("who is responsible", "die Verantwortung"),
    "participants": ("the participants", "die Teilnehmer"),
    "equipment": ("the equipment", "das Equipment"),
    "guests": ("the guests", "die Gäste"),
    "begin": ("the begin", "den Beginn"),
    "end": ("the end", "das Ende"),
    "zone": ("the time zone", "die Zeitzone"),
    "all_day": ("whether it takes whole days", "die Ganztägigkeit"),
    "rule": ("the recurrence rule", "die Wiederholungsregel"),
    "alarm": ("the alarm", "den Alarm"),
    "done": ("whether it is done", "den Erledigt-Vermerk"),
    "cancelled": ("whether it is cancelled", "die Absage"),
    "deleted": ("whether it is deleted", "die Löschung"),
    "activity_type": ("the activity type", "die Aktivitätsart"),
    "employee": ("whom it is for", "die Zuständigkeit"),
    "team": ("the team", "das Team"),
    "taken_by": ("who has taken it", "die Übernahme"),
    "due": ("the due time", "die Fälligkeit"),
    "outcome": ("the outcome", "das Ergebnis"),
}
NOBODY = "Kontaktwerk"  # where no employee changed it


def stale_sentences(stale: Stale) -> tuple[str, str]:
    """Say who changed what since, and when, in English and in German."""
    if not stale.edits:
        return CHANGE_REFUSALS[ChangeReason.STALE]
    english = "; ".join(_in_english(each, stale.today) for each in stale.edits)
    german = "; ".join(_in_german(each, stale.today) for each in stale.edits)
    return f"{english}: look at it again.", f"{german}: Bitte noch einmal ansehen."


def _in_english(edit: Edit, today: date | None) -> str:
    day = "" if edit.at.date() == today else f"on {edit.at:%Y-%m-%d} "
    return f"{edit.employee or NOBODY} changed {_what(edit, 0, 'and')} {day}at {edit.at:%H:%M}"


def _in_german(edit: Edit, today: date | None) -> str:
    day = "" if edit.at.date() == today else f"am {edit.at:%d.%m.%Y} "
    when = f"{day}um {edit.at:%H:%M} Uhr"
    return f"{edit.employee or NOBODY} hat {when} {_what(edit, 1, 'und')} geändert"


def _what(edit: Edit, language: int, conjunction: str) -> str:
    return _listed([FIELDS.get(each, (each, each))[language] for each in edit.fields], conjunction)


def _listed(names: Sequence[str], conjunction: str) -> str:
    *others, last = names
    return f"{', '.join(others)} {conjunction} {last}" if others else last
