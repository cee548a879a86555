"""What an alarm tells: what, when, where, with whom, for which case, and what to do (A4, A6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from domain.alarms import Origin
from domain.appointments import Period
from domain.sending import Texts
from domain.time_words import delay_in_words, period_in_words
from domain.wording import Language


@dataclass(frozen=True, slots=True)
class AlarmFacts:
    """What one employee is told of an appointment as its alarm rings."""

    alarm_id: int
    period: Period
    zone: str  # the employee's own
    responsible: str
    matchcode: str
    text: str = ""
    place: str = ""
    participants: tuple[str, ...] = ()  # beside the responsible employee
    guests: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()  # number and title
    contact: str | None = None  # of a follow-up
    links: tuple[str, ...] = ()
    late: timedelta | None = None
    origin: Origin = Origin.TIME


@dataclass(frozen=True, slots=True)
class _Words:
    titles: dict[Origin, str]
    again: dict[Origin, str]
    late: str
    when: str
    where: str
    people: str
    responsible: str
    guests: str
    cases: str
    contact: str
    links: str
    to_do: str


_WORDS = {
    Language.ENGLISH: _Words(
        {
            Origin.TIME: "Appointment: {matchcode}",
            Origin.SNOOZE: "Appointment again: {matchcode}",
            Origin.ESCALATION: "Appointment, not acknowledged yet: {matchcode}",
        },
        {
            Origin.SNOOZE: "You wanted to be told again.",
            Origin.ESCALATION: "You have not acknowledged the first alarm yet.",
        },
        "This alarm comes {delay}.",
        "When",
        "Where",
        "With",
        "{name} (responsible)",
        "Guests",
        "Case",
        "Contact",
        "Links",
        "Alarm {id}. You have seen it: kontakt alarm acknowledge {id}\n"
        "Again in 10 minutes: kontakt alarm snooze {id} --minutes 10",
    ),
    Language.GERMAN: _Words(
        {
            Origin.TIME: "Termin: {matchcode}",
            Origin.SNOOZE: "Termin, erneut: {matchcode}",
            Origin.ESCALATION: "Termin, noch nicht bestätigt: {matchcode}",
        },
        {
            Origin.SNOOZE: "Sie wollten noch einmal erinnert werden.",
            Origin.ESCALATION: "Sie haben den ersten Alarm noch nicht bestätigt.",
        },
        "Dieser Alarm kommt {delay}.",
        "Wann",
        "Wo",
        "Mit",
        "{name} (verantwortlich)",
        "Gäste",
        "Vorgang",
        "Kontakt",
        "Links",
        "Alarm {id}. Gesehen: kontakt alarm acknowledge {id}\n"
        "Noch einmal in 10 Minuten: kontakt alarm snooze {id} --minutes 10",
    ),
}


def alarm_texts(facts: AlarmFacts, language: Language = Language.ENGLISH) -> Texts:
    """Write to an employee what an appointment is about, as its alarm rings."""
    words = _WORDS[language]
    paragraphs = (
        "\n".join((facts.matchcode, *_lines(facts, words, language))),
        " ".join(_marks(facts, words, language)),
        facts.text.strip(),
        "\n".join((f"{words.links}:", *facts.links)) if facts.links else "",
        words.to_do.format(id=facts.alarm_id),
    )
    title = words.titles[facts.origin].format(matchcode=facts.matchcode)
    return Texts(title, "\n\n".join(each for each in paragraphs if each))


def _lines(facts: AlarmFacts, words: _Words, language: Language) -> Iterator[str]:
    responsible = words.responsible.format(name=facts.responsible)
    yield f"{words.when}: {period_in_words(facts.period, facts.zone, language)}"
    if facts.place:
        yield f"{words.where}: {facts.place}"
    yield f"{words.people}: {', '.join((responsible, *facts.participants))}"
    if facts.guests:
        yield f"{words.guests}: {', '.join(facts.guests)}"
    yield from (f"{words.cases}: {case}" for case in facts.cases)
    if facts.contact is not None:
        yield f"{words.contact}: {facts.contact}"


def _marks(facts: AlarmFacts, words: _Words, language: Language) -> Iterator[str]:
    if facts.origin in words.again:
        yield words.again[facts.origin]
    if facts.late is not None:
        yield words.late.format(delay=delay_in_words(facts.late, language))
