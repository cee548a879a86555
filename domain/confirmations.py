"""Confirmations: which message arrived, and with whom (RFC 3464: delivered, relayed)."""

from domain.bounce_originals import original_of
from domain.delivery_reports import Action, recipient_reports
from domain.mail import Confirmation, Letter

ARRIVED = frozenset({Action.DELIVERED, Action.RELAYED})


def read_confirmation(letter: Letter) -> Confirmation | None:
    """Read what a report confirms; None where it confirms nothing of a message that it names."""
    reports = [report for report in recipient_reports(letter) if report.action in ARRIVED]
    message_id = original_of(letter).message_id if reports else None
    if message_id is None:
        return None
    return Confirmation(message_id, tuple(each.address for each in reports if each.address))
