"""What people answer when they are asked before a contact is sent."""

from collections.abc import Mapping
from dataclasses import replace

from domain.sending import Ask, Judgement, Reason, Request

Answer = bool | int | str  # to a confirmation, to a choice of recipients, to which number it is
CONFIRMATIONS = (Ask.EMPTY_SUBJECT, Ask.EMPTY_TEXT, Ask.WITHOUT_FILES)
NAMING = frozenset({Reason.NO_EMPLOYEE, Reason.NO_ADDRESS, Reason.BAD_ADDRESS})  # a recipient
SOMEBODY = "…"


def answered(request: Request, answers: Mapping[Ask, Answer]) -> Request:
    """Give the request as it is after these answers; it is to be judged again."""
    confirmed = {ask for ask in CONFIRMATIONS if answers.get(ask) is True}
    recipient, number = answers.get(Ask.WHICH_RECIPIENT), answers.get(Ask.WHICH_NUMBER)
    return replace(
        request,
        confirmed=request.confirmed | confirmed,
        recipient=request.recipient if recipient is None else int(recipient),
        number=request.number if number is None else str(number),
    )


def declined(answers: Mapping[Ask, Answer]) -> bool:
    """Tell whether something was not confirmed: then nothing is sent."""
    return any(answers.get(ask) is False for ask in CONFIRMATIONS)


def discreet(judgement: Judgement) -> Judgement:
    """Leave out whom it is about, where people read it who may not see the contact (L9)."""
    refusals = [
        replace(each, about=SOMEBODY) if each.reason in NAMING else each
        for each in judgement.refusals
    ]
    questions = [
        replace(
            each,
            about=SOMEBODY if each.about and each.ask is Ask.WHICH_NUMBER else each.about,
            choices=tuple(replace(choice, name=SOMEBODY) for choice in each.choices),
        )
        for each in judgement.questions
    ]
    return replace(judgement, refusals=tuple(refusals), questions=tuple(questions))
