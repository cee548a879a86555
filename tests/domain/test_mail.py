"""What an e-mail says, as values."""

from dataclasses import FrozenInstanceError

import pytest

from domain.mail import Mail, MailAddress, address_key


@pytest.mark.rule("R2")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Petra@Mueller.Example", "petra@mueller.example"),
        (" petra@mueller.example\t", "petra@mueller.example"),
        ("ÄNNE@mueller.example", "änne@mueller.example"),
        ("strasse@STRAẞE.example", "strasse@straße.example"),
    ],
)
def test_addresses_are_compared_without_regard_to_the_case_of_letters(one, other):
    assert address_key(one) == address_key(other)
    assert MailAddress("Petra", one).key == MailAddress("", other).key


def test_a_mail_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        Mail().subject = "other"  # type: ignore[misc]
