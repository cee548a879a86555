"""Sending from the command line: what is open is asked on a terminal, else said with its option."""

import sys
from collections.abc import Sequence
from typing import NoReturn

import typer

from deployments.cli.common import say
from domain.answers import CONFIRMATIONS, Answer, answered, declined
from domain.sending import Ask, Judgement, Question, Request
from domain.wording import question_sentence, refusal_sentences
from tasks.sending import judge_request, send_contact
from tasks.settings import settings
from tasks.store.sending import Decision

OPTIONS = {
    Ask.EMPTY_SUBJECT: "--confirm-empty-subject",
    Ask.EMPTY_TEXT: "--confirm-empty-text",
    Ask.WITHOUT_FILES: "--confirm-without-files",
    Ask.WHICH_RECIPIENT: "--recipient POSITION",
    Ask.WHICH_NUMBER: "--number NUMBER",
}


def send(request: Request) -> None:
    """Send a contact, asking what is open; what it takes to send is shown before."""
    judgement = judge_request(request)
    while judgement.questions and not judgement.refusals and sys.stdin.isatty():
        answers = {each.ask: _asked(each) for each in judgement.questions}
        if declined(answers):
            say("Nothing is sent.")
            raise typer.Exit(1)
        request = answered(request, answers)
        judgement = judge_request(request)
    if judgement.is_granted and judgement.remark:
        say(judgement.remark)
    report(send_contact(request))


def report(decision: Decision) -> None:
    """Say what became of a request; code 1 where nothing was queued."""
    if decision.dispatch_id is None:
        _complain(decision.judgement)
    say(f"Dispatch {decision.dispatch_id} is queued: kontakt dispatch show {decision.dispatch_id}")


def _complain(judgement: Judgement) -> NoReturn:
    """Say everything that stands against sending, and how each question is answered."""
    against = refusal_sentences(judgement.refusals, settings().language)
    for question in judgement.questions:
        against += [f"{_sentence(question)} {OPTIONS[question.ask]}", *_choices(question)]
    for line in against:
        typer.echo(line, err=True)
    raise typer.Exit(1)


def _asked(question: Question) -> Answer:
    sentence = _sentence(question)
    if question.ask in CONFIRMATIONS:
        return typer.confirm(sentence)
    if not question.choices:
        number: str = typer.prompt(sentence)
        return number
    say("\n".join([sentence, *_choices(question)]))
    positions = [each.position for each in question.choices]
    while (position := typer.prompt("Position", type=int)) not in positions:
        pass
    return int(position)


def _choices(question: Question) -> Sequence[str]:
    return [f"  {each.position}: {each.name}" for each in question.choices]


def _sentence(question: Question) -> str:
    return question_sentence(question, settings().language)
