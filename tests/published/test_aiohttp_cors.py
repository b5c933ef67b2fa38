"""aiohttp-cors."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corsim.servers import process
from published.defects import API, opened, published, shared_cache, works

SHOP = Path(__file__).parent / "apps" / "aiohttp_shop.py"


@pytest.fixture(scope="module")
def shop() -> Iterator[Any]:
    """Start the API once."""
    with process([sys.executable, str(SHOP), "{port}"]) as running:
        yield running


@published("aiohttp-cors", "0.8.1", says="allow-origin-mismatch", thread="aio-libs/aiohttp-cors#351")
def test_a_shared_cache_keeps_origins_apart(shop: Any) -> None:
    """Allowed origins are reflected without `Vary: Origin`: a cache serves one origin's header to another."""
    app = shared_cache(shop)
    works(opened(app, page="https://other.example").fetch(f"{API}/items"))
    assert opened(app).fetch(f"{API}/items").readable


@published("aiohttp-cors", "0.8.1", says="allow-origin-missing", thread="aio-libs/aiohttp-cors#172")
def test_a_wrong_path_reads_as_a_wrong_path(shop: Any) -> None:
    """A 404 has no CORS header, so that a misspelt URL looks like a CORS failure."""
    page = opened(shop)
    works(page.fetch(f"{API}/items"))
    assert page.fetch(f"{API}/itmes").readable


@pytest.mark.parametrize("asked", [{"method": "DELETE"}, {"headers": {"X-Other": "1"}}])
@published("aiohttp-cors", "0.8.1", says="allow-origin-missing")
def test_a_refused_preflight_names_what_it_refuses(asked: dict[str, Any], shop: Any) -> None:
    """A method or header that isn't allowed is answered 403 with no header: the console blames the origin,
    which is allowed.
    """
    page = opened(shop)
    works(page.fetch(f"{API}/items", headers={"X-Token": "1"}))
    result = page.fetch(f"{API}/items", **asked)
    assert "is not allowed by Access-Control-Allow-" in str(result.console), result


@published("aiohttp-cors", "0.8.1", says="connection-failed")
def test_a_handler_may_have_the_header_already(shop: Any) -> None:
    """A handler that sets Access-Control-Allow-Origin itself trips an assertion, and the connection is
    dropped.
    """
    page = opened(shop)
    works(page.fetch(f"{API}/items"))
    assert page.fetch(f"{API}/own").readable
