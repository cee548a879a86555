"""Who wrote to whom, where several fields say it."""

import pytest

from domain.mail import ReceptionKind
from tasks.mail.understand import understand


@pytest.mark.rule("R2")
@pytest.mark.parametrize(
    ("header", "address"),
    [
        (b"From: a@x.example\r\nSender: b@x.example\r\n", "a@x.example"),
        (b"From: a@x.example, b@x.example\r\n", "a@x.example"),
        (b"From: nobody\r\nFrom: b@x.example\r\n", "b@x.example"),
        (b"From: nobody\r\nSender: b@x.example\r\n", "b@x.example"),
        (b"Resent-From: b@x.example\r\n", "b@x.example"),
        (b"From:\r\nReply-To: b@x.example\r\n", "b@x.example"),
        (b"Return-Path: <b@x.example>\r\n", "b@x.example"),
        (b"Return-Path: <>\r\n", None),
    ],
)
def test_where_from_shows_no_address_another_field_tells_the_sender(header, address):
    sender = understand(header + b"\r\ntext").sender

    assert (sender.address if sender else None) == address


@pytest.mark.rule("R2")
def test_an_address_that_is_named_twice_is_received_as_the_more_direct():
    raw = (
        b"Bcc: a@x.example, b@x.example\r\nCc: A@x.example, b@X.example\r\nTo: a@x.example\r\n\r\n"
    )

    recipients = understand(raw).recipients

    assert [(each.mailbox.key, each.kind) for each in recipients] == [
        ("a@x.example", ReceptionKind.TO),
        ("b@x.example", ReceptionKind.CC),
    ]


def test_a_sender_who_cannot_be_seen_is_noted():
    mail = understand(b"From: nobody at all\r\n\r\ntext")

    assert mail.sender is None
    assert mail.defects == ("From shows no address.",)


def test_answers_go_where_the_sender_wants_them():
    mail = understand(b"From: a@x.example\r\nReply-To: Team <team@x.example>\r\n\r\ntext")

    assert [mailbox.address for mailbox in mail.reply_to] == ["team@x.example"]
