"""A batch of parcels is sent over a line, and each is recorded at once."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from builders import NOW
from outgoing_contacts import JONAS, PETRA, QUEUE, UWE, answer, queued, ready, written

from domain.delivery import Answer, DeliveryStatus
from domain.errors import ConfigurationError, ServerUnreachable
from domain.outgoing import File
from tasks.channels.channel import Line
from tasks.delivering import Batch, sent_one_by_one
from tasks.store.copies import copies_due
from tasks.store.database import Store
from tasks.store.dispatch_actions import cancel_dispatch, put_off
from tasks.store.dispatches import show_dispatch
from tasks.store.look_ups import due_look_ups
from tasks.store.outbox import Ledger
from tasks.store.parcels import Parcel

FILE = File("angebot.pdf", "application/pdf", b"%PDF-1.7")


class Tape(Line):
    """A line that notes what is sent, and answers or fails as it is told to."""

    def __init__(self, *answers: str | Exception) -> None:
        self._answers = list(answers)
        self.sent: list[tuple[int, tuple[str, ...]]] = []
        self.files: list[Sequence[File]] = []
        self.breaks_after = 0

    @property
    def is_usable(self) -> bool:
        return len(self.sent) != self.breaks_after or not self.breaks_after

    def write(self, parcel: Parcel, files: Sequence[File]) -> str:
        self.files.append(files)
        if "unwritable" in parcel.text:
            raise ValueError("a line break in a header")
        return parcel.text

    def send(self, parcel: Parcel, written: str) -> Mapping[int, Answer]:
        told = self._answers.pop(0) if self._answers else "accepted"
        if isinstance(told, Exception):
            raise told
        self.sent.append((parcel.id, tuple(each.to for each in parcel.waiting)))
        return {each.id: answer(told) for each in parcel.waiting}


@pytest.fixture
def three(store) -> list[int]:
    """Three dispatches that are due by the real clock."""
    now = datetime.now(UTC)
    ready(store, now=now)
    made = [queued(store, written(text=f"Nummer {n}"), now=now).dispatch_id for n in range(3)]
    return [each for each in made if each]


def batch(store: Store, line: Line, holder: str = "worker", **more) -> Batch:
    ledger = Ledger(store, holder)
    return Batch(ledger, line, ledger.claim(QUEUE, 9, datetime.now(UTC)), **more)


def statuses(store: Store, ids: Sequence[int]) -> list[str]:
    return [show_dispatch(store, each).line.status.value for each in ids]


def test_everything_is_sent_in_order_and_recorded_before_it_is_given(store, three):
    line, seen = Tape(), []

    for sent in sent_one_by_one(batch(store, line)):
        seen.append((sent.parcel.id, statuses(store, three)))

    assert [number for number, _ in line.sent] == three
    assert seen == [
        (three[0], ["sent", "sending", "queued"]),
        (three[1], ["sent", "sent", "sending"]),
        (three[2], ["sent", "sent", "sent"]),
    ]


def test_each_gets_its_own_outcome(store, three):
    line = Tape("accepted", "refused_for_good", "unknown")

    list(sent_one_by_one(batch(store, line)))

    assert statuses(store, three) == ["sent", "failed", "unknown"]


def test_told_to_stop_it_ends_after_the_parcel_at_hand(store, three):
    line = Tape()
    work = batch(store, line, stop=lambda: bool(line.sent))

    list(sent_one_by_one(work))
    work.ledger.give_back()

    assert statuses(store, three) == ["sent", "queued", "queued"]
    assert [each.id for each in Ledger(store, "next").claim(QUEUE, 9, datetime.now(UTC))] == three[
        1:
    ]


def test_over_a_broken_line_nothing_more_is_begun(store, three):
    line = Tape()
    line.breaks_after = 2

    list(sent_one_by_one(batch(store, line)))

    assert statuses(store, three) == ["sent", "sent", "queued"]


@pytest.mark.parametrize("error", [ServerUnreachable("no route"), ConfigurationError("no key")])
def test_a_service_that_fails_before_anything_went_out_leaves_its_parcel_as_it_was(
    store, three, error
):
    work = batch(store, Tape("accepted", error))

    with pytest.raises(type(error)):
        list(sent_one_by_one(work))
    work.ledger.give_back()

    assert statuses(store, three) == ["sent", "queued", "queued"]
    assert show_dispatch(store, three[1]).history == []
    assert [each.id for each in Ledger(store, "next").claim(QUEUE, 9, datetime.now(UTC))] == three[
        1:
    ]


def test_a_fault_of_ours_while_sending_is_unknown_and_the_others_go_on(store, three):
    line = Tape("accepted", KeyError("oops"), "accepted")

    list(sent_one_by_one(batch(store, line)))

    assert statuses(store, three) == ["sent", "unknown", "sent"]
    [(_, attempt)] = show_dispatch(store, three[1]).history
    assert attempt.answer == "a fault of this program: KeyError"


def test_what_cannot_be_written_fails_for_good_and_the_others_go_on(store):
    now = datetime.now(UTC)
    ready(store, now=now)
    texts = ("erstens", "unwritable", "drittens")
    made = [queued(store, written(text=text), now=now).dispatch_id for text in texts]

    list(sent_one_by_one(batch(store, Tape())))

    assert statuses(store, [each for each in made if each]) == ["sent", "failed", "sent"]
    [(_, attempt)] = show_dispatch(store, made[1] or 0).history
    assert attempt.answer == "it cannot be written: a line break in a header"


@pytest.mark.parametrize("held_back", [0, 1, 2])
@pytest.mark.parametrize("how", ["cancelled", "put off"])
def test_what_is_held_back_meanwhile_is_left_out(store, three, held_back, how):
    line = Tape()
    work = batch(store, line)
    if how == "cancelled":
        cancel_dispatch(store, three[held_back], JONAS, NOW)
    else:
        now = datetime.now(UTC)
        put_off(store, three[held_back], JONAS, now + timedelta(days=1), now)

    list(sent_one_by_one(work))

    assert [number for number, _ in line.sent] == [
        each for each in three if each != three[held_back]
    ]


def test_only_those_who_wait_for_it_are_sent_to(store):
    now = datetime.now(UTC)
    ready(store, now=now)
    queued(store, written(PETRA, UWE), now=now)
    line = Tape()

    list(sent_one_by_one(batch(store, line)))

    assert [to for _, to in line.sent] == [("petra@mueller.example", "uwe@mueller.example")]


def test_a_contacts_files_go_with_it_and_are_read_for_no_other(store):
    now = datetime.now(UTC)
    ready(store, now=now)
    for files in ((FILE,), ()):
        queued(store, written(files=files), now=now)
    line = Tape()

    list(sent_one_by_one(batch(store, line)))

    assert line.files == [(FILE,), ()]


@pytest.mark.parametrize(
    ("outcome", "copies", "due"),
    [
        ("accepted", True, 1),
        ("accepted", False, 0),
        ("refused_for_good", True, 0),
        ("unknown", True, 0),
    ],
)
def test_a_copy_is_kept_of_what_was_accepted_where_the_account_wants_one(
    store, outcome, copies, due
):
    now = datetime.now(UTC)
    ready(store, now=now)
    queued(store, now=now)

    list(sent_one_by_one(batch(store, Tape(outcome), keeps_copies=copies)))

    assert len(copies_due(store, QUEUE)) == due


def test_what_the_service_can_tell_later_is_looked_up_later(store, three):
    line = Tape("accepted", "unknown", "unknown")
    line.looks_up = frozenset({DeliveryStatus.UNKNOWN})

    list(sent_one_by_one(batch(store, line)))

    later = datetime.now(UTC) + timedelta(minutes=1)
    assert len(due_look_ups(store, later)) == 2
