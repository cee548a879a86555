"""Settings that are wrong are named."""

import pytest

from domain.errors import ConfigurationError
from tasks.settings import settings


def test_an_address_of_records_without_its_places_is_named(monkeypatch):
    monkeypatch.setenv("KONTAKTWERK_RECORD_URL", "https://erp.example/records")
    settings.cache_clear()

    with pytest.raises(ConfigurationError, match=r"KONTAKTWERK_RECORD_URL: .*must have \{kind\}"):
        settings()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("ZONE", "Europe/Berln", "there is no time zone Europe/Berln"),
        ("STATE", "BAYERN", "country DE, state BAYERN: "),
        ("COUNTRY", "XX", "country XX, state none: "),
    ],
)
def test_what_no_calendar_knows_is_named_in_one_line(monkeypatch, name, value, told):
    monkeypatch.setenv(f"KONTAKTWERK_{name}", value)
    settings.cache_clear()

    with pytest.raises(ConfigurationError, match=f"KONTAKTWERK_{name}: .*{told}") as caught:
        settings()

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("country", "state"), [("DE", ""), ("DE", "BY"), ("AT", "9")])
def test_a_state_is_one_of_its_country(monkeypatch, country, state):
    monkeypatch.setenv("KONTAKTWERK_COUNTRY", country)
    monkeypatch.setenv("KONTAKTWERK_STATE", state)
    settings.cache_clear()

    assert settings().country == country
