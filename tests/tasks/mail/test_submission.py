"""One line serves message after message, and says of each what became of it."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from builders import account
from servers.scripted_smtp import ALL, DROP, STALL, ScriptedSmtp, scripted_smtp

from domain.accounts import MailAccount
from domain.delivery import Answer, Outcome
from domain.errors import ConfigurationError
from tasks.mail.submission import AT_ONCE, SmtpLine, open_line

SENDER = "service@firm.example"
RECIPIENTS = ["anna@one.example", "ben@two.example", "cleo@three.example"]
LETTER = b"Subject: Angebot\r\n\r\nGuten Tag\r\n"


def quick(**fields: Any) -> MailAccount:
    """Give an account whose servers have little time."""
    return account(**{"timeout_seconds": 5, **fields})


@pytest.fixture
def line(smtp_server: ScriptedSmtp) -> Iterator[SmtpLine]:
    """A line to the server whose script the test writes."""
    with open_line(quick(**smtp_server.fields)) as opened:
        yield opened


def of(answers: dict[str, Answer], outcome: Outcome) -> set[str]:
    return {recipient for recipient, answer in answers.items() if answer.outcome is outcome}


def test_a_line_serves_message_after_message_over_one_connection(smtp_server, line):
    for number in range(3):
        answers = line.send(SENDER, RECIPIENTS, LETTER)

        assert of(answers, Outcome.ACCEPTED) == set(RECIPIENTS)
        assert len(smtp_server.taken) == number + 1
    assert smtp_server.connections == 1
    assert line.is_alive()


def test_an_accepted_message_has_the_servers_words_and_queue_id(smtp_server, line):
    answers = line.send(SENDER, RECIPIENTS[:1], LETTER)

    assert answers == {
        RECIPIENTS[0]: Answer(Outcome.ACCEPTED, "250 2.0.0 Ok: queued as 4Xy12", "4Xy12")
    }


def test_a_message_that_all_are_refused_is_not_handed_over(smtp_server, line):
    smtp_server.script["mail"] = "550 5.7.1 no"

    line.send(SENDER, RECIPIENTS, LETTER)

    assert "DATA" not in smtp_server.commands
    assert smtp_server.commands[-1] == "RSET"


def test_a_server_that_has_gone_while_nothing_was_sent_is_noticed(smtp_server, line):
    smtp_server.script["noop"] = DROP

    assert not line.is_alive()
    assert not line.is_usable
    assert not line.is_alive()


def test_a_server_that_says_goodbye_while_nothing_is_sent_is_noticed(smtp_server, line):
    smtp_server.script["rset"] = "250 ok"
    smtp_server.script["answer"] = ("250 ok", "421 idle for too long")
    line.send(SENDER, RECIPIENTS, LETTER)
    time.sleep(0.05)

    assert not line.is_alive()


def test_a_line_that_broke_sends_nothing_any_more(smtp_server, line):
    smtp_server.script["mail"] = DROP
    line.send(SENDER, RECIPIENTS, LETTER)
    smtp_server.script.clear()

    answers = line.send(SENDER, RECIPIENTS, LETTER)

    assert of(answers, Outcome.FOR_NOW) == set(RECIPIENTS)
    assert smtp_server.taken == []


def test_a_login_that_is_asked_for_in_the_middle_ends_the_line(smtp_server, line):
    smtp_server.script["mail"] = "530 5.7.0 authentication required"

    line.send(SENDER, RECIPIENTS, LETTER)

    assert not line.is_usable


@pytest.mark.parametrize("offers", [ALL, ALL[1:]], ids=["pipelined", "one by one"])
def test_many_recipients_keep_their_own_answers(offers):
    count = 3 * AT_ONCE + 1
    everybody = [f"r{number}@many.example" for number in range(1, count + 1)]
    script = {f"rcpt {number}": "550 5.1.1 no" for number in range(1, count + 1, 7)}

    with scripted_smtp(script, offers) as server, open_line(quick(**server.fields)) as line:
        answers = line.send(SENDER, everybody, LETTER)

    assert list(answers) == everybody
    assert of(answers, Outcome.FOR_GOOD) == set(everybody[::7])
    assert of(answers, Outcome.ACCEPTED) == server.recipients


def test_more_recipients_than_a_server_takes_are_left_for_another_time():
    script = {f"rcpt {number}": "452 4.5.3 too many" for number in range(3, 120)}
    everybody = [f"r{number}@many.example" for number in range(1, 120)]

    with scripted_smtp(script) as server, open_line(quick(**server.fields)) as line:
        answers = line.send(SENDER, everybody, LETTER)

    assert of(answers, Outcome.ACCEPTED) == set(everybody[:2])
    assert of(answers, Outcome.FOR_NOW) == set(everybody[2:])


@pytest.mark.parametrize(
    ("offer", "size", "outcome"),
    [
        ("SIZE 1000", 1000, Outcome.ACCEPTED),
        ("SIZE 1000", 1001, Outcome.FOR_GOOD),
        ("SIZE 0", 1001, Outcome.ACCEPTED),
        ("SIZE", 1001, Outcome.ACCEPTED),
        ("SIZE unknown", 1001, Outcome.ACCEPTED),
    ],
)
def test_a_message_that_is_too_large_is_refused_before_it_is_sent(offer, size, outcome):
    message = LETTER.ljust(size - 2, b"x") + b"\r\n"
    offers = (offer, "AUTH PLAIN")

    with scripted_smtp(offers=offers) as server, open_line(quick(**server.fields)) as line:
        answers = line.send(SENDER, RECIPIENTS, message)

    assert of(answers, outcome) == set(RECIPIENTS)
    assert ("MAIL" in server.commands) is (outcome is Outcome.ACCEPTED)


@pytest.mark.parametrize(
    ("offers", "raw", "utf8", "parameters"),
    [
        (ALL, LETTER, False, "SIZE=31"),
        (ALL, LETTER.replace(b"u", "ü".encode()), False, "SIZE=33 BODY=8BITMIME"),
        (ALL, LETTER, True, "SIZE=31 SMTPUTF8"),
        (("AUTH PLAIN",), LETTER, False, ""),
        (("AUTH PLAIN",), LETTER.replace(b"u", "ü".encode()), False, ""),
    ],
)
def test_a_server_is_told_what_it_understands_of_a_message(offers, raw, utf8, parameters):
    with scripted_smtp(offers=offers) as server, open_line(quick(**server.fields)) as line:
        line.send(SENDER, RECIPIENTS, raw, utf8)

    [begin] = [told.decode().strip() for told in server.told if told.startswith(b"MAIL")]
    assert begin == f"MAIL FROM:<{SENDER}> {parameters}".strip()


def test_a_message_beyond_ascii_needs_a_server_that_takes_it():
    offers = ("AUTH PLAIN",)

    with scripted_smtp(offers=offers) as server, open_line(quick(**server.fields)) as line:
        answers = line.send(SENDER, ["jürgen@müller.example"], LETTER, utf8=True)

    assert of(answers, Outcome.FOR_GOOD) == {"jürgen@müller.example"}
    assert "SMTPUTF8" in answers["jürgen@müller.example"].text
    assert "MAIL" not in server.commands


def test_an_address_that_is_none_keeps_the_message_from_nobody_else(smtp_server, line):
    bad = "anna@one.example>\r\nRCPT TO:<eve@evil.example"

    answers = line.send(SENDER, [bad, *RECIPIENTS], LETTER)

    assert answers[bad].outcome is Outcome.FOR_GOOD
    assert of(answers, Outcome.ACCEPTED) == smtp_server.recipients == set(RECIPIENTS)


@pytest.mark.parametrize("sender", ["a@b.example>\r\nDATA", "nobody", "a b@c.example"])
def test_a_sender_that_is_none_sends_nothing(smtp_server, line, sender):
    answers = line.send(sender, RECIPIENTS, LETTER)

    assert of(answers, Outcome.FOR_GOOD) == set(RECIPIENTS)
    assert "MAIL" not in smtp_server.commands
    assert line.is_alive()


def test_an_automatic_reply_goes_out_with_the_null_sender(smtp_server, line):
    line.send("", RECIPIENTS, LETTER)

    assert b"MAIL FROM:<> SIZE=31\r\n" in smtp_server.told


def test_a_message_to_nobody_says_nothing_to_the_server(smtp_server, line):
    assert line.send(SENDER, [], LETTER) == {}
    assert "MAIL" not in smtp_server.commands


def test_who_stands_twice_among_the_recipients_gets_one(smtp_server, line):
    line.send(SENDER, [RECIPIENTS[0], RECIPIENTS[0]], LETTER)

    assert smtp_server.commands.count("RCPT") == 1


def test_an_account_without_an_smtp_server_opens_no_line():
    with pytest.raises(ConfigurationError, match="service has no SMTP server"):
        open_line(account())


def test_an_interrupted_message_leaves_no_line_to_go_on_with(smtp_server, line, monkeypatch):
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tasks.mail.smtp_wire.Wire.hear", interrupted)

    with pytest.raises(KeyboardInterrupt):
        line.send(SENDER, RECIPIENTS, LETTER)

    assert not line.is_usable


@pytest.mark.parametrize("goodbye", [STALL, DROP, "421 bye", "500 what?"])
def test_leave_is_taken_in_short_time(goodbye):
    with scripted_smtp({"quit": goodbye}) as server:
        line = open_line(quick(**{**server.fields, "timeout_seconds": 2}))
        begin = time.monotonic()

        line.close()

        assert time.monotonic() - begin < 1
        assert server.commands[-1] == "QUIT"
