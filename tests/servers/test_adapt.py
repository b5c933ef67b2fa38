"""corsim.servers: which kind of app is which."""

from __future__ import annotations

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


@pytest.mark.parametrize(
    ("app", "status"),
    [
        (Handler(), 201), (Handler().method, 202), (Handler().asgi, 203), (lambda request: Response(204),
        204),
        (Policy(origins="*", answer=Response(205)), 205),
    ],
)  # fmt: skip
def test_apps(app: Any, status: int) -> None:
    """A callable of one argument is a function, of three an ASGI app; defaults do not count."""
    with Browser() as browser:
        browser.serve(APP, app)
        assert browser.open(APP).fetch("/").status == status


@pytest.mark.parametrize("app", [5, None, lambda: None, lambda a, b, c, d: None, object(), {}])
def test_no_apps(app: Any) -> None:
    """What can't serve is refused where it is given, and shown."""
    with pytest.raises(InvalidInput, match="can't serve"):
        Browser().serve(APP, app)
