"""An invitation goes out so that mailers show it, and as a file too."""

import email
from email.message import EmailMessage
from email.policy import default
from hashlib import sha256

import pytest
from calendar_events import PETRA, event
from outgoing_mail import assert_is_well_formed, outgoing

from domain.ical import cancel, request, single
from domain.outgoing import File
from tasks.mail.writing import written

INVITATION = request(event(attendees=(PETRA,), place="Große Halle"))


def read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def types(raw: bytes) -> list[str]:
    return [part.get_content_type() for part in read(raw).walk()]


@pytest.mark.parametrize(
    ("calendar", "method"),
    [(INVITATION, "REQUEST"), (cancel(event(attendees=(PETRA,))), "CANCEL")],
)
def test_an_invitation_is_a_rendering_of_the_mail_and_a_file(calendar, method):
    raw = written(outgoing(calendar=calendar))

    assert_is_well_formed(raw)
    assert types(raw) == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/calendar",
        "application/ics",
    ]
    shown = list(read(raw).walk())[3]
    [file] = read(raw).iter_attachments()
    assert shown["Content-Type"].params == {"method": method, "charset": "utf-8"}
    assert shown.get_content().replace("\r\n", "\n") == calendar.replace("\r\n", "\n")
    assert (file.get_filename(), file.get_content()) == ("invite.ics", calendar.encode())


def test_rich_text_and_files_go_with_an_invitation():
    note = File("plan.txt", "text/plain", b"Plan")

    raw = written(outgoing(calendar=INVITATION, html="<p>Guten Tag</p>", files=(note,)))

    assert_is_well_formed(raw)
    assert types(raw) == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "text/plain",
        "application/ics",
    ]


def test_what_is_published_is_a_file_only():
    raw = written(outgoing(calendar=single(event())))

    assert_is_well_formed(raw)
    assert types(raw) == ["multipart/mixed", "text/plain", "text/calendar"]
    [file] = read(raw).iter_attachments()
    assert file.get_filename() == "appointment.ics"
    assert file.get_content().replace("\r\n", "\n") == single(event()).replace("\r\n", "\n")


def test_a_matchcode_does_not_make_an_invitation_of_what_is_published():
    raw = written(outgoing(calendar=single(event(text="x\nMETHOD:REQUEST\nMETHOD:CANCEL"))))

    assert types(raw) == ["multipart/mixed", "text/plain", "text/calendar"]


@pytest.mark.parametrize(
    ("mail", "digest"),
    [
        (outgoing(), "0816ec8a547f7302"),
        (outgoing(html="<p>Guten Tag</p>"), "832c79c208e2fbbe"),
        (outgoing(files=(File("plan.txt", "text/plain", b"Plan"),)), "f5f1eee78db9a669"),
    ],
)
def test_mail_without_a_calendar_is_what_it_always_was(mail, digest):
    assert sha256(written(mail)).hexdigest()[:16] == digest
