"""An outgoing e-mail is written so that everybody reads what was meant."""

import email
import re
from base64 import b64encode
from email.policy import default

import pytest
from outgoing_mail import assert_is_well_formed, outgoing, recipient

from domain.mail import MailAddress
from domain.outgoing import File
from tasks.mail.understand import understand
from tasks.mail.writing import needs_smtputf8, written

PIXEL = bytes.fromhex("89504e470d0a1a0a") + bytes(range(256))
EMBEDDED = "data:image/png;base64," + b64encode(PIXEL).decode()
LOGO = File("logo.png", "image/png", PIXEL, "logo@firm.example", inline=True)
PLAN = File("Prüfplan.pdf", "application/pdf", b"%PDF" + bytes(range(256)) * 9)


def types(raw: bytes) -> list[str]:
    """Give the content types of a message's parts, from the outside in."""
    return [part.get_content_type() for part in email.message_from_bytes(raw).walk()]


def test_a_plain_mail_is_written_as_it_stands_here():
    mail = outgoing(
        recipients=(
            recipient("petra@mueller.example", "to", "Petra Müller"),
            recipient("uwe@mueller.example", "cc"),
        ),
        subject="Prüfung",
        text="Grüße",
        reply_to="service@firm.example",
        in_reply_to="b@x.example",
        references=("a@x.example", "b@x.example"),
    )

    raw = written(mail)

    assert raw.decode().split("\r\n") == [
        "From: Jonas Weber <jonas.weber@firm.example>",
        "To: =?utf-8?q?Petra_M=C3=BCller?= <petra@mueller.example>",
        "Cc: uwe@mueller.example",
        "Reply-To: service@firm.example",
        "Subject: =?utf-8?b?UHLDvGZ1bmc=?=",
        "Date: Mon, 23 Nov 2026 09:00:00 +0000",
        "Message-ID: <1.k2mq9@firm.example>",
        "In-Reply-To: <b@x.example>",
        "References: <a@x.example>",
        " <b@x.example>",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        "",
        "R3LDvMOfZQ0K",
        "",
    ]


@pytest.mark.rule("E5")
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "text/plain"),
        ({"html": " \n"}, "text/plain"),
        ({"html": "<script>alert(1)</script>"}, "text/plain"),
        ({"files": (PLAN,)}, "multipart/mixed text/plain application/pdf"),
        ({"html": "<p>Tag</p>"}, "multipart/alternative text/plain text/html"),
        (
            {"html": "<img src='cid:logo@firm.example'>", "files": (PLAN, LOGO)},
            "multipart/mixed multipart/alternative text/plain multipart/related text/html"
            " image/png application/pdf",
        ),
        (
            {"html": f"<img src='{EMBEDDED}'>"},
            "multipart/alternative text/plain multipart/related text/html image/png",
        ),
        (
            {"html": "<p>without the logo</p>", "files": (LOGO,)},
            "multipart/mixed multipart/alternative text/plain text/html image/png",
        ),
        ({"files": (LOGO,)}, "multipart/mixed text/plain image/png"),
    ],
)
def test_a_mail_has_the_parts_that_its_content_needs(changes, expected):
    raw = written(outgoing(**changes))

    assert types(raw) == expected.split()
    assert_is_well_formed(raw)


@pytest.mark.rule("E4")
def test_only_to_and_cc_are_in_the_message():
    kinds = ("to", "cc", "bcc", "none")
    mail = outgoing(recipients=tuple(recipient(f"{kind}@x.example", kind) for kind in kinds))

    raw = written(mail)

    assert b"To: to@x.example\r\nCc: cc@x.example\r\n" in raw
    assert b"bcc" not in raw.lower()
    assert b"none@" not in raw


@pytest.mark.rule("E4")
def test_a_mail_without_a_visible_recipient_says_so():
    raw = written(outgoing(recipients=(recipient("uwe@x.example", "bcc"),)))

    assert b"\r\nTo: undisclosed-recipients:;\r\n" in raw
    assert not email.message_from_bytes(raw, policy=default)["To"].defects
    assert understand(raw).recipients == ()


def test_a_copy_alone_needs_no_to():
    raw = written(outgoing(recipients=(recipient("uwe@x.example", "cc"),)))

    assert b"\r\nCc: uwe@x.example\r\n" in raw
    assert b"\r\nTo:" not in raw


def test_the_same_mail_is_written_as_the_same_bytes():
    changes = {"html": f"<img src='{EMBEDDED}'>", "files": (PLAN,)}

    first, second = written(outgoing(**changes)), written(outgoing(**changes))

    assert first == second
    assert first != written(outgoing(**changes, message_id="2@firm.example"))


@pytest.mark.rule("E5")
def test_the_alternative_is_the_contacts_text_or_else_the_htmls():
    given_text = understand(written(outgoing(html="<p>rich</p>", text="plain"))).text
    html_text = understand(written(outgoing(html="<p>rich</p><p>-- <br>Jonas</p>", text=""))).text

    assert given_text == "plain"
    assert html_text == "rich\n\n-- \nJonas"


def test_no_boundary_can_stand_in_the_text():
    boundary = re.search(rb'boundary="([^"]+)"', written(outgoing(files=(PLAN,))))
    assert boundary
    text = f"before\n--{boundary[1].decode()}\n\nafter\n--{boundary[1].decode()}--\nend"

    raw = written(outgoing(files=(PLAN,), text=text))

    assert understand(raw).text == text
    assert len(types(raw)) == 3


@pytest.mark.parametrize("control", ["\r\nBcc: evil@x.example", "\n", "\r", "\0"])
def test_a_field_that_would_end_early_is_refused(control):
    with pytest.raises(ValueError, match="The subject contains a line break"):
        written(outgoing(subject=f"Hallo{control}"))


def test_a_domain_that_cannot_exist_is_refused():
    with pytest.raises(ValueError, match="a domain that cannot exist"):
        written(outgoing(recipients=(recipient("petra@mü\u2024ller..example"),)))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, False),
        ({"recipients": (recipient("info@müller.example"),)}, False),
        ({"recipients": (recipient("bjørn@x.example", "cc"),)}, True),
        ({"recipients": (recipient("bjørn@x.example", "bcc"),)}, False),
        ({"reply_to": "bjørn@x.example"}, True),
        ({"sender": MailAddress("", "bjørn@x.example")}, True),
    ],
)
def test_only_a_visible_international_local_part_needs_smtputf8(changes, expected):
    mail = outgoing(**changes)

    assert needs_smtputf8(mail) is expected
    assert written(mail).isascii() is not expected


def test_international_addresses_keep_their_local_part_and_encode_their_domain():
    raw = written(outgoing(recipients=(recipient("bjørn@straße.example"),)))

    assert "To: bjørn@xn--strae-oqa.example\r\n".encode() in raw
    assert understand(raw).recipients[0].mailbox.address == "bjørn@xn--strae-oqa.example"


def test_a_long_thread_keeps_its_first_id_and_its_last_ones():
    ids = tuple(f"{number}@{'x' * 40}.example" for number in range(1_000))

    raw = written(outgoing(references=ids, in_reply_to=ids[-1]))
    references = understand(raw).references

    assert references[0] == ids[0]
    assert references[1:] == ids[-len(references) + 1 :]
    assert 50 < len(references) < 200
    assert_is_well_formed(raw)


@pytest.mark.parametrize("odd", ["", "a b@x.example", "ü@x.example", "a>b@x.example", "a" * 1_000])
def test_an_earlier_id_that_cannot_be_written_is_left_out(odd):
    raw = written(outgoing(references=("a@x.example", odd), in_reply_to=odd))

    assert b"In-Reply-To" not in raw
    assert understand(raw).references == ("a@x.example",)


def test_an_answer_without_references_names_what_it_answers():
    raw = written(outgoing(in_reply_to="a@x.example"))

    assert understand(raw).references == ("a@x.example",)


def test_a_person_wrote_it_and_nothing_says_otherwise():
    raw = written(outgoing())

    assert b"auto-submitted" not in raw.lower()
    assert understand(raw).automatic == "no"
