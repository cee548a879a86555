"""An alarm's letters carry its number, by which they are found again."""

import pytest

from domain.ringing import alarm_behind, letter_key


@pytest.mark.parametrize("number", [0, 1, 12])
def test_a_letter_is_found_by_its_alarm(number):
    assert alarm_behind(letter_key(4711, number)) == 4711


def test_an_alarms_first_letter_has_no_number():
    assert (letter_key(7), letter_key(7, 1)) == ("alarm:7", "alarm:7:1")


@pytest.mark.parametrize("key", ["guest:7:1", "alarm:", "alarm:x", "7", ""])
def test_what_is_no_alarms_letter_has_none_behind_it(key):
    assert alarm_behind(key) is None
