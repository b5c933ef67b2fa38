"""A page, a server with one answer, and what comes of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corsim import Browser, Response, Result

PAGE, API = "https://app.example", "https://api.example"
ALLOW = ("Access-Control-Allow-Origin", PAGE)


def run(
    *answer: tuple[str, str],
    status: int = 200,
    preflight: Response | None = None,
    url: str = f"{API}/me",
    page: str = PAGE,
    xhr: bool = False,
    engine: str = "spec",
    page_headers: Mapping[str, str] | None = None,
    **options: Any,
) -> Result:
    """Fetch from a server that gives one answer to all, or another one to preflights."""

    def server(request: Any) -> Response:
        return preflight if preflight and request.is_preflight else Response(status, answer)

    browser = Browser(engine)
    browser.serve(API, server)
    opened = browser.open(page, headers=page_headers or {})
    return opened.xhr(url, **options) if xhr else opened.fetch(url, **options)


def asked(*preflight: tuple[str, str], status: int = 204, **options: Any) -> Result:
    """Fetch with a PUT, and an answer to its preflight."""
    return run(ALLOW, preflight=Response(status, preflight), **{"method": "PUT", **options})
