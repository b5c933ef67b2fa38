"""corsim.servers.function."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from corsim import Browser, NotServed, Request, Response, Result
from corsim.servers.failures import NoResponse
from corsim.values.decision import Reason

APP = "https://app.example.com"


def fetched(server: Callable[[Request], Any]) -> Result:
    with Browser() as browser:
        browser.serve(APP, server)
        return browser.open(APP).fetch("/x?y", method="POST", body="hi", headers={"X-A": "1"})


def test_what_a_function_reads() -> None:
    """Method, URL, headers and body are as on the wire."""
    seen: list[Request] = []

    def serve(request: Request) -> Response:
        seen.append(request)
        return Response(200, {}, request.body or b"")

    result = fetched(serve)
    assert result.body == b"hi"
    assert (seen[0].method, str(seen[0].url), seen[0].body) == ("POST", f"{APP}/x?y", b"hi")
    assert seen[0].headers["content-length"] == "2"
    assert seen == [result.exchanges[0].request]


def test_an_async_function() -> None:
    """A function may be async, and may wait."""

    async def serve(request: Request) -> Response:
        await asyncio.sleep(0)
        return Response(201)

    assert fetched(serve).status == 201


def test_an_awaitable_will_do() -> None:
    """A plain function may return an awaitable."""

    async def later() -> Response:
        return Response(202)

    assert fetched(lambda request: later()).status == 202


def test_what_it_raises_is_a_500() -> None:
    """A function that raises is a server that answers 500; the exchange keeps the exception."""
    error = ValueError("oops")

    def serve(request: Request) -> Response:
        raise error

    async def serve_later(request: Request) -> Response:
        raise error

    for server in (serve, serve_later):
        result = fetched(server)
        assert (result.status, result.text) == (500, "Internal Server Error")
        assert result.exchanges[0].error is error


@pytest.mark.parametrize("value", [None, "text", b"", 200, (200, {}, b""), {}])
def test_a_wrong_return_type(value: Any) -> None:
    """Anything but a Response is the author's mistake, and is shown to them."""

    async def serve_later(request: Request) -> Any:
        return value

    for server in (lambda request: value, serve_later):
        with pytest.raises(TypeError, match=r"must return a corsim\.Response"):
            fetched(server)


def test_a_function_may_fetch_itself() -> None:
    """A server may use a browser of its own; what it does not serve is its own mistake, and a 500."""

    def serve(request: Request) -> Response:
        inner = Browser()
        inner.serve(APP, lambda request: Response(203))
        return inner.open(APP).fetch("/").exchanges[0].response or Response(500)

    assert fetched(serve).status == 203
    failed = fetched(lambda request: Browser().open(APP).fetch("/").exchanges[0].response)
    assert (failed.status, type(failed.exchanges[0].error)) == (500, NotServed)


def test_exits_are_not_caught() -> None:
    """KeyboardInterrupt and SystemExit go through: they are not the server's."""

    def serve(request: Request) -> Response:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetched(serve)


@pytest.mark.parametrize("is_async", [False, True])
def test_a_function_may_give_no_response(is_async: bool) -> None:
    """It says so by raising: there is no 500 then, and the network tab has what was raised."""

    def gone(request: Request) -> Response:
        raise NoResponse("the cable was cut", "mend it")

    async def gone_later(request: Request) -> Response:
        return gone(request)

    result = fetched(gone_later if is_async else gone)
    assert result.blocked is not None
    assert (result.blocked.reason, result.blocked.subject) == (Reason.CONNECTION_FAILED, "the cable was cut")
    assert isinstance(result.exchanges[0].error, NoResponse)
