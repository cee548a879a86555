"""Numbers are taken as people write them, and kept in one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.phones import international, spoken


@pytest.mark.rule("S4", "F3")
@pytest.mark.parametrize(
    ("written", "region", "kept"),
    [
        ("030 1234567", "DE", "+49301234567"),
        ("030/123 45-67", "DE", "+49301234567"),
        ("(030) 123.45.67", "DE", "+49301234567"),
        ("（030）1234567", "DE", "+49301234567"),
        ("030 – 1234567", "DE", "+49301234567"),
        (" 0171 1234567\n", "DE", "+491711234567"),
        ("0049 171 1234567", "DE", "+491711234567"),
        ("+49 (0) 171 1234567", "DE", "+491711234567"),
        ("+49 171 1234567", "AT", "+491711234567"),
        ("+43 1 58858", "DE", "+43158858"),
        ("01 58858", "AT", "+43158858"),
        ("01 58858", "at", "+43158858"),
        ("06 1234 5678", "IT", "+390612345678"),
        ("011 49 171 1234567", "US", "+491711234567"),
        ("٠٣٠ ١٢٣٤٥٦٧", "DE", "+49301234567"),
    ],
)
def test_a_valid_number_is_kept_in_international_form(written, region, kept):
    assert international(written, region) == kept


@pytest.mark.rule("S4", "F3")
@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "+",
        "()",
        "110",
        "1234567",
        "+49 30",
        "+999 12345678",
        "0171 12345678901234",
        "0" * 10_000,
        "0800 KONTAKT",
        "030 1234567 ext. 5",
        "030 1234567 #5",
        "030 1234567,,5",
        "030 1234567 / 030 7654321",
        "030 1234567; 030 7654321",
        "tel:+49301234567",
        "++49301234567",
        "+4930+1234567",
        "*21*0301234567#",
        "030\x001234567",
        "unbekannt",
    ],
)
def test_anything_else_is_no_number(written):
    assert international(written, "DE") is None


def test_without_a_country_only_an_international_number_is_valid():
    assert international("030 1234567", "") is None
    assert international("+49 30 1234567", "") == "+49301234567"


@pytest.mark.parametrize(
    ("e164", "shown"),
    [
        ("+49301234567", "+49 30 1234567"),
        ("+491711234567", "+49 171 1234567"),
        ("+390612345678", "+39 06 1234 5678"),
    ],
)
def test_people_read_a_number_in_groups(e164, shown):
    assert spoken(e164) == shown


@pytest.mark.rule("S4")
@given(st.text(alphabet="0123456789+-()/ .", max_size=25))
def test_what_is_kept_stays_what_it_is(written):
    kept = international(written, "DE")

    assert kept is None or international(kept, "AT") == kept == international(spoken(kept), "FR")
