"""Letters to guests from outside, and what employees are told of their answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.appointments import Period
from domain.invitations import Tidings
from domain.mail import Participation
from domain.sending import Texts
from domain.time_words import period_in_words
from domain.wording import Language

MOST_TIMES = 10  # of a series, in a letter


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What a letter to a guest says."""

    tidings: Tidings
    matchcode: str
    place: str
    periods: Sequence[Period]  # those that it is about
    host: str  # who invites
    address: str  # where answers go


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """What the responsible employee is told of a guest's answer."""

    guest: str
    matchcode: str
    answer: Participation | None  # none: they propose a change
    periods: Sequence[Period]  # those that it is about, as they are now
    comment: str = ""
    outdated: bool = False  # it answers an invitation to other times


_SUBJECTS = {
    Tidings.INVITED: ("Invitation: {}", "Einladung: {}"),
    Tidings.CHANGED: ("Changed: {}", "Geändert: {}"),
    Tidings.PARTLY_OFF: ("Partly cancelled: {}", "Teilweise abgesagt: {}"),
    Tidings.REST_OFF: ("Cancelled: {}", "Abgesagt: {}"),
    Tidings.OFF: ("Cancelled: {}", "Abgesagt: {}"),
}
_OPENINGS = {
    Tidings.INVITED: (
        "you are invited to this appointment:",
        "Sie sind zu diesem Termin eingeladen:",
    ),
    Tidings.CHANGED: (
        "this appointment has changed, and is now as follows:",
        "dieser Termin hat sich geändert und ist jetzt wie folgt:",
    ),
    Tidings.PARTLY_OFF: (
        "of this appointment, the following times do not take place; the others stay:",
        "von diesem Termin fallen die folgenden Zeiten aus; die anderen bleiben bestehen:",
    ),
    Tidings.REST_OFF: (
        "this appointment does not take place any more; these times are cancelled:",
        "dieser Termin findet nicht mehr statt; diese Zeiten fallen aus:",
    ),
    Tidings.OFF: (
        "this appointment does not take place, or takes place without you:",
        "dieser Termin findet nicht statt, oder ohne Sie:",
    ),
}
_GREETING = ("Good day,", "Guten Tag,")
_WHAT, _WHEN, _WHERE = ("What: {}", "Was: {}"), ("When: {}", "Wann: {}"), ("Where: {}", "Wo: {}")
_HOST = ("Invited by: {} ({})", "Es lädt ein: {} ({})")
_MORE = ("and {} more times, as in the attached calendar", "und {} weitere Male, siehe Anhang")
_ANSWER = (
    "Please answer with your calendar, or simply reply to this e-mail.",
    "Bitte antworten Sie mit Ihrem Kalender oder einfach auf diese E-Mail.",
)
_PARTICIPATIONS = {
    Participation.ACCEPTED: ("{} accepts", "{} sagt zu"),
    Participation.DECLINED: ("{} declines", "{} sagt ab"),
    Participation.TENTATIVE: ("{} accepts tentatively", "{} sagt unter Vorbehalt zu"),
    Participation.DELEGATED: ("{} sends somebody else", "{} schickt eine Vertretung"),
    Participation.OPEN: ("{} leaves it open", "{} lässt es offen"),
}
_COUNTER = ("{} proposes a change", "{} schlägt eine Änderung vor")
_OUTDATED = ("{} (before it was moved)", "{} (vor der Verschiebung)")
_WHY_OUTDATED = (
    "The answer is to an invitation from before the appointment was moved, not to the times that "
    "it has now:",
    "Die Antwort gilt einer Einladung von vor der Verschiebung, nicht den jetzigen Zeiten:",
)
_SAID = ("They say: {}", "Dazu: {}")
_UNTOLD = ("Guests could not be written to: {}", "Gäste nicht angeschrieben: {}")
_WHY_UNTOLD = (
    "No e-mail account is configured that you may send by. These guests do not know yet what "
    "this appointment is now; they are written to as soon as there is an account, or tell them "
    "yourself:",
    "Es ist kein E-Mail-Konto eingerichtet, über das Sie senden dürfen. Diese Gäste wissen noch "
    "nicht, wie es um diesen Termin steht; sie werden angeschrieben, sobald es ein Konto gibt, "
    "oder Sie sagen es ihnen selbst:",
)


def guest_letter(facts: LetterFacts, language: Language) -> Texts:
    """Write to a guest; it can be understood without the calendar that goes with it."""
    subject = _in(language, _SUBJECTS[facts.tidings]).format(facts.matchcode)
    return Texts(subject, "\n".join(_lines(facts, language)))


def answer_notice(facts: AnswerFacts, language: Language) -> Texts:
    """Tell the responsible employee what a guest answers."""
    words = _COUNTER if facts.answer is None else _PARTICIPATIONS[facts.answer]
    said = _in(language, words).format(facts.guest)
    if facts.outdated:
        said = _in(language, _OUTDATED).format(said)
    lines = [
        f"{said}: {facts.matchcode}",
        *([_in(language, _WHY_OUTDATED)] if facts.outdated else []),
        *_times(facts.periods, language),
        *([_in(language, _SAID).format(facts.comment)] if facts.comment else []),
    ]
    return Texts(lines[0], "\n".join(lines))


def untold_notice(matchcode: str, guests: Sequence[str], language: Language) -> Texts:
    """Tell the responsible employee which guests could not be written to."""
    lines = [_in(language, _WHY_UNTOLD), *(f"- {guest}" for guest in guests)]
    return Texts(_in(language, _UNTOLD).format(matchcode), "\n".join(lines))


def _lines(facts: LetterFacts, language: Language) -> Iterator[str]:
    yield _in(language, _GREETING)
    yield ""
    yield _in(language, _OPENINGS[facts.tidings])
    yield ""
    yield _in(language, _WHAT).format(facts.matchcode)
    yield from _times(facts.periods, language)
    if facts.place:
        yield _in(language, _WHERE).format(facts.place)
    yield _in(language, _HOST).format(facts.host, facts.address)
    if facts.tidings in (Tidings.INVITED, Tidings.CHANGED):
        yield ""
        yield _in(language, _ANSWER)


def _times(periods: Sequence[Period], language: Language) -> Iterator[str]:
    for period in periods[:MOST_TIMES]:
        words = period_in_words(period, period.zone, language)
        zone = "" if period.all_day else f" ({period.zone})"
        yield _in(language, _WHEN).format(f"{words}{zone}")
    if more := len(periods[MOST_TIMES:]):
        yield _in(language, _MORE).format(more)


def _in(language: Language, texts: tuple[str, str]) -> str:
    return texts[list(Language).index(language)]
