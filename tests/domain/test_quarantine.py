"""Why a message is no contact yet, and when it is tried again."""

from datetime import timedelta

import pytest
from builders import NOW

from domain.mail import Mail
from domain.quarantine import (
    FIRST_RETRY,
    LONGEST_RETRY,
    QuarantineReason,
    next_try,
    trouble_with,
)


@pytest.mark.rule("R6")
def test_what_has_no_header_field_is_no_message():
    trouble = trouble_with(Mail(text="rubbish"))

    assert trouble is not None
    assert trouble.reason is QuarantineReason.NOT_A_MESSAGE


@pytest.mark.rule("R6")
def test_what_has_a_header_field_is_a_message_however_empty():
    assert trouble_with(Mail(header_fields=1)) is None


@pytest.mark.rule("R6")
def test_each_wait_is_longer_than_the_one_before_up_to_the_longest():
    waits = [next_try(attempts, NOW) - NOW for attempts in range(1, 40)]

    assert waits[0] == FIRST_RETRY
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_RETRY
    assert all(wait > timedelta(0) for wait in waits)
