"""Falcon."""

from __future__ import annotations

from typing import Any

import falcon

from published.defects import API, APP, EVIL, opened, published, shared_cache, works


class Items:
    """A resource with two methods."""

    def on_get(self, request: falcon.Request, response: falcon.Response) -> None:
        """Answer."""
        response.media = {"count": 3}

    on_put = on_get


def shop(**policy: Any) -> falcon.App:
    """An API with the policy under test."""
    app = falcon.App(middleware=[falcon.CORSMiddleware(**policy)])
    app.add_route("/items", Items())
    return app


@published("falcon", "4.4.0", says="allow-origin-mismatch")
def test_a_shared_cache_keeps_origins_apart() -> None:
    """Allowed origins are reflected without `Vary: Origin`: a cache serves one origin's header to another."""
    other = "https://other.example"
    app = shared_cache(shop(allow_origins=[APP, other]))
    works(opened(app, page=other).fetch(f"{API}/items"))
    assert opened(app).fetch(f"{API}/items").readable


@published("falcon", "4.4.0", says="allow-origin-missing")
def test_a_shared_cache_that_was_asked_by_a_stranger_still_serves() -> None:
    """A stranger's answer has no header and no `Vary: Origin`: a cache serves it to those who are allowed."""
    app = shared_cache(shop(allow_origins=[APP]))
    opened(app, page=EVIL).fetch(f"{API}/items")
    assert opened(app).fetch(f"{API}/items").readable


@published("falcon", "4.4.0", says="Result cors 200")
def test_any_origin_is_not_a_sandbox_with_cookies() -> None:
    """`*` with credentials for `*` reflects whoever asks, `null` as well, which every sandboxed frame can
    be.
    """
    page = opened(shop(allow_origins="*", allow_credentials="*"), page="null")
    assert not page.fetch(f"{API}/items", credentials="include").readable


@published("falcon", "4.4.0", says="preflight-status")
def test_a_wrong_path_reads_as_a_wrong_path() -> None:
    """A preflight for a path that has no resource is answered 404, so that a misspelt URL looks like a
    CORS failure.
    """
    page = opened(shop(allow_origins=[APP]))
    works(page.fetch(f"{API}/items", method="PUT"))
    assert page.fetch(f"{API}/itmes", method="PUT").readable


@published("falcon", "4.4.0", says="allow-origin-missing")
def test_an_origin_that_no_browser_sends_is_refused_when_it_is_configured() -> None:
    """An allowed origin with a slash never matches, and nothing says so."""
    assert opened(shop(allow_origins=[f"{APP}/"])).fetch(f"{API}/items").readable
