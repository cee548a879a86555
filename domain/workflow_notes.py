"""What a workflow tells people: why a todo stays open, and that one is overdue."""

from dataclasses import dataclass
from datetime import datetime

from domain.sending import Texts
from domain.wording import Language
from domain.zones import wall


@dataclass(frozen=True, slots=True)
class Overdue:
    """A todo that its people are reminded of."""

    todo_id: int
    matchcode: str
    case: str  # number and title
    due: datetime
    is_escalation: bool


_LEFT = {
    Language.ENGLISH: "The workflow has left the step {step} ({outcome}); this todo stays open.",
    Language.GERMAN: "Der Workflow hat den Schritt {step} verlassen ({outcome}); diese Aufgabe "
    "bleibt offen.",
}
_FINISHED = {
    Language.ENGLISH: "The case is finished, and its workflow has ended; this todo stays open.",
    Language.GERMAN: "Der Vorgang ist abgeschlossen und sein Workflow beendet; diese Aufgabe "
    "bleibt offen.",
}
_STOPPED = {
    Language.ENGLISH: "Somebody has ended the workflow; this todo stays open, and nobody is "
    "reminded of it any more.",
    Language.GERMAN: "Der Workflow wurde von Hand beendet; diese Aufgabe bleibt offen, und niemand "
    "wird mehr daran erinnert.",
}
_TITLES = {
    Language.ENGLISH: ("Overdue: {matchcode}", "Overdue in spite of reminders: {matchcode}"),
    Language.GERMAN: ("Überfällig: {matchcode}", "Trotz Erinnerung überfällig: {matchcode}"),
}
_REMINDERS = {
    Language.ENGLISH: "Todo {id} was due on {due:%Y-%m-%d at %H:%M}.\nCase: {case}",
    Language.GERMAN: "Aufgabe {id} war am {due:%d.%m.%Y um %H:%M} Uhr fällig.\nVorgang: {case}",
}


def left_behind(step: str, outcome: str, language: Language) -> str:
    """Say on a todo that its step is left while it is open."""
    return _LEFT[language].format(step=step, outcome=outcome)


def case_finished(language: Language) -> str:
    """Say on a todo that its case is finished while it is open."""
    return _FINISHED[language]


def run_stopped(language: Language) -> str:
    """Say on a todo that a person has ended its workflow while it is open."""
    return _STOPPED[language]


def reminder_texts(overdue: Overdue, zone: str, language: Language) -> Texts:
    """Remind somebody of an overdue todo, or tell whom it is escalated to."""
    title = _TITLES[language][overdue.is_escalation].format(matchcode=overdue.matchcode)
    due = wall(overdue.due, zone)
    return Texts(title, _REMINDERS[language].format(id=overdue.todo_id, due=due, case=overdue.case))
