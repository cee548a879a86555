"""What each channel demands of a contact: e-mail (E), SMS (S), fax (F) and message (M)."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from unicodedata import category

from domain.mail import ReceptionKind, address_key
from domain.mail_addresses import is_mail_address
from domain.outgoing_texts import prefixed, signed, signed_html, tokened
from domain.phones import international
from domain.refusals import Refusal
from domain.sending import (
    Actor,
    Addressee,
    Ask,
    ChannelRules,
    Choice,
    Destination,
    Findings,
    Question,
    Reason,
    Request,
    Sendable,
    Texts,
)
from domain.services import Service
from domain.sms_segments import segments

RANKS = tuple(ReceptionKind)  # to before cc before bcc before none
_BREAKING = frozenset({"Cc", "Cs", "Zl", "Zp"})  # controls, half characters, line separators


def e_mail(request: Request, contact: Sendable) -> Findings:
    """Judge by E1 to E4 and E7."""
    reached = [each for each in contact.addressees if each.kind is not ReceptionKind.NONE]
    destinations = _each_once(_to(each, each.email) for each in reached)
    refusals = [*once(contact, "e-mail"), *_unreachable(reached), *_injection(contact)]
    if not any(each.kind is ReceptionKind.TO for each in reached):
        refusals.append(Refusal(Reason.NO_MAIN_RECIPIENT))
    return Findings(tuple(refusals), _subject(request, contact), destinations)


def sms(request: Request, contact: Sendable) -> Findings:
    """Judge by S1 to S5; the remark says how many parts the text takes."""
    found = _to_one_number(request, contact, "sms", lambda each: each.mobile)
    needed = segments(contact.text)
    remark = f"{needed.segments} × SMS ({needed.characters} {needed.encoding})"
    questions = (*found.questions, *_text(request, contact), *_files(request, contact))
    return replace(found, questions=questions, remark=remark)


def fax(request: Request, contact: Sendable) -> Findings:
    """Judge by F1 to F3."""
    found = _to_one_number(request, contact, "fax", lambda each: each.fax)
    return replace(found, questions=(*found.questions, *_files(request, contact)))


def message(request: Request, contact: Sendable) -> Findings:
    """Judge by M1, M2 and M4."""
    reached = [each for each in contact.addressees if each.kind is not ReceptionKind.NONE]
    refusals = [
        Refusal(Reason.NO_EMPLOYEE, each.name or each.email)
        for each in reached
        if each.employee_id is None
    ]
    if not reached:
        refusals.append(Refusal(Reason.NO_RECIPIENT))
    destinations = _each_once(_to(each, each.personnel_number) for each in reached)
    return Findings(tuple(refusals), _subject(request, contact), destinations)


def e_mail_texts(texts: Texts, actor: Actor, service: Service, token: str | None) -> Texts:
    """Add the signature, the area's prefix and the case's token, each once (E6)."""
    signature = actor.signature or service.signature
    matchcode = prefixed(texts.matchcode, service.subject_prefix)
    return Texts(
        tokened(matchcode, token) if token else matchcode,
        signed(texts.text, signature),
        signed_html(texts.html, signature) if texts.html else None,
    )


def once(contact: Sendable, option: str) -> list[Refusal]:
    """Say what stands against sending by a channel that leaves the house (E2, E3)."""
    refusals = []
    if option not in contact.options:
        refusals.append(Refusal(Reason.NO_OPTION, option))
    if contact.sent:
        refusals.append(Refusal(Reason.ALREADY_SENT))
    return refusals


E_MAIL = ChannelRules("e-mail", leaves_the_house=True, findings=e_mail, texts=e_mail_texts)
SMS = ChannelRules("sms", leaves_the_house=True, findings=sms)
FAX = ChannelRules("fax", leaves_the_house=True, findings=fax)
MESSAGE = ChannelRules("message", leaves_the_house=False, findings=message)


def _injection(contact: Sendable) -> list[Refusal]:
    """Refuse what could end a header field; what is merely not seen does no harm there."""
    if _BREAKING.isdisjoint(map(category, contact.matchcode)):
        return []
    return [Refusal(Reason.CONTROL_CHARACTERS)]


def _subject(request: Request, contact: Sendable) -> tuple[Question, ...]:
    if contact.matchcode.strip() or Ask.EMPTY_SUBJECT in request.confirmed:
        return ()
    return (Question(Ask.EMPTY_SUBJECT),)


def _text(request: Request, contact: Sendable) -> tuple[Question, ...]:
    if contact.text.strip() or Ask.EMPTY_TEXT in request.confirmed:
        return ()
    return (Question(Ask.EMPTY_TEXT),)


def _files(request: Request, contact: Sendable) -> tuple[Question, ...]:
    if not contact.files or Ask.WITHOUT_FILES in request.confirmed:
        return ()
    return (Question(Ask.WITHOUT_FILES, str(contact.files)),)


def _to(each: Addressee, where: str) -> Destination:
    return Destination(each.position, each.name, each.kind, where, each.employee_id)


def _unreachable(reached: Iterable[Addressee]) -> list[Refusal]:
    refusals = []
    for each in reached:
        if not each.email:
            refusals.append(Refusal(Reason.NO_ADDRESS, each.name or f"#{each.position}"))
        elif not is_mail_address(each.email):
            refusals.append(Refusal(Reason.BAD_ADDRESS, each.email))
    return refusals


def _each_once(destinations: Iterable[Destination]) -> tuple[Destination, ...]:
    """Keep one for each address, the one that shows most: *to* before *cc* before *bcc*."""
    ranked = sorted(destinations, key=lambda each: (RANKS.index(each.kind), each.position))
    by_address = {address_key(each.to): each for each in reversed(ranked)}
    return tuple(sorted(by_address.values(), key=lambda each: each.position))


def _to_one_number(
    request: Request, contact: Sendable, option: str, known: Callable[[Addressee], str]
) -> Findings:
    """Judge what goes to one number: entered at sending, else the recipient's known one."""
    refusals = once(contact, option)
    candidates = [each for each in contact.addressees if each.kind is not ReceptionKind.NONE]
    wanted = [each for each in candidates if request.recipient in (None, each.position)]
    if not wanted:
        nobody = Reason.RECIPIENT_UNKNOWN if candidates else Reason.NO_RECIPIENT
        return Findings((*refusals, Refusal(nobody)))
    if len(wanted) > 1:
        choices = tuple(Choice(each.position, each.name or each.email) for each in wanted)
        return Findings(tuple(refusals), (Question(Ask.WHICH_RECIPIENT, choices=choices),))
    [chosen] = wanted
    entered = request.number or known(chosen)
    number = international(entered, contact.region)
    if number is None:
        return Findings(tuple(refusals), (Question(Ask.WHICH_NUMBER, entered),))
    return Findings(tuple(refusals), destinations=(_to(chosen, number),))
