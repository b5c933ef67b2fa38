"""The dates of `Expires`, which browsers read leniently: a bag of tokens, each recognised by its form.

https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-dates
"""

from __future__ import annotations

import re
from calendar import monthrange, timegm

_TOKEN = re.compile(r"[^\x09\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[^0-9].*)?", re.DOTALL)
_DAY = re.compile(r"([0-9]{1,2})(?:[^0-9].*)?", re.DOTALL)
_MONTH = re.compile(r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec).*", re.IGNORECASE | re.DOTALL)
_YEAR = re.compile(r"([0-9]{2,4})(?:[^0-9].*)?", re.DOTALL)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def parse_cookie_date(text: str) -> float | None:
    """Read a cookie's date as seconds since 1970; None where it is none.

    >>> parse_cookie_date("Thu, 01 Jan 1970 00:10:00 GMT"), parse_cookie_date("tomorrow")
    (600, None)
    """
    found: dict[str, re.Match[str]] = {}
    for token in _TOKEN.findall(text):
        for what, pattern in (("time", _TIME), ("day", _DAY), ("month", _MONTH), ("year", _YEAR)):
            match = pattern.fullmatch(token) if what not in found else None
            if match is not None:
                found[what] = match
                break
    if len(found) < 4:
        return None
    hour, minute, second = map(int, found["time"].groups())
    day, month = int(found["day"][1]), _MONTHS.index(found["month"][1].lower())
    year = _full_year(int(found["year"][1]))
    if year < 1601 or hour > 23 or minute > 59 or second > 59:
        return None
    if not 1 <= day <= monthrange(year, month + 1)[1]:
        return None
    return timegm((year, month + 1, day, hour, minute, second))


def _full_year(year: int) -> int:
    if 70 <= year <= 99:
        return year + 1900
    return year + 2000 if year <= 69 else year
