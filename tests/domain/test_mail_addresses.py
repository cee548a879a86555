"""Texts are taken for e-mail addresses by their form, whatever the DNS knows of them."""

import pytest

from domain.mail_addresses import ascii_domain, is_mail_address, mail_address


@pytest.mark.parametrize(
    ("entered", "spelled"),
    [
        ("Petra@Mueller.Example", "Petra@mueller.example"),
        ("petra@bu\u0308ro.example", "petra@büro.example"),  # two characters become one
        ("anna@shop.test", "anna@shop.test"),
    ],
)
def test_an_address_is_spelled_as_is_usual(entered, spelled):
    assert mail_address(entered) == spelled
    assert is_mail_address(entered)


@pytest.mark.parametrize(
    "text", ["", "petra", "petra@", "@mueller.example", "a b@c.example", "a@b"]
)
def test_what_is_no_address_is_told_in_a_sentence(text):
    with pytest.raises(ValueError, match=r"\w+ .*\.$"):
        mail_address(text)

    assert not is_mail_address(text)


@pytest.mark.parametrize(
    ("domain", "written"),
    [
        ("straße.example", "xn--strae-oqa.example"),  # not strasse.example, another's
        ("BÜRO.example", "xn--bro-hoa.example"),
        ("Mueller.example", "Mueller.example"),
        ("[192.0.2.1]", "[192.0.2.1]"),
    ],
)
def test_an_international_domain_is_written_in_ascii_and_no_other_is_touched(domain, written):
    assert ascii_domain(domain) == written


@pytest.mark.parametrize("domain", ["ü..example", "-ü.example", "ü" * 64 + ".example"])
def test_a_domain_that_cannot_exist_is_refused(domain):
    with pytest.raises(ValueError, match=r"period|hyphen|too long"):
        ascii_domain(domain)
