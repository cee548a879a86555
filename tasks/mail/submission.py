"""Mail is handed in over one kept line, and what became of it is known for each recipient."""

import smtplib
from collections.abc import Sequence
from itertools import islice
from types import TracebackType
from typing import Self

from domain.accounts import MailAccount
from domain.delivery import Answer, Outcome
from domain.errors import ConfigurationError
from tasks.mail.smtp_answers import Step, speaks_of_us
from tasks.mail.smtp_content import closed, with_line_ends
from tasks.mail.smtp_handover import Handover
from tasks.mail.smtp_login import connect
from tasks.mail.smtp_paths import Unsendable, path
from tasks.mail.smtp_wire import LineBroken, Reply, Wire

AT_ONCE = 50  # commands that go out together; their replies fit into any buffer (RFC 2920)
DATA_PATIENCE = 4  # time limits for the answer to a message (RFC 5321, 4.5.3.2.6: minutes)
FAREWELL = 0.1  # time limits for the answer to QUIT, on which nothing depends


def open_line(account: MailAccount) -> "SmtpLine":
    """Connect to the account's SMTP server and log in.

    Raises ServerUnreachable, CertificateRefused, LoginRefused or ConfigurationError.
    """
    if not account.sends:
        raise ConfigurationError(f"mail account {account.name} has no SMTP server")
    return SmtpLine(connect(account), account.timeout_seconds)


class SmtpLine:
    """A connection that serves message after message, for as long as it is usable."""

    def __init__(self, smtp: smtplib.SMTP, seconds: float) -> None:
        assert smtp.sock is not None
        self._smtp = smtp
        self._wire = Wire(smtp.sock, seconds)
        self.is_usable = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def send(
        self, sender: str, recipients: Sequence[str], raw: bytes, utf8: bool = False
    ) -> dict[str, Answer]:
        """Hand a message in, and give each recipient's answer; whatever happens, each has one.

        The sender "" is the null sender of automatic replies. A line that is not usable
        afterwards is to be closed, and the next message goes over a new one.
        """
        handover = Handover(recipients)
        try:
            self._hand_in(handover, sender, with_line_ends(raw), utf8)
        except Unsendable as error:
            handover.settle(Answer(Outcome.FOR_GOOD, str(error)))
        except LineBroken as error:
            self._hang_up()
            handover.note_break(error)
        except BaseException:
            self._hang_up()  # in the middle of a conversation that nobody will go on with
            raise
        return handover.answers

    @property
    def takes_utf8(self) -> bool:
        """Whether the server takes addresses beyond ASCII (RFC 6531)."""
        return "smtputf8" in self._smtp.esmtp_features

    def is_alive(self) -> bool:
        """Ask whether the server still listens: it ends connections that are idle."""
        return self.is_usable and self._is_granted(b"NOOP\r\n")

    def close(self) -> None:
        """Take leave, and close the connection."""
        if self.is_usable:
            self._is_granted(b"QUIT\r\n", FAREWELL)
        self._hang_up()

    def _hand_in(self, handover: Handover, sender: str, content: bytes, utf8: bool) -> None:
        if not self.is_usable:
            raise LineBroken("the connection had ended before")
        mail = self._mail_command(sender, content, utf8)
        paths = handover.paths(utf8)
        if not paths:
            return
        self._address(handover, mail, paths)
        if not (handover.waiting and self._pass_on(handover, content)) and self.is_usable:
            self._is_granted(b"RSET\r\n")

    def _mail_command(self, sender: str, content: bytes, utf8: bool) -> bytes:
        """Write the command that begins a message; Unsendable where the server cannot take it."""
        offered = self._smtp.esmtp_features
        limit = str(offered.get("size", ""))
        if utf8 and "smtputf8" not in offered:
            raise Unsendable("The server takes no addresses beyond ASCII (SMTPUTF8).")
        if limit.isdecimal() and 0 < int(limit) < len(content):
            raise Unsendable(f"The message has {len(content)} bytes; the server takes {limit}.")
        # Where 8BITMIME is not offered, eight bits go out all the same: servers pass them on.
        parameters = {
            b"SIZE=%d" % len(content): "size" in offered,
            b"BODY=8BITMIME": "8bitmime" in offered and not content.isascii(),
            b"SMTPUTF8": utf8,
        }
        chosen = [name for name, wanted in parameters.items() if wanted]
        return b" ".join([b"MAIL FROM:<%s>" % (path(sender, utf8) if sender else b""), *chosen])

    def _address(self, handover: Handover, mail: bytes, paths: dict[str, bytes]) -> None:
        """Name the sender and the recipients, many at once where the server allows it."""
        at_once = AT_ONCE if "pipelining" in self._smtp.esmtp_features else 1
        lines = iter([("", mail), *((each, b"RCPT TO:<%s>" % it) for each, it in paths.items())])
        while handover.waiting and (batch := list(islice(lines, at_once))):
            self._wire.say(b"".join(line + b"\r\n" for _, line in batch))
            for recipient, _ in batch:
                handover.step = Step.RECIPIENT if recipient else Step.SENDER
                reply = self._wire.hear()
                if reply.kind != 2 and handover.waiting:
                    self._note(handover, reply, *filter(None, [recipient]))

    def _pass_on(self, handover: Handover, content: bytes) -> bool:
        """Hand the message itself in; tell whether the server took it."""
        handover.step = Step.DATA
        self._wire.say(b"DATA\r\n")
        reply = self._wire.hear(awaited=3)
        if reply.kind == 3:
            handover.step = Step.CONTENT
            self._wire.say(closed(content))
            handover.step = Step.END
            reply = self._wire.hear(patience=DATA_PATIENCE)
        self._note(handover, reply)
        return reply.kind == 2

    def _note(self, handover: Handover, reply: Reply, *recipients: str) -> None:
        handover.note(reply, *recipients)
        self.is_usable = self.is_usable and not speaks_of_us(reply)

    def _is_granted(self, command: bytes, patience: float = 1) -> bool:
        """Say what no server has a reason to refuse; to one that does, nothing more is said."""
        try:
            self._wire.say(command)
            granted = self._wire.hear(patience=patience).kind == 2
        except LineBroken:
            granted = False
        if not granted:
            self._hang_up()
        return granted

    def _hang_up(self) -> None:
        self.is_usable = False
        self._smtp.close()
