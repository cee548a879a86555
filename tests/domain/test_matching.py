"""How a message finds its case."""

from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.matching import (
    CaseRef,
    Clues,
    Evidence,
    EvidenceKind,
    Verdict,
    decide,
    evidence_of,
    weigh,
)

TOKEN, BOUNCE_OF, IN_REPLY_TO, THREAD, NUMBER, OPEN_CASE, SUGGESTION = EvidenceKind
THIS, THAT, THIRD = 1, 2, 3

every_set_of_kinds = [
    {kind for kind, chosen in zip(EvidenceKind, choice, strict=True) if chosen}
    for choice in product([False, True], repeat=len(EvidenceKind))
]
pieces_of_evidence = st.builds(
    Evidence,
    st.sampled_from(EvidenceKind),
    st.sampled_from([THIS, THAT, THIRD]),
    st.sampled_from(["subject", "text"]),
)
several = st.lists(pieces_of_evidence, max_size=12)


def speaking_for(case_id: int, *kinds: EvidenceKind) -> list[Evidence]:
    return [Evidence(kind, case_id, "subject") for kind in kinds]


@pytest.mark.rule("R2")
def test_without_evidence_there_is_no_case():
    decision = decide([])

    assert (decision.verdict, decision.case_id, decision.candidates) == (Verdict.NONE, None, ())


@pytest.mark.rule("R2")
@pytest.mark.parametrize("kind", [*(set(EvidenceKind) - {SUGGESTION})])
def test_evidence_for_one_case_alone_decides(kind):
    decision = decide(speaking_for(THIS, kind))

    assert (decision.verdict, decision.case_id) == (Verdict.DECIDED, THIS)


@pytest.mark.rule("R2")
def test_a_number_that_a_stranger_names_decides_nothing_by_itself():
    decision = decide(speaking_for(THIS, SUGGESTION))

    assert (decision.verdict, decision.case_id) == (Verdict.REVIEW, None)
    assert decision.candidates[0].case_id == THIS


@pytest.mark.rule("R2")
@pytest.mark.parametrize(
    ("winning", "losing"),
    [
        ([TOKEN], [BOUNCE_OF]),
        ([TOKEN], [IN_REPLY_TO, THREAD, NUMBER, OPEN_CASE]),
        ([BOUNCE_OF], [THREAD]),
        ([IN_REPLY_TO], [THREAD]),
        ([IN_REPLY_TO], [OPEN_CASE]),
        ([IN_REPLY_TO], [SUGGESTION]),
        ([IN_REPLY_TO, NUMBER], [NUMBER]),
        ([THREAD], [OPEN_CASE]),
        ([THREAD], [SUGGESTION]),
        ([THREAD, NUMBER], [IN_REPLY_TO]),
        ([NUMBER], [OPEN_CASE]),
        ([NUMBER], [SUGGESTION]),
    ],
)
def test_the_stronger_evidence_decides(winning, losing):
    decision = decide(speaking_for(THAT, *winning) + speaking_for(THIS, *losing))

    assert (decision.verdict, decision.case_id) == (Verdict.DECIDED, THAT)


@pytest.mark.rule("R2")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([TOKEN], [TOKEN]),
        ([TOKEN, IN_REPLY_TO, NUMBER, OPEN_CASE], [TOKEN]),
        ([BOUNCE_OF], [IN_REPLY_TO]),
        ([IN_REPLY_TO], [IN_REPLY_TO]),
        ([IN_REPLY_TO, OPEN_CASE], [IN_REPLY_TO]),
        ([IN_REPLY_TO], [NUMBER]),
        ([IN_REPLY_TO, THREAD], [NUMBER]),
        ([THREAD], [THREAD]),
        ([THREAD], [NUMBER]),
        ([THREAD, OPEN_CASE], [NUMBER, OPEN_CASE]),
        ([NUMBER], [NUMBER]),
        ([OPEN_CASE], [OPEN_CASE]),
        ([OPEN_CASE], [SUGGESTION]),
        ([SUGGESTION], [SUGGESTION]),
    ],
)
def test_what_contradicts_too_closely_is_left_to_a_person(one, other):
    decision = decide(speaking_for(THIS, *one) + speaking_for(THAT, *other))

    assert (decision.verdict, decision.case_id) == (Verdict.REVIEW, None)
    assert {candidate.case_id for candidate in decision.candidates} == {THIS, THAT}


@pytest.mark.rule("R2")
@pytest.mark.parametrize("kind", EvidenceKind)
def test_a_kind_of_evidence_counts_once_however_often_it_is_found(kind):
    once = [Evidence(kind, THIS, "first@mail.example")]
    twice = [*once, Evidence(kind, THIS, "second@mail.example")]

    assert weigh(twice)[0].weight == weigh(once)[0].weight


@pytest.mark.rule("R2")
def test_a_reply_and_its_thread_are_one_and_the_same_conversation():
    reply = speaking_for(THIS, IN_REPLY_TO)

    assert weigh(reply + speaking_for(THIS, THREAD))[0].weight == weigh(reply)[0].weight


@pytest.mark.rule("R2")
def test_all_candidates_are_kept_with_all_their_evidence_the_best_first():
    guess = speaking_for(THIS, OPEN_CASE)
    named = speaking_for(THAT, NUMBER)
    answered = speaking_for(THIRD, IN_REPLY_TO, THREAD, OPEN_CASE)

    candidates = decide(guess + named + answered[::-1]).candidates

    assert [candidate.case_id for candidate in candidates] == [THIRD, THAT, THIS]
    assert [candidate.evidence for candidate in candidates] == [
        tuple(answered),
        tuple(named),
        tuple(guess),
    ]


@pytest.mark.rule("R2")
@given(several, st.randoms(use_true_random=False))
def test_the_order_of_evidence_never_matters(evidence, random):
    shuffled = random.sample(evidence, len(evidence))

    assert decide(shuffled) == decide(evidence)


@pytest.mark.rule("R2")
@given(several)
def test_evidence_found_twice_tells_nothing_new(evidence):
    assert decide(evidence + evidence) == decide(evidence)


@pytest.mark.rule("R2")
@given(several, st.lists(st.sampled_from(EvidenceKind)))
def test_more_evidence_for_the_winner_never_unseats_it(evidence, kinds):
    winner = decide(evidence).case_id
    assume(winner is not None)

    more = decide(evidence + speaking_for(winner, *kinds))

    assert more.case_id == winner


@pytest.mark.rule("R2")
@given(several, st.sets(st.sampled_from([THIS, THAT, THIRD]), min_size=1))
def test_a_valid_token_decides_unless_another_case_has_one_too(evidence, signed):
    unsigned = [each for each in evidence if each.kind is not TOKEN]
    tokens = [Evidence(TOKEN, case_id, "subject") for case_id in signed]

    decision = decide(unsigned + tokens)

    assert decision.case_id == (signed.pop() if len(signed) == 1 else None)


@pytest.mark.rule("R2")
@pytest.mark.parametrize("kinds", every_set_of_kinds, ids="+".join)
def test_a_strangers_suggestion_neither_moves_a_message_nor_tips_the_scales(kinds):
    for rival_kinds in every_set_of_kinds:
        known = speaking_for(THIS, *kinds) + speaking_for(THAT, *rival_kinds)
        before = decide(known).case_id

        after = {decide(known + speaking_for(case, SUGGESTION)).case_id for case in (THIS, THAT)}

        assert after <= {before, None}


@pytest.mark.rule("R2")
@pytest.mark.parametrize("kinds", [*every_set_of_kinds[1:]], ids="+".join)
def test_a_suggestion_makes_a_person_look_only_where_an_open_case_was_all_that_was_known(kinds):
    known = speaking_for(THIS, *kinds)
    doubted = decide(known + speaking_for(THAT, SUGGESTION)).verdict is Verdict.REVIEW

    assert doubted is (kinds <= {OPEN_CASE, SUGGESTION})


CASE = CaseRef(THIS, "SC-1042", "subject")
MESSAGE = CaseRef(THIS, "SC-1042", "first@mail.example")


@pytest.mark.rule("R2")
@pytest.mark.parametrize(
    ("clues", "kind", "detail"),
    [
        (Clues(tokens=(CASE,)), TOKEN, "signed token SC-1042 (subject)"),
        (
            Clues(bounce_of=(MESSAGE,)),
            BOUNCE_OF,
            "bounce of a message of SC-1042 (first@mail.example)",
        ),
        (
            Clues(replied_to=(MESSAGE,)),
            IN_REPLY_TO,
            "answers a message of SC-1042 (first@mail.example)",
        ),
        (
            Clues(thread=(MESSAGE,)),
            THREAD,
            "in a thread with a message of SC-1042 (first@mail.example)",
        ),
        (Clues(numbers_from_participant=(CASE,)), NUMBER, "a participant names SC-1042 (subject)"),
        (
            Clues(senders_open_cases=(CaseRef(THIS, "SC-1042"),)),
            OPEN_CASE,
            "open case SC-1042 of the sender",
        ),
        (
            Clues(numbers_from_stranger=(CASE,)),
            SUGGESTION,
            "someone not in it names SC-1042 (subject)",
        ),
    ],
)
def test_each_clue_becomes_evidence_in_words_that_a_person_understands(clues, kind, detail):
    assert evidence_of(clues) == (Evidence(kind, THIS, detail),)


@pytest.mark.rule("R2")
def test_every_clue_is_kept_as_evidence():
    clues = Clues(
        replied_to=(MESSAGE, CaseRef(THAT, "PR-7", "second@mail.example")), thread=(MESSAGE,)
    )

    assert [(each.kind, each.case_id) for each in evidence_of(clues)] == [
        (IN_REPLY_TO, THIS),
        (IN_REPLY_TO, THAT),
        (THREAD, THIS),
    ]
