"""Bounces are recognised whatever server wrote them; what resembles them is left alone."""

import time
from collections.abc import Iterator
from email import message_from_string
from email.message import Message
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.bounces import read_bounce
from domain.mail import Bounce, Letter, LetterPart

SAMPLES = Path(__file__).parent.parent / "messages" / "bounces"

HARD, SOFT = True, False

# file: who was not reached, with what status, for good or for now
FAILED: dict[str, list[tuple[str, str, bool]]] = {
    "postfix_report": [("hans@kunde.example", "5.1.1", HARD)],
    "several_recipients_some_delivered": [
        ("berta@kunde.example", "5.1.1", HARD),
        ("carla@kunde.example", "4.4.1", SOFT),
    ],
    "report_with_forwarded_recipient": [("neu@kunde.example", "5.2.1", HARD)],
    "report_mailbox_full": [("voll@kunde.example", "5.2.2", SOFT)],
    "report_damaged_without_blank_lines": [
        ("eins@kunde.example", "5.1.1", HARD),
        ("zwei@kunde.example", "5.1.1", HARD),
    ],
    "report_without_action": [("ohne@kunde.example", "5.1.2", HARD)],
    "report_without_address": [("meier@notes.example", "5.1.1", HARD)],
    "report_as_plain_text": [("text@kunde.example", "5.7.1", HARD)],
    "qmail": [("hans@kunde.example", "5.1.1", HARD)],
    "qmail_several": [("eins@kunde.example", "5.1.1", HARD), ("zwei@fort.example", "4.4.3", SOFT)],
    "exim": [("hans@kunde.example", "5.0.0", HARD)],
    "exim_timeout": [("a@weg.example", "", SOFT), ("b@weg.example", "", SOFT)],
    "sendmail": [("hans@kunde.example", "5.1.1", HARD)],
    "sendmail_v5": [("hans@nirgends.example", "5.0.0", HARD)],
    "postfix_text": [("info@tot.example", "", SOFT)],
    "postfix_german_reply": [("hans@kunde.example", "4.2.2", SOFT)],
    "exchange_english": [("hans@kunde.example", "5.1.1", HARD)],
    "exchange_german": [("hans@kunde.example", "5.1.1", HARD)],
    "exchange_2010_german": [("hans@kunde.example", "5.1.1", HARD)],
    "office365_html_only": [("hans@kunde.example", "5.1.10", HARD)],
    "office365_german": [("hans@kunde.example", "5.4.1", HARD)],
    "domino_text": [("huber@notes.example", "", HARD)],
    "domino_german": [("huber@notes.example", "", HARD)],
    "gmx_german": [("hans@kunde.example", "5.0.0", HARD)],
    "webde_quota": [("voll@web.test", "", SOFT)],
    "tonline": [("hans@tonline.test", "", HARD)],
    "gmail_english": [("hans@kunde.example", "5.1.1", HARD)],
    "gmail_german": [("hans@kunde.example", "5.1.1", HARD)],
    "yahoo": [("hans@kunde.example", "5.0.0", HARD)],
    "amazon_ses": [("hans@kunde.example", "", HARD), ("berta@kunde.example", "", HARD)],
    "sms_gateway": [("491701234567@sms.funk.test", "5.0.0", HARD)],
    "mms_carrier": [("491701234567@mms.funk.test", "", HARD)],
    "mailman_rejected": [("team@liste.example", "", HARD)],
    "ezmlm_rejected": [("team@liste.example", "5.2.3", HARD)],
    "antivirus_gateway": [("hans@kunde.example", "5.7.0", HARD)],
    "content_filter_without_daemon": [("hans@kunde.example", "5.7.1", HARD)],
    "greylisted_too_long": [("hans@grau.example", "5.7.1", SOFT)],
    "spam_tagged_subject": [("buero@kunde.example", "", HARD)],
    "french": [("jean@client.example", "5.1.1", HARD)],
    "spanish": [("juan@cliente.example", "5.1.1", HARD)],
    "italian": [("mario@cliente.example", "4.2.2", SOFT)],
    "dutch": [("jan@klant.example", "5.1.1", HARD)],
    "recipient_only_in_the_original": [("hans@kunde.example", "", HARD)],
    "several_on_one_line": [
        ("eins@kunde.example", "5.7.1", HARD),
        ("zwei@kunde.example", "5.7.1", HARD),
    ],
    "nobody_named": [],
}
ORIGINALS = {
    "postfix_report": "angebot-4711@kontor.example",
    "report_with_forwarded_recipient": "m-2@kontor.example",
    "qmail": "qm-1@kontor.example",
    "exim": "exim-1@kontor.example",
    "sendmail": "sm-1@kontor.example",
    "exchange_2010_german": "ex-1@kontor.example",
    "office365_html_only": "o365@kontor.example",
    "gmail_english": "g-1@kontor.example",
    "gmx_german": "gmx-1@kontor.example",
    "nobody_named": "kurz-2@kontor.example",
}


def sample(name: str) -> Letter:
    """Read a sample as the understanding of mail would hand it over."""
    message = message_from_string((SAMPLES / f"{name}.eml").read_text(encoding="utf-8"))
    headers: dict[str, list[str]] = {}
    for field, value in message.items():
        headers.setdefault(field.lower(), []).append(" ".join(value.split()))
    return Letter(
        headers=headers,
        sender=headers.get("from", [""])[0].partition("<")[2].partition(">")[0]
        or headers.get("from", [""])[0].partition(" (")[0].strip("<>"),
        subject=headers.get("subject", [""])[0],
        content_type=message.get_content_type(),
        report_type=str(message.get_param("report-type", "")),
        parts=[LetterPart(part.get_content_type(), _text(part)) for part in _leaves(message)],
    )


def letter(text: str, subject: str = "failure notice") -> Letter:
    """Build a notice that a mail system signs."""
    sender = "mailer-daemon@mx.example"
    return Letter({}, sender, subject, "text/plain", "", [LetterPart("text/plain", text)])


def _leaves(message: Message) -> Iterator[Message]:
    if message.get_content_maintype() == "multipart":
        for part in message.get_payload():
            yield from _leaves(part)
    else:
        yield message


def _text(part: Message) -> str:
    payload = part.get_payload()
    return payload if isinstance(payload, str) else "\n".join(str(inner) for inner in payload)


def test_every_sample_is_in_the_table():
    names = {path.stem for path in (SAMPLES / "failed").glob("*.eml")}

    assert names == set(FAILED)


@pytest.mark.rule("R7")
@pytest.mark.parametrize("name", FAILED)
def test_a_bounce_names_whom_it_could_not_reach_and_whether_for_good(name):
    bounce = read_bounce(sample(f"failed/{name}"))

    assert bounce is not None
    assert [(one.address, one.status, one.permanent) for one in bounce.failed] == FAILED[name]


@pytest.mark.rule("R7")
@pytest.mark.parametrize("name", sorted(path.stem for path in (SAMPLES / "others").glob("*.eml")))
def test_what_only_resembles_a_bounce_is_none(name):
    assert read_bounce(sample(f"others/{name}")) is None


@pytest.mark.rule("R7")
@pytest.mark.parametrize("name", ORIGINALS)
def test_the_undelivered_message_is_found(name):
    bounce = read_bounce(sample(f"failed/{name}"))

    assert bounce is not None
    assert bounce.message_id == ORIGINALS[name]


def test_the_undelivered_messages_own_references_are_kept():
    enclosed = read_bounce(sample("failed/postfix_report"))
    answered = read_bounce(sample("failed/recipient_only_in_the_original"))

    assert enclosed is not None
    assert enclosed.references == ("frage-1@kunde.example", "antwort-1@kontor.example")
    assert answered is not None
    assert answered.references == ("frage-9@kunde.example",)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (
            "postfix_report",
            "550 5.1.1 <hans@kunde.example>: Recipient address rejected: "
            "User unknown in local recipient table",
        ),
        ("qmail", "550 5.1.1 <hans@kunde.example>: No such user here"),
        ("exim", "550 Unrouteable address"),
        ("domino_text", "User huber (huber@notes.example) not listed in Domino Directory"),
        ("webde_quota", "Das Postfach des Empfängers ist voll."),
        ("sms_gateway", "550 Invalid mobile number"),
    ],
)
def test_the_reason_is_in_the_servers_words(name, reason):
    bounce = read_bounce(sample(f"failed/{name}"))

    assert bounce is not None
    assert bounce.failed[0].reason.startswith(reason)


def test_a_reason_is_one_line_and_bounded():
    notice = "Undeliverable:\n\n<a@b.example>:\n550 5.1.1 " + "very\nlong " * 500

    bounce = read_bounce(letter(notice))

    assert bounce is not None
    assert len(bounce.failed[0].reason) <= 300
    assert "\n" not in bounce.failed[0].reason


def test_a_message_id_is_no_recipient():
    bounce = read_bounce(letter("Delivery failed.\n\nMessage-ID: <a1@kontor.example>"))

    assert bounce == Bounce(failed=(), message_id="a1@kontor.example")


def test_the_same_recipient_is_named_once():
    notice = "Delivery failed:\n\n<a@b.example>: 550 5.1.1 no\n\n<A@b.example>: 550 5.1.1 no"

    bounce = read_bounce(letter(notice))

    assert bounce is not None
    assert len(bounce.failed) == 1


@given(st.text(max_size=400), st.text(max_size=60))
def test_no_text_raises(text, subject):
    read_bounce(letter(f"could not be delivered {text}", subject))
    report = [LetterPart("message/delivery-status", text)]
    read_bounce(Letter({}, "", subject, "multipart/report", "", report))


@pytest.mark.parametrize(
    "hostile",
    [
        "a@b.c " * 150_000,
        "could not be delivered\n" + "<a@b.example>:\n" * 60_000,
        "Message-ID: " * 80_000,
        "Message-ID:\n " * 80_000,
        "a" * 1_000_000,
        "a." * 500_000,
        "550 " * 250_000,
        "\n" * 1_000_000,
        " " * 1_000_000,
        "to " * 300_000,
        "Action: failed\nFinal-Recipient: rfc822; a@b.example\n" * 20_000,
        "References:" + "\n <a@b>" * 150_000,
    ],
    ids=lambda text: text[:20],
)
@pytest.mark.parametrize("content_type", ["text/plain", "message/delivery-status", "text/html"])
def test_hostile_text_is_read_promptly(hostile, content_type):
    notice = Letter(
        headers={"x-failed-recipients": ["a@b.example"]},
        sender="mailer-daemon@mx.example",
        subject="failure notice",
        content_type="multipart/report",
        report_type="delivery-status",
        parts=[LetterPart(content_type, hostile)],
    )

    started = time.process_time()
    read_bounce(notice)

    assert time.process_time() - started < 1
