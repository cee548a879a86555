"""Public holidays by country and state, on which nobody expects mail."""

from collections.abc import Iterable
from datetime import date

import holidays

from domain.errors import ConfigurationError


def require_holidays(country: str, state: str | None) -> None:
    """Raise ConfigurationError where the country, or its state (ISO 3166), is not known."""
    public_holidays(country, state, ())


def public_holidays(country: str, state: str | None, years: Iterable[int]) -> frozenset[date]:
    """Give the public holidays of a country and state (ISO 3166) in some years.

    ConfigurationError: the country or the state is not known.
    """
    try:
        return frozenset(holidays.country_holidays(country, subdiv=state, years=years))
    except NotImplementedError as error:
        raise ConfigurationError(f"country {country}, state {state or 'none'}: {error}") from error
