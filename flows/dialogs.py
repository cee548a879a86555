"""Dialogs of a suspended run: forms made of exactly the questions that are open."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from prefect.context import FlowRunContext
from prefect.flow_runs import asuspend_flow_run
from prefect.input import RunInput
from pydantic import Field, create_model

from domain.answers import CONFIRMATIONS, Answer
from domain.sending import Ask, Judgement, Question
from domain.wording import Language, question_sentence

LABELS = {
    Language.ENGLISH: {
        Ask.EMPTY_SUBJECT: "Send without a subject",
        Ask.EMPTY_TEXT: "Send without a text",
        Ask.WITHOUT_FILES: "Send without its files",
        Ask.WHICH_RECIPIENT: "Recipient",
        Ask.WHICH_NUMBER: "Number",
    },
    Language.GERMAN: {
        Ask.EMPTY_SUBJECT: "Ohne Betreff senden",
        Ask.EMPTY_TEXT: "Ohne Text senden",
        Ask.WITHOUT_FILES: "Ohne die Dateien senden",
        Ask.WHICH_RECIPIENT: "Empfänger",
        Ask.WHICH_NUMBER: "Nummer",
    },
}


async def asked(title: str, judgement: Judgement, turn: int, language: Language) -> dict[Ask, Any]:
    """Suspend the run until its open questions are answered, and give the answers.

    A resumed run begins anew in another process, and comes here again: it finds the answer by
    the key, which says exactly what was asked. What is asked otherwise by then is asked again.
    """
    form = dialog(title, judgement, language)
    answer = await asuspend_flow_run(wait_for_input=form, key=_key(judgement.questions, turn))
    return _answers(judgement.questions, answer.model_dump())


def can_ask() -> bool:
    """Whether this run can be suspended: as a deployment's, and not within another run."""
    context = FlowRunContext.get()
    run = context.flow_run if context else None
    return run is not None and run.deployment_id is not None and run.parent_task_run_id is None


def dialog(title: str, judgement: Judgement, language: Language) -> type[RunInput]:
    """Make the form, with a text above it that says in Markdown what is asked."""
    fields: dict[str, Any] = {
        each.ask.value: _field(each, language) for each in judgement.questions
    }
    form = create_model("Answers", __base__=RunInput, **fields)
    asking = [f"- {question_sentence(each, language)}" for each in judgement.questions]
    text = "\n".join([f"**{title}**", "", *asking, "", judgement.remark])
    return form.with_initial_data(description=text.strip())


def _field(question: Question, language: Language) -> tuple[Any, Any]:
    label = LABELS[language][question.ask]
    described = Field(title=label, description=question_sentence(question, language))
    if question.ask in CONFIRMATIONS:
        return Annotated[bool, described], False
    if question.choices:
        dropdown = Field(json_schema_extra={"enum": _choices(question)})
        return Annotated[str, described, dropdown], ...
    return Annotated[str, described, Field(min_length=1)], ...


def _choices(question: Question) -> list[Any]:
    return [f"{each.position}: {each.name}" for each in question.choices]


def _answers(questions: Sequence[Question], given: Mapping[str, Any]) -> dict[Ask, Answer]:
    return {
        each.ask: int(given[each.ask].partition(":")[0]) if each.choices else given[each.ask]
        for each in questions
    }


def _key(questions: Sequence[Question], turn: int) -> str:
    """Name what is asked, without saying it: keys are shown to whoever sees the run."""
    return f"{turn}-{hashlib.sha256(repr(questions).encode()).hexdigest()[:16]}"
