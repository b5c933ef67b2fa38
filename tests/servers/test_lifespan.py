"""The lifespan of an ASGI app: begun once, handed to every request, ended with the browser."""

from __future__ import annotations

import asyncio
from typing import Any

from corsim import Browser
from corsim.servers.lifespan import AsgiApp

APP = "https://app.example.com"


def app_with_lifespan(log: list[str], failure: str | None = None) -> AsgiApp:
    """Make an app that notes what it is told, and answers with what its startup left in the state."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            while True:
                message = await receive()
                log.append(message["type"])
                if message["type"] == "lifespan.shutdown":
                    await send({"type": "lifespan.shutdown.complete"})
                    return
                scope["state"]["greeting"] = b"hello"
                if failure is not None:
                    await send({"type": "lifespan.startup.failed", "message": failure})
                    return
                await send({"type": "lifespan.startup.complete"})
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": scope["state"]["greeting"]})

    return app


def test_it_begins_once_and_ends_with_the_browser() -> None:
    """Startup runs before the first request, its state reaches every one, shutdown runs at the close."""
    log: list[str] = []
    with Browser() as browser:
        browser.serve(APP, app_with_lifespan(log))
        page = browser.open(APP)
        assert [page.fetch("/").text for _ in range(3)] == ["hello"] * 3
        assert log == ["lifespan.startup"]
    assert log == ["lifespan.startup", "lifespan.shutdown"]


def test_it_begins_once_for_many_at_once() -> None:
    """Fetches that begin together wait for one startup; `async with` ends it."""
    log: list[str] = []

    async def main() -> list[str]:
        async with Browser() as browser:
            browser.serve(APP, app_with_lifespan(log))
            page = browser.open(APP)
            results = await asyncio.gather(*(page.fetch_async("/") for _ in range(20)))
            return [result.text for result in results]

    assert asyncio.run(main()) == ["hello"] * 20
    assert log == ["lifespan.startup", "lifespan.shutdown"]


def test_a_startup_that_fails_is_a_server_that_is_not_there() -> None:
    """The page's connection fails, and the exchange says what the app said."""
    with Browser() as browser:
        browser.serve(APP, app_with_lifespan([], failure="no database"))
        result = browser.open(APP).fetch("/")
    assert result.blocked is not None
    assert result.blocked.reason == "connection-failed"
    assert "no database" in str(result.exchanges[0].error)


def test_an_app_that_knows_no_lifespan_goes_without() -> None:
    """An app that answers a lifespan as if it were a request, or raises, is served all the same."""

    async def naive(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    with Browser() as browser:
        browser.serve(APP, naive)
        assert browser.open(APP).fetch("/").status == 204
