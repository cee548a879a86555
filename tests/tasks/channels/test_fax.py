"""A fax goes to its gateway as an e-mail with the pages attached, by the gateway's mail account."""

import email
import io
from dataclasses import replace
from email.message import EmailMessage
from email.policy import default

import pytest
from builders import NOW, account
from pypdf import PdfReader
from servers.scripted_smtp import ScriptedSmtp

from domain.delivery import Answer, DeliveryStatus, Outcome
from domain.gateways import FaxGateway
from domain.mail import MailAddress, ReceptionKind
from domain.outgoing import File
from tasks.channels import CHANNELS
from tasks.channels.fax import FaxLine, FaxRoute, joined
from tasks.store.parcels import Parcel, Recipient

GATEWAY = FaxGateway(
    name="office",
    address_template="{digits}@fax.example.com",
    account="service",
    subject="Fax {number} {matchcode}",
    sender_fax="+49 30 23125100",
)
PARCEL = Parcel(
    id=7,
    channel="fax",
    queue="fax/office",
    contact_id=3,
    employee_id=1,
    message_id="7.k2mq9@firm.example",
    sender=MailAddress("Anna Berger", "service@firm.example"),
    reply_to="service+sc-1042.0123456789@firm.example",
    matchcode="Angebot für\nHalle 2",
    text="Guten Tag,\n\nanbei unser Angebot über 1.200 €.",
    html="<p>Guten Tag</p>",
    in_reply_to="1@mueller.example",
    references=("1@mueller.example",),
    queued_at=NOW,
    dated_at=NOW,
    first_tried_at=None,
    deadline=None,
    attempts=0,
    has_files=False,
    private=False,
    leaves_the_house=True,
    recipients=(
        Recipient(
            70, 1, "Petra Müller", ReceptionKind.TO, "+493023125111", None, DeliveryStatus.QUEUED
        ),
    ),
)


def line_to(server: ScriptedSmtp) -> FaxLine:
    sending = account(**server.fields, smtp_without_login=True)
    return FaxLine(FaxRoute(GATEWAY, sending))


def faxed(server: ScriptedSmtp, parcel: Parcel = PARCEL) -> tuple[Answer, EmailMessage]:
    """Send a fax, and read what the server took."""
    line = line_to(server)
    line.connect()
    answers = line.send(parcel, line.write(parcel, ()))
    line.close()
    [(_, raw)] = server.taken
    return answers[70], email.message_from_bytes(raw, policy=default)


def pages_of(mail: EmailMessage) -> str:
    """Read the attached pages, white space aside."""
    [pdf] = mail.iter_attachments()
    pages = PdfReader(io.BytesIO(pdf.get_content())).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


@pytest.mark.rule("F3")
def test_a_fax_goes_to_the_gateways_address_of_its_number(smtp_server):
    answer, mail = faxed(smtp_server)

    assert smtp_server.recipients == {"493023125111@fax.example.com"}
    assert mail["To"] == "493023125111@fax.example.com"
    assert mail["From"].addresses[0].addr_spec == "service@firm.example"
    assert answer.outcome is Outcome.ACCEPTED
    assert answer.reference == "4Xy12"


def test_its_pages_show_cover_and_text(smtp_server):
    _, mail = faxed(smtp_server)

    [pdf] = mail.iter_attachments()
    assert (pdf.get_filename(), pdf.get_content_type()) == ("fax.pdf", "application/pdf")
    for words in (
        "An / To Petra Müller",
        "Faxnummer / Fax +49 30 23125111",
        "Von / From Anna Berger",
        "Rückfax / Reply fax +49 30 23125100",
        "Betreff / Subject Angebot für Halle 2",
        "anbei unser Angebot über 1.200 €.",
    ):
        assert words in pages_of(mail)


def test_the_e_mail_says_nothing_but_its_subject(smtp_server):
    _, mail = faxed(smtp_server)

    body = mail.get_body()
    assert body is not None
    assert (body.get_content_type(), body.get_content().strip()) == ("text/plain", "")
    assert mail["Subject"] == "Fax +493023125111 Angebot für Halle 2"
    assert [mail[name] for name in ("Reply-To", "In-Reply-To", "References")] == [None] * 3


def test_every_attempt_writes_the_same_bytes(smtp_server):
    first, second = line_to(smtp_server), line_to(smtp_server)

    assert first.write(PARCEL, ()) == second.write(replace(PARCEL, attempts=3), ())


def test_the_contacts_files_stay_with_the_contact(smtp_server):
    line = line_to(smtp_server)

    with_files = line.write(PARCEL, [File("plan.txt", "text/plain", b"Plan")])

    assert with_files == line.write(PARCEL, ())


@pytest.mark.parametrize(
    ("step", "reply", "outcome"),
    [
        ("rcpt 1", "550 5.1.1 no such customer", Outcome.FOR_GOOD),
        ("rcpt 1", "451 4.3.2 later", Outcome.FOR_NOW),
        ("answer", "drop", Outcome.UNKNOWN),
    ],
)
def test_what_the_server_answers_is_the_faxes_outcome(smtp_server, step, reply, outcome):
    smtp_server.script[step] = reply
    line = line_to(smtp_server)
    line.connect()

    answers = line.send(PARCEL, line.write(PARCEL, ()))

    assert answers[70].outcome is outcome
    line.close()


@pytest.mark.rule("X1")
def test_a_gateway_whose_account_sends_is_a_service():
    sending = account(smtp_host="smtp.firm.example", sent_copy="append", messages_per_minute=30)

    [found], problems = joined([GATEWAY], {"service": sending})

    assert problems == []
    assert found.settings == FaxRoute(GATEWAY, sending)
    assert (found.service.channel, found.service.name) == ("fax", "office")
    assert (found.service.address, found.service.per_minute) == ("service@firm.example", 30)
    assert found.service.keeps_copies


@pytest.mark.rule("X1")
@pytest.mark.parametrize(
    ("accounts", "told"),
    [
        ({}, "its mail account service is not there, or is configured badly"),
        ({"service": account()}, "its mail account service has no SMTP server"),
    ],
)
def test_a_gateway_whose_account_cannot_send_is_told_of_and_the_others_go_on(accounts, told):
    other = GATEWAY.model_copy(update={"name": "other", "account": "other"})
    sending = account(name="other", smtp_host="smtp.firm.example")

    found, [problem] = joined([GATEWAY, other], {**accounts, "other": sending})

    assert [each.service.name for each in found] == ["other"]
    assert (problem.name, problem.problem) == ("office", told)


def test_fax_is_a_channel():
    assert CHANNELS["fax"].rules.leaves_the_house
