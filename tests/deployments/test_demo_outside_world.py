"""The world outside the demo refuses, hesitates and answers, as real recipients do."""

import email
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from outgoing_mail import outgoing, recipient

from deployments.demo.directory import outsiders
from deployments.demo.messages import DemoMessage
from deployments.demo.outside_world import OutsideWorld, is_outside
from domain.mail import MailAddress
from domain.tokens import case_token, cases_signed_in
from tasks.mail.understand import understand
from tasks.mail.writing import written

NOW = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
SECRET = b"a secret of the tests"
TOKEN = case_token("SC-1042", SECRET)
PETRA = "petra.mueller@mueller-maschinenbau.example"
NOBODY = "gibtes-nicht@mueller-maschinenbau.example"
MAINTAINED = "wartungsfenster@stadtwerke-gruenau.example"
LETTER = outgoing(
    message_id="2.k2mq9@demo.example",
    sender=MailAddress("Jürgen Köhler", "service@demo.example"),
    recipients=(recipient(PETRA, name="Petra Müller"),),
    subject=f"[Helpdesk] Fehler E17: Ursache gefunden [{TOKEN}]",
    text="Guten Tag Frau Müller,\n\nder Fühler ist schuld.",
    references=("1@mueller-maschinenbau.example",),
    in_reply_to="1@mueller-maschinenbau.example",
)


@pytest.fixture
def world() -> OutsideWorld:
    return OutsideWorld(outsiders())


def answer_to(world: OutsideWorld, raw: bytes, to: str = PETRA) -> DemoMessage:
    [answer] = world.answers([to], raw, NOW)
    return answer


def parsed(message: DemoMessage) -> EmailMessage:
    return email.message_from_bytes(message.raw, policy=SMTP)


@pytest.mark.parametrize(
    ("address", "outside"),
    [
        (PETRA, True),
        ("493023125111@fax.demo.example", True),
        ("service@demo.example", False),
        ("nobody@DEMO.example", False),
        ("someone@example.com", False),
        ("someone@example", False),
        ("nothing", False),
    ],
)
def test_any_other_domain_that_ends_in_example_is_outside(address, outside):
    assert is_outside(address) is outside


def test_most_people_just_take_their_mail(world):
    assert world.refusal("emily.carter@northlight.example") is None
    assert list(world.answers(["emily.carter@northlight.example"], written(LETTER), NOW)) == []


@pytest.mark.parametrize("address", [NOBODY, NOBODY.upper()])
def test_who_is_not_there_is_refused_for_good(world, address):
    answers = [world.refusal(address) for _ in range(3)]

    assert [answer and answer[:9] for answer in answers] == ["550 5.1.1"] * 3


def test_who_is_being_maintained_takes_every_second_try(world):
    answers = [world.refusal(MAINTAINED) for _ in range(4)]

    assert [answer and answer[:9] for answer in answers] == ["451 4.3.2", None, "451 4.3.2", None]


def test_an_answer_is_threaded_and_keeps_the_cases_token(world):
    answer = parsed(answer_to(world, written(LETTER)))

    assert answer["From"].addresses[0].addr_spec == PETRA
    assert answer["Subject"] == f"AW: {LETTER.subject}"
    assert answer["In-Reply-To"] == "<2.k2mq9@demo.example>"
    assert answer["References"] == "<1@mueller-maschinenbau.example> <2.k2mq9@demo.example>"
    assert cases_signed_in(answer["Subject"], SECRET) == ("SC-1042",)


def test_what_it_answers_is_quoted_and_told_from_what_is_new(world):
    answer = understand(answer_to(world, written(LETTER)).raw)

    assert "> der Fühler ist schuld." in answer.text
    assert "schrieb Jürgen Köhler <service@demo.example>:" in answer.text
    assert answer.new_text.startswith("Guten Tag,")
    assert "Fühler" not in answer.new_text


def test_it_goes_to_where_answers_are_wanted(world):
    wanted = outgoing(reply_to="sales+pr-9.0123456789@demo.example", recipients=LETTER.recipients)

    answer = answer_to(world, written(wanted))

    assert answer.recipients == ("sales+pr-9.0123456789@demo.example",)
    assert parsed(answer)["To"] == "sales+pr-9.0123456789@demo.example"


def test_an_answered_answer_has_one_prefix(world):
    again = outgoing(subject="AW: Fehler E17", recipients=LETTER.recipients)

    assert parsed(answer_to(world, written(again)))["Subject"] == "AW: Fehler E17"


def test_what_a_machine_wrote_is_not_answered(world):
    raw = b"Auto-Submitted: auto-replied\r\n" + written(LETTER)

    assert list(world.answers([PETRA], raw, NOW)) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"From: Jonas <a@demo.example>\r\n\r\nNeither date nor subject nor id\r\n",
        b"From: a@demo.example\r\nDate: never\r\nContent-Type: image/png\r\n\r\nx\r\n",
        b"From: \xff\r\nDate: Mon, 23 Nov 2026 10:00:00 +0100\r\n\r\n\xff\r\n",
        b"nothing of a message",
        b"",
    ],
)
def test_an_answer_can_be_written_to_anything(world, raw):
    answer = parsed(answer_to(world, raw))

    assert answer["Subject"].startswith("AW: ")
    assert not answer.defects
