"""Nobody writes a header of his own into an outgoing mail."""

import pytest
from outgoing_mail import outgoing, recipient

from domain.mail import MailAddress, ReceptionKind, Recipient
from domain.outgoing import File
from domain.outgoing_fields import injected


def test_nothing_is_wrong_with_an_ordinary_mail():
    mail = outgoing(
        subject="Prüfung „E17“ 🙂",
        reply_to="service+SC-1042.7k2mq9xa4c@firm.example",
        in_reply_to="a.b%c@x.example",
        references=("an id with blanks",),
        files=(File("Prüfung (1).pdf", "application/pdf", b"", "logo@x"),),
    )

    assert injected(mail) == ()


@pytest.mark.parametrize("control", ["\r\n", "\n", "\r", "\0", "\t", "\x1b", "\x85", "\u2028"])
@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("The subject", lambda text: {"subject": text}),
        ("The sender's name", lambda text: {"sender": MailAddress(text, "a@x.example")}),
        ("A recipient's name", lambda text: {"recipients": (recipient("a@x.example", name=text),)}),
        ("An address", lambda text: {"sender": MailAddress("", f"{text}@x.example")}),
        ("An address", lambda text: {"recipients": (recipient(f"a@{text}.example"),)}),
        ("An address", lambda text: {"reply_to": f'"{text}"@x.example'}),
        ("The message id", lambda text: {"message_id": text}),
        ("The message id of an earlier message", lambda text: {"in_reply_to": text}),
        ("The message id of an earlier message", lambda text: {"references": ("a@x", text)}),
        ("A file's name", lambda text: {"files": (File(text, "text/csv", b""),)}),
        ("A file's content type", lambda text: {"files": (File("a", text, b""),)}),
        ("A file's content id", lambda text: {"files": (File("a", "text/csv", b"", text),)}),
    ],
)
def test_control_characters_are_refused_by_the_fields_name(field, changes, control):
    mail = outgoing(**changes(f"a{control}b"))

    reasons = injected(mail)

    assert f"{field} contains a line break or another control character." in reasons


@pytest.mark.parametrize(
    "address",
    [
        "",
        "petra",
        "@x.example",
        "petra@",
        "petra@x.example>, <evil@x.example",
        "petra@x.example, evil@x.example",
        "petra (x)@x.example",
        "petra müller@x.example",
        'pe"tra@x.example',
        "petra\ud800@x.example",
        "p" * 320 + "@x.example",
    ],
)
def test_an_address_that_could_be_read_as_another_is_refused(address):
    assert injected(outgoing(recipients=(recipient(address),)))


@pytest.mark.parametrize(
    "address",
    ["petra@x.example", '"petra müller"@x.example', "müller@x.example", "p@[192.0.2.1]", "p..q@x"],
)
def test_an_odd_address_is_not_refused(address):
    assert injected(outgoing(recipients=(recipient(address),))) == ()


def test_who_gets_nothing_needs_no_address():
    nobody = Recipient(MailAddress("Uwe\n", ""), ReceptionKind.NONE)

    assert injected(outgoing(recipients=(recipient("petra@x.example"), nobody))) == ()


@pytest.mark.parametrize("identifier", ["", "a b@x", "a@x> <b@x", "ü@x.example", "a" * 1_000])
def test_a_message_id_that_could_be_read_as_another_is_refused(identifier):
    assert injected(outgoing(message_id=identifier))
