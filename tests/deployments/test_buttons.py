"""The forms of lists and actions, as people see them before they run them."""

import pytest
from prefect.utilities.callables import parameter_schema
from prefect.utilities.importtools import import_object

from deployments.buttons import BUTTONS

FORMS = [button for button, _ in BUTTONS]


@pytest.mark.parametrize("button", FORMS, ids=lambda button: button.name)
def test_every_field_is_described_and_every_run_begins_with_the_right_flow(button):
    fields = parameter_schema(button).properties

    assert all(field.get("description") for field in fields.values())
    assert import_object(f"{button.fn.__module__}.{button.__name__}") is button


@pytest.mark.parametrize("button", FORMS, ids=lambda button: button.name)
def test_times_are_picked_and_records_are_numbers(button):
    fields = parameter_schema(button).properties

    for name in {"begins", "ends", "begin", "due", "since", "until", "occurrence"} & fields.keys():
        assert "'format': 'date-time'" in repr(fields[name])
    for name in {"contact", "todo", "appointment"} & fields.keys():
        assert "'minimum': 1" in repr(fields[name])
