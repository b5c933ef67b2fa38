"""Every fix that is told is done as told, by a reader with another browser: the fetch then passes."""

from __future__ import annotations

import zlib
from typing import Any

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from corsim import Browser, Request, Response, Result
from corsim.engines import ENGINES
from corsim.strategies import fetch_requests, malformed_responses, responses, xhr_requests
from explaining.following import followed

APP, API, OTHER = "https://app.example.com", "https://api.example.com", "https://other.example"
URLS = st.sampled_from(
    [f"{origin}{path}" for origin in (APP, API, OTHER) for path in ("/", "/next", "/a?b#c")]
)
PLACES = st.just({"url": APP}) | st.sampled_from([{"url": "null"}, {"url": APP, "sandbox": True}])


@attrs.frozen
class Situation:
    """An engine, a page, what the servers answer, what the page fetched before, and what it fetches now."""

    engine: str
    place: dict[str, Any]
    choices: tuple[Response, ...]
    before: tuple[dict[str, Any], ...]
    api: str
    call: dict[str, Any]

    def made(self) -> Result:
        """Make the fetch; the same request always gets the same answer."""

        def server(request: Request) -> Response:
            return self.choices[zlib.crc32(f"{request.method} {request.url}".encode()) % len(self.choices)]

        browser = Browser(self.engine)
        for origin in (APP, API, OTHER):
            browser.serve(origin, server)
        page = browser.open(**self.place)
        for call in self.before:
            page.fetch(**call)
        return page.fetch(**self.call) if self.api == "fetch" else page.xhr(**self.call)


def situations(most_before: int) -> SearchStrategy[Situation]:
    """Draw situations in which much goes wrong."""
    good = responses(origin=st.just(APP), location=URLS)
    answers = st.lists(good | good | malformed_responses(), min_size=1, max_size=4).map(tuple)
    before = st.lists(fetch_requests(URLS), max_size=most_before).map(tuple)
    doors = st.tuples(st.just("fetch"), fetch_requests(URLS)) | st.tuples(st.just("xhr"), xhr_requests(URLS))
    return doors.flatmap(
        lambda door: st.builds(
            Situation, st.sampled_from(ENGINES), PLACES, answers, before, st.just(door[0]), st.just(door[1])
        )
    )


@settings(max_examples=150)
@given(situations(2))
def test_an_explanation_never_raises(situation: Situation) -> None:
    """Whatever became of a fetch, it has an explanation of one headline, and of a rule."""
    result = situation.made()
    text = result.explain()
    assert text.startswith(text.headline)
    assert "\n" not in text.headline
    assert text.rule
    assert (text.reason is None) == (result.blocked is None)
    assert (text.cause is not None) or not result.blocked
    assert text == result.explain()


@settings(max_examples=150)
@given(situations(0))
def test_what_a_fix_says_mends(situation: Situation) -> None:
    """Who types in what a fix says has a fetch that passes, in each engine that the fix names."""
    result = situation.made()
    for fix in result.explain().fixes:
        assert result.engine in fix.proven
        for engine in fix.proven:
            again = followed(result, str(fix), engine, situation.place, situation.call)
            assert again.blocked is None, f"{fix}\n\n{again!r}\n\n{again.explain()}"
