"""Which cases a page and a server can replay; the others are named, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from corsim.cases import Case
from corsim.values.ports import is_bad_port
from corsim.values.url import parse_url

LONGEST_WAIT = 10.0
"""Seconds of a case's time that are worth waiting for."""


def reason_not_replayed(case: Case) -> str | None:
    """Say why a case is not replayed; None if it is."""
    return next((reason for reason, applies in _REASONS if applies(case)), None)


def _urls(case: Case) -> Iterator[str]:
    for given in case.fetches:
        yield given.page.url
        yield given.url
    for server in case.servers:
        yield server.url
        yield from server.response.headers.get_all("Location") if server.response else ()


def _mixes_schemes(case: Case) -> bool:
    schemes = {match[0] for url in _urls(case) if (match := re.match("https?(?=:)", url))}
    return len(schemes) > 1


def _has_bad_port(case: Case) -> bool:
    parsed = (parse_url(url) for url in _urls(case))
    return any(url is not None and is_bad_port(url) for url in parsed)


def _waits_long(case: Case) -> bool:
    return any(given.after > LONGEST_WAIT for given in case.fetches)


def _has_top_level_page(case: Case) -> bool:
    """All pages are frames of one runner, so which page is at the top can't be chosen."""
    opaque = {given.page for given in case.fetches if given.page.sandbox or given.page.url == "null"}
    return any(given.page.embedder for given in case.fetches) or len(opaque) > 1


def _looks_at_credentials(case: Case) -> bool:
    expectations = (*case.expect, *(expect for row in case.differences for expect in row.expect))
    requests = [request for expect in expectations for _, request in expect.request]
    named = {header.lower() for request in requests for header in request.lacks}
    return "cookie" in named or any(request.credentials is not None for request in requests)


_REASONS: tuple[tuple[str, Callable[[Case], bool]], ...] = (
    ("answers are interleaved (order)", lambda case: bool(case.order)),
    ("a connection breaks off (fails)", lambda case: any(row.response is None for row in case.servers)),
    ("a port is one that browsers refuse, which looks like a port that is closed", _has_bad_port),
    ("https and http differ, and all is replayed over http", _mixes_schemes),
    (f"more than {LONGEST_WAIT:g} s go by", _waits_long),
    ("which page is at the top matters (embedder, tab)", _has_top_level_page),
    ("whether credentials go along shows only with cookies", _looks_at_credentials),
)
