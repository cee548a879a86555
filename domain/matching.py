"""How a message finds its case: clues become evidence, evidence is weighed and decided (R2)."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum


class EvidenceKind(StrEnum):
    """Why a message may belong to a case."""

    TOKEN = "token"  # it carries the case's signed token  # noqa: S105 - no password
    BOUNCE_OF = "bounce_of"  # it is the bounce of a message of the case
    IN_REPLY_TO = "in_reply_to"  # it answers a message of the case
    THREAD = "thread"  # a message of the case stands elsewhere in its thread
    NUMBER = "number"  # someone who takes part in the case names its number
    OPEN_CASE = "open_case"  # the case is an open one of the sender
    SUGGESTION = "suggestion"  # someone who takes no part in the case names its number


class Source(StrEnum):
    """Where evidence comes from; of one source only the strongest counts."""

    SIGNATURE = "signature"
    CONVERSATION = "conversation"
    NAMING = "naming"
    HISTORY = "history"


# Chosen with MARGIN: a signature outweighs all the rest together; a direct reply outweighs
# the thread; either of them and a named number contradict each other; all three outweigh an
# open case; a suggestion makes no difference except to the mere guess that an open case is.
_WEIGHTS = {
    EvidenceKind.TOKEN: (Source.SIGNATURE, 200),
    EvidenceKind.BOUNCE_OF: (Source.CONVERSATION, 65),
    EvidenceKind.IN_REPLY_TO: (Source.CONVERSATION, 65),
    EvidenceKind.THREAD: (Source.CONVERSATION, 40),
    EvidenceKind.NUMBER: (Source.NAMING, 50),
    EvidenceKind.OPEN_CASE: (Source.HISTORY, 15),
    EvidenceKind.SUGGESTION: (Source.NAMING, 1),
}
MARGIN = 20
_RANK = {kind: rank for rank, kind in enumerate(EvidenceKind)}


@dataclass(frozen=True, slots=True)
class CaseRef:
    """A case that something in a message points to, and what that was."""

    case_id: int
    number: str
    detail: str = ""  # where it stood ("subject"), or a message id


@dataclass(frozen=True, slots=True)
class Clues:
    """Everything in a message, and about its sender, that points to cases."""

    tokens: tuple[CaseRef, ...] = ()  # valid ones only
    bounce_of: tuple[CaseRef, ...] = ()
    replied_to: tuple[CaseRef, ...] = ()
    thread: tuple[CaseRef, ...] = ()
    numbers_from_participant: tuple[CaseRef, ...] = ()
    numbers_from_stranger: tuple[CaseRef, ...] = ()
    senders_open_cases: tuple[CaseRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for one case, in words that a person understands."""

    kind: EvidenceKind
    case_id: int
    detail: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case with everything that speaks for it, the strongest first."""

    case_id: int
    weight: int
    evidence: tuple[Evidence, ...]

    def has(self, kind: EvidenceKind) -> bool:
        """Tell whether evidence of this kind speaks for the case."""
        return any(evidence.kind is kind for evidence in self.evidence)

    @property
    def is_only_suggested(self) -> bool:
        """Whether nothing but a stranger's word speaks for the case."""
        return all(evidence.kind is EvidenceKind.SUGGESTION for evidence in self.evidence)


class Verdict(StrEnum):
    """Whether a message's case was found."""

    DECIDED = "decided"
    REVIEW = "review"  # a person has to choose
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict, and all candidates with their evidence, the best first."""

    verdict: Verdict
    case_id: int | None
    candidates: tuple[Candidate, ...]


def evidence_of(clues: Clues) -> tuple[Evidence, ...]:
    """Put clues into words."""
    told = (
        (EvidenceKind.TOKEN, clues.tokens, "signed token {}"),
        (EvidenceKind.BOUNCE_OF, clues.bounce_of, "bounce of a message of {}"),
        (EvidenceKind.IN_REPLY_TO, clues.replied_to, "answers a message of {}"),
        (EvidenceKind.THREAD, clues.thread, "in a thread with a message of {}"),
        (EvidenceKind.NUMBER, clues.numbers_from_participant, "a participant names {}"),
        (EvidenceKind.OPEN_CASE, clues.senders_open_cases, "open case {} of the sender"),
        (EvidenceKind.SUGGESTION, clues.numbers_from_stranger, "someone not in it names {}"),
    )
    return tuple(
        Evidence(kind, ref.case_id, _in_words(words, ref))
        for kind, refs, words in told
        for ref in refs
    )


def weigh(evidence: Iterable[Evidence]) -> tuple[Candidate, ...]:
    """Gather evidence by case and add up its weight; the heaviest case comes first."""
    by_case: dict[int, set[Evidence]] = defaultdict(set)
    for each in evidence:
        by_case[each.case_id].add(each)
    candidates = [_candidate(case_id, found) for case_id, found in by_case.items()]
    return tuple(sorted(candidates, key=lambda found: (-found.weight, found.case_id)))


def decide(evidence: Iterable[Evidence]) -> Decision:
    """Find the case that a message belongs to; what is ambiguous is left to a person (R2)."""
    candidates = weigh(evidence)
    if not candidates:
        return Decision(Verdict.NONE, None, ())
    best, *rivals = candidates
    if best.is_only_suggested or any(_contradicts(rival, best) for rival in rivals):
        return Decision(Verdict.REVIEW, None, candidates)
    return Decision(Verdict.DECIDED, best.case_id, candidates)


def _contradicts(rival: Candidate, best: Candidate) -> bool:
    # Two valid tokens stay a contradiction, whatever else speaks for either case.
    return best.weight - rival.weight < MARGIN or rival.has(EvidenceKind.TOKEN)


def _candidate(case_id: int, evidence: Collection[Evidence]) -> Candidate:
    strongest: dict[Source, int] = {}
    for each in evidence:
        source, weight = _WEIGHTS[each.kind]
        strongest[source] = max(weight, strongest.get(source, 0))
    ordered = sorted(evidence, key=lambda each: (_RANK[each.kind], each.detail))
    return Candidate(case_id, sum(strongest.values()), tuple(ordered))


def _in_words(words: str, ref: CaseRef) -> str:
    told = words.format(ref.number)
    return f"{told} ({ref.detail})" if ref.detail else told
