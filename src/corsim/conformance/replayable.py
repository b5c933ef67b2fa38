"""Which cases a page and a server can replay; the others are named, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Literal, TypeAlias

from corsim.cases import Case, ExpectRequest
from corsim.values.ports import is_bad_port
from corsim.values.url import parse_url

LONGEST_WAIT = 30.0
"""Seconds of a case's time that are worth waiting for."""

Ability: TypeAlias = Literal["https", "insecure", "cookies"]

MISSING: Mapping[Ability, str] = {
    "https": "over https, and the browser does not trust the runner's certificate",
    "insecure": "a secure page asks an insecure server, which the browser refuses as mixed content",
    "cookies": "about cookies, and the browser keeps none for servers foreign to the page at the top",
}
"""What a browser must be able to do for a case, and why the case is left out where it is not."""


def reason_not_replayed(case: Case) -> str | None:
    """Say why a case is not replayed, whatever the browser; None if it is."""
    return next((reason for reason, applies in _REASONS if applies(case)), None)


def abilities_needed(case: Case) -> tuple[Ability, ...]:
    """List what the browser must be able to do; the page tries each of them before it begins."""
    return tuple(ability for ability, applies in _ABILITIES if applies(case))


def keeps_schemes(case: Case) -> bool:
    """Say whether a case depends on its schemes; all the others are replayed over http."""
    return _mixes_schemes(case) or plants_cookies(case)


def plants_cookies(case: Case) -> bool:
    """Say whether servers must have cookies in the browser, so that it shows when they go along."""
    return any(request.credentials is not None for request in _requests(case))


def urls_of(case: Case) -> Iterator[str]:
    """List every URL of a case: of its pages, of what they fetch, and where that leads."""
    for given in case.fetches:
        yield given.page.url
        yield given.url
    yield from _answering(case)


def refused_ports(case: Case) -> Iterator[tuple[str, int]]:
    """List (scheme, port) of every URL that no browser is to ask."""
    for url in filter(None, map(parse_url, urls_of(case))):
        if url.port is not None and is_bad_port(url):
            yield url.scheme, url.port


def _answering(case: Case) -> Iterator[str]:
    for server in case.servers:
        yield server.url
        yield from server.response.headers.get_all("Location") if server.response else ()


def _requests(case: Case) -> Iterator[ExpectRequest]:
    for expect in (*case.expect, *(expect for row in case.differences for expect in row.expect)):
        yield from (request for _, request in expect.request)


def _mixes_schemes(case: Case) -> bool:
    schemes = {match[0] for url in urls_of(case) if (match := re.match("https?(?=:)", url))}
    return len(schemes) > 1


def _goes_insecure(case: Case) -> bool:
    """Say whether a page over https is involved with a server over http."""
    secure = any(given.page.url.startswith("https:") for given in case.fetches)
    asked = (*(given.url for given in case.fetches), *_answering(case))
    return secure and any(url.startswith("http:") for url in asked)


def _has_page_of_a_bad_port(case: Case) -> bool:
    pages = (parse_url(given.page.url) for given in case.fetches)
    return any(url is not None and is_bad_port(url) for url in pages)


def _waits_long(case: Case) -> bool:
    return any(given.after > LONGEST_WAIT for given in case.fetches)


def _has_top_level_page(case: Case) -> bool:
    """All pages are frames of one runner, so which page is at the top can't be chosen."""
    opaque = {given.page for given in case.fetches if given.page.sandbox or given.page.url == "null"}
    return any(given.page.embedder for given in case.fetches) or len(opaque) > 1


_REASONS: tuple[tuple[str, Callable[[Case], bool]], ...] = (
    ("answers are interleaved (order)", lambda case: bool(case.order)),
    ("its page is at a port that browsers refuse", _has_page_of_a_bad_port),
    (f"more than {LONGEST_WAIT:g} s go by", _waits_long),
    ("which page is at the top matters (embedder, tab)", _has_top_level_page),
)

_ABILITIES: tuple[tuple[Ability, Callable[[Case], bool]], ...] = (
    ("https", keeps_schemes),
    ("insecure", _goes_insecure),
    ("cookies", plants_cookies),
)
