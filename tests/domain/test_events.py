import pytest
from pydantic import ValidationError

from domain.events import EMITTED, STEP_ENTERED, EventName, StepEntered

ENTERED = {
    "case": "sc-1042",
    "workflow": "service-call",
    "step": "intake",
    "idempotency_key": "shop-order-77",
}


@pytest.mark.rule("W4")
def test_an_event_of_any_program_says_case_workflow_step_and_key():
    entered = StepEntered.model_validate({**ENTERED, "of_its_own": 1})

    assert entered == StepEntered(**ENTERED)
    assert entered.case == "SC-1042"


@pytest.mark.parametrize("missing", ENTERED)
def test_an_event_that_leaves_something_out_is_refused(missing):
    incomplete = {name: value for name, value in ENTERED.items() if name != missing}

    with pytest.raises(ValidationError, match=missing):
        StepEntered.model_validate(incomplete)


@pytest.mark.parametrize("field", ENTERED)
@pytest.mark.parametrize("value", ["", "  ", "a\0b", "a\nb", "x" * 151, 7, None, "\ud800"])
def test_an_event_whose_words_cannot_be_kept_is_refused(field, value):
    with pytest.raises(ValidationError, match=field):
        StepEntered.model_validate({**ENTERED, field: value})


def test_the_table_tells_of_every_event_what_it_means():
    assert set(EMITTED) == set(EventName)
    assert all(each.meaning.endswith(".") for each in EMITTED.values())
    assert STEP_ENTERED not in list(EventName)


@pytest.mark.rule("L9")
@pytest.mark.parametrize("name", EventName)
def test_no_event_carries_what_somebody_wrote(name):
    written = {"text", "matchcode", "subject", "title", "sender", "body", "comment", "name"}

    assert not written & EMITTED[name].payload.model_fields.keys()
