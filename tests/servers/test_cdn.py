"""A shared cache in front of a server: RFC 9111, seen from pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from corsim import Browser, InvalidInput, Page, Reason, Request, Response
from corsim.servers import cdn
from corsim.servers.shared_cache import Cdn

API = "https://api.example"
ONE = "https://one.example"
OTHER = "https://other.example"


class Origin:
    """A server that answers with what it was given, and counts what it is asked."""

    def __init__(self, *headers: tuple[str, str], status: int = 200) -> None:
        self.headers, self.status, self.asked = list(headers), status, list[Request]()

    def __call__(self, request: Request) -> Response:
        self.asked.append(request)
        if "if-none-match" in request.headers:
            return Response(304, [*self.headers, ("X-Asked", str(len(self.asked)))])
        origin = request.headers.get("origin", "*")
        return Response(self.status, [("Access-Control-Allow-Origin", origin), *self.headers], b"ok")


def page_of(cache: Cdn, url: str = ONE) -> Page:
    """Open a page in a new browser, beside the cache."""
    browser = Browser()
    browser.serve(API, cache)
    return browser.open(url)


def times_asked(origin: Origin, *requests: Callable[[Page], Any], after: float = 0.0) -> int:
    """Make the requests of one page, and count those that came through."""
    browser = Browser()
    browser.serve(API, cdn(origin))
    page = browser.open(ONE)
    for request in requests:
        request(page)
        browser.clock.advance(after)
    return len(origin.asked)


def get(page: Page, **options: Any) -> Any:
    """Ask, with no cache of the browser's own between."""
    return page.fetch(f"{API}/", cache=options.pop("cache", "no-store"), **options)


def test_one_origins_header_is_served_to_another() -> None:
    """Without `Vary: Origin` the first page's header goes to all: the classic."""
    cache = cdn(Origin(("Cache-Control", "max-age=60")))
    assert get(page_of(cache)).readable
    blocked = get(page_of(cache, OTHER)).blocked
    assert blocked.reason is Reason.ALLOW_ORIGIN_MISMATCH
    assert blocked.subject == ONE


def test_vary_keeps_origins_apart() -> None:
    """With it each origin has an answer of its own."""
    cache = cdn(Origin(("Cache-Control", "max-age=60"), ("Vary", "Accept, ORIGIN")))
    for url in (ONE, OTHER, ONE, OTHER):
        assert get(page_of(cache, url)).readable
    assert [each.vary["origin"] for each in cache.stored] == [OTHER, ONE]


@pytest.mark.parametrize(
    ("headers", "times"),
    [
        ([], 2),
        ([("Cache-Control", "max-age=60")], 1),
        ([("Cache-Control", "max-age=5")], 2),
        ([("Cache-Control", "max-age=5, s-maxage=60")], 1),
        ([("Cache-Control", "max-age=60, s-maxage=5")], 2),
        ([("Cache-Control", 'MAX-AGE="60"')], 1),
        ([("Cache-Control", "max-age=soon")], 2),
        ([("Cache-Control", "max-age=60, private")], 2),
        ([("Cache-Control", "max-age=60"), ("Cache-Control", "no-store")], 2),
        ([("Cache-Control", "max-age=60, no-cache")], 2),
        ([("Cache-Control", "max-age=60"), ("Vary", "*")], 2),
        ([("Cache-Control", "max-age=60"), ("Age", "55")], 2),
        ([("Date", "Thu, 01 Jan 2026 00:00:00 GMT"), ("Expires", "Thu, 01 Jan 2026 00:01:00 GMT")], 1),
        ([("Date", "Thu, 01 Jan 2026 00:00:00 GMT"), ("Expires", "Thu, 01 Jan 2026 00:00:05 GMT")], 2),
        ([("Expires", "Fri, 01 Jan 2100 00:00:00 GMT")], 1),
        ([("Expires", "0")], 2),
    ],
)
def test_freshness(headers: list[tuple[str, str]], times: int) -> None:
    """After ten seconds it is asked for again, unless it says that it lasts."""
    assert times_asked(Origin(*headers), get, get, after=10) == times


def test_what_is_served_says_how_old_it_is() -> None:
    """`Age` is on the browser's clock, on top of what the origin said."""
    browser = Browser()
    browser.serve(API, cdn(Origin(("Cache-Control", "max-age=60"), ("Age", "7"))))
    page = browser.open(ONE)
    get(page)
    browser.clock.advance(10)
    assert get(page).exchanges[0].response.headers["age"] == "17"


def test_a_fork_has_a_clock_of_its_own() -> None:
    """A cache is asked at the time of the browser that asks."""
    origin = Origin(("Cache-Control", "max-age=60"))
    browser = Browser()
    browser.serve(API, cdn(origin))
    get(browser.open(ONE))
    fork = browser.fork()
    fork.clock.advance(61)
    get(browser.open(ONE))
    assert len(origin.asked) == 1
    get(fork.open(ONE))
    assert len(origin.asked) == 2


def test_what_is_stale_is_validated() -> None:
    """A 304 brings new headers, and the body that there was; then it is fresh again."""
    origin = Origin(("Cache-Control", "max-age=60"), ("ETag", '"1"'), ("Access-Control-Expose-Headers", "*"))
    browser = Browser()
    browser.serve(API, cdn(origin))
    page = browser.open(ONE)
    get(page)
    for _ in range(2):
        browser.clock.advance(40)
    result = get(page)
    assert result.status == 200
    assert result.text == "ok"
    assert result.headers["x-asked"] == "2"
    assert origin.asked[1].headers["if-none-match"] == '"1"'
    get(page)
    assert len(origin.asked) == 2


def test_a_client_that_has_it_already_gets_a_304() -> None:
    """Its own condition is answered from the cache."""
    origin = Origin(("Cache-Control", "max-age=60"), ("ETag", 'W/"1"'))
    browser = Browser()
    browser.serve(ONE, cdn(origin))
    page = browser.open(ONE)
    page.fetch("/", cache="no-store")
    assert page.fetch("/", headers={"If-None-Match": '"0", "1"'}).status == 304
    assert page.fetch("/", headers={"If-None-Match": '"2"'}).status == 200
    assert len(origin.asked) == 1


@pytest.mark.parametrize(
    ("said", "times"), [("max-age=60", 2), ("max-age=60, public", 1), ("s-maxage=60", 1)]
)
def test_what_was_sent_for_a_login_is_not_for_all(said: str, times: int) -> None:
    """A response to `Authorization` is kept only where it says that it may be."""

    def ask(page: Page) -> None:
        page.fetch("/", headers={"Authorization": "Bearer x"}, cache="no-store")

    browser, origin = Browser(), Origin(("Cache-Control", said))
    browser.serve(ONE, cdn(origin))
    page = browser.open(ONE)
    ask(page)
    ask(page)
    assert len(origin.asked) == times


def test_what_is_changed_is_forgotten() -> None:
    """A POST that succeeds makes what is kept of its URL obsolete; preflights pass through."""

    def post(page: Page) -> None:
        get(page, method="POST")

    assert times_asked(Origin(("Cache-Control", "max-age=60")), get, post, get) == 3
    refusing = Origin(("Cache-Control", "max-age=60"), status=404)
    assert times_asked(refusing, get, post, get) == 2


def test_what_says_nothing_has_the_default() -> None:
    """Many a CDN is told to keep what does not say whether it may be kept."""
    cache = cdn(Origin(), default_ttl=60)
    for _ in range(2):
        get(page_of(cache))
    assert len(cache.app.asked) == 1
    cache.clear()
    assert cache.stored == ()


def test_it_stands_before_any_kind_of_app() -> None:
    """An ASGI app behind it is awaited, and ended with the browser."""
    heard = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        heard.append(scope["type"])
        if scope["type"] == "lifespan":
            while (await receive())["type"] != "lifespan.shutdown":
                await send({"type": "lifespan.startup.complete"})
            heard.append("shutdown")
            await send({"type": "lifespan.shutdown.complete"})
            return
        headers = [(b"cache-control", b"max-age=60"), (b"access-control-allow-origin", b"*")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"ok"})

    with Browser() as browser:
        browser.serve(API, cdn(app))
        for _ in range(3):
            assert get(browser.open(ONE)).text == "ok"
    assert heard == ["lifespan", "http", "shutdown"]


@pytest.mark.parametrize("ttl", [-1, float("nan")])
def test_a_time_that_cant_be(ttl: float) -> None:
    """The value is shown."""
    with pytest.raises(InvalidInput, match=str(ttl)):
        cdn(Origin(), default_ttl=ttl)
