"""The demo's messages and directory fit together, and its stream goes on without an end."""

import email
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from itertools import count, islice
from random import Random

import pytest

from deployments.demo.directory import directory, folders_of_mailboxes, mail_accounts
from deployments.demo.messages import PLACEHOLDER, DemoMessage, demo_message, demo_messages
from deployments.demo.stream import arriving, conversations
from domain.accounts import MailAction, SentCopy, TokenPlace

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=timezone(timedelta(hours=1)))


def signed(case: str) -> str:
    return f"[{case}#signed]"


FIRST_SET = demo_messages(NOW, signed)
WITH_HEADERS = [message for message in FIRST_SET if b"\r\nMessage-ID: " in message.raw]


def parsed(message: DemoMessage) -> Message:
    return email.message_from_bytes(message.raw)


def clock() -> Callable[[], datetime]:
    seconds = count()
    return lambda: NOW + timedelta(seconds=next(seconds))


def letters(number: int, seed: int = 1) -> list[DemoMessage]:
    return list(islice(arriving(conversations(), clock(), str, Random(seed)), number))


def emails_of_persons() -> list[str]:
    return [mail for address in directory().address for p in address.person for mail in p.emails]


def test_the_same_instant_gives_the_same_bytes():
    again = demo_messages(NOW, signed)

    assert again == FIRST_SET


def test_no_placeholder_is_left():
    assert [message for message in FIRST_SET if PLACEHOLDER.search(message.raw)] == []


def test_exactly_one_of_them_is_no_message():
    without = [message for message in FIRST_SET if not parsed(message).keys()]

    assert len(without) == 1
    assert len(WITH_HEADERS) == len(FIRST_SET) - 1


@pytest.mark.parametrize("message", WITH_HEADERS, ids=lambda message: parsed(message)["Message-ID"])
def test_each_message_is_sound_and_recent(message):
    mail = parsed(message)

    assert [part.defects for part in mail.walk() if part.defects] == []
    assert NOW - timedelta(days=2) < parsedate_to_datetime(mail["Date"]) < NOW
    assert set(message.recipients) <= folders_of_mailboxes().keys()


def test_message_ids_are_fixed_and_unique():
    tomorrow = demo_messages(NOW + timedelta(days=1), signed)

    ids = [parsed(message)["Message-ID"] for message in FIRST_SET]

    assert ids == [parsed(message)["Message-ID"] for message in tomorrow]
    assert len(set(ids)) == len(ids)


def test_one_reply_is_there_before_its_parent():
    ids = [parsed(message)["Message-ID"] for message in FIRST_SET]
    parents = [parsed(message)["In-Reply-To"] for message in FIRST_SET]

    later = [parent for place, parent in enumerate(parents) if parent and parent in ids[place:]]

    assert later == ["<gate4-readings-1@northlight.example>"]


@pytest.mark.parametrize(
    ("placeholder", "filled"),
    [
        ("{date:-3h}", "Mon, 02 Mar 2026 06:30:00 +0100"),
        ("{date:-15m}", "Mon, 02 Mar 2026 09:15:00 +0100"),
        ("{day:-2d}", "28.02.2026"),
        ("{token:SC-1042}", "[SC-1042#signed]"),
        ("{left:alone}", "{left:alone}"),
    ],
)
def test_placeholders_are_filled(placeholder, filled):
    message = demo_message(f"Subject: {placeholder}\n\n".encode(), NOW, signed)

    assert parsed(message)["Subject"] == filled


@pytest.mark.parametrize(
    ("headers", "recipients"),
    [
        ("To: A <service@demo.example>", ("service@demo.example",)),
        ("To: a@b.example\nCc: sales@demo.example", ("sales@demo.example",)),
        ("Delivered-To: presse@demo.example", ("presse@demo.example",)),
        ("To: nobody@demo.example", ("service@demo.example",)),
    ],
)
def test_the_envelope_goes_to_the_demos_own_mailboxes(headers, recipients):
    message = demo_message(f"{headers}\n\nText\n".encode(), NOW, signed)

    assert message.recipients == recipients


def test_every_case_that_a_message_names_is_in_the_directory():
    named: list[str] = []

    def noted(case: str) -> str:
        named.append(case)
        return case

    demo_messages(NOW, noted)

    assert named
    assert set(named) <= {case.number for case in directory().case}


def test_accounts_are_assigned_to_whom_the_directory_knows():
    employees = {employee.number for employee in directory().employee}
    teams = {team.name for team in directory().team}

    accounts = mail_accounts(imap_port=1143, smtp_port=1025)

    assert {number for account in accounts for number in account.employees} <= employees
    assert {name for account in accounts for name in account.teams} <= teams
    assert [account.name for account in accounts if not account.teams] == ["anna-berger"]


def test_one_account_is_left_alone():
    accounts = mail_accounts(imap_port=1143, smtp_port=1025)

    idle = [account.address for account in accounts if account.action is MailAction.NONE]

    assert idle == ["presse@demo.example"]


def test_accounts_show_each_way_of_sending():
    sending = [each for each in mail_accounts(imap_port=1143, smtp_port=1025) if each.sends]

    assert {account.submission_port for account in sending} == {1025}
    assert {account.case_token for account in sending} == set(TokenPlace)
    copying = [account for account in sending if account.sent_copy is SentCopy.APPEND]
    assert [account.subject_prefix for account in copying] == ["[Helpdesk]"]
    assert all(each.sent_folder in folders_of_mailboxes()[each.address] for each in copying)


def test_one_mail_address_is_shared_by_two_persons():
    emails = emails_of_persons()

    shared = {mail for mail in emails if emails.count(mail) == 2}

    assert shared == {"buero@baeckerei-sonnenschein.example"}


def test_the_stream_is_the_same_with_the_same_seed():
    assert letters(20) == letters(20)
    assert letters(20) != letters(20, seed=2)


def test_letters_of_the_stream_are_fresh_and_follow_each_other():
    mails = [parsed(message) for message in letters(60)]

    ids = [mail["Message-ID"] for mail in mails]
    references = [mail["References"].split() for mail in mails if mail["References"]]

    assert len(set(ids)) == 60
    assert {message_id for chain in references for message_id in chain} <= set(ids)
    assert max(map(len, references)) == 2


def test_letters_of_the_stream_go_from_customers_to_the_demos_mailboxes():
    own = [mail for address in directory().address for mail in address.emails]

    senders = {parseaddr(conversation.sender)[1] for conversation in conversations()}
    recipients = {conversation.recipient for conversation in conversations()}

    assert senders <= {*own, *emails_of_persons()}
    assert recipients <= folders_of_mailboxes().keys()


def test_the_dates_of_the_stream_are_now():
    mail = parsed(letters(1)[0])

    assert parsedate_to_datetime(mail["Date"]) == NOW.astimezone(UTC)
