"""What a fetch costs, in ratios: `make bench`.

Seconds say more about the machine than about the code, so everything is measured in one
run and divided by something that every machine has to do: making one `attrs.frozen`
object of four fields (one unit), or calling an ASGI app without a browser around it.
"""

from __future__ import annotations

import asyncio
import sys
import timeit
from collections.abc import Callable

import attrs
from rich.console import Console
from rich.table import Table
from rpds import HashTrieMap

from corsim import Browser, Page, Request, Response
from corsim.fetching.cors_preflight_cache import CacheEntry, CacheKey, Entries
from corsim.memory import BrowserState
from corsim.servers.asgi import AsgiServer
from corsim.servers.lifespan import AsgiApp

API = "https://api.example.com"
SHARED = Response(200, {"Access-Control-Allow-Origin": "*"}, b"ok")
ALLOWED = Response(
    204,
    {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "PUT",
        "Access-Control-Max-Age": "600",
    },
)


@attrs.frozen
class FourFields:
    """The unit."""

    one: int
    two: int
    three: int
    four: int


def microseconds(call: Callable[[], object], number: int = 10_000) -> float:
    """Take the best of nine rounds: the others were disturbed."""
    return min(timeit.repeat(call, number=number, repeat=9)) / number * 1e6


def serve(request: Request) -> Response:
    """Answer with constants, so that the server costs next to nothing."""
    return ALLOWED if request.method == "OPTIONS" else SHARED


def new_page(server: object = serve) -> tuple[Browser, Page]:
    """Open a page next to an API."""
    browser = Browser()
    browser.serve(API, server)
    return browser, browser.open("https://app.example.com")


def simple_get() -> float:
    """A GET that needs no preflight."""
    _, page = new_page()
    return microseconds(lambda: page.fetch(f"{API}/x"))


def unseen_get() -> float:
    """The same of a URL that nobody has asked for before: parsed, classified, all from the start."""
    _, page = new_page()
    urls = iter(f"{API}/{number}" for number in range(10**9))
    return microseconds(lambda: page.fetch(next(urls)), 2_000)


def warm_put() -> float:
    """A PUT that the preflight cache covers."""
    _, page = new_page()
    return microseconds(lambda: page.fetch(f"{API}/x", method="PUT"))


def cold_put() -> float:
    """A PUT with its preflight, whose answer is cached."""
    browser, page = new_page()
    empty = browser.state

    def fetch() -> None:
        browser.state = empty
        page.fetch(f"{API}/x", method="PUT")

    return microseconds(fetch)


def redirects(count: int) -> float:
    """A GET through a chain of redirects."""
    headers = [("Access-Control-Allow-Origin", "*")]
    chain = [Response(302, [*headers, ("Location", f"/{n + 1}")]) for n in range(count)]
    _, page = new_page(lambda request: [*chain, SHARED][int(request.url.path[1:])])
    return microseconds(lambda: page.fetch(f"{API}/0"), 1_000)


def warm_put_among(entries: int) -> float:
    """A PUT that the cache covers, with a number of other entries in the cache."""
    browser, page = new_page()
    page.fetch(f"{API}/x", method="PUT")
    permission: Entries = (CacheEntry(False, "PUT", None, 10**6, 0.0),)
    site = ("https", "example.com")
    keys: dict[CacheKey, Entries] = {
        (site, "https://app.example.com", f"{API}/other/{number}"): permission for number in range(entries)
    }
    cache = HashTrieMap(keys)
    for key, value in browser.state.preflight_cache.items():
        cache = cache.insert(key, value)
    browser.state = BrowserState(0.0, cache)
    return microseconds(lambda: page.fetch(f"{API}/x", method="PUT"))


def fastapi_app() -> AsgiApp:
    """Make the app that is timed: one route behind CORSMiddleware."""
    from fastapi import FastAPI
    from starlette.middleware.cors import CORSMiddleware

    app = FastAPI()
    app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"], allow_methods=["PUT"])

    @app.put("/x")
    async def put() -> dict[str, bool]:
        return {"ok": True}

    return app


def asgi() -> tuple[float, float]:
    """A PUT with its preflight through FastAPI: by the browser, and the same two calls awaited bare."""
    app = fastapi_app()
    browser, page = new_page(app)
    empty = browser.state
    exchanges = [exchange.request for exchange in page.fetch(f"{API}/x", method="PUT").exchanges]
    server, loop = AsgiServer(app), asyncio.new_event_loop()

    def by_browser() -> None:
        browser.state = empty
        assert page.fetch(f"{API}/x", method="PUT").ok

    async def bare() -> None:
        for request in exchanges:
            await server(request)

    ours = microseconds(by_browser, 200)
    theirs = microseconds(lambda: loop.run_until_complete(bare()), 200)
    loop.run_until_complete(server.close())
    loop.close()
    browser.close()
    return ours, theirs


def main() -> int:
    """Measure everything, print a table, and fail where a bound is broken by a third."""
    unit = microseconds(lambda: FourFields(1, 2, 3, 4), 100_000)
    hop = redirects(1) - redirects(0)
    few, many = warm_put_among(10) / unit, warm_put_among(1_000_000) / unit
    ours, theirs = asgi()
    rows = [
        ("simple GET", simple_get() / unit, 22, "units"),
        ("simple GET of a URL never seen before", unseen_get() / unit, None, "units"),
        ("PUT, preflight cached", warm_put() / unit, 31, "units"),
        ("PUT with its preflight", cold_put() / unit, 54, "units"),
        ("20 redirects", redirects(20) / hop, 40, "times one hop"),
        ("PUT with its preflight through FastAPI", ours / theirs, 1.5, "times the bare calls"),
        ("1,000,000 cache entries instead of 10", many - few, 3, "units more"),
    ]
    table = Table(title=f"one unit: an attrs.frozen object of four fields, here {unit:.2f} µs")
    for heading in ("what", "cost", "at most", "in"):
        table.add_column(heading, justify="right" if heading in ("cost", "at most") else "left")
    for name, cost, bound, of in rows:
        table.add_row(name, f"{cost:.1f}", "" if bound is None else f"{bound:g}", of)
    Console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
