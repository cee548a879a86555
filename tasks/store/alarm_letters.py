"""Alarms that leave the house: queued as dispatches, by which they are sent and tried again."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from domain.alarm_texts import alarm_texts
from domain.alarms import E_MAIL, PUSH
from domain.ical import single
from domain.mail import MailAddress
from domain.quiet_hours import after_quiet
from domain.ringing import letter_deadline, letter_key
from domain.sending import Texts
from domain.services import Service, in_order
from domain.wording import Language
from tasks.store.alarm_facts import DueAlarm
from tasks.store.appointment_letters import AppointmentLetter, enter_letters
from tasks.store.calendars import read_events
from tasks.store.queues import services_of
from tasks.store.tables import mail_addresses, team_members

NO_ADDRESS = "the employee has no e-mail address"
NO_ACCOUNT = "there is no e-mail account that sends for this employee"
NO_PUSH_SERVICE = "the employee has no push service"


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of alarms, by their ids: which dispatch takes each, or why none does."""

    dispatch_ids: Mapping[int, int]
    reasons: Mapping[int, str]


def post_alarms(
    connection: Connection, alarms: Sequence[DueAlarm], language: Language, now: datetime
) -> Posted:
    """Queue alarms by e-mail and push, each once."""
    if not alarms:
        return Posted({}, {})
    office = _open_office(connection, alarms)
    calendars = _calendars(connection, alarms)
    letters: list[AppointmentLetter] = []
    reasons: dict[int, str] = {}
    for alarm in alarms:
        ways = office.ways(alarm)
        if isinstance(ways, str):
            reasons[alarm.id] = ways
        else:
            texts = alarm_texts(alarm.facts, language)
            letters += _letters(alarm, ways, texts, calendars.get(alarm.id), now)
    ids = enter_letters(connection, letters, now) if letters else {}
    posted = [alarm for alarm in alarms if alarm.id not in reasons]
    return Posted({alarm.id: ids[letter_key(alarm.id)] for alarm in posted}, reasons)


@dataclass(frozen=True, slots=True)
class _Way:
    """A service, and where it finds the employee."""

    service: Service
    to: MailAddress


@dataclass(frozen=True, slots=True)
class _Office:
    """What is configured, and where the employees are found."""

    accounts: Sequence[Service]
    push_services: Sequence[Service]
    addresses: Mapping[int, str]
    teams: Mapping[int, frozenset[int]]

    def ways(self, alarm: DueAlarm) -> list[_Way] | str:
        """Give the services by which an alarm goes out, or say why there is none."""
        return self._by_push(alarm) if alarm.channel == PUSH else self._by_mail(alarm)

    def _by_mail(self, alarm: DueAlarm) -> list[_Way] | str:
        address, teams = self.addresses.get(alarm.employee_id), self.teams[alarm.employee_id]
        if address is None:
            return NO_ADDRESS
        usable = [each for each in self.accounts if each.is_for(alarm.employee_id, teams)]
        first = in_order(usable, None, alarm.employee_id)[:1]
        return [_Way(each, MailAddress(alarm.employee, address)) for each in first] or NO_ACCOUNT

    def _by_push(self, alarm: DueAlarm) -> list[_Way] | str:
        theirs = [each for each in self.push_services if alarm.employee_id in each.employees]
        in_turn = sorted(theirs, key=lambda service: service.name)
        named = [_Way(each, MailAddress(alarm.employee, each.name)) for each in in_turn]
        return named or NO_PUSH_SERVICE


def _open_office(connection: Connection, alarms: Sequence[DueAlarm]) -> _Office:
    ids = {alarm.employee_id for alarm in alarms}
    owners = mail_addresses.c.employee_id
    theirs = select(owners, mail_addresses.c.address).where(owners.in_(ids))
    in_turn = connection.execute(theirs.order_by(mail_addresses.c.id.desc())).all()
    members = select(team_members).where(team_members.c.employee_id.in_(ids))
    teams: dict[int, frozenset[int]] = defaultdict(frozenset)
    for row in connection.execute(members):
        teams[row.employee_id] |= {row.team_id}
    return _Office(
        services_of(connection, E_MAIL),
        services_of(connection, PUSH),
        {owner: address for owner, address in in_turn},  # the first one is the last to stay
        teams,
    )


def _calendars(connection: Connection, alarms: Sequence[DueAlarm]) -> dict[int, str]:
    """Write the appointments for the employees' own calendars, to go with their e-mails."""
    mailed = [alarm for alarm in alarms if alarm.channel == E_MAIL]
    events = read_events(connection, {alarm.appointment_id for alarm in mailed})
    return {alarm.id: single(events[alarm.appointment_id], alarm.recurrence) for alarm in mailed}


def _letters(
    alarm: DueAlarm, ways: Sequence[_Way], texts: Texts, calendar: str | None, now: datetime
) -> list[AppointmentLetter]:
    letters = []
    for number, way in enumerate(ways):
        service = way.service
        begin = after_quiet(now, service.quiet_from, service.quiet_until, alarm.zone)
        letters.append(
            AppointmentLetter(
                key=letter_key(alarm.id, number),
                appointment_id=alarm.appointment_id,
                service=service,
                to=way.to,
                texts=texts,
                calendar=calendar,
                recipient_id=alarm.employee_id,
                not_before=begin,
                deadline=letter_deadline(alarm.ends_at, alarm.due_at, begin),
            )
        )
    return letters
