"""Whole messages, each with one peculiarity of real mail, and what they say."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.mail import Automatic, MailAddress, ReceptionKind
from tasks.mail.attachments import content
from tasks.mail.understand import understand

MESSAGES = Path(__file__).parents[2] / "messages"

READINGS = [  # file, subject, text, names of the attachments
    (
        "plain-text",
        "Question about the invoice",
        "Guten Tag,\n\nwann kommt die Gutschrift für Nr. 4711?\n\nHans Maier",
        [],
    ),
    (
        "alternative-with-picture-and-file",
        "Angebot für Müller",
        "Our offer is attached.",
        ["logo.png", "Angebot für Müller.pdf"],
    ),
    ("apple-html-picture-html", "Apple", "Before\n\nAfter", ["plan.pdf"]),
    ("bare-returns", "Old Macintosh", "first line\nsecond line", ["a.pdf"]),
    ("boundary-missing", "Boundary missing", "The text.", ["a.pdf"]),
    ("broken-date-and-ids", "Broken", "Hallo", []),
    ("broken-quoted-printable", "Broken", "Grüße, 100 =ZZ, soft break and end", []),
    ("calendar-invitation", "Invitation", "Meeting on Monday.", ["attachment-1.ics"]),
    ("contradictory-headers", "Contradiction", "Visible text.\n\nMZ", ["setup.exe"]),
    ("damaged-base64", "Damaged", "See the file.", ["cut.pdf", "footer.pdf"]),
    (
        "delivery-report",
        "Undelivered Mail Returned to Sender",
        "The message could not be delivered.",
        ["attachment-1.txt", "attachment-2.txt"],
    ),
    ("encoded-words-split-within-a-letter", "Grüße aus Köln", "Hallo", []),
    ("encrypted", "Encrypted", "", ["smime.p7m"]),
    (
        "flowed",
        "Flowed",
        "This paragraph goes on here.\n\n> quoted text that goes on\n>> deeper\n"
        "From here on\n-- \nHans",
        [],
    ),
    ("folded-transfer-encoding", "Folded", "Grüße", []),
    ("forwarded-messages", "Fwd", "See below.", ["Rückruf 1_2.eml", "Second.eml"]),
    (
        "harmful-file-names",
        "Names",
        "",
        [
            "passwd",
            "letter.doc",
            "invoicefdp.exe",
            "_CON.txt",
            "letter (2).doc",
            "LETTER (3).DOC",
            "attachment-7.bin",
            "Übersicht.xlsx",
        ],
    ),
    ("html-only", "HTML only", "Grüße\n\naus Köln", []),
    ("japanese", "見積", "請求書を送ります。", []),
    ("label-ascii-octets-utf-8", "Label", "Grüße aus Köln", []),
    (
        "labels-narrower-than-the-octets",
        "Labels",
        "Köln\n\nKöln\n\nKöln\n\n镕基\n\n똠방각하\n\n①髙\n\nĞ€",
        [],
    ),
    ("mbox-line-and-fragment-in-header", "After a fragment", "Hallo", []),
    ("multipart-closed-early", "Closed early", "First.\n\nSecond.", ["late.pdf"]),
    ("multipart-never-closed", "Never closed", "The text.", ["a.pdf"]),
    ("nested-same-boundary", "Same boundary", "Plain.", ["a.pdf"]),
    ("no-blank-line-before-body", "No blank line", "Good morning,\nthis is the text.", []),
    ("no-charset-windows-1252", "Preis", "Sie sagten „10 €“ – stimmt das?", []),
    ("nothing-but-text", "", "This is not an e-mail, only a sentence.", []),
    ("outlook-rich-text", "TNEF", "See attachment.", ["winmail.dat"]),
    ("plain-alternative-is-a-stub", "Newsletter", "The news of this week", []),
    ("raw-8-bit-headers", "Rückfrage zur Lieferung", "Das kostet 10 €.", []),
    ("recipients-of-all-kinds", "To all", "Hallo", []),
    ("sender-in-brackets", "Old mailer", "Hallo", []),
    ("sender-pretending", "Urgent payment", "Please pay.", []),
    ("signed", "Signed", "Signed text.", ["smime.p7s"]),
    ("subject-that-injects-a-header", "Hello Bcc: victim@y.example", "Hallo", []),
    ("text-with-a-file-name", "Inline text", "The log follows.\n\n12:00 started", ["server.log"]),
    ("utf-16-without-mark", "UTF-16", "Grüße aus Köln, Hans", []),
    ("utf-7", "UTF-7", "Grüße aus Köln", []),
    (
        "uuencoded-file-in-text",
        "Old way",
        "begin 1 is how a sentence starts\nHere is the report:\n\n\nRegards",
        ["report.txt"],
    ),
]


def raw_message(name):
    return (MESSAGES / f"{name}.eml").read_bytes()


def test_every_message_has_its_reading():
    assert {path.stem for path in MESSAGES.glob("*.eml")} == {name for name, *_ in READINGS}


@pytest.mark.parametrize(("name", "subject", "text", "files"), READINGS, ids=lambda value: value)
def test_a_message_says_what_its_author_meant(name, subject, text, files):
    mail = understand(raw_message(name))

    assert mail.subject == subject
    assert mail.text == text
    assert [file.name for file in mail.attachments] == files


@pytest.mark.rule("R2")
@pytest.mark.parametrize(
    ("name", "sender"),
    [
        ("plain-text", MailAddress("Hans Maier", "hans@x.example")),
        ("raw-8-bit-headers", MailAddress("Jörg Groß", "hans@x.example")),
        ("sender-in-brackets", MailAddress("Hans Maier", "hans@x.example")),
        ("sender-pretending", MailAddress("chef@kontakt.example", "evil@evil.example")),
        ("delivery-report", MailAddress("Mail Delivery System", "MAILER-DAEMON@mx.example")),
        ("nothing-but-text", None),
    ],
)
def test_the_sender_is_found(name, sender):
    assert understand(raw_message(name)).sender == sender


@pytest.mark.rule("R2")
def test_recipients_are_found_with_their_reception_kind_and_each_once():
    mail = understand(raw_message("recipients-of-all-kinds"))

    assert [(each.mailbox.name, each.mailbox.address, each.kind) for each in mail.recipients] == [
        ("Maier, Eva", "eva@y.example", ReceptionKind.TO),
        ("", "ann@y.example", ReceptionKind.TO),
        ("Bob", "bob@y.example", ReceptionKind.TO),
        ("The Office", "info@kontakt.example", ReceptionKind.CC),
        ("Schmidt, Kai", "kai@y.example", ReceptionKind.BCC),
    ]


def test_a_broken_date_gives_way_to_the_one_of_arrival():
    mail = understand(raw_message("broken-date-and-ids"))

    assert mail.sent_at == datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert mail.message_id is None
    assert mail.in_reply_to == ("first@y.example",)
    assert mail.references == ("root@y.example", "first@y.example")


@pytest.mark.parametrize(
    ("name", "contents"),
    [
        (
            "alternative-with-picture-and-file",
            [b"\x89PNG\r\n\x1a\n a small picture", b"%PDF-1.4 a small invoice"],
        ),
        ("damaged-base64", [b"%PDF-1.4 a small invo", b"%PDF-1.4 a small invoice!"]),
        (
            "uuencoded-file-in-text",
            [b"the old way to send a file, in 45 octets lineand more"],
        ),
        ("multipart-never-closed", [b"pdf"]),
    ],
)
def test_attachments_are_decoded_out_of_the_raw_message(name, contents):
    raw = raw_message(name)

    attachments = understand(raw).attachments

    assert [content(raw, attachment) for attachment in attachments] == contents
    assert [attachment.size for attachment in attachments] == list(map(len, contents))


def test_a_picture_within_the_html_is_inline():
    picture, file = understand(raw_message("alternative-with-picture-and-file")).attachments

    assert (picture.inline, picture.content_id) == (True, "logo@x.example")
    assert (file.inline, file.content_id) == (False, None)


@pytest.mark.rule("R7")
def test_a_delivery_report_is_a_bounce():
    mail = understand(raw_message("delivery-report"))

    assert mail.automatic is Automatic.BOUNCE
    assert mail.bounce
    assert [failed.address for failed in mail.bounce.failed] == ["gone@y.example"]
    assert mail.bounce.message_id == "sent1@kontakt.example"


@pytest.mark.parametrize(
    ("name", "defect"),
    [
        ("boundary-missing", "The boundary of a multipart was taken from its body."),
        ("broken-date-and-ids", "The date cannot be read."),
        ("damaged-base64", "A damaged base64 part was read as far as it goes."),
        ("mbox-line-and-fragment-in-header", "The header block holds lines that are no fields."),
        ("multipart-never-closed", "A multipart is not closed."),
        (
            "no-blank-line-before-body",
            "No blank line stands between the header and the body.",
        ),
    ],
)
def test_what_was_damaged_is_noted(name, defect):
    assert understand(raw_message(name)).defects == (defect,)


@pytest.mark.parametrize(("name", "count"), [("plain-text", 8), ("nothing-but-text", 0)])
def test_header_fields_are_counted(name, count):
    assert understand(raw_message(name)).header_fields == count
