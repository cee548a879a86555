"""What people read about publishing: warnings, what became of a contact, and histories' words."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.publishing import Caution, CautionKind, Toggled, Withdrawn
from domain.wording import Language

Texts = tuple[str, str]  # in English and in German
_CAUTIONS: Mapping[CautionKind, Texts] = {
    CautionKind.REPEATS_UNPUBLISHED: (
        "It repeats contact {about}, which is not published.",
        "Er wiederholt Kontakt {about}, der nicht veröffentlicht ist.",
    ),
    CautionKind.QUOTES_UNKNOWN: (
        "It quotes what stands in no published contact.",
        "Er zitiert, was in keinem veröffentlichten Kontakt steht.",
    ),
    CautionKind.NAMES_EMPLOYEE: (
        "It names a colleague: {about}.",
        "Er nennt jemanden aus dem Personal: {about}.",
    ),
}
_WITHDRAWN: Mapping[Withdrawn, Texts] = {
    Withdrawn.EDITED: ("by itself: it was edited", "von selbst: bearbeitet"),
    Withdrawn.MOVED: (
        "by itself: it got another main case",
        "von selbst: anderer Hauptvorgang",
    ),
    Withdrawn.PRIVATE: ("by itself: it became private", "von selbst: privat geworden"),
    Withdrawn.STATUS: (
        "by itself: its status forbids it",
        "von selbst: der Status lässt es nicht zu",
    ),
}


class Told(StrEnum):
    """What became of a contact that somebody published or withdrew."""

    PUBLISHED = "published"
    PUBLISHED_BEFORE = "published_before"
    WITHDRAWN = "withdrawn"
    WITHDRAWN_BEFORE = "withdrawn_before"
    NOT_CONFIRMED = "not_confirmed"
    CONFIRM = "confirm"
    CONFIRM_LABEL = "confirm_label"


_TOLD: Mapping[Told, Texts] = {
    Told.PUBLISHED: (
        "Contact {about} is published: customers see it.",
        "Kontakt {about} ist veröffentlicht: Kunden sehen ihn.",
    ),
    Told.PUBLISHED_BEFORE: (
        "Contact {about} is published already: nothing is changed.",
        "Kontakt {about} ist bereits veröffentlicht: Nichts wird geändert.",
    ),
    Told.WITHDRAWN: (
        "Contact {about} is withdrawn: customers do not see it any more.",
        "Kontakt {about} ist zurückgezogen: Kunden sehen ihn nicht mehr.",
    ),
    Told.WITHDRAWN_BEFORE: (
        "Contact {about} is not published: nothing is changed.",
        "Kontakt {about} ist nicht veröffentlicht: Nichts wird geändert.",
    ),
    Told.NOT_CONFIRMED: (
        "It was not confirmed: contact {about} is not published.",
        "Es wurde nicht bestätigt: Kontakt {about} wird nicht veröffentlicht.",
    ),
    Told.CONFIRM: (
        "Publish contact {about} all the same?",
        "Kontakt {about} trotzdem veröffentlichen?",
    ),
    Told.CONFIRM_LABEL: ("Publish all the same", "Trotzdem veröffentlichen"),
}


_BECAME = {  # by whether it is published, and whether that is new
    (True, True): Told.PUBLISHED,
    (True, False): Told.PUBLISHED_BEFORE,
    (False, True): Told.WITHDRAWN,
    (False, False): Told.WITHDRAWN_BEFORE,
}
_OUR_SIDE: Texts = ("Our team", "Unser Team")


@dataclass(frozen=True, slots=True)
class HistoryWords:
    """What stands in a service call's history beside what was written."""

    title: str
    nothing: str
    no_subject: str
    files: str
    from_customer: str
    from_us: str
    as_of: str


HISTORY_WORDS: Mapping[Language, HistoryWords] = {
    Language.ENGLISH: HistoryWords(
        "Communication about service call",
        "Nothing has been published yet.",
        "(no subject)",
        "Files",
        "from you",
        "from us",
        "as of",
    ),
    Language.GERMAN: HistoryWords(
        "Kommunikation zum Servicecall",
        "Es ist noch nichts veröffentlicht.",
        "(kein Betreff)",
        "Dateien",
        "von Ihnen",
        "von uns",
        "Stand",
    ),
}


def caution_sentence(caution: Caution, language: Language = Language.ENGLISH) -> str:
    """Say what to think about before customers see a contact."""
    return _in(language, _CAUTIONS[caution.kind]).format(about=caution.about)


def told(what: Told, contact_id: int, language: Language = Language.ENGLISH) -> str:
    """Say what became of a contact, or ask whether to publish it."""
    return _in(language, _TOLD[what]).format(about=contact_id)


def became(toggled: Toggled, contact_id: int, language: Language = Language.ENGLISH) -> str:
    """Say how a contact stands now, and whether that is new (P3)."""
    return told(_BECAME[toggled.published, toggled.changed], contact_id, language)


def withdrawn_by_itself(because: Withdrawn, language: Language = Language.ENGLISH) -> str:
    """Say why a contact was withdrawn by itself."""
    return _in(language, _WITHDRAWN[because])


def our_side(language: Language = Language.ENGLISH) -> str:
    """Call ourselves, where no account and no setting has a name for customers."""
    return _in(language, _OUR_SIDE)


def _in(language: Language, texts: Texts) -> str:
    return texts[1] if language is Language.GERMAN else texts[0]
