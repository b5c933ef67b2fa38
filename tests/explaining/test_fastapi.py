"""A FastAPI app, broken as apps are: what explain() says is typed in, and it turns green."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

from corsim import Browser, Result
from corsim.engines import ENGINES
from corsim.explaining import Cause

PAGE, API = "https://app.example.com", "https://api.example.com"


def app_with(**options: Any) -> FastAPI:
    """Make an app with some routes, and a CORSMiddleware with these options, if there are any."""
    app = FastAPI()
    if options:
        app.add_middleware(CORSMiddleware, **options)

    @app.api_route("/me", methods=["GET", "PUT", "PATCH", "POST"])
    async def me() -> Any:
        return JSONResponse({"a": 1}, headers={"X-Total-Count": "3"})

    @app.get("/boom")
    async def boom() -> None:
        raise ZeroDivisionError("division by zero")

    @app.get("/slash/")
    async def slash() -> str:
        return "slash"

    return app


def with_login(app: FastAPI) -> FastAPI:
    """Let a middleware that is added last, and so stands outermost, ask for a login."""

    @app.middleware("http")
    async def login(request: Request, call_next: Any) -> Any:
        if "authorization" not in request.headers:
            return JSONResponse({"detail": "Not authenticated"}, 401)
        return await call_next(request)

    return app


PUT = {"method": "PUT", "headers": {"X-Token": "1", "Authorization": "Bearer t"}}
JSON = {"method": "POST", "headers": {"Content-Type": "application/json"}, "body": b"{}"}
COOKIES = {"credentials": "include"}

# Of each: the app, what the page asks for, the cause, and what the first line says of it.
BROKEN: dict[str, tuple[Callable[[], Any], str, dict[str, Any], Cause, str]] = {
    "no middleware": (app_with, "/me", {}, Cause.NO_CORS_HEADERS, "without the header"),
    "no middleware, and a preflight": (
        app_with, "/me", PUT, Cause.PREFLIGHT_UNROUTED, "Nothing there answers OPTIONS.",
    ),
    "a slash": (
        lambda: app_with(allow_origins=[f"{PAGE}/"]), "/me", {}, Cause.ORIGIN_MISMATCH, "ends with a slash",
    ),
    "a method is not listed": (
        lambda: app_with(allow_origins=[PAGE], allow_headers=["*"]), "/me", PUT, Cause.METHOD_NOT_ALLOWED,
        "It says: Disallowed CORS method.",
    ),
    "a header is not listed": (
        lambda: app_with(allow_origins=[PAGE], allow_methods=["*"]), "/me", PUT, Cause.HEADER_NOT_ALLOWED,
        "It says: Disallowed CORS headers.",
    ),
    "JSON, and POST is not listed": (
        lambda: app_with(allow_origins=[PAGE]), "/me", JSON, Cause.METHOD_NOT_ALLOWED, "CORS method",
    ),
    "cookies": (
        lambda: app_with(allow_origins=["*"]), "/me", COOKIES, Cause.WILDCARD_WITH_CREDENTIALS,
        "Access-Control-Allow-Origin: * but",
    ),
    "cookies are not allowed": (
        lambda: app_with(allow_origins=[PAGE]), "/me", COOKIES, Cause.CREDENTIALS_NOT_ALLOWED,
        "has no Access-Control-Allow-Credentials",
    ),
    "a login that asks preflights, too": (
        lambda: with_login(app_with(allow_origins=[PAGE], allow_methods=["PUT"])), "/me", PUT,
        Cause.PREFLIGHT_UNAUTHORIZED, "wants a login before it answers a preflight",
    ),
    "a header that is not exposed": (
        lambda: app_with(allow_origins=[PAGE]), "/me", {}, Cause.HEADER_NOT_EXPOSED, "x-total-count",
    ),
}  # fmt: skip


def fetched(app: Any, path: str, call: dict[str, Any], engine: str = "spec") -> Result:
    """Fetch from an app that is served."""
    with Browser(engine) as browser:
        browser.serve(API, app)
        return browser.open(PAGE).fetch(f"{API}{path}", **call)


def typed_in(snippet: str, app: Any) -> Any:
    """Run a snippet as its reader would, in the place of the middleware that was there."""
    app.user_middleware = [one for one in app.user_middleware if one.cls is not CORSMiddleware]
    scope = {"app": app}
    exec(compile(snippet, "<snippet>", "exec"), scope)
    return scope["app"]


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_app_is_mended(name: str) -> None:
    """The cause is named in the first line; with the snippet typed in, the page has what it asked for."""
    make, path, call, cause, said = BROKEN[name]
    words = fetched(make(), path, call).explain()
    assert words.cause is cause
    assert said in words.headline
    assert words.framework == "FastAPI"
    for engine in ENGINES:
        mended = fetched(typed_in(words.snippet, make()), path, call, engine)
        assert mended.ok, f"{words.snippet}\n{mended.explain()}"
        assert mended.explain().cause in (None, Cause.HEADER_NOT_EXPOSED)
        assert ("x-total-count" in mended.headers) or cause is not Cause.HEADER_NOT_EXPOSED


def test_a_crash() -> None:
    """An app that raises is the cause; outermost, the middleware lets the page read the 500."""
    words = fetched(app_with(allow_origins=[PAGE]), "/boom", {}).explain()
    assert words.cause is Cause.SERVER_ERROR
    assert words.headline.startswith("Blocked: the app raised ZeroDivisionError: division by zero")
    assert isinstance(words.error, ZeroDivisionError)
    mended = fetched(typed_in(words.snippet, app_with()), "/boom", {})
    assert (mended.readable, mended.status) == (True, 500)


def test_a_path_that_is_not_there() -> None:
    """A 404 that the page can read is told not to be CORS, without a fix for headers."""
    words = fetched(app_with(allow_origins=[PAGE]), "/nowhere", {}).explain()
    assert words.headline.startswith("Readable, but not ok: this is not CORS")
    assert (words.cause, words.fixes, words.snippet) == (Cause.NOT_CORS, (), "")


def test_a_slash_that_redirects() -> None:
    """A preflight that is redirected to the URL with a slash: the page is told to call that."""
    app = app_with(allow_origins=[PAGE])
    result = fetched(app, "/slash", {"mode": "same-origin"})
    assert result.explain().cause is Cause.NOT_CORS
    assert fetched(app, "/slash", {}).ok  # a GET follows the redirect


@pytest.mark.parametrize("name", BROKEN)
def test_another_framework_can_be_asked_for(name: str) -> None:
    """The same needs are written in the words of whichever framework is named."""
    make, path, call, _, _ = BROKEN[name]
    result = fetched(make(), path, call)
    words = result.explain("nginx")
    assert words.framework == "nginx"
    assert f'add_header Access-Control-Allow-Origin "{PAGE}" always;' in words.snippet
    assert words.headline == result.explain().headline
