"""What each recipient's outcome is, whatever an SMTP server does at whatever step."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from builders import account
from servers.scripted_smtp import ALL, DROP, RESET, STALL, ScriptedSmtp, scripted_smtp

from domain.accounts import MailAccount
from domain.delivery import Answer, Outcome
from domain.errors import LoginRefused, ServerUnreachable
from tasks.mail.submission import SmtpLine, open_line

LIMIT = 5  # seconds that a server of these tests may take, on a busy machine
SHORT = 0.3  # seconds that one may take which is going to stall
SENDER = "service@firm.example"
RECIPIENTS = ["anna@one.example", "ben@two.example", "cleo@three.example"]
LETTER = b"Subject: Angebot\r\n\r\nGuten Tag\r\n"
LARGE = LETTER + (b"x" * 900 + b"\r\n") * 20_000  # more than the buffers of both sides hold
WORDS = {
    "421": "421 4.3.2 going down",
    "450": "450 4.2.0 mailbox busy",
    "451": "451 4.3.0 local error",
    "452": "452 4.5.3 too many recipients",
    "550": "550 5.7.1 not from you",
    "552": "552 5.3.4 too much",
    "drop": DROP,
    "reset": RESET,
    "stall": STALL,
}
MEANINGS = {
    "A": Outcome.ACCEPTED,
    "N": Outcome.FOR_NOW,
    "G": Outcome.FOR_GOOD,
    "U": Outcome.UNKNOWN,
}
ERRORS = {"down": ServerUnreachable, "login": LoginRefused}

# What becomes of three recipients: accepted, refused for now, refused for good, unknown; or
# what opening the line raises. `content` is the middle of a large message, `answer` the reply to
# its final dot; a second reply or `drop` in the table below comes right after the first.
ONE_FAULT = """
step      421   450   451   452   550    552    drop  reset  stall
connect   down  down  down  down  down   down   down  down   down
ehlo      down  down  down  down  down   down   down  down   down
starttls  down  down  down  down  down   down   down  down   down
auth      down  down  down  down  login  login  down  down   down
mail      NNN   NNN   NNN   NNN   GGG    GGG    NNN   NNN    NNN
rcpt 1    NNN   NAA   NAA   NAA   GAA    NAA    NNN   NNN    NNN
rcpt 2    NNN   ANA   ANA   ANA   AGA    ANA    NNN   NNN    NNN
rcpt 3    NNN   AAN   AAN   AAN   AAG    AAN    NNN   NNN    NNN
data      NNN   NNN   NNN   NNN   GGG    GGG    NNN   NNN    NNN
content   NNN   NNN   NNN   NNN   GGG    GGG    NNN   NNN    NNN
answer    NNN   NNN   NNN   NNN   GGG    GGG    UUU   UUU    UUU
quit      AAA   AAA   AAA   AAA   AAA    AAA    AAA   AAA    AAA
"""
SEVERAL_FAULTS = [
    # some are refused, and then it breaks
    ({"rcpt 1": "550 5.1.1 no", "rcpt 2": DROP}, "GNN"),
    ({"rcpt 1": "550 5.1.1 no", "rcpt 3": "421 bye"}, "GNN"),
    ({"rcpt 1": "550 5.1.1 no", "rcpt 2": "450 later", "data": "451 later"}, "GNN"),
    ({"rcpt 1": "550 5.1.1 no", "rcpt 2": "450 later", "data": "554 no"}, "GNG"),
    ({"rcpt 1": "550 5.1.1 no", "data": DROP}, "GNN"),
    ({"rcpt 1": "550 5.1.1 no", "content": DROP}, "GNN"),
    ({"rcpt 1": "550 5.1.1 no", "rcpt 2": "450 later", "answer": DROP}, "GNU"),
    ({"rcpt 1": "550 5.1.1 no", "rcpt 2": "450 later", "answer": STALL}, "GNU"),
    ({"rcpt 1": "550 5.1.1 no", "answer": "451 later"}, "GNN"),
    ({"rcpt 1": "450 later", "answer": "554 spam"}, "NGG"),
    # all are refused, and then it breaks
    ({"rcpt 1": "550 no", "rcpt 2": "550 no", "rcpt 3": "450 no"}, "GGN"),
    ({"rcpt 1": "550 no", "rcpt 2": "550 no", "rcpt 3": "450 no", "rset": DROP}, "GGN"),
    ({"mail": "550 no", "rset": STALL}, "GGG"),
    ({"mail": "550 no", "rcpt 1": "503 what", "rcpt 2": DROP}, "GGG"),
    # an answer, and then it breaks
    ({"mail": ("250 ok", DROP)}, "NNN"),
    ({"rcpt 3": ("250 ok", DROP)}, "NNN"),
    ({"data": ("451 later", RESET)}, "NNN"),
    ({"content": ("552 5.3.4 too big", DROP)}, "GGG"),
    ({"content": ("451 4.3.0 no room", STALL)}, "NNN"),
    ({"answer": ("250 ok", DROP)}, "AAA"),
    ({"answer": ("451 later", DROP)}, "NNN"),
    ({"answer": ("554 spam", "421 and bye")}, "GGG"),
    # refusals that speak of us: of the login, the conversation, the quota
    ({"mail": "530 5.7.0 authentication required"}, "NNN"),
    ({"mail": "535 5.7.8 your login has expired"}, "NNN"),
    ({"mail": "503 5.5.1 say hello first"}, "NNN"),
    ({"rcpt 1": "530 5.7.0 authentication required"}, "NAA"),
    ({"data": "503 5.5.1 what?"}, "NNN"),
    ({"mail": "550 5.4.5 daily sending quota exceeded"}, "NNN"),
    ({"answer": "550-5.4.5 daily sending\r\n550 5.4.5 quota exceeded"}, "NNN"),
    # refusals of the sender or the message
    ({"mail": "553 5.7.1 sender address not owned by you"}, "GGG"),
    ({"mail": "554 5.7.1 policy"}, "GGG"),
    ({"rcpt 2": "554 5.7.1 relay access denied"}, "AGA"),
    # other ways to say yes
    ({"rcpt 1": "251 will forward", "rcpt 2": "252 will try"}, "AAA"),
    ({"rcpt 1": "250-well\r\n250 yes", "answer": "250"}, "AAA"),
    # what makes no sense
    ({"mail": "what?"}, "NNN"),
    ({"mail": "354 go ahead"}, "NNN"),
    ({"rcpt 2": "999 what?"}, "NNN"),
    ({"rcpt 2": "250-" + "x" * 9_000}, "NNN"),
    ({"rcpt 2": "250-\r\n" * 200 + "250 ok"}, "NNN"),
    ({"rcpt 3": ("250 ok", "250 ok")}, "NNN"),
    ({"data": "250 what?"}, "NNN"),
    ({"content": "250 taken already"}, "NNN"),
    ({"answer": "354 go on"}, "UUU"),
    ({"answer": "what?"}, "UUU"),
    ({"answer": "220-" + "x" * 9_000}, "UUU"),
]


def faults() -> Iterator[tuple[dict[str, str], str]]:
    """Read the table: one step's fault, and what comes of it."""
    head, *rows = (re.split(r" {2,}", line) for line in ONE_FAULT.strip().splitlines())
    for step, *cells in rows:
        for fault, expected in zip(head[1:], cells, strict=True):
            yield {step: WORDS[fault]}, expected


def at(server: ScriptedSmtp, **changes: Any) -> MailAccount:
    """Give an account that hands in at a server, which has little time where it will stall."""
    stalls = any(STALL in acts for acts in server.script.values())
    return account(**{**server.fields, "timeout_seconds": SHORT if stalls else LIMIT, **changes})


def shown(value: object) -> str:
    """Name a case of the table by what its script begins with."""
    return str(value)[:60]


CASES = [*faults(), *SEVERAL_FAULTS]


@pytest.mark.parametrize(
    ("script", "error"), [case for case in CASES if case[1] in ERRORS], ids=shown
)
def test_a_line_that_cannot_be_opened_says_why_as_in_the_table(
    script, error, certificates, server_tls
):
    tls = server_tls if "starttls" in script else None
    with scripted_smtp(script, tls=tls) as server, pytest.raises(ERRORS[error]):
        open_line(at(server, ca_file=str(certificates / "ca.pem")))

    assert "MAIL" not in server.commands


@pytest.mark.parametrize(
    ("offers", "protected"),
    [(ALL, False), (ALL[1:], False), (ALL, True)],
    ids=["pipelined", "one by one", "protected"],
)
@pytest.mark.parametrize(
    ("script", "expected"), [case for case in CASES if case[1] not in ERRORS], ids=shown
)
def test_each_recipient_has_the_outcome_of_the_table(
    script, expected, offers, protected, certificates, server_tls
):
    message = LARGE if "content" in script else LETTER
    tls, ca_file = server_tls if protected else None, str(certificates / "ca.pem")
    with (
        scripted_smtp(script, offers, tls) as server,
        open_line(at(server, ca_file=ca_file)) as line,
    ):
        answers = line.send(SENDER, RECIPIENTS, message)

        assert {each: answer.outcome for each, answer in answers.items()} == {
            each: MEANINGS[letter] for each, letter in zip(RECIPIENTS, expected, strict=True)
        }
        accepted, unknown = of(answers, Outcome.ACCEPTED), of(answers, Outcome.UNKNOWN)
        assert accepted <= server.recipients <= accepted | unknown
        assert not line.is_usable or still_serves(line, server)


def of(answers: dict[str, Answer], outcome: Outcome) -> set[str]:
    return {recipient for recipient, answer in answers.items() if answer.outcome is outcome}


def still_serves(line: SmtpLine, server: ScriptedSmtp) -> bool:
    """Tell whether the next message goes well over the same line, or the line says that it ended.

    A server may have gone without a word, which nobody can know before.
    """
    server.script.clear()
    answers = line.send(SENDER, ["next@four.example"], b"Subject: next\r\n\r\n")
    return answers["next@four.example"].outcome is Outcome.ACCEPTED or not line.is_usable
