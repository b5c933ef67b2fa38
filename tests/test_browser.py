"""corsim.browser and corsim.page: serving, opening, time, and event loops."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any

import pytest

from corsim import Browser, EngineProfile, InvalidInput, NotServed, Policy, Request, Response

APP, API = "https://app.example.com", "https://api.example.com"
ALLOWED = Response(200, {"Access-Control-Allow-Origin": "*"}, b"hi")


async def serve_later(request: Request) -> Response:
    await asyncio.sleep(0)
    return ALLOWED


class TestServe:
    """Who answers for an origin."""

    @pytest.mark.parametrize(
        "origin",
        [
            "",
            "api.example.com",
            "https://",
            "https://api.example.com/path",
            "https://api.example.com/?q",
            "data:,x",
            "https://u:p@api.example.com",
            "ftp://api.example.com",
            "https://api.example.com/#f",
            "null",
            "*",
        ],
    )
    def test_only_origins(self, origin: str) -> None:
        """What is no http(s) origin is refused, and shown."""
        with pytest.raises(InvalidInput, match="can't serve"):
            Browser().serve(origin, lambda request: ALLOWED)

    @pytest.mark.parametrize("origin", [None, 5, b"https://api.example.com", [], {}])
    def test_only_text(self, origin: Any) -> None:
        """An origin is a str."""
        with pytest.raises((TypeError, InvalidInput), match=r"serve|origin"):
            Browser().serve(origin, lambda request: ALLOWED)

    @pytest.mark.parametrize("origin", [API, f"{API}/", f"{API}:443", "HTTPS://API.example.COM", f" {API} "])
    def test_origins_are_normalised(self, origin: str) -> None:
        """Case, the default port and a slash make no difference."""
        browser = Browser()
        browser.serve(origin, lambda request: ALLOWED)
        assert browser.open(APP).fetch(API).ok
        assert repr(browser) == f"<Browser 'spec' at 0 s, serving {API}>"

    def test_the_last_one_serves(self) -> None:
        """Serving an origin again replaces its app."""
        browser = Browser()
        browser.serve(API, lambda request: Response(500))
        browser.serve(API, lambda request: ALLOWED)
        assert browser.open(APP).fetch(API).ok

    def test_nobody_serves(self) -> None:
        """An origin that nobody serves is the caller's mistake; the message says whom to add."""
        browser = Browser()
        page = browser.open(APP)
        with pytest.raises(
            NotServed, match=r"nobody serves https://api\.example\.com \(for POST .*nothing yet"
        ):
            page.fetch(f"{API}/x", method="POST")
        browser.serve(APP, lambda request: ALLOWED)
        with pytest.raises(
            NotServed, match=r"browser\.serve\('https://api\.example\.com', app\)\. Served: https://app"
        ):
            page.fetch(API)


class TestOpen:
    """Which documents there are."""

    @pytest.mark.parametrize(
        "url", ["", "app", "about:blank", "file:///x", "https://", "ftp://a.example", None, 5, []]
    )
    def test_refusals(self, url: Any) -> None:
        """What is no page's URL is refused, and shown."""
        with pytest.raises(InvalidInput, match="can't open"):
            Browser().open(url)

    @pytest.mark.parametrize("embedder", ["", "app", "about:blank", 5, []])
    def test_no_embedder(self, embedder: Any) -> None:
        """The page around is a page."""
        with pytest.raises(InvalidInput, match="can't open"):
            Browser().open(APP, embedder=embedder)

    @pytest.mark.parametrize("policy", ["", "never", 5, []])
    def test_no_referrer_policy(self, policy: Any) -> None:
        """A page's referrer policy is one of eight, which the message lists."""
        with pytest.raises(InvalidInput, match="strict-origin-when-cross-origin"):
            Browser().open(APP, referrer_policy=policy)

    @pytest.mark.parametrize(
        ("options", "origin"),
        [
            ({"url": f"{APP}/a?b#c"}, APP), ({"url": "null"}, "null"), ({"url": "data:text/html,x"}, "null"),
            ({"url": APP, "sandbox": True}, "null"), ({"url": "http://localhost:80"}, "http://localhost"),
        ],
    )  # fmt: skip
    def test_origins(self, options: dict[str, Any], origin: str) -> None:
        """A page's origin is its URL's, or opaque."""
        page = Browser().open(**options)
        assert page.origin == origin
        assert page.origin in repr(page)


class TestClock:
    """Time is virtual."""

    @pytest.mark.parametrize(
        "seconds", [-1, -0.1, float("nan"), float("inf"), float("-inf"), pytest.param(10**400, id="10**400")]
    )
    def test_times_that_cannot_pass(self, seconds: float) -> None:
        """Time passes forwards, and not for ever."""
        browser = Browser()
        with pytest.raises(InvalidInput, match="time passes forwards"):
            browser.clock.advance(seconds)
        assert browser.clock.now == 0

    @pytest.mark.parametrize("seconds", [None, "1", True, [1], 1j])
    def test_no_times(self, seconds: Any) -> None:
        """Seconds are a number."""
        with pytest.raises(TypeError, match="must be a number"):
            Browser().clock.advance(seconds)

    def test_time_adds_up(self) -> None:
        """The clock stands still until it is told to advance."""
        browser = Browser()
        browser.clock.advance(0.5)
        browser.clock.advance(600)
        assert (browser.clock.now, repr(browser.clock)) == (600.5, "<Clock at 600.5 s>")


class TestEngines:
    """Which browser it is."""

    @pytest.mark.parametrize("engine", ["", "Chrome", "safari", "SPEC", None, 5])
    def test_no_engine(self, engine: Any) -> None:
        """A name that is no engine's is refused, with those that are."""
        with pytest.raises((InvalidInput, TypeError), match="spec, chromium, firefox, webkit"):
            Browser(engine)

    def test_a_profile_of_ones_own(self) -> None:
        """An EngineProfile makes a browser that nobody has."""
        browser = Browser(EngineProfile(max_age_limit=1))
        browser.serve(API, Policy(origins=[APP], methods=["PUT"], max_age=600))
        browser.open(APP).fetch(API, method="PUT")
        assert [row.seconds_left for row in browser.preflight_cache] == [1]


class TestLoops:
    """Sync and async, each inside and outside of a running loop."""

    def test_sync_calls_of_async_servers(self) -> None:
        """Outside of a loop, an async server is run in the browser's own."""
        with Browser() as browser:
            browser.serve(API, serve_later)
            page = browser.open(APP)
            assert [page.fetch(API).text for _ in range(3)] == ["hi"] * 3

    def test_sync_calls_inside_a_running_loop(self) -> None:
        """Inside a loop, as in Jupyter, a sync call works, and so does closing the browser."""

        async def main() -> str:
            with Browser() as browser:
                browser.serve(API, serve_later)
                return browser.open(APP).fetch(API).text

        assert asyncio.run(main()) == "hi"

    def test_sync_calls_in_an_async_with(self) -> None:
        """`async with` closes what a sync call has opened."""

        async def main() -> str:
            async with Browser() as browser:
                browser.serve(API, serve_later)
                return browser.open(APP).fetch(API).text

        assert asyncio.run(main()) == "hi"

    def test_hundreds_at_once(self) -> None:
        """Hundreds of fetches run in one loop side by side, and each gets its own answer."""
        waiting = peak = 0

        async def serve(request: Request) -> Response:
            nonlocal waiting, peak
            waiting += 1
            peak = max(peak, waiting)
            await asyncio.sleep(0)
            waiting -= 1
            return Response(200, {"Access-Control-Allow-Origin": "*"}, request.url.path)

        async def main() -> list[str]:
            async with Browser() as browser:
                browser.serve(API, serve)
                page = browser.open(APP)
                results = await asyncio.gather(
                    *(page.fetch_async(f"{API}/{number}") for number in range(300))
                )
                return [result.text for result in results]

        assert asyncio.run(main()) == [f"/{number}" for number in range(300)]
        assert peak == 300

    def test_two_under_way_see_each_other(self) -> None:
        """What one fetch stores in the preflight cache spares another its preflight."""
        browser = Browser()
        browser.serve(API, Policy(origins=[APP], methods=["PUT"]))
        page = browser.open(APP)
        slow = page.start(API, method="PUT")
        page.fetch(API, method="PUT")
        assert len(slow.run().exchanges) == 1

    def test_closing_twice(self) -> None:
        """close() may be called again, and a closed browser still fetches."""
        browser = Browser()
        browser.serve(API, serve_later)
        browser.close()
        assert browser.open(APP).fetch(API).ok
        browser.close()
        browser.close()


def test_a_browser_forks() -> None:
    """A fork has the same memory and servers, and forgets apart."""
    browser = Browser("webkit")
    browser.serve(API, Policy(origins=[APP], methods=["PUT"]))
    browser.open(APP).fetch(API, method="PUT")
    twin = browser.fork()
    twin.clock.advance(10)
    assert (len(browser.preflight_cache), len(twin.preflight_cache)) == (1, 0)
    assert twin.profile is browser.profile
    assert twin.open(APP).fetch(API, method="PUT").ok


def test_importing_corsim_loads_no_more_than_it_needs() -> None:
    """Neither asyncio, Hypothesis, the adapters, the command line nor the suffix list is loaded."""
    unwanted = ("asyncio", "hypothesis", "pytest", "click", "rich", "publicsuffixlist", "corsim.servers.asgi",
                "corsim.strategies", "corsim.cli", "corsim.explaining", "corsim.cases")  # fmt: skip
    code = f"import sys, corsim; print([name for name in {unwanted!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
