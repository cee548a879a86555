"""Numbers and times that forms take, within what can be kept and reckoned with."""

from datetime import date, datetime
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field

from domain.appointments import YEARS

D = TypeVar("D", bound=date)  # a datetime is a date too
MOST = 2**63 - 1  # the greatest number that a record can have


def in_range(at: D) -> D:
    """Give a day or time as it is; ValueError where it lies beyond the years that are kept."""
    if at.year not in YEARS:
        raise ValueError(f"must be in the years {YEARS[0]} to {YEARS[-1]}")
    return at


RecordNumber = Annotated[int, Field(ge=1, le=MOST)]
Version = Annotated[int, Field(ge=0, le=MOST)]  # of a record, that somebody saw
PageSize = Annotated[int, Field(ge=1, le=200)]
Minutes = Annotated[int, Field(ge=0, le=1_000_000)]
Time = Annotated[datetime, AfterValidator(in_range)]
Day = Annotated[date, AfterValidator(in_range)]
