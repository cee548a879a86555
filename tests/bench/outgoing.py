"""What the benchmarks send: the same messages for everybody, as text and as prebuilt bytes."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from random import Random

from bench.directory import OWNERS, directory, people
from bench.words import paragraphs, sentence

from domain.accounts import MailAccount, Security
from domain.contacts import NewContact, NewRecipient

SENDER = "service@bench.example"
CHARACTERS = 1_200  # of a text


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one person."""

    name: str
    to: str
    subject: str
    text: str

    @property
    def contact(self) -> NewContact:
        """The contact that an employee writes."""
        recipients = (NewRecipient(self.to, self.name),)
        return NewContact(OWNERS[0], self.subject, self.text, recipients=recipients)

    @property
    def raw(self) -> bytes:
        """The message as the standard library builds it."""
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"], message["Subject"] = SENDER, self.to, self.subject
        message["Message-ID"] = f"<{abs(hash(self))}@bench.example>"
        message.set_content(self.text)
        return message.as_bytes()


def outgoing(count: int, seed: int = 3) -> Iterator[Letter]:
    """Make up so many; the same seed gives the same ones."""
    chance = Random(seed)
    known = people(directory())
    for _ in range(count):
        person, _ = chance.choice(known)
        text = "\n\n".join(paragraphs(chance, CHARACTERS))
        yield Letter(person.name, person.address, sentence(chance)[:60], text)


def sending_account(port: int, connections: int = 1) -> MailAccount:
    """Give the account that sends by a relay on this machine."""
    return MailAccount(
        name="service",
        address=SENDER,
        host="127.0.0.1",
        security=Security.NONE,
        login=SENDER,
        password="unused",
        action="none",
        teams=("Helpdesk",),
        smtp_host="127.0.0.1",
        smtp_port=port,
        smtp_security=Security.NONE,
        smtp_without_login=True,
        connections=connections,
    )
