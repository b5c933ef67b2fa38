"""Dates of Expires."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corsim.values.cookie_date import parse_cookie_date

BEGIN, END = datetime(1970, 1, 1), datetime(9999, 12, 31)
FORMS = ("%a, %d %b %Y %H:%M:%S GMT", "%d-%b-%Y %H:%M:%S", "%b %d %H:%M:%S %Y", "%Y, %d of %B at %H:%M:%S")


@given(st.datetimes(BEGIN, END), st.sampled_from(FORMS))
def test_a_date_in_any_order(date: datetime, form: str) -> None:
    """Day, month, year and time are found in whatever order they come."""
    date = date.replace(microsecond=0)
    since = (date.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(seconds=1)
    assert parse_cookie_date(f"{date:{form}}") == since


@pytest.mark.parametrize(
    ("year", "full"), [("69", 2069), ("70", 1970), ("99", 1999), ("0", None), ("1601", 1601)]
)
def test_years(year: str, full: int | None) -> None:
    """Two digits are of the twentieth century from 70 on; one digit is no year."""
    found = parse_cookie_date(f"01 Jan {year} 00:00:00")
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    assert found == (None if full is None else (datetime(full, 1, 1, tzinfo=UTC) - epoch).total_seconds())


@pytest.mark.parametrize(
    "text",
    ["", "tomorrow", "01 Jan 2030", "01 Jan 1600 00:00:00", "32 Jan 2030 00:00:00", "0 Jan 2030 00:00:00"],
)
def test_no_dates(text: str) -> None:
    """What names no moment is no date."""
    assert parse_cookie_date(text) is None


@pytest.mark.parametrize(
    "text",
    ["29 Feb 2029 00:00:00", "01 Jan 2030 24:00:00", "01 Jan 2030 00:60:00", "01 Jan 2030 00:00:60"],
)
def test_no_moments(text: str) -> None:
    """What is beyond the end of a month, or of a clock, is no date either."""
    assert parse_cookie_date(text) is None
