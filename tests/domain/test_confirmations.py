"""What a mail system confirms: which message arrived, and with whom."""

import pytest

from domain.confirmations import read_confirmation
from domain.mail import Confirmation, Letter, LetterPart

ENCLOSED = LetterPart("text/rfc822-headers", "Subject: Angebot\nMessage-ID: <1@firm.example>\n")


def report(*groups: str, enclosed: LetterPart | None = ENCLOSED) -> Letter:
    text = "\n\n".join(["Reporting-MTA: dns; mx.example", *groups])
    status = LetterPart("message/delivery-status", text)
    parts = [status, enclosed] if enclosed else [status]
    return Letter({}, "mailer@mx.example", "Report", "multipart/report", "delivery-status", parts)


def about(address: str, action: str) -> str:
    return f"Final-Recipient: rfc822; {address}\nAction: {action}\nStatus: 2.0.0"


@pytest.mark.rule("X5")
def test_those_with_whom_a_message_arrived_are_named_and_no_others():
    letter = report(
        about("a@x.example", "delivered"),
        about("b@x.example", "relayed"),
        about("c@x.example", "failed"),
        about("d@x.example", "delayed"),
    )

    found = read_confirmation(letter)

    assert found == Confirmation("1@firm.example", ("a@x.example", "b@x.example"))


@pytest.mark.parametrize(
    "letter",
    [
        report(about("a@x.example", "failed")),
        report(),
        report(about("a@x.example", "delivered"), enclosed=None),
    ],
    ids=["failed", "no recipient", "no message"],
)
def test_what_confirms_nothing_of_a_message_is_no_confirmation(letter):
    assert read_confirmation(letter) is None
