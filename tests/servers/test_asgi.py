"""corsim.servers.asgi."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from corsim import Browser, Result

APP = "https://app.example.com:8443"
App = Callable[[Any, Any, Any], Awaitable[None]]


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
