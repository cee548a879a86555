"""Contacts go out as e-mail, by the mail accounts that have an SMTP server."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.accounts import MailAccount, SentCopy
from domain.channel_rules import E_MAIL
from domain.delivery import Answer, DeliveryStatus, Outcome
from domain.errors import ConfigurationError
from domain.mail import MailAddress, Recipient
from domain.outgoing import File, OutgoingMail
from domain.services import Problem, Service
from tasks.channels.channel import Channel, Configured, Line
from tasks.mail.sent_folder import append_copies, stands_in_sent_folder
from tasks.mail.submission import SmtpLine, open_line
from tasks.mail.wire_addresses import is_international, needs_smtputf8
from tasks.mail.writing import written
from tasks.store.database import store
from tasks.store.directory import assignment_for
from tasks.store.look_ups import LookUp
from tasks.store.parcels import Parcel


@dataclass(frozen=True, slots=True)
class WrittenMail:
    """An e-mail as it is handed in."""

    raw: bytes
    utf8: bool  # whether it has addresses beyond ASCII


class EMailLine(Line):
    """The connection to an account's SMTP server."""

    def __init__(self, account: MailAccount) -> None:
        self._account = account
        self._smtp: SmtpLine | None = None
        if account.sent_copy is SentCopy.BY_SERVER:
            self.looks_up = frozenset({DeliveryStatus.UNKNOWN})

    @property
    def is_usable(self) -> bool:
        """Whether the connection still stands."""
        return self._smtp is not None and self._smtp.is_usable

    def connect(self) -> None:
        """Connect and log in, where there is no connection that the server still listens on."""
        if self._smtp is not None and self._smtp.is_alive():
            return
        self.close()
        self._smtp = open_line(self._account)

    def write(self, parcel: Parcel, files: Sequence[File]) -> WrittenMail:
        """Write the message, the same at every attempt."""
        mail = mail_of(parcel, files)
        return WrittenMail(written(mail), needs_smtputf8(mail))

    def send(self, parcel: Parcel, written: WrittenMail) -> Mapping[int, Answer]:
        """Hand the message in for those who wait for it."""
        assert self._smtp
        addresses = [each.to for each in parcel.waiting]
        blind = self._smtp.takes_utf8 and any(map(is_international, addresses))
        utf8 = written.utf8 or blind
        answers = self._smtp.send(parcel.sender.address, addresses, written.raw, utf8)
        return {each.id: answers[each.to] for each in parcel.waiting}

    def look_up(self, asked: Sequence[LookUp]) -> Mapping[int, Answer | None]:
        """See what the provider filed as sent; that it filed nothing proves nothing."""
        filed = stands_in_sent_folder(self._account, [each.message_id for each in asked])
        arrived = Answer(Outcome.ACCEPTED, "the provider filed it as sent")
        return {each.delivery_id: arrived if each.message_id in filed else None for each in asked}

    def keep_copies(self, sent: Sequence[tuple[Parcel, WrittenMail]]) -> None:
        """Put the messages into the account's folder of sent mail."""
        copies = [(parcel.message_id, parcel.dated_at, mail.raw) for parcel, mail in sent]
        append_copies(self._account, copies)

    def close(self) -> None:
        """Log out."""
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


class EMail(Channel):
    """E-mail, by any mail account that has an SMTP server."""

    rules = E_MAIL

    async def configured(self) -> tuple[list[Configured], list[Problem]]:
        """Read the accounts that send."""
        from tasks.accounts import configured_accounts  # imported late: Prefect takes seconds

        accounts, problems = await configured_accounts()
        found = []
        for account in accounts:
            if account.sends:
                try:
                    found.append(Configured(service_of(account), account))
                except ConfigurationError as error:
                    problems.append(Problem(account.name, str(error)))
        return found, problems

    def line(self, settings: MailAccount) -> EMailLine:
        """Make the way to an account's SMTP server."""
        return EMailLine(settings)


def service_of(account: MailAccount) -> Service:
    """Tell what requests are judged and written by; ConfigurationError for unknown people."""
    assigned = assignment_for(store(), account.employees, account.teams)
    return Service(
        account.name,
        E_MAIL.channel,
        account.address,
        account.sender_name,
        account.signature,
        account.subject_prefix,
        account.case_token,
        account.sent_copy is SentCopy.APPEND,
        account.connections,
        account.messages_per_minute,
        assigned.employees,
        assigned.teams,
    )


def mail_of(parcel: Parcel, files: Sequence[File]) -> OutgoingMail:
    """Make the e-mail that a parcel is sent as."""
    return OutgoingMail(
        parcel.message_id,
        parcel.dated_at,
        parcel.sender,
        tuple(Recipient(MailAddress(to.name, to.to), to.kind) for to in parcel.recipients),
        parcel.matchcode,
        parcel.text,
        parcel.html,
        parcel.reply_to,
        parcel.in_reply_to,
        parcel.references,
        tuple(files),
        parcel.calendar,
    )
