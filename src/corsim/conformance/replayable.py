"""Which cases a page and a server can replay; the others are named, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Literal, TypeAlias

from corsim.api.bodies import Stream
from corsim.cases import Case, ExpectRequest
from corsim.conformance.cookies import keeps_cookies
from corsim.conformance.loopback import is_trusted
from corsim.values.headers import Pair
from corsim.values.ports import is_bad_port
from corsim.values.url import parse_url

LONGEST_WAIT = 30.0
"""Seconds of a case's time that are worth waiting for, unless somebody says otherwise."""

LONGEST_WAIT_OF_COMMANDS = 10.0

Ability: TypeAlias = Literal["https", "insecure", "cookies", "windows", "http cache"]

MISSING: Mapping[Ability, str] = {
    "https": "over https, and the browser does not trust the runner's certificate",
    "insecure": "a secure page asks an insecure server, which the browser refuses as mixed content",
    "cookies": "about cookies, and the browser keeps none for servers foreign to the page at the top",
    "windows": "about the page at the top, and the browser lets no page open windows by itself",
    "http cache": "about the HTTP cache, and the browser has none in this window",
}
"""What a browser must be able to do for a case, and why the case is left out where it is not."""


def reason_not_replayed(
    case: Case, longest_wait: float = LONGEST_WAIT, domain: str = "localhost"
) -> str | None:
    """Say why a case is not replayed below a domain, whatever the browser; None if it is."""
    if _has_page_of_a_bad_port(case):
        return "its page is at a port that browsers refuse"
    if case.places or case.local_network is not None:
        return "about where servers are, and here all are on this machine"
    if _is_upgraded(case):
        return (
            "about http: URLs that go over https: at the same port, and the runner's ports are of one scheme"
        )
    if _sends_streams(case):
        return "about streams, which browsers send over HTTP/2 alone, and the runner speaks HTTP/1.1"
    if is_trusted(domain):
        if _is_secure_over_http(case):
            return "about Secure over http, and to some browsers every server of this machine is secure"
        if (_looks_for_metadata(case) or _goes_insecure(case)) and any(map(_is_insecure, urls_of(case))):
            return "about servers that a browser doesn't trust, and it trusts all on this machine"
        if _is_embedding_insecurely(case):
            return "about a page that is not secure, and every page of this machine is"
        if _stays_on_site(case) and not all(map(_is_here, urls_of(case))):
            return "about the site of what is redirected, to which Firefox has its own idea below localhost"
    if max(pauses_of(case)) > longest_wait:
        return f"more than {longest_wait:g} s go by (--wait)"
    return None


def reason_not_asked(case: Case) -> str | None:
    """Say why a case is not put to a command, which is asked over plain http, one step after the other."""
    reason = reason_not_replayed(case, LONGEST_WAIT_OF_COMMANDS)
    if reason is not None:
        return reason
    if case.order:
        return "answers are interleaved"
    if any(given.api not in ("fetch", "xhr") for given in case.fetches):
        return "about elements, which only a page has"
    if any(given.page.headers for given in case.fetches):
        return "about the headers of the page, which a command is not told"
    if any(refused_ports(case)):
        return "a port that browsers refuse: it looks the same as a port that is closed"
    needed = abilities_needed(case)
    return f"about {', '.join(needed)}, which is not asked of a command" if needed else None


def pauses_of(case: Case) -> tuple[float, ...]:
    """List the seconds that a case lets go by, one after the other."""
    return (
        *(given.after for given in case.fetches), *(move for move in case.order if isinstance(move, float))
    )  # fmt: skip


def abilities_needed(case: Case) -> tuple[Ability, ...]:
    """List what the browser must be able to do; the page tries each of them before it begins."""
    return tuple(ability for ability, applies in _ABILITIES if applies(case))


def keeps_schemes(case: Case) -> bool:
    """Say whether a case depends on its schemes; all the others are replayed over http."""
    policies = any(name.lower() != "referrer-policy" for name, _ in _page_headers(case))
    return _mixes_schemes(case) or plants_cookies(case) or keeps_cookies(case) or policies


def plants_cookies(case: Case) -> bool:
    """Say whether servers must have cookies in the browser, so that it shows when they go along."""
    return any(request.credentials is not None for request in _requests(case))


def urls_of(case: Case) -> Iterator[str]:
    """List every URL of a case: of its pages, of what they fetch, and where that leads."""
    for given in case.fetches:
        yield given.page.url
        yield from filter(None, (given.page.embedder,))
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


def _page_headers(case: Case) -> Iterator[Pair]:
    for given in case.fetches:
        yield from given.page.headers


def _is_upgraded(case: Case) -> bool:
    return any("upgrade-insecure-requests" in value for _, value in _page_headers(case))


def _has_embedder_policy(case: Case) -> bool:
    return any(name.lower() == "cross-origin-embedder-policy" for name, _ in _page_headers(case))


def _is_embedding_insecurely(case: Case) -> bool:
    places = (place for given in case.fetches for place in (given.page.url, given.page.embedder or ""))
    return _has_embedder_policy(case) and any(place.startswith("http:") for place in places)


def _mixes_schemes(case: Case) -> bool:
    schemes = {match[0] for url in urls_of(case) if (match := re.match("https?(?=:)", url))}
    return len(schemes) > 1


def _goes_insecure(case: Case) -> bool:
    """Say whether a page over https is involved with a server over http."""
    secure = any(given.page.url.startswith("https:") for given in case.fetches)
    asked = (*(given.url for given in case.fetches), *_answering(case))
    return secure and any(url.startswith("http:") for url in asked)


def _is_secure_over_http(case: Case) -> bool:
    """Say whether Secure cookies meet a server over http that is not on this machine in the case."""
    insecure = any(re.match("http://(?!localhost[:/])", row.url) for row in case.servers)
    lines = [
        line for row in case.servers if row.response for line in row.response.headers.get_all("Set-Cookie")
    ]
    return insecure and keeps_cookies(case) and any("secure" in line.lower() for line in lines)


def _sends_streams(case: Case) -> bool:
    """Say whether a body that is a stream is to arrive; a preflight of one may."""
    streamed = any(isinstance(given.options.get("body"), Stream) for given in case.fetches)
    return streamed and any(line.startswith("POST ") for expect in case.expect for line in expect.sent)


def _has_page_of_a_bad_port(case: Case) -> bool:
    pages = (parse_url(given.page.url) for given in case.fetches)
    return any(url is not None and is_bad_port(url) for url in pages)


def looks_at_referrers(case: Case) -> bool:
    """Say whether a case asks for the `Referer` of a request: only then does a page's address show."""
    asked = [header for row in _requests(case) for header in (*row.has, *row.lacks)]
    asked += [header for server in case.servers for header in server.having]
    return any(header.lower().startswith("referer") for header in asked)


def _looks_for_metadata(case: Case) -> bool:
    """Say whether a case asks for what only potentially trustworthy servers are told."""
    asked = (header for row in _requests(case) for header in (*row.has, *row.lacks))
    return any(header.lower().startswith("sec-fetch-") for header in asked)


def _stays_on_site(case: Case) -> bool:
    """Say whether a case expects a redirected request to be told as of the page's site."""
    later = [request for expect in case.expect for number, request in expect.request if number > 1]
    return any("sec-fetch-site: same-site" in map(str.lower, request.has) for request in later) and any(
        row.response is not None and "Location" in row.response.headers for row in case.servers
    )


def _is_here(url: str) -> bool:
    return re.match(r"https?://localhost(?![\w.-])", url) is not None


def _is_insecure(url: str) -> bool:
    return url.startswith("http:") and not _is_here(url)


def chooses_top_level_page(case: Case) -> bool:
    """Say whether it matters which page is at the top; otherwise all pages are frames below the runner's."""
    opaque = {given.page for given in case.fetches if given.page.sandbox or given.page.url == "null"}
    # Cookies that are planted below the runner's page are for frames there.
    embeds = _has_embedder_policy(case) and not plants_cookies(case)
    framed = any(given.page.embedder for given in case.fetches)
    return framed or len(opaque) > 1 or keeps_cookies(case) or embeds


def uses_http_cache(case: Case) -> bool:
    """Say whether what one fetch gets may be kept for the next; to all others the runner says `no-store`."""
    return len(case.fetches) > 1 and any(
        row.response is not None and "cache-control" in row.response.headers for row in case.servers
    )


_ABILITIES: tuple[tuple[Ability, Callable[[Case], bool]], ...] = (
    ("https", keeps_schemes),
    ("insecure", _goes_insecure),
    ("cookies", plants_cookies),
    ("windows", chooses_top_level_page),
    ("http cache", uses_http_cache),
)
