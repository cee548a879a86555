"""One message on its way to a server: how far it has come, and who has an answer."""

from collections.abc import Iterable

from domain.delivery import Answer, Outcome
from tasks.mail.smtp_answers import Step, answer_to, answer_to_break
from tasks.mail.smtp_paths import Unsendable, path
from tasks.mail.smtp_wire import LineBroken, Reply


class Handover:
    """The ledger of one message's recipients; the first answer that each gets stands."""

    def __init__(self, recipients: Iterable[str]) -> None:
        self.step = Step.SENDER
        self._answers: dict[str, Answer | None] = dict.fromkeys(recipients)

    @property
    def waiting(self) -> list[str]:
        """The recipients that have no answer yet."""
        return [recipient for recipient, answer in self._answers.items() if answer is None]

    @property
    def answers(self) -> dict[str, Answer]:
        """Every recipient's answer, in their order."""
        return {recipient: answer for recipient, answer in self._answers.items() if answer}

    def paths(self, utf8: bool) -> dict[str, bytes]:
        """Give the paths of those who wait; an address that is none has its answer by that."""
        paths = {}
        for recipient in self.waiting:
            try:
                paths[recipient] = path(recipient, utf8)
            except Unsendable as error:
                self.settle(Answer(Outcome.FOR_GOOD, str(error)), recipient)
        return paths

    def note(self, reply: Reply, *recipients: str) -> None:
        """Note what the server said to this step, to some or to all who wait."""
        self.settle(answer_to(self.step, reply), *recipients)

    def note_break(self, error: LineBroken) -> None:
        """Note for all who wait that the connection ended."""
        self.settle(answer_to_break(self.step, error))

    def settle(self, answer: Answer, *recipients: str) -> None:
        """Give an answer to some, or to all who wait."""
        for recipient in recipients or self.waiting:
            self._answers[recipient] = self._answers[recipient] or answer
