import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assigning import Choice, Staff, choose
from domain.errors import Refused
from domain.refusals import Refusal
from domain.workflow_wording import WorkflowReason
from domain.workflows import Assignment, Pick

STAFF = Staff(
    owner="1002",
    employees={"1001": True, "1002": True, "1003": True, "1009": False},
    members={"Helpdesk": ("1003", "1009", "1001"), "Gone": ("1009",)},
    loads={"1001": 4, "1003": 4, "1009": 0},
    turns={"Helpdesk": 1},
)
GONE = Assignment(employee="1009")


@pytest.mark.rule("W2", "T2")
@pytest.mark.parametrize(
    ("assignment", "choice"),
    [
        (Assignment(employee="1001"), Choice(employee="1001")),
        (Assignment(role="owner"), Choice(employee="1002")),
        (Assignment(team="Helpdesk"), Choice(team="Helpdesk")),
        (
            Assignment(team="Helpdesk", pick=Pick.ROUND_ROBIN),
            Choice(employee="1003", turn_of="Helpdesk"),
        ),
        (Assignment(team="Helpdesk", pick=Pick.LEAST_LOADED), Choice(employee="1001")),
        (
            Assignment(
                employee="1009",
                otherwise=Assignment(team="Gone", otherwise=Assignment(role="owner")),
            ),
            Choice(employee="1002"),
        ),
    ],
)
def test_a_todo_is_for_whom_the_definition_says(assignment, choice):
    assert choose(assignment, STAFF) == choice


@pytest.mark.parametrize(
    ("assignment", "refusal"),
    [
        (GONE, Refusal(WorkflowReason.EMPLOYEE_LEFT, "1009")),
        (Assignment(employee="7"), Refusal(WorkflowReason.EMPLOYEE_UNKNOWN, "7")),
        (Assignment(team="None"), Refusal(WorkflowReason.TEAM_UNKNOWN, "None")),
        (Assignment(team="Gone"), Refusal(WorkflowReason.TEAM_EMPTY, "Gone")),
        (
            Assignment(team="Gone", pick=Pick.ROUND_ROBIN),
            Refusal(WorkflowReason.TEAM_EMPTY, "Gone"),
        ),
        (Assignment(role="owner"), Refusal(WorkflowReason.OWNER_MISSING)),
    ],
)
def test_where_nobody_can_do_it_the_reason_is_said(assignment, refusal):
    ownerless = Staff(None, STAFF.employees, STAFF.members)

    with pytest.raises(Refused) as refused:
        choose(assignment, ownerless)

    assert refused.value.refusals == (refusal,)


def test_every_one_who_cannot_do_it_is_named():
    wishes = Assignment(employee="1009", otherwise=Assignment(team="Gone"))

    with pytest.raises(Refused) as refused:
        choose(wishes, STAFF)

    assert [each.about for each in refused.value.refusals] == ["1009", "Gone"]


@given(
    st.dictionaries(st.text(min_size=1), st.booleans()).filter(lambda each: any(each.values())),
    st.integers(0, 100),
    st.sampled_from(Pick),
)
def test_who_left_is_never_chosen(employees, turn, pick):
    staff = Staff(None, employees, {"All": list(employees)}, turns={"All": turn})

    choice = choose(Assignment(team="All", pick=pick), staff)

    assert employees[choice.employee]


@given(st.integers(1, 8), st.integers(0, 50))
def test_in_turn_everybody_is_chosen_once_a_round(size, begun):
    members = [f"{number:04}" for number in range(size)]
    wish = Assignment(team="All", pick=Pick.ROUND_ROBIN)

    chosen = [
        choose(
            wish, Staff(None, dict.fromkeys(members, True), {"All": members}, turns={"All": turn})
        )
        for turn in range(begun, begun + size)
    ]

    assert sorted(each.employee or "" for each in chosen) == members
