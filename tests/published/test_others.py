"""asgi-cors, BlackSheep, Cornice and Lilya."""

from __future__ import annotations

from typing import Any

from published.defects import API, APP, opened, published, shared_cache, works

OTHER = "https://other.example"


def asgi_cors_shop() -> Any:
    from asgi_cors import asgi_cors

    async def items(scope: Any, receive: Any, send: Any) -> None:
        status = 405 if scope["method"] == "OPTIONS" else 200
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b"3"})

    return asgi_cors(items, hosts=[APP, OTHER], headers=["Authorization"])


@published("asgi-cors", "1.0.1", says="preflight-status")
def test_asgi_cors_answers_preflights() -> None:
    """It adds headers and never answers: a preflight goes to the app, which has no route for OPTIONS."""
    page = opened(asgi_cors_shop())
    works(page.fetch(f"{API}/items"))
    assert page.fetch(f"{API}/items", headers={"Authorization": "Bearer x"}).readable


@published("asgi-cors", "1.0.1", says="allow-origin-mismatch")
def test_asgi_cors_keeps_origins_apart_in_a_cache() -> None:
    """Allowed origins are reflected without `Vary: Origin`: a cache serves one origin's header to another."""
    app = shared_cache(asgi_cors_shop())
    works(opened(app, page=OTHER).fetch(f"{API}/items"))
    assert opened(app).fetch(f"{API}/items").readable


def blacksheep_shop() -> Any:
    import blacksheep

    app = blacksheep.Application()
    app.use_cors(allow_methods="GET PUT", allow_origins=APP, allow_headers="X-Token")

    @app.router.get("/items")
    async def items() -> Any:
        return blacksheep.json({"count": 3})

    return app


@published("blacksheep", "2.6.4", says="allow-origin-missing")
def test_a_wrong_path_of_blacksheep_reads_as_a_wrong_path() -> None:
    """A 404 has no CORS header, so that a misspelt URL looks like a CORS failure."""
    page = opened(blacksheep_shop())
    works(page.fetch(f"{API}/items"))
    assert page.fetch(f"{API}/itmes").readable


@published("blacksheep", "2.6.4", says="allow-origin-missing")
def test_a_refused_preflight_of_blacksheep_names_what_it_refuses() -> None:
    """A header that isn't allowed is answered 400 with no header: the console blames the origin, which is
    allowed.
    """
    page = opened(blacksheep_shop())
    works(page.fetch(f"{API}/items", headers={"X-Token": "1"}))
    result = page.fetch(f"{API}/items", headers={"X-Other": "1"})
    assert "is not allowed by Access-Control-Allow-" in str(result.console), result


def cornice_shop() -> Any:
    import cornice
    from pyramid.config import Configurator

    policy = {"origins": (APP, OTHER), "credentials": True}
    items = cornice.Service(name="items", path="/items", cors_policy=policy)
    items.add_view("GET", lambda request: {"count": 3})
    crash = cornice.Service(name="crash", path="/crash", cors_policy=policy)
    crash.add_view("GET", lambda request: 1 / 0)
    config = Configurator()
    config.include("cornice")
    config.add_cornice_service(items)
    config.add_cornice_service(crash)
    return config.make_wsgi_app()


@published("cornice", "6.1.0", says="allow-origin-missing")
def test_a_crash_of_cornice_reads_as_a_crash() -> None:
    """A view that raises leaves nothing behind that adds headers: 500, and the console blames CORS."""
    page = opened(cornice_shop())
    works(page.fetch(f"{API}/items"))
    assert page.fetch(f"{API}/crash").readable


@published("cornice", "6.1.0", says="allow-origin-mismatch")
def test_cornice_keeps_origins_apart_in_a_cache() -> None:
    """Allowed origins are reflected without `Vary: Origin`: a cache serves one origin's header to another."""
    app = shared_cache(cornice_shop())
    works(opened(app, page=OTHER).fetch(f"{API}/items"))
    assert opened(app).fetch(f"{API}/items").readable


def lilya_shop(**policy: Any) -> Any:
    from lilya.apps import Lilya
    from lilya.middleware import DefineMiddleware
    from lilya.middleware.cors import CORSMiddleware
    from lilya.responses import JSONResponse
    from lilya.routing import Path

    async def items() -> Any:
        return JSONResponse({"count": 3})

    async def crash() -> Any:
        raise ValueError("the database is gone")

    routes = [Path("/items", items), Path("/crash", crash)]
    return Lilya(routes=routes, middleware=[DefineMiddleware(CORSMiddleware, **policy)])


@published("lilya", "0.29.0", says="Result cors 200")
def test_one_origin_of_lilya_without_a_list_is_one_origin() -> None:
    """A str as allow_origins is searched as text: `https://app.example.co` is in
    `https://app.example.com`.
    """
    app = lilya_shop(allow_origins="https://app.example.com", allow_credentials=True)
    works(opened(app, page="https://app.example.com").fetch(f"{API}/items"))
    assert (
        not opened(app, page="https://app.example.co").fetch(f"{API}/items", credentials="include").readable
    )


@published("lilya", "0.29.0", says="allow-origin-missing")
def test_a_crash_of_lilya_reads_as_a_crash() -> None:
    """A route that raises is answered outside the middleware: 500, with no CORS header."""
    page = opened(lilya_shop(allow_origins=[APP]))
    works(page.fetch(f"{API}/items"))
    assert page.fetch(f"{API}/crash").readable
