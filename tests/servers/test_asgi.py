"""corsim.servers.asgi."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from corsim import Browser, Result
from corsim.servers.failures import NoResponse

APP = "https://app.example.com:8443"
App = Callable[[Any, Any, Any], Awaitable[None]]
START = {"type": "http.response.start", "status": 200, "headers": []}


def fetched(app: App, url: str = "/a%20b/c?d=e", **options: Any) -> Result:
    with Browser() as browser:
        browser.serve(APP, app)
        return browser.open(APP).fetch(url, **options)


async def respond(send: Any, body: bytes = b"", status: int = 200, headers: Any = ()) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def test_the_scope() -> None:
    """The app sees host, scheme, path and headers of the simulated URL."""
    scopes: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        scopes.append(scope)
        await respond(send)

    assert fetched(app, method="PUT", body=b"x", headers={"X-A": "1"}).status == 200
    scope = scopes[-1]  # the first is the lifespan
    assert (scope["type"], scope["method"], scope["scheme"]) == ("http", "PUT", "https")
    assert (scope["path"], scope["raw_path"], scope["query_string"]) == ("/a b/c", b"/a%20b/c", b"d=e")
    assert scope["headers"][0] == (b"host", b"app.example.com:8443")
    assert (b"x-a", b"1") in scope["headers"]
    assert scope["server"] == ("app.example.com", 8443)


def test_bodies_both_ways() -> None:
    """The body comes in one message, the answer in as many as the app likes; then the page is gone."""
    last: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return
        first = await receive()
        await send(
            {"type": "http.response.start", "status": 201, "headers": [(b"X-A", b"\xe9"), [b"x-a", b"2"]]}
        )
        await send({"type": "http.response.body", "body": first["body"], "more_body": True})
        await send({"type": "http.response.body", "body": memoryview(b"!")})
        last.append(await receive())

    result = fetched(app, method="POST", body=b"hi")
    assert (result.status, result.body, result.headers["x-a"]) == (201, b"hi!", "\xe9, 2")
    assert last == [{"type": "http.disconnect"}]


def test_an_app_that_raises_before_it_answers() -> None:
    """Nothing was sent yet, so the client gets a 500."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise ValueError("oops")

    result = fetched(app)
    assert result.status == 500
    assert str(result.exchanges[0].error) == "oops"


def test_an_app_that_raises_halfway() -> None:
    """Half a response is a broken connection."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise ValueError("oops")

    result = fetched(app)
    assert result.blocked is not None
    assert (result.blocked.reason, result.blocked.subject) == ("connection-failed", "ValueError: oops")
    assert result.exchanges[0].response is None


def test_an_app_that_raises_afterwards() -> None:
    """The page has its answer already; the exchange keeps the exception."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await respond(send, b"all")
        raise ValueError("oops")

    result = fetched(app)
    assert (result.status, result.body) == (200, b"all")
    assert str(result.exchanges[0].error) == "oops"


@pytest.mark.parametrize("start", [False, True])
def test_an_app_that_returns_early(start: bool) -> None:
    """An app that returns without a whole response has broken off."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if start:
            await send({"type": "http.response.start", "status": 200, "headers": []})

    result = fetched(app)
    assert result.blocked is not None
    assert result.blocked.reason == "connection-failed"
    assert "returned before" in result.blocked.subject


def test_a_body_before_its_start() -> None:
    """Messages out of order raise in the app."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.body", "body": b"x"})

    result = fetched(app)
    assert result.status == 500
    assert "before http.response.start" in str(result.exchanges[0].error)


@pytest.mark.parametrize(
    "start",
    [
        {"status": 101}, {"status": "200"}, {}, {"status": 200, "headers": [(b"a\n", b"")]}, {"status": 200,
        "headers": 5},
        {"status": 200, "headers": [(b"x",)]}, {"status": 200, "headers": [("x", "y")]},
    ],
)  # fmt: skip
def test_a_response_that_no_server_would_send(start: dict[str, Any]) -> None:
    """A malformed response is the app's failure: a result, with the exception kept."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", **start})
        await send({"type": "http.response.body", "body": b""})

    result = fetched(app)
    assert not result.ok
    assert result.exchanges[0].error is not None


@pytest.mark.parametrize(
    ("messages", "error"),
    [
        (["http.response.start"], "'http.response.start' was sent before"),
        ([5], "5 was sent before http.response.start"), ([{}], "{} was sent before http.response.start"),
        ([START, START], "'http.response.start' was sent where only http.response.body"),
        ([START, {"type": "http.response.push"}], "'http.response.push' was sent where"),
        ([START, {"type": "http.response.body", "body": "text"}], "bytes, not str: 'text'"),
        ([START, {"type": "http.response.body"}, {"type": "http.response.body"}], "after the response was"),
    ],
)  # fmt: skip
def test_messages_that_no_server_would_take(messages: list[Any], error: str) -> None:
    """What breaks the protocol raises in the app that sends it, and shows what was sent."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        for message in messages:
            await send(message)

    assert error in str(fetched(app).exchanges[0].error)


def failure(result: Result) -> str:
    """Why there was no response, as the explanation tells it."""
    error = result.exchanges[0].error
    assert isinstance(error, NoResponse)
    assert result.blocked is not None
    assert result.blocked.reason == "connection-failed"
    assert str(error) in result.explain()
    return str(error)


def fetched_in(seconds: float, app: App) -> Result:
    with Browser() as browser:
        browser.serve(APP, app, timeout=seconds)
        return browser.open(APP).fetch("/")


def test_an_app_that_never_answers() -> None:
    """It is given up, told that the page is gone, and cancelled."""
    told: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return
        await receive()
        told.append(await receive())
        try:
            await asyncio.Event().wait()
        finally:
            told.append("cancelled")

    assert failure(fetched_in(0.05, app)) == "no answer came within 0.05 seconds of real time"
    assert told in ([{"type": "http.disconnect"}, "cancelled"], [])  # the latter if cancelled meanwhile


@pytest.mark.parametrize("pause", [0, 3600])
def test_an_app_that_never_ends(pause: float) -> None:
    """A stream without an end, fast or slow, is given up too; what came of it is told."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await send({"type": "http.response.body", "body": b"tick", "more_body": True})
            await asyncio.sleep(pause)

    said = failure(fetched_in(0.05, app))
    assert said.startswith("the app began a 200, sent ")
    assert said.endswith(" bytes of its body, and did not end it within 0.05 seconds of real time")


def test_background_tasks() -> None:
    """They are done when the page has its answer; those that take too long keep nobody waiting."""
    done: list[str] = []

    def answering(then: Callable[[], Awaitable[object]]) -> App:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http":
                await respond(send, b"all")
                await then()
                done.append("done")

        return app

    assert fetched(answering(lambda: asyncio.sleep(0))).body == b"all"
    assert done == ["done"]
    assert fetched_in(0.05, answering(lambda: asyncio.Event().wait())).body == b"all"
    assert done == ["done"]


def test_an_app_that_cancels_itself() -> None:
    """It is a failure of the app's, and nobody else's."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            raise asyncio.CancelledError

    result = fetched(app)
    assert result.status == 500
    assert "cancelled itself" in str(result.exchanges[0].error)


def test_a_startup_that_never_ends() -> None:
    """An app that does not get ready in time is a server that gives no response."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await asyncio.Event().wait()

    assert "startup (its lifespan) did not end within 0.05" in failure(fetched_in(0.05, app))


def test_a_page_that_gives_up() -> None:
    """A fetch that is cancelled cancels the app."""
    begun, ended = asyncio.Event(), asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def main() -> None:
        async with Browser() as browser:
            browser.serve(APP, app)
            fetch = asyncio.ensure_future(browser.open(APP).fetch_async("/"))
            await begun.wait()
            fetch.cancel()
            await asyncio.wait_for(ended.wait(), 30)
            assert fetch.cancelled() or fetch.cancelling()

    asyncio.run(main())


def test_500_at_once() -> None:
    """Five hundred fetches are in the app at once, and each gets its own answer."""
    inside = 0
    all_in = asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal inside
        if scope["type"] == "lifespan":
            return
        inside += 1
        if inside == 500:
            all_in.set()
        await all_in.wait()
        await respond(send, scope["path"].encode())

    async def main() -> list[str]:
        async with Browser() as browser:
            browser.serve(APP, app)
            page = browser.open(APP)
            results = await asyncio.gather(*(page.fetch_async(f"/{number}") for number in range(500)))
            return [result.text for result in results]

    assert asyncio.run(main()) == [f"/{number}" for number in range(500)]
