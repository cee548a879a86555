"""The demo's bell: what rings is told in the terminal, at the second it does."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from rich.markup import escape

from domain.zones import zone
from tasks.settings import settings
from tasks.store.alarm_lines import AlarmLine, rung_since
from tasks.store.database import Store


class Bell:
    """Listens to the alarms that ring from an instant on."""

    def __init__(self, store: Store, since: datetime) -> None:
        self._store = store
        self._since = since

    def strokes(self) -> Iterator[str]:
        """Tell what rang since the last time, one line for each appointment, as markup."""
        rung = rung_since(self._store, self._since)
        for (at, _), alarms in groupby(rung, lambda alarm: (alarm.rung_at, alarm.appointment_id)):
            self._since = at or self._since
            yield _told(list(alarms))


def _told(alarms: list[AlarmLine]) -> str:
    first = alarms[0]
    at = (first.rung_at or first.due_at).astimezone(zone(settings().zone))
    what = "a private appointment" if first.private else first.matchcode
    names = ", ".join(alarm.employee for alarm in alarms)
    return f"[bold]{at:%H:%M:%S}[/bold] {escape(what)}: {escape(names)}"
