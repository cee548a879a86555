"""What is written is read back as it was meant: by the standard library, and by us."""

import email
from datetime import datetime, timedelta, timezone
from email.header import decode_header, make_header
from email.policy import default
from email.utils import getaddresses, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outgoing_mail import assert_is_well_formed, outgoing, recipient

from domain.mail import MailAddress
from domain.outgoing import File
from tasks.mail.attachments import content
from tasks.mail.flowed import unflowed
from tasks.mail.understand import understand
from tasks.mail.writing import written

PIXEL = bytes.fromhex("89504e470d0a1a0a") + bytes(range(256))
LOGO = File("logo.png", "image/png", PIXEL, "logo@firm.example", inline=True)
PLAN = File("Prüfplan.pdf", "application/pdf", b"%PDF" + bytes(range(256)) * 9)
READABLE = st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" ,;:\"\\'<>()=?_ÄÖü😀")
SUBJECTS = st.text(READABLE, max_size=300)
WORDS = ["Grüße ", "-- ", "--", " ", "\n", "> ", ">", ">>", "From ", "a" * 80, "=", "Anlage ", "."]
TEXTS = st.text(
    st.characters(exclude_categories=["Cc", "Cn", "Cs"]) | st.sampled_from("\n\n  >-.=F")
)


def test_what_is_written_is_understood_as_it_was_meant():
    mail = outgoing(
        recipients=(
            recipient("petra@mueller.example", "to", 'Müller, Petra (Einkauf) "Pe\\t"'),
            recipient("uwe@mueller.example", "to"),
            recipient("ines@mueller.example", "cc", "Roth, Ines"),
        ),
        subject="AW: [Helpdesk] Prüfung 📎 [SC-1042.rck95xrq04]",
        text="Grüße\n\n> Zitat\n-- \nJonas",
        html='<p style="color:red">Grüße <img src="cid:logo@firm.example" alt="Logo"></p>',
        reply_to="service+SC-1042@firm.example",
        in_reply_to="b@x.example",
        references=("a@x.example", "b@x.example"),
        files=(PLAN, LOGO),
        date=datetime(2026, 11, 23, 10, 0, tzinfo=timezone(timedelta(hours=1))),
    )

    raw = written(mail)
    read = understand(raw)

    assert_is_well_formed(raw)
    assert read.sender == mail.sender
    assert read.recipients == mail.recipients
    assert read.reply_to == (MailAddress("", mail.reply_to),)
    assert (read.subject, read.text, read.html) == (mail.subject, mail.text, mail.html)
    assert (read.message_id, read.sent_at) == (mail.message_id, mail.date)
    assert (read.in_reply_to, read.references) == ((mail.in_reply_to,), mail.references)
    assert read.defects == ()
    files = {
        (file.name, file.content_type, file.content_id, file.inline, content(raw, file))
        for file in read.attachments
    }
    assert files == {
        ("Prüfplan.pdf", "application/pdf", None, False, PLAN.content),
        ("logo.png", "image/png", "logo@firm.example", True, PIXEL),
    }


@given(SUBJECTS)
def test_any_subject_is_read_back_by_everybody(subject):
    meant = subject.strip()

    raw = written(outgoing(subject=subject))

    assert_is_well_formed(raw)
    assert (email.message_from_bytes(raw, policy=default)["Subject"] or "") == meant
    folded = email.message_from_bytes(raw)["Subject"] or ""
    assert str(make_header(decode_header(folded.replace("\r\n", "")))) == meant
    assert understand(raw).subject == meant


@given(st.text(READABLE, max_size=100))
def test_any_name_is_read_back_by_the_standard_library(name):
    raw = written(outgoing(recipients=(recipient("petra@x.example", name=name),)))

    assert_is_well_formed(raw)
    folded = email.message_from_bytes(raw)["To"].replace("\r\n", "")
    ((read_name, address),) = getaddresses([folded])
    assert (str(make_header(decode_header(read_name))), address) == (
        name.strip(),
        "petra@x.example",
    )
    assert understand(raw).recipients[0].mailbox.address == "petra@x.example"


def lines(text: str) -> list[str]:
    """Give a text's lines without the blanks at their ends, which mailers take away."""
    return [line.rstrip(" ") for line in text.rstrip("\n ").split("\n")]


@given(TEXTS | st.lists(st.sampled_from(WORDS), max_size=60).map("".join))
def test_any_text_is_read_back(text):
    raw = written(outgoing(text=text))

    assert_is_well_formed(raw)
    part = email.message_from_bytes(raw, policy=default)
    body = part.get_content().replace("\r\n", "\n")
    is_flowed = part.get_param("format") == "flowed"
    assert lines(unflowed(body, delsp=False) if is_flowed else body) == lines(text)


@given(st.text())
def test_any_characters_in_text_subject_and_html_are_written(text):
    mail = outgoing(
        text=text, html=f"<p>{text}</p>", subject="".join(filter(str.isprintable, text))
    )

    assert_is_well_formed(written(mail))


def test_half_a_surrogate_pair_is_replaced():
    mail = outgoing(text="a\ud83dz", subject="b\ud83dz", html="<p>c\ud83dz</p>")

    read = understand(written(mail))

    assert (read.text, read.subject, read.html) == ("a\ufffdz", "b\ufffdz", "<p>c\ufffdz</p>")


@pytest.mark.parametrize("letter", ["x", "ü", "漢", "=", "x ", ">"])
def test_giant_lines_are_cut_to_what_servers_take(letter):
    giant = letter * 100_000
    mail = outgoing(text=giant, html=f"<p>{giant}</p>", subject=letter * 2_000)

    raw = written(mail)

    assert_is_well_formed(raw)
    assert understand(raw).text == giant.rstrip()
    assert email.message_from_bytes(raw, policy=default)["Subject"] == (letter * 2_000).strip()


def is_kept_by_stdlib(name: str) -> bool:
    """Tell whether the standard library takes no quotes or brackets off a file's name."""
    return unquote(name.strip()) == name.strip()


@given(st.binary(max_size=3_000), st.text(READABLE, max_size=80).filter(is_kept_by_stdlib))
def test_any_file_is_read_back(octets, name):
    raw = written(outgoing(files=(File(name, "application/zip", octets),)))

    assert_is_well_formed(raw)
    for policy in (default, email.policy.compat32):
        part = list(email.message_from_bytes(raw, policy=policy).walk())[-1]
        assert part.get_payload(decode=True) == octets
        assert (part.get_filename() or "") == name.strip()
    (read,) = understand(raw).attachments
    assert content(raw, read) == octets


def test_a_file_of_many_megabytes_is_read_back():
    octets = bytes(range(256)) * 20_000

    raw = written(outgoing(files=(File("a.bin", "application/zip", octets),)))

    assert_is_well_formed(raw)
    assert content(raw, understand(raw).attachments[0]) == octets
    assert max(map(len, raw.split(b"\r\n"))) <= 78
