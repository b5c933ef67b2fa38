"""Apps for the command line to import."""

from __future__ import annotations

from types import SimpleNamespace

from corsim import Policy, Request, Response

policy = Policy(origins=["https://app.example"], methods=["PUT"], headers=["X-Token"])
group = SimpleNamespace(inner=policy)
not_an_app = 3


def redirecting(request: Request) -> Response:
    """Send everybody to another origin."""
    headers = [("Access-Control-Allow-Origin", "https://app.example"), ("Location", "https://b.example/x")]
    return Response(302, headers)


async def broken(scope: object, receive: object, send: object) -> None:
    """Return without having answered."""


def raises_key_error(request: Request) -> Response:
    """Raise an exception whose message alone would not say what it is."""
    raise KeyError("status")


def raises_nothing_said(request: Request) -> Response:
    """Raise an exception without a message."""
    raise ValueError
