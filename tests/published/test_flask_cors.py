"""flask-cors."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask_cors import CORS, cross_origin

from published.defects import API, APP, EVIL, opened, published, shared_cache, works


def shop(**policy: Any) -> Flask:
    """An API with the policy under test."""
    app = Flask("shop")
    CORS(app, **policy)
    for path in ("/items", "/api/items", "/api-internal/payroll"):
        app.add_url_rule(path, path, lambda: {"count": 3}, methods=["GET", "PUT"])
    return app


@published("flask-cors", "6.0.5", says="Result cors 200", thread="corydolphin/flask-cors#400")
def test_a_pattern_matches_whole_origins() -> None:
    """A pattern for origins is only held at its beginning: anything may follow, such as another domain."""
    app = shop(origins=r"https://.*\.example\.com", supports_credentials=True)
    works(opened(app, page="https://shop.example.com").fetch(f"{API}/items", credentials="include"))
    thief = opened(app, page="https://shop.example.com.evil.test")
    assert not thief.fetch(f"{API}/items", credentials="include").readable


@pytest.mark.parametrize("origin", [f"{APP}/", f"{APP}:443", "https://*.example"])
@published("flask-cors", "6.0.5", says="blocked")
def test_an_origin_that_no_browser_sends_is_refused_when_it_is_configured(origin: str) -> None:
    """An allowed origin with a slash, a default port or a `*` in it never matches, and nothing says so."""
    assert opened(shop(origins=[origin])).fetch(f"{API}/items").readable


@pytest.mark.parametrize("wrong", ["GET /slash", "GET /missing", "GET /crash", "POST /crash"])
@published("flask-cors", "6.0.5", says="allow-origin-missing", thread="corydolphin/flask-cors#128")
def test_what_a_decorated_view_never_answers_has_headers(wrong: str) -> None:
    """With `@cross_origin` only the view's own answers have headers: not the redirect to its slash, a 404,
    a 500.
    """
    app = Flask("shop")

    @app.get("/slash/")
    @cross_origin(origins=[APP])
    def slash() -> str:
        return "here"

    @app.get("/crash")
    @cross_origin(origins=[APP])
    def crash() -> str:
        raise ValueError("the database is gone")

    page = opened(app)
    works(page.fetch(f"{API}/slash/"))
    method, path = wrong.split()
    assert page.fetch(f"{API}{path}", method=method).readable


@published("flask-cors", "6.0.5", says="preflights == 2")
def test_a_max_age_of_zero_is_zero() -> None:
    """`max_age=0` sends no Access-Control-Max-Age, and a browser then remembers for five seconds."""
    page = opened(shop(origins=[APP], max_age=0))
    fetches = [works(page.fetch(f"{API}/items", method="PUT")) for _ in range(2)]
    preflights = sum(
        exchange.request.method == "OPTIONS" for fetch in fetches for exchange in fetch.exchanges
    )
    assert preflights == 2, f"preflights == 2 is expected, not {preflights}"


@published("flask-cors", "6.0.5", says="Result cors 200")
def test_a_resource_with_a_star_stays_in_its_folder() -> None:
    """The documented pattern `/api/*` is a regular expression: `/api`, then slashes or none, then
    anything.
    """
    page = opened(shop(resources={r"/api/*": {"origins": "*"}}), page=EVIL)
    works(page.fetch(f"{API}/api/items"))
    assert not page.fetch(f"{API}/api-internal/payroll").readable


@published("flask-cors", "6.0.5", says="allow-origin-missing")
def test_a_shared_cache_keeps_origins_apart() -> None:
    """With one allowed origin there is no `Vary: Origin`, though others get no header: a cache serves them
    alike.
    """
    app = shared_cache(shop(origins=[APP]))
    opened(app, page=EVIL).fetch(f"{API}/items")
    assert opened(app).fetch(f"{API}/items").readable


@published("flask-cors", "6.0.5", says="preflight-status")
def test_a_wrong_path_reads_as_a_wrong_path() -> None:
    """A preflight for a path that has no view is answered 404, so that a misspelt URL looks like a CORS
    failure.
    """
    page = opened(shop(origins=[APP]))
    works(page.fetch(f"{API}/items", method="PUT"))
    assert page.fetch(f"{API}/itmes", method="PUT").readable
