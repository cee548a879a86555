"""Appointments as calendars elsewhere show them, before they are written as iCalendar."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.appointments import Alarm, Period, Priority
from domain.mail import MailAddress


@dataclass(frozen=True, slots=True)
class Occurring:
    """One time at which an event takes place."""

    recurrence: datetime  # the begin by the rule, on the wall of the event's zone
    period: Period
    alarm: Alarm | None = None
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """An appointment with all its occurrences, as far as somebody is to see it."""

    uid: str
    sequence: int
    changed_at: datetime
    period: Period  # of the first occurrence, by the rule
    rule: str | None
    occurrences: Sequence[Occurring]
    matchcode: str
    text: str = ""
    place: str = ""
    priority: Priority = Priority.NORMAL
    organizer: MailAddress | None = None
    attendees: tuple[MailAddress, ...] = ()
    people: tuple[str, ...] = ()  # who takes part, by their names

    @property
    def first(self) -> Period:
        """The period that stands for all occurrences."""
        return self.period if self.rule else self.occurrences[0].period

    @property
    def taking_place(self) -> list[Occurring]:
        """The occurrences that are not cancelled."""
        return [each for each in self.occurrences if not each.cancelled]

    @property
    def is_cancelled(self) -> bool:
        """Whether nothing of it takes place."""
        return not self.taking_place

    @property
    def usual_alarm(self) -> Alarm | None:
        """The alarm of the only occurrence, or of most, where it hangs on the begin."""
        if self.rule is None:
            return None if self.is_cancelled else self.occurrences[0].alarm
        alarms = Counter(each.alarm for each in self.taking_place)
        usual = alarms.most_common(1)[0][0] if alarms else None
        return usual if usual is None or usual.at is None else None

    def occurring(self, recurrence: datetime) -> Occurring:
        """Give the occurrence that is named by its begin by the rule."""
        [wanted] = [each for each in self.occurrences if each.recurrence == recurrence]
        return wanted

    @property
    def exceptions(self) -> list[Occurring]:
        """The occurrences that are not as the rule alone would have them.

        So is one that lasts longer or shorter than the first, as the clocks are changed meanwhile:
        a calendar may give all of them the first one's exact duration (RFC 5545, 3.8.5.3).
        """
        if self.rule is None:
            return []
        alarm, length = self.usual_alarm, self.first.ends_at - self.first.begins_at
        return [
            each
            for each in self.taking_place
            if each.alarm != alarm
            or each.period != self.first.beginning(each.recurrence)
            or each.period.ends_at - each.period.begins_at != length
        ]


def for_guests(event: Event) -> Event:
    """Leave out what is nobody's business outside: the text and the alarms."""
    without = [replace(each, alarm=None) for each in event.occurrences]
    return replace(event, text="", occurrences=without, priority=Priority.NORMAL, people=())
