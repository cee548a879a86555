"""Contacts go out as fax, by gateways that take them as e-mail with the pages attached (F1-F3)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from domain.accounts import MailAccount, SentCopy
from domain.channel_rules import FAX
from domain.delivery import Answer
from domain.gateways import FaxGateway
from domain.outgoing import File
from domain.services import Problem, Service
from tasks.channels.channel import Channel, Configured
from tasks.channels.e_mail import EMailLine, WrittenMail
from tasks.fax_pages import Cover, fax_pages
from tasks.store.parcels import Parcel


@dataclass(frozen=True, slots=True)
class FaxRoute:
    """A gateway, and the mail account that it knows as its customer."""

    gateway: FaxGateway
    account: MailAccount


class FaxLine(EMailLine):
    """The connection to the SMTP server of the account by which a gateway is written to."""

    def __init__(self, route: FaxRoute) -> None:
        super().__init__(route.account)
        self._gateway = route.gateway

    def write(self, parcel: Parcel, files: Sequence[File]) -> WrittenMail:
        """Write the e-mail with the pages; the contact's own files stay with the contact."""
        [to] = parcel.recipients
        pages = File("fax.pdf", "application/pdf", self._pdf(parcel, to.name, to.to))
        return super().write(self._as_mail(parcel), [pages])

    def send(self, parcel: Parcel, written: WrittenMail) -> Mapping[int, Answer]:
        """Hand the e-mail in; it has one recipient (F3)."""
        return super().send(self._as_mail(parcel), written)

    def _as_mail(self, parcel: Parcel) -> Parcel:
        """Address a fax to the gateway. It has no text: many gateways would fax that too."""
        [to] = parcel.recipients
        gateway = replace(to, name="", to=self._gateway.address_for(to.to))
        return replace(
            parcel,
            recipients=(gateway,),
            matchcode=self._gateway.subject_for(to.to, parcel.matchcode),
            text="",
            html=None,
            reply_to=None,
            in_reply_to=None,
            references=(),
        )

    def _pdf(self, parcel: Parcel, recipient: str, number: str) -> bytes:
        cover = Cover(
            recipient,
            number,
            parcel.sender.name,
            parcel.dated_at.astimezone(),  # the office's own time
            parcel.matchcode,
            self._gateway.sender_fax or "",
            self._gateway.sender_phone or "",
        )
        return fax_pages(cover, parcel.text, self._gateway.paper).pdf


class Fax(Channel):
    """Fax, by any gateway whose mail account is configured too."""

    rules = FAX

    async def configured(self) -> tuple[list[Configured], list[Problem]]:
        """Read the gateways, and the accounts that they name."""
        from tasks.accounts import configured_accounts  # imported late: Prefect takes seconds
        from tasks.gateway_blocks import FAX_GATEWAYS

        gateways, bad = await FAX_GATEWAYS.all()
        accounts, _ = await configured_accounts()  # bad ones are told of by the e-mail channel
        found, problems = joined(gateways, {each.name: each for each in accounts})
        return found, [*problems, *bad]

    def line(self, settings: FaxRoute) -> FaxLine:
        """Make the way to the SMTP server of a gateway's account."""
        return FaxLine(settings)


def joined(
    gateways: Iterable[FaxGateway], accounts: Mapping[str, MailAccount]
) -> tuple[list[Configured], list[Problem]]:
    """Join gateways with the accounts that they name; what is missing is a problem (X1)."""
    found, problems = [], []
    for gateway in gateways:
        account = accounts.get(gateway.account)
        if account is not None and account.sends:
            route = FaxRoute(gateway, account)
            found.append(Configured(_service(route), route))
        else:
            missing = "has no SMTP server" if account else "is not there, or is configured badly"
            problem = f"its mail account {gateway.account} {missing}"
            problems.append(Problem(gateway.name, problem))
    return found, problems


def _service(route: FaxRoute) -> Service:
    return Service(
        route.gateway.name,
        FAX.channel,
        route.account.address,
        route.gateway.sender_name or "",
        keeps_copies=route.account.sent_copy is SentCopy.APPEND,
        connections=route.account.connections,
        per_minute=route.account.messages_per_minute,
    )
