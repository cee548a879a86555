"""What servers say is understood, and written down so that it disturbs nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.delivery import Outcome
from tasks.mail.smtp_answers import MAX_REFERENCE, MAX_TEXT, Step, answer_to, text_of
from tasks.mail.smtp_wire import Reply


@pytest.mark.parametrize(
    ("words", "reference"),
    [
        ("2.0.0 Ok: queued as 4XyZ12ab", "4XyZ12ab"),
        ("2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 4F2B", "4F2B"),
        ("2.0.0 OK: queued as <2026.1@relay.example>", "2026.1@relay.example"),
        ("OK id=1rAbCd-000123-4E", "1rAbCd-000123-4E"),
        ("Requested mail action okay, completed: id=0M1abc-1tXyz", "0M1abc-1tXyz"),
        (
            "2.6.0 <1@firm.example> [InternalId=77123456789, Hostname=A.B.example] "
            "9300 bytes in 0.137, 66.0 KB/sec Queued mail for delivery",
            "77123456789",
        ),
        ("2.0.0 OK  1795424400 5b1f17b1804b1-47 - gsmtp", "5b1f17b1804b1-47"),
        ("ok 1795424400 qp 12345", "12345"),
        ("2.0.0 4AN9abc1 Message accepted for delivery", "4AN9abc1"),
        ("Ok 0102018c0a1b2c3d-4e5f-000000", "0102018c0a1b2c3d-4e5f-000000"),
        ("Queued (0.123 seconds)", ""),
        ("Great success", ""),
        ("", ""),
        ("queued as " + "x" * 400, "x" * MAX_REFERENCE),
    ],
)
def test_the_id_under_which_a_server_keeps_a_message_is_read(words, reference):
    answer = answer_to(Step.END, Reply(250, (words,)))

    assert answer.outcome is Outcome.ACCEPTED
    assert answer.reference == reference


def test_a_refusal_has_no_id():
    assert answer_to(Step.END, Reply(554, ("5.7.1 spam, id=1rAbCd",))).reference == ""


@pytest.mark.parametrize(
    ("code", "lines", "text"),
    [
        (550, ("5.1.1 no such user",), "550 5.1.1 no such user"),
        (
            550,
            ("5.1.1 The account", "5.1.1 does not exist"),
            "550 5.1.1 The account does not exist",
        ),
        (550, ("no", "5.1.1 such user"), "550 no 5.1.1 such user"),
        (250, ("",), "250"),
        (451, ("a\x1b[31mb\x00c\rd\te",), "451 a [31mb c d e"),
        (451, ("a\u202eb\u200bc",), "451 a b c"),
        (451, ("Köln � 日本",), "451 Köln � 日本"),
    ],
)
def test_a_reply_is_written_on_one_line(code, lines, text):
    assert text_of(Reply(code, lines)) == text


@given(st.lists(st.text(), min_size=1).map(tuple))
def test_no_reply_is_long_or_has_a_character_that_is_not_shown(lines):
    text = text_of(Reply(550, lines))

    assert text.startswith("550")
    assert len(text) <= MAX_TEXT
    assert text.isprintable()


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("code", [421, 450, 451, 452, 454, 503, 530, 534, 535, 538])
def test_what_time_or_a_new_login_may_mend_is_refused_for_now(step, code):
    assert answer_to(step, Reply(code, ("no",))).outcome is Outcome.FOR_NOW


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("code", [500, 501, 521, 550, 551, 553, 554, 555, 556])
def test_what_nothing_mends_is_refused_for_good(step, code):
    assert answer_to(step, Reply(code, ("no",))).outcome is Outcome.FOR_GOOD


@pytest.mark.parametrize(
    ("step", "outcome"),
    [
        (Step.SENDER, Outcome.FOR_GOOD),
        (Step.RECIPIENT, Outcome.FOR_NOW),  # too many recipients (RFC 5321, 4.5.3.1.10)
        (Step.DATA, Outcome.FOR_GOOD),
        (Step.CONTENT, Outcome.FOR_GOOD),
        (Step.END, Outcome.FOR_GOOD),
    ],
)
def test_too_much_means_too_many_recipients_or_too_large_a_message(step, outcome):
    assert answer_to(step, Reply(552, ("5.3.4 too much",))).outcome is outcome
