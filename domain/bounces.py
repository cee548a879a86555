"""Bounces: who was not reached, and which message is meant (R7).

Standard reports (RFC 3464) are read field by field. The many notices that follow no standard are
read for the addresses and the replies that they name; they count only where a mail system signs
them, or their subject, words and form all say so: people quote and forward bounces.
"""

import re

from domain.automatic import (
    answers_by_itself,
    has_null_return_path,
    is_from_mail_system,
    opening,
)
from domain.automatic_texts import DELAY_SUBJECT
from domain.bounce_originals import Original, original_of
from domain.bounce_reasons import REPLY, is_permanent, one_line, status_in
from domain.bounce_recipients import Told, told_recipients, words_on
from domain.bounce_texts import (
    ANSWERED_SUBJECT,
    BOUNCE_SUBJECT,
    COPY_FOLLOWS,
    STILL_TRYING,
    UNDELIVERED,
    WAITS_FOR_A_PERSON,
)
from domain.delivery_reports import Action, RecipientReport, recipient_reports, reports_in
from domain.mail import Bounce, FailedRecipient, Letter
from domain.markup import without_markup

NOTICE_CHARACTERS = 20_000
MARKUP_CHARACTERS = 100_000

_NO_BOUNCE_REPORTS = frozenset({"feedback-report", "disposition-notification"})
_ADDRESS = re.compile(r"[^\s<>;,:\"'()]{1,200}@[^\s<>;,:\"'()]{1,200}")


def read_bounce(letter: Letter) -> Bounce | None:
    """Read a bounce, standard or not; None for anything else, such as delays and confirmations.

    A bounce that names nobody, not even by the message it encloses, has no failed recipients.
    """
    if letter.report_type.casefold() in _NO_BOUNCE_REPORTS:
        return None
    if not (_is_sent_by_a_system(letter) or _claims_to_be_a_bounce(letter)):
        return None
    notice = _notice(letter)
    reports = _reports(letter) if _is_sent_by_a_system(letter) else []
    if any(report.action for report in reports):
        failed = [report for report in reports if report.action is Action.FAILED]
        return _by_reports(letter, notice, failed) if failed else None
    return _by_words(letter, notice) if _says_that_it_failed(letter, notice) else None


def _reports(letter: Letter) -> list[RecipientReport]:
    """Read the report, also where it was sent as ordinary text."""
    if reports := recipient_reports(letter):
        return reports
    texts = [part.text for part in letter.parts if part.content_type == "text/plain"]
    written = [report for text in texts for report in reports_in(text)]
    return [report for report in written if "final-recipient" in report.fields]


def _is_sent_by_a_system(letter: Letter) -> bool:
    is_report = letter.content_type.casefold() == "multipart/report"
    if is_report or has_null_return_path(letter) or "x-failed-recipients" in letter.headers:
        return True
    return is_from_mail_system(letter) and not ANSWERED_SUBJECT.match(letter.subject)


def _claims_to_be_a_bounce(letter: Letter) -> bool:
    """Tell whether a message that no mail system signs may be a bounce all the same."""
    words = " ".join(letter.headers.get("auto-submitted", ())).casefold()
    by_a_program = "auto-" in words or not letter.sender
    is_a_list = "list-unsubscribe" in letter.headers
    return not is_a_list and (by_a_program or bool(BOUNCE_SUBJECT.match(letter.subject)))


def _says_that_it_failed(letter: Letter, notice: str) -> bool:
    """Tell whether a notice without a readable report speaks of a failed delivery."""
    if answers_by_itself(letter) or DELAY_SUBJECT.match(letter.subject):
        return False
    if STILL_TRYING.search(notice) or WAITS_FOR_A_PERSON.search(notice):
        return False
    words_say = bool(UNDELIVERED.search(notice))
    if _is_sent_by_a_system(letter):
        return words_say or bool(BOUNCE_SUBJECT.match(letter.subject))
    return words_say and bool(REPLY.search(notice) or told_recipients(notice, _own(letter)))


def _by_reports(letter: Letter, notice: str, reports: list[RecipientReport]) -> Bounce:
    original = original_of(letter)
    told = {one.address.casefold(): one for one in told_recipients(notice, _own(letter))}
    failed = [_reported(report, told, notice, original) for report in reports]
    return _bounce([one for one in failed if one.address], original)


def _reported(
    report: RecipientReport, told: dict[str, Told], notice: str, original: Original
) -> FailedRecipient:
    only = next(iter(told.values()), None) if len(told) == 1 else None
    fallback = only.address if only else next(iter(original.recipients), "")
    address = report.address or fallback
    in_words = told.get(address.casefold()) or only
    words = report.fields.get("diagnostic-code", "") or (in_words.words if in_words else "")
    words = words or words_on(notice, address) or report.fields.get("status", "")
    return _failed(address, words, report.fields.get("status", ""))


def _by_words(letter: Letter, notice: str) -> Bounce | None:
    original = original_of(letter)
    stated = [
        address
        for value in letter.headers.get("x-failed-recipients", ())
        for address in _ADDRESS.findall(value)
    ]
    unmeant = {*_own(letter), (original.message_id or "").casefold()}
    told = {one.address.casefold(): one for one in told_recipients(notice, unmeant)}
    if stated:
        told = {one.casefold(): _told_of(one, told, notice) for one in stated}
    elif not told and len(original.recipients) == 1:
        told = {"": Told(original.recipients[0], "")}
    failed = [_failed(one.address, one.words or _statement(notice)) for one in told.values()]
    return _bounce(failed, original) if failed or original.message_id else None


def _told_of(address: str, told: dict[str, Told], notice: str) -> Told:
    return told.get(address.casefold()) or Told(address, words_on(notice, address))


def _failed(address: str, words: str, reported_status: str = "") -> FailedRecipient:
    status = status_in(reported_status, words)
    return FailedRecipient(address, status, is_permanent(status, words), one_line(words))


def _bounce(failed: list[FailedRecipient], original: Original) -> Bounce:
    unique = {one.address.casefold(): one for one in reversed(failed)}
    return Bounce(tuple(reversed(unique.values())), original.message_id, original.references)


def _statement(notice: str) -> str:
    """Take the paragraph in which a notice says that it failed."""
    paragraphs = re.split(r"\n[ \t]*\n", notice)
    return next((words for words in paragraphs if UNDELIVERED.search(words)), "")


def _own(letter: Letter) -> frozenset[str]:
    """Give the addresses that the notice itself went to, and came from."""
    to = " ".join(letter.headers.get("to", ()))[:NOTICE_CHARACTERS]
    return frozenset({letter.sender.casefold(), *(own.casefold() for own in _ADDRESS.findall(to))})


def _notice(letter: Letter) -> str:
    """Give what a message says above the copy of another that it encloses."""
    text = opening(letter, NOTICE_CHARACTERS) or _html_notice(letter)
    copy = COPY_FOLLOWS.search(text)
    return text[: copy.start()] if copy and copy.start() else text


def _html_notice(letter: Letter) -> str:
    """Read a notice that comes as HTML only."""
    html = next((part.text for part in letter.parts if part.content_type == "text/html"), "")
    return without_markup(html[:MARKUP_CHARACTERS])[:NOTICE_CHARACTERS]
