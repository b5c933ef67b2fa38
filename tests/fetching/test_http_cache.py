"""The HTTP cache of a browser, beyond what the spec cases say."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from corsim import Browser, Request, Response

APP = "https://app.example"
API = "https://api.example"


def newspaper(request: Request) -> Response:
    """Something that may be kept for a minute, and asked about then."""
    if request.headers.get("if-none-match") == '"1"':
        return Response(304, {"Cache-Control": "max-age=60"})
    headers = {"Cache-Control": "max-age=60", "ETag": '"1"', "Access-Control-Allow-Origin": "*"}
    return Response(200, headers, b"news")


def served(server: Any = newspaper, engine: str = "spec") -> Browser:
    """Make a browser with an app and an API."""
    browser = Browser(engine)
    for origin in (APP, API):
        browser.serve(origin, server)
    return browser


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.integers(0, 90)), max_size=8))
def test_time_decides_who_is_asked(steps: list[tuple[str, int]]) -> None:
    """A URL is asked for anew when a minute has gone by since it was last; what is read is the same."""
    browser, asked = served(), dict[str, float]()
    page = browser.open(APP)
    for path, pause in steps:
        browser.clock.advance(pause)
        now, result = browser.clock.now, page.fetch(f"/{path}")
        assert (result.status, result.text) == (200, "news")
        is_fresh = path in asked and now < asked[path] + 60
        assert len(result.exchanges) == (0 if is_fresh else 1)
        if not is_fresh:
            validates = "if-none-match" in result.exchanges[0].request.headers
            assert validates == (path in asked)
            asked[path] = now


def test_the_table_says_what_is_kept() -> None:
    """For which pages, and for how long."""
    browser = served()
    assert repr(browser.http_cache) == "<HTTP cache: empty>"
    browser.open(APP).fetch("/x")
    browser.clock.advance(20)
    [row] = browser.http_cache
    assert (row.site, row.url, row.seconds_left, row.vary) == (APP, f"{APP}/x", 40, {})
    browser.clock.advance(40)
    assert "below https://app.example, stale" in repr(browser.http_cache)
    browser.clear_cache()
    assert len(browser.http_cache) == 0


def test_a_fork_keeps_apart() -> None:
    """What a fork stores the original does not know; another engine begins with nothing."""
    browser = served()
    fork = browser.fork()
    fork.open(APP).fetch("/x")
    assert (len(browser.http_cache), len(fork.http_cache)) == (0, 1)
    assert len(fork.fork(profile=Browser("firefox").profile).http_cache) == 0


def test_a_fetch_from_the_cache_is_made_again() -> None:
    """Forked and rewound, it comes from the cache as it was."""
    browser = served()
    page = browser.open(APP)
    page.fetch("/x")
    fetch = page.start("/x")
    result = fetch.run()
    browser.clear_cache()
    assert result.exchanges == []
    assert fetch.fork().result.text == "news"
    assert fetch.rewind(len(fetch.trace)).run().exchanges == []


def test_a_304_from_a_server_that_was_not_asked_about_anything_is_a_304() -> None:
    """Nothing is stored, so nothing is good still."""
    browser = served(lambda request: Response(304, {"ETag": '"1"'}))
    assert browser.open(APP).fetch("/x").status == 304


def test_an_explanation_says_that_the_cache_answered() -> None:
    """The answer that is judged is the one that was kept, and the fix is proven on it."""

    def bucket(request: Request) -> Response:
        shared = {"Access-Control-Allow-Origin": "*"} if "origin" in request.headers else {}
        return Response(200, {**shared, "Cache-Control": "max-age=60"})

    page = served(bucket).open(APP)
    page.fetch(f"{API}/x", mode="no-cors")
    why = page.fetch(f"{API}/x").explain()
    assert any(
        "asked for without an Origin, as an <img> without crossorigin does" in note for note in why.notes
    )
    assert why.fixes[0].proven == ("spec", "chromium", "firefox", "webkit")


def test_another_origins_answer_is_named() -> None:
    """One page's answer refuses the next page of the same site."""

    def reflecting(request: Request) -> Response:
        allowed = request.headers.get("origin", "*")
        return Response(200, {"Access-Control-Allow-Origin": allowed, "Cache-Control": "max-age=60"})

    browser = served(reflecting)
    browser.open(APP).fetch(f"{API}/x")
    why = browser.open("https://www.app.example").fetch(f"{API}/x").explain()
    assert any("asked for by https://app.example" in note for note in why.notes)


def test_a_validated_answer_is_explained_as_it_was_judged() -> None:
    """What a 304 leaves without the header is the stored 200."""
    fetches = served(lambda request: Response(
        304 if "if-none-match" in request.headers else 200, {"ETag": '"1"', "Cache-Control": "no-cache"}
    )).open(APP)  # fmt: skip
    fetches.fetch(f"{API}/x", mode="no-cors")
    why = fetches.fetch(f"{API}/x").explain()
    assert "answered with 200" in why.headline
