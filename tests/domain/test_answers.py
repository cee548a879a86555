"""What people answer before a contact is sent, and what is left out for others to read."""

import pytest
from sendables import wish

from domain.answers import SOMEBODY, answered, declined, discreet
from domain.refusals import Refusal
from domain.sending import Ask, Choice, Judgement, Question, Reason


@pytest.mark.parametrize(
    ("answers", "becomes"),
    [
        ({Ask.EMPTY_SUBJECT: True}, wish(confirmed=frozenset({Ask.EMPTY_SUBJECT}))),
        ({Ask.EMPTY_TEXT: False}, wish()),
        ({Ask.WHICH_RECIPIENT: 2}, wish(recipient=2)),
        ({Ask.WHICH_NUMBER: "030 1"}, wish(number="030 1")),
        ({}, wish()),
    ],
)
def test_an_answer_completes_the_request(answers, becomes):
    assert answered(wish(), answers) == becomes


def test_a_later_answer_keeps_the_earlier_ones():
    first = answered(wish(), {Ask.EMPTY_TEXT: True, Ask.WHICH_RECIPIENT: 2})

    second = answered(first, {Ask.WHICH_NUMBER: "030 1"})

    assert second.confirmed == {Ask.EMPTY_TEXT}
    assert (second.recipient, second.number) == (2, "030 1")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({Ask.EMPTY_SUBJECT: True, Ask.EMPTY_TEXT: False}, True),
        ({Ask.EMPTY_SUBJECT: True}, False),
        ({Ask.WHICH_RECIPIENT: 0}, False),
    ],
)
def test_one_thing_not_confirmed_is_enough_to_send_nothing(answers, expected):
    assert declined(answers) is expected


@pytest.mark.rule("L9")
def test_a_discreet_judgement_names_nobody():
    judgement = Judgement(
        refusals=(Refusal(Reason.BAD_ADDRESS, "petra@"), Refusal(Reason.NO_OPTION, "sms")),
        questions=(
            Question(Ask.WHICH_RECIPIENT, choices=(Choice(1, "Petra"), Choice(2, "Uwe"))),
            Question(Ask.WHICH_NUMBER, "0171"),
        ),
    )

    told = discreet(judgement)

    assert [each.about for each in told.refusals] == [SOMEBODY, "sms"]
    assert [choice.name for choice in told.questions[0].choices] == [SOMEBODY, SOMEBODY]
    assert [choice.position for choice in told.questions[0].choices] == [1, 2]
    assert told.questions[1].about == SOMEBODY
