"""What the properties share: whole situations, drawn, and what is compared of their outcomes."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from typing import Any

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from corsim import Browser, Exchange, Fetch, Page, Request, Response, Result
from corsim.engines import ENGINES
from corsim.strategies import fetch_requests, malformed_responses, responses, xhr_requests

APP, API, OTHER = "https://app.example.com", "https://api.example.com", "https://other.example"
SERVED = (APP, API, OTHER)
URLS = st.sampled_from([f"{origin}{path}" for origin in SERVED for path in ("/", "/next", "/a?b#c")])

Server = Callable[[Request], Response]


def answers() -> SearchStrategy[Response]:
    """Draw answers that a page of ours has a chance with, and some that are noise."""
    good = responses(origin=st.just(APP), location=URLS)
    return st.one_of(good, good, malformed_responses())


def by_request(choices: tuple[Response, ...]) -> Server:
    """Make a pure function of the request: the same request always gets the same of the answers."""

    def serve(request: Request) -> Response:
        return choices[zlib.crc32(f"{request.method} {request.url}".encode()) % len(choices)]

    return serve


def calls(
    url: SearchStrategy[str] = URLS, *, odd: bool = False
) -> SearchStrategy[tuple[str, dict[str, Any]]]:
    """Draw calls through either door: its name, and keyword arguments."""
    fetches = st.tuples(st.just("fetch"), fetch_requests(url, odd=odd))
    return st.one_of(fetches, fetches, st.tuples(st.just("xhr"), xhr_requests(url, odd=odd)))


@attrs.frozen
class Situation:
    """A browser, a page, what it fetched before, and what it fetches now, against pure servers."""

    engine: str
    place: dict[str, Any]
    choices: tuple[Response, ...]
    before: tuple[tuple[str, dict[str, Any]], ...]
    call: tuple[str, dict[str, Any]]

    def opened(self, server: Callable[[Request], Any] | None = None) -> tuple[Browser, Page]:
        """Make the browser, let it serve, and open the page."""
        browser = Browser(self.engine)
        for origin in SERVED:
            browser.serve(origin, server or by_request(self.choices))
        return browser, browser.open(**self.place)

    def started(self) -> tuple[Browser, Fetch]:
        """Do what was done before, and start the fetch."""
        browser, page = self.opened()
        for call in self.before:
            start(page, call).run()
        return browser, start(page, self.call)


def situations() -> SearchStrategy[Situation]:
    """Draw situations, most of them of a page that the servers know."""
    return st.builds(
        Situation, st.sampled_from(ENGINES), places(), st.lists(answers(), min_size=1, max_size=4).map(tuple),
        st.lists(calls(), max_size=2).map(tuple), calls(odd=False),
    )  # fmt: skip


def places() -> SearchStrategy[dict[str, Any]]:
    """Draw keyword arguments for `browser.open`, so that two browsers can open the same page."""
    plain = st.just({"url": APP})
    odd = ({"url": "null"}, {"url": APP, "sandbox": True, "embedder": OTHER}, {"url": OTHER})
    return plain | st.sampled_from(odd)


def start(page: Page, call: tuple[str, dict[str, Any]]) -> Fetch:
    """Start a call through its door."""
    return page.start(**call[1]) if call[0] == "fetch" else page.start_xhr(**call[1])


def seen(result: Result) -> tuple[object, ...]:
    """All that script can see of a result."""
    headers = result.headers
    return (
        result.type, result.ok, result.readable, result.status, result.status_text, result.url,
        result.redirected, headers.raw, tuple(headers.items()), result.body, result.text,
        result.get_all_response_headers(),
    )  # fmt: skip


def sent(exchanges: Iterable[Exchange]) -> list[tuple[object, ...]]:
    """What went over the wire, both ways."""
    return [
        (
            one.request.method, str(one.request.url), one.request.headers.raw, one.request.body,
            one.includes_credentials, one.response and (one.response.status, one.response.headers.raw),
            one.response and one.response.body, repr(one.error),
        )
        for one in exchanges
    ]  # fmt: skip


def turns(fetch: Fetch | Result) -> list[str]:
    """The trace as text, with the answers left out, which come later than their turns."""
    return [
        f"{turn.request.method} {turn.request.url}" if isinstance(turn, Exchange) else str(turn)
        for turn in fetch.trace
    ]


def outcome(result: Result) -> tuple[object, ...]:
    """All of a result that is to be the same, when the same is done again."""
    return seen(result), sent(result.exchanges), turns(result), str(result.blocked)
