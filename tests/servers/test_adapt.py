"""corsim.servers: which kind of app is which."""

from __future__ import annotations

from functools import partial, wraps
from typing import Any

import pytest

from corsim import Browser, InvalidInput, Policy, Request, Response

APP = "https://app.example.com"


class Handler:
    """Apps come in many shapes."""

    def __call__(self, request: Request) -> Response:
        return Response(201)

    def method(self, request: Request, extra: int = 5) -> Response:
        return Response(202)

    async def asgi(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 203, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    def wsgi(self, environ: Any, start_response: Any) -> list[bytes]:
        start_response("206 OK", [])
        return []

    async def anything(self, *args: Any) -> None:
        await self.asgi(*args)


class Asgi2:
    """ASGI as it was: an instance for each scope."""

    def __init__(self, scope: Any) -> None:
        self.scope = scope

    async def __call__(self, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 207, "headers": []})
        await send({"type": "http.response.body"})


class OfAnything:
    """What tells by nothing but its being async."""

    async def __call__(self, *args: Any) -> None:
        await Handler().asgi(*args)


@pytest.mark.parametrize(
    ("app", "status"),
    [
        (Handler(), 201), (Handler().method, 202), (Handler().asgi, 203), (Handler().wsgi, 206),
        (lambda request: Response(204), 204), (Policy(origins="*", answer=Response(205)), 205),
        (Asgi2, 207), (lambda scope: Asgi2(scope), 207), (Handler().anything, 203), (OfAnything(), 203),
        (partial(Handler().method, extra=1), 202), (wraps(Handler().asgi)(lambda *args: None), 500),
    ],
)  # fmt: skip
def test_apps(app: Any, status: int) -> None:
    """One argument is a function's, two are WSGI's, three ASGI's; defaults do not count."""
    with Browser() as browser:
        browser.serve(APP, app)
        assert browser.open(APP).fetch("/").status == status


async def two(one: Any, other: Any) -> None:
    """Async as ASGI, with the arguments of WSGI."""


@pytest.mark.parametrize("app", [5, None, lambda: None, lambda a, b, c, d: None, object(), {}, two])
def test_no_apps(app: Any) -> None:
    """What can't serve is refused where it is given, and shown."""
    with pytest.raises(InvalidInput, match="can't serve"):
        Browser().serve(APP, app)


def test_what_cannot_be_told() -> None:
    """An app of any arguments is refused, with how to tell what it is."""
    with pytest.raises(InvalidInput, match=r"can't tell what .* is, for it takes \*args"):
        Browser().serve(APP, lambda *args: None)


def test_a_framework_of_its_own() -> None:
    """An app that is neither ASGI nor WSGI is refused, with what to do instead."""
    tornado = type("Application", (), {"__module__": "tornado.web", "__call__": lambda self, request: None})
    with pytest.raises(InvalidInput, match=r"an app of tornado .* corsim\.servers\.process"):
        Browser().serve(APP, tornado())


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), True, "5", b""])
def test_no_timeouts(timeout: Any) -> None:
    """A timeout is a number of seconds above 0, or None."""
    with pytest.raises((InvalidInput, TypeError), match=f"timeout .*{timeout!r}"):
        Browser().serve(APP, lambda request: Response(200), timeout=timeout)


def test_timeouts() -> None:
    """Any number will do, None is for ever."""
    for timeout in (None, 0.001, 10**9):
        browser = Browser()
        browser.serve(APP, lambda request: Response(200), timeout=timeout)
        assert browser.open(APP).fetch("/").ok
