"""Which parts are listed as files, and their bytes."""

import base64

import pytest

from domain.mail import TransferEncoding
from tasks.mail.attachments import content
from tasks.mail.structure import MAX_MESSAGE
from tasks.mail.understand import understand


def with_part(headers, body=b"x", around=b"multipart/mixed"):
    return (
        b"Content-Type: " + around + b"; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\n"
        b"" + headers + b"\r\n\r\n" + body + b"\r\n--b--\r\n"
    )


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        (b"Content-Type: application/pdf; name=a.pdf", "a.pdf"),
        (b"Content-Disposition: attachment; filename=a.pdf", "a.pdf"),
        (
            b"Content-Disposition: attachment; filename=Rechnung%20M%C3%A4rz.pdf",
            "Rechnung März.pdf",
        ),
        (b"Content-Disposition: attachment; filename=100%25.pdf", "100%25.pdf"),
        (b"Content-Disposition: attachment", "attachment-1.txt"),
        (b"Content-Disposition: attachment;", "attachment-1.txt"),
        (b"Content-Type: image/png", "attachment-1.png"),
        (b"Content-Type: text/calendar", "attachment-1.ics"),
        (b"Content-Type: text/plain; name=x.exe\r\nContent-Disposition: inline", "x.exe"),
        (
            b"Content-Type: text/plain; name=x.exe\r\n"
            b"Content-Disposition: attachment; filename=readme.txt",
            "readme.txt",
        ),
        (b"Content-Type: text/plain\r\nContent-Type: application/x; name=x.exe", "x.exe"),
        (
            b"Content-Disposition: inline\r\nContent-Disposition: attachment; filename=x.exe",
            "x.exe",
        ),
        (b"Content-Type: message/external-body; access-type=URL", "attachment-1.bin"),
        (b"Content-Type: message/rfc822; name=mail.eml", "mail.eml"),
        (b"Content-Type: text/csv", "attachment-1.csv"),
    ],
)
def test_what_any_reading_calls_an_attachment_is_one(headers, name):
    mail = understand(with_part(headers))

    assert [file.name for file in mail.attachments] == [name]


@pytest.mark.parametrize(
    "headers",
    [
        b"",
        b"Content-Type: text/plain",
        b"Content-Type: text/x-note",
        b"Content-Disposition: inline",
    ],
)
def test_mere_text_is_no_attachment(headers):
    mail = understand(with_part(headers, b"more text"))

    assert mail.attachments == ()
    assert mail.text == "text\n\nmore text"


@pytest.mark.parametrize(
    ("headers", "around", "inline"),
    [
        (b"Content-Type: image/png\r\nContent-ID: <a@x>", b"multipart/related", True),
        (b"Content-Type: image/png\r\nContent-ID: <a@x>", b"multipart/mixed", False),
        (b"Content-Type: image/png\r\nContent-Disposition: inline", b"multipart/mixed", True),
        (
            b"Content-Type: image/png\r\nContent-ID: <a@x>\r\nContent-Disposition: attachment",
            b"multipart/related",
            False,
        ),
    ],
)
def test_a_picture_is_inline_by_its_place_or_its_word(headers, around, inline):
    (picture,) = understand(with_part(headers, around=around)).attachments

    assert picture.inline is inline


def test_a_picture_that_the_html_refers_to_is_inline_whatever_it_says():
    raw = with_part(
        b"Content-Type: image/png\r\nContent-ID: <a@x>\r\nContent-Disposition: attachment"
    ).replace(b"\r\n\r\ntext", b"\r\nContent-Type: text/html\r\n\r\n<img src='cid:a@x'>", 1)

    (picture,) = understand(raw.replace(b"--b\r\n\r\n", b"--b\r\n", 1)).attachments

    assert picture.inline


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        (b"base64", base64.encodebytes(bytes(range(256)))),
        (b"8bit", bytes(range(14, 256))),
        (b"quoted-printable", b"=00=01 and the rest"),
    ],
)
def test_bytes_and_size_come_out_of_the_span(encoding, body):
    headers = b"Content-Type: image/png\r\nContent-Transfer-Encoding: " + encoding
    raw = with_part(headers, body)

    (file,) = understand(raw).attachments

    assert len(content(raw, file)) == file.size
    assert raw[file.start : file.end].strip() == body.strip()


def test_an_attached_messages_own_attachments_are_not_listed():
    inner = with_part(b"Content-Type: image/png").replace(b"--b", b"--c").replace(b"=b", b"=c")
    raw = with_part(b"Content-Type: message/rfc822", b"Subject: inner\r\n" + inner)

    assert [file.name for file in understand(raw).attachments] == ["inner.eml"]


def test_the_parts_of_a_digest_are_messages():
    mail = understand(with_part(b"", b"Subject: inner\r\n\r\ninner", around=b"multipart/digest"))

    assert [file.content_type for file in mail.attachments] == ["message/rfc822"] * 2


@pytest.mark.rule("R6")
def test_a_message_beyond_the_limits_is_one_attachment_with_its_headers_read():
    raw = b"From: hans@x.example\r\nSubject: large\r\n\r\n" + bytes(MAX_MESSAGE)

    mail = understand(raw)

    (file,) = mail.attachments
    assert (mail.subject, mail.text) == ("large", "")
    assert mail.sender
    assert mail.defects == ("The message is too large.",)
    assert (file.name, file.content_type) == ("message.eml", "message/rfc822")
    assert (file.start, file.end, file.size) == (0, len(raw), len(raw))
    assert file.encoding is TransferEncoding.IDENTITY
