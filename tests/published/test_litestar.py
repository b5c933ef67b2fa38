"""Litestar."""

from __future__ import annotations

from typing import Any

import pytest
from litestar import Litestar, route
from litestar.config.cors import CORSConfig

from published.defects import API, APP, EVIL, opened, published, shared_cache, works


def shop(**policy: Any) -> Litestar:
    """An API with the policy under test."""

    @route("/items", http_method=["GET", "PUT"])
    async def items() -> dict[str, int]:
        return {"count": 3}

    return Litestar([items], cors_config=CORSConfig(**policy))


@published("litestar", "2.25.0", says="allow-origin-wildcard")
def test_any_origin_with_credentials_is_refused_or_works() -> None:
    """`allow_credentials=True` beside the default origins `["*"]` sends `*` with credentials, which no
    browser accepts.
    """
    assert opened(shop(allow_credentials=True)).fetch(f"{API}/items", credentials="include").readable


@pytest.mark.parametrize("asked", [{"method": "PUT"}, {"headers": {"X-Token": "1"}}])
@published("litestar", "2.25.0", says="allow-origin-missing")
def test_a_refused_preflight_names_what_it_refuses(asked: dict[str, Any]) -> None:
    """A method or header that isn't allowed is answered 400 with no header: the console blames the origin,
    which is allowed.
    """
    page = opened(shop(allow_origins=[APP], allow_methods=["GET"], allow_headers=["X-Other"]))
    works(page.fetch(f"{API}/items"))
    result = page.fetch(f"{API}/items", **asked)
    assert "is not allowed by Access-Control-Allow-" in str(result.console), result


@published("litestar", "2.25.0", says="allow-origin-missing")
def test_a_shared_cache_keeps_origins_apart() -> None:
    """Only answers that have the header say `Vary: Origin`: a cache gives the others to whoever comes
    next.
    """
    app = shared_cache(shop(allow_origins=[APP, "https://other.example"]))
    opened(app, page=EVIL).fetch(f"{API}/items")
    assert opened(app).fetch(f"{API}/items").readable
