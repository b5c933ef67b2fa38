"""Starlette, and FastAPI with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware

from published.defects import API, APP, opened, published, works


def shop(allow_origins: Sequence[str] = (APP,), **policy: Any) -> FastAPI:
    """An API with the policy under test."""
    app = FastAPI()
    app.add_middleware(CORSMiddleware, allow_origins=allow_origins, **policy)

    @app.api_route("/items", methods=["GET", "PUT", "PATCH", "PROPFIND"])
    def items() -> dict[str, int]:
        return {"count": 3}

    @app.get("/crash")
    def crash() -> None:
        raise ValueError("the database is gone")

    return app


@published("starlette", "1.10.0", says="allow-origin-missing", thread="Kludex/starlette#1116")
def test_a_crash_reads_as_a_crash() -> None:
    """A route that raises is answered outside the middleware: 500, with no CORS header, and the console
    blames CORS.
    """
    page = opened(shop())
    works(page.fetch(f"{API}/items"))
    assert page.fetch(f"{API}/crash").readable


@published("starlette", "1.10.0", says="allow-origin-missing", thread="Kludex/starlette#1175")
def test_a_crash_that_is_handled_reads_as_a_crash() -> None:
    """A handler for `Exception` runs outside the middleware, too: its answer has no CORS header."""
    app = shop()

    @app.exception_handler(Exception)
    async def handled(request: Request, error: Exception) -> Response:
        return Response("sorry", 500)

    assert opened(app).fetch(f"{API}/crash").readable


@published("starlette", "1.10.0", says="Result cors 200", thread="Kludex/starlette#3137")
def test_any_origin_is_not_a_sandbox_with_cookies() -> None:
    """`["*"]` with credentials reflects whoever asks, `null` as well, which every sandboxed frame can be."""
    page = opened(shop(["*"], allow_credentials=True), page="null")
    assert not page.fetch(f"{API}/items", credentials="include").readable


@published("starlette", "1.10.0", says="allow-origin-missing")
def test_an_authentication_middleware_lets_preflights_pass() -> None:
    """Added after CORSMiddleware it runs before it, and answers 401 to a preflight, which never has
    credentials.
    """
    app = shop(allow_methods=["*"], allow_headers=["Authorization"])

    @app.middleware("http")
    async def authenticated(request: Request, call_next: Any) -> Any:
        if "authorization" not in request.headers:
            return Response("who are you?", 401)
        return await call_next(request)

    assert opened(app).fetch(f"{API}/items", headers={"Authorization": "Bearer x"}).readable


@pytest.mark.parametrize("origin", [f"{APP}/", f"{APP}:443", "https://APP.example", "https://*.example"])
@published("starlette", "1.10.0", says="allow-origin-missing")
def test_an_origin_that_no_browser_sends_is_refused_when_it_is_configured(origin: str) -> None:
    """An allowed origin with a slash, a default port, a capital letter or a `*` in it never matches, and
    nothing says so.
    """
    assert opened(shop([origin])).fetch(f"{API}/items").readable


@published("starlette", "1.10.0", says="preflight-status")
def test_a_method_may_be_written_in_lower_case() -> None:
    """`allow_methods=["patch"]` allows `patch`, which nobody sends: methods are compared letter by letter."""
    assert opened(shop(allow_methods=["patch"])).fetch(f"{API}/items", method="PATCH").readable


@published("starlette", "1.10.0", says="preflight-status")
def test_every_method_is_every_method() -> None:
    """`allow_methods=["*"]` stands for eight names; the route answers PROPFIND, and the preflight is
    refused.
    """
    assert opened(shop(allow_methods=["*"])).fetch(f"{API}/items", method="PROPFIND").readable


@published("starlette", "1.10.0", says="Result cors 200")
def test_one_origin_without_a_list_is_one_origin() -> None:
    """`allow_origins="https://app.example.com"` is searched as text: `https://app.example.co` is in it,
    with cookies.
    """
    app = shop("https://app.example.com", allow_credentials=True)
    works(opened(app, page="https://app.example.com").fetch(f"{API}/items"))
    thief = opened(app, page="https://app.example.co")
    assert not thief.fetch(f"{API}/items", credentials="include").readable


@pytest.mark.parametrize("asked", [{"method": "PUT"}, {"headers": {"X-Token": "1"}}])
@published("starlette", "1.10.0", says="preflight-status")
def test_a_refused_preflight_names_what_it_refuses(asked: dict[str, Any]) -> None:
    """A method or header that isn't allowed is answered 400, so that the console complains of the status
    alone.
    """
    result = opened(shop()).fetch(f"{API}/items", **asked)
    assert "is not allowed by Access-Control-Allow-" in str(result.console), result


@published("starlette", "1.10.0", says="allow-origin-missing")
def test_a_redirect_to_https_keeps_the_headers() -> None:
    """HTTPSRedirectMiddleware, added later, answers before CORS does: the redirect has no headers."""
    from fastapi.middleware.httpsredirect import HTTPSRedirectMiddleware

    app = shop()
    app.add_middleware(HTTPSRedirectMiddleware)
    page = opened(app, page="http://app.example", api="http://api.example")
    assert page.fetch("http://api.example/items").readable
