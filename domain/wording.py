"""The sentences that people read: why a contact is not sent, and what is asked before it is."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from domain.appointments import BookingReason
from domain.booking_wording import BOOKING_REFUSALS
from domain.changes import ChangeReason, Stale
from domain.changes_wording import CHANGE_REFUSALS, stale_sentences
from domain.publishing import PublishingReason
from domain.publishing_wording import PUBLISHING_REFUSALS
from domain.refusals import Refusal
from domain.sending import Ask, Judgement, Question, Reason, Texts
from domain.snoozing import SNOOZE_REFUSALS, SnoozeReason
from domain.todo_wording import TODO_REFUSALS
from domain.todos import TodoReason
from domain.workflow_wording import WORKFLOW_REFUSALS, WorkflowReason


class Language(StrEnum):
    """The languages of texts for people."""

    ENGLISH = "en"
    GERMAN = "de"


_REFUSALS: Mapping[StrEnum, tuple[str, str]] = {
    Reason.NOT_CONFIGURED: (
        "Nothing is configured that sends by {about} and that you may use: an administrator "
        "enters an account or a gateway.",
        "Für {about} ist kein Versand eingerichtet, den Sie benutzen dürfen: Das Konto oder den "
        "Anbieter trägt die Administration ein.",
    ),
    Reason.SERVICE_UNKNOWN: (
        "There is no account or gateway {about} that you may use for this.",
        "Es gibt dafür kein Konto und keinen Anbieter {about}, den Sie benutzen dürfen.",
    ),
    Reason.NOT_RUNNING: (
        "The service that sends by {about} is not running: start it with `kontakt up`, or look "
        "for runs of dispatch in the Prefect UI.",
        "Der Versand per {about} läuft nicht: mit `kontakt up` starten oder in der "
        "Prefect-Oberfläche nach Läufen von dispatch sehen.",
    ),
    Reason.NO_PERMISSION: (
        "You lack the permission Office | CRM | Kontaktmanagement (crm.contacts).",
        "Ihnen fehlt das Recht Office | CRM | Kontaktmanagement (crm.contacts).",
    ),
    Reason.NOT_THE_AUTHOR: (
        "You did not create this contact, and lack the permission Office | CRM | Kontakte ändern "
        "(auch fremde) (crm.contacts.edit_others).",
        "Sie haben diesen Kontakt nicht angelegt, und Ihnen fehlt das Recht Office | CRM | "
        "Kontakte ändern (auch fremde) (crm.contacts.edit_others).",
    ),
    Reason.NO_OPTION: (
        "The contact's activity type does not have the option {about}.",
        "Die Aktivitätsart des Kontakts hat die Option {about} nicht.",
    ),
    Reason.ALREADY_SENT: (
        "The contact was sent by e-mail, SMS or fax already.",
        "Der Kontakt wurde bereits per E-Mail, SMS oder Fax gesendet.",
    ),
    Reason.NO_MAIN_RECIPIENT: (
        "No recipient has the reception kind *to*.",
        "Kein Empfänger hat die Empfangsart *An*.",
    ),
    Reason.NO_RECIPIENT: (
        "The contact has no recipient.",
        "Der Kontakt hat keinen Empfänger.",
    ),
    Reason.RECIPIENT_UNKNOWN: (
        "The chosen recipient is none of the contact's.",
        "Der gewählte Empfänger gehört nicht zum Kontakt.",
    ),
    Reason.NO_EMPLOYEE: (
        "{about} is no employee; a message reaches employees only.",
        "{about} ist nicht im Personal; eine Nachricht erreicht nur Mitarbeiter.",
    ),
    Reason.NO_ADDRESS: (
        "{about} has no e-mail address.",
        "{about} hat keine E-Mail-Adresse.",
    ),
    Reason.BAD_ADDRESS: (
        "{about} is no valid e-mail address.",
        "{about} ist keine gültige E-Mail-Adresse.",
    ),
    Reason.CONTROL_CHARACTERS: (
        "The matchcode contains a line break or another control character: take it out.",
        "Der Matchcode enthält einen Zeilenumbruch oder ein anderes Steuerzeichen: bitte "
        "entfernen.",
    ),
    Reason.DEADLINE_TOO_EARLY: (
        "The deadline is over before the contact could be sent.",
        "Die Frist ist vorbei, bevor der Kontakt gesendet werden könnte.",
    ),
}
_QUESTIONS = {
    Ask.EMPTY_SUBJECT: (
        "The matchcode is empty (and mail without a subject may be taken for spam). Send anyway?",
        "Der Matchcode ist leer (und E-Mail ohne Betreff kann als Spam gelten). Trotzdem senden?",
    ),
    Ask.EMPTY_TEXT: (
        "The text is empty. Send anyway?",
        "Der Text ist leer. Trotzdem senden?",
    ),
    Ask.WITHOUT_FILES: (
        "The contact has files ({about}), and they do not go with it. Send without them?",
        "Der Kontakt hat Dateien ({about}), und sie gehen nicht mit. Ohne sie senden?",
    ),
    Ask.WHICH_RECIPIENT: (
        "Which recipient is it for?",
        "Welcher Empfänger ist gemeint?",
    ),
    Ask.WHICH_NUMBER: (
        "“{about}” is no valid number: which one is it?",
        "„{about}“ ist keine gültige Nummer: Welche ist es?",
    ),
}


_WORDINGS: Mapping[type[StrEnum], Mapping[StrEnum, tuple[str, str]]] = {
    Reason: _REFUSALS,
    BookingReason: BOOKING_REFUSALS,
    ChangeReason: CHANGE_REFUSALS,
    PublishingReason: PUBLISHING_REFUSALS,
    SnoozeReason: SNOOZE_REFUSALS,
    TodoReason: TODO_REFUSALS,
    WorkflowReason: WORKFLOW_REFUSALS,
}
_CHANNELS = {
    "e-mail": ("e-mail", "E-Mail"),
    "sms": ("SMS", "SMS"),
    "fax": ("fax", "Fax"),
    "message": ("message", "Nachricht"),
}
_ABOUT_CHANNELS = frozenset({Reason.NOT_CONFIGURED, Reason.NOT_RUNNING, Reason.NO_OPTION})
_NO_NUMBER = (
    "No number is known: which one is it?",
    "Es ist keine Nummer bekannt: Welche ist es?",
)


def refusal_sentence(refusal: Refusal, language: Language = Language.ENGLISH) -> str:
    """Say why a contact is not sent."""
    about = refusal.about
    if isinstance(refusal, Stale):
        return _in(language, stale_sentences(refusal))
    if refusal.reason in _ABOUT_CHANNELS:
        about = _in(language, _CHANNELS.get(about, (about, about)))
    wordings = _WORDINGS[type(refusal.reason)]
    return _in(language, wordings[refusal.reason]).format(about=about)


def refusal_sentences(
    refusals: Iterable[Refusal], language: Language = Language.ENGLISH
) -> list[str]:
    """Say every reason, in its order."""
    return [refusal_sentence(each, language) for each in refusals]


def question_sentence(question: Question, language: Language = Language.ENGLISH) -> str:
    """Say what is asked."""
    if question.ask is Ask.WHICH_NUMBER and not question.about:
        return _in(language, _NO_NUMBER)
    return _in(language, _QUESTIONS[question.ask]).format(about=question.about)


def sentences(judgement: Judgement, language: Language = Language.ENGLISH) -> list[str]:
    """Say all that stands against sending, the reasons before the questions."""
    return [
        *refusal_sentences(judgement.refusals, language),
        *(question_sentence(each, language) for each in judgement.questions),
    ]


def failure_notice(
    matchcode: str, failed: Sequence[tuple[str, str]], language: Language = Language.ENGLISH
) -> Texts:
    """Tell an author whom a contact did not reach: recipients with what the service said."""
    title = ("Not delivered: {about}", "Nicht zugestellt: {about}")
    begin = (
        "This contact could not be delivered, and nothing more is tried:",
        "Dieser Kontakt konnte nicht zugestellt werden, und es wird nicht weiter versucht:",
    )
    lines = [f"- {recipient}: {reason}" for recipient, reason in failed]
    text = "\n".join([_in(language, begin), *lines])
    return Texts(_in(language, title).format(about=matchcode), text)


def _in(language: Language, texts: tuple[str, str]) -> str:
    return texts[list(Language).index(language)]
