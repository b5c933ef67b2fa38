"""sanic-ext, and Sanic-Cors."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from corsim.servers import process
from published.defects import API, EVIL, opened, published, shared_cache, works

APPS = Path(__file__).parent / "apps"
SERVE = [
    sys.executable,
    "-m",
    "sanic",
    "sanic_shop:app",
    "--host=127.0.0.1",
    "--port={port}",
    "--single-process",
]
FRIEND, THIEF = "https://shop.example.com", "https://shop.example.com.evil.test"


@pytest.fixture(scope="module")
def shop() -> Iterator[Callable[[str], Any]]:
    """Start each kind of API once."""
    running: dict[str, Any] = {}
    with ExitStack() as stack:

        def started(kind: str) -> Any:
            if kind not in running:
                running[kind] = stack.enter_context(process(SERVE, cwd=APPS, env={"SHOP": kind}))
            return running[kind]

        yield started


Shop = Callable[[str], Any]


@published("sanic-ext", "25.12.0", says="Result cors 200")
def test_a_pattern_matches_whole_origins(shop: Shop) -> None:
    """A pattern for origins is only held at its beginning: anything may follow, such as another domain."""
    app = shop("ext-pattern")
    works(opened(app, page=FRIEND).fetch(f"{API}/items", credentials="include"))
    assert not opened(app, page=THIEF).fetch(f"{API}/items", credentials="include").readable


@published("Sanic-Cors", "2.2.0", says="Result cors 200", thread="CVE-2026-37737, ashleysommer/sanic-cors#68")
def test_a_pattern_of_sanic_cors_matches_whole_origins(shop: Shop) -> None:
    """A pattern for origins is only held at its beginning: anything may follow, such as another domain."""
    app = shop("cors")
    works(opened(app, page=FRIEND).fetch(f"{API}/items", credentials="include"))
    assert not opened(app, page=THIEF).fetch(f"{API}/items", credentials="include").readable


@published("Sanic-Cors", "2.2.0", says="allow-origin-missing")
def test_sanic_cors_works_where_sanic_ext_is_installed(shop: Shop) -> None:
    """Where sanic-ext is installed, `CORS(app)` waits to be started by it, which nobody does: no response
    has a header.
    """
    works(opened(shop("cors"), page=FRIEND).fetch(f"{API}/items"))
    assert opened(shop("cors-beside-ext"), page=FRIEND).fetch(f"{API}/items").readable


@published("sanic-ext", "25.12.0", says="allow-origin-missing")
def test_a_shared_cache_keeps_origins_apart(shop: Shop) -> None:
    """A stranger's answer has neither header nor `Vary: Origin`: a cache serves it to those who are
    allowed.
    """
    app = shared_cache(shop("ext"))
    opened(app, page=EVIL).fetch(f"{API}/items")
    assert opened(app).fetch(f"{API}/items").readable


@published("sanic-ext", "25.12.0", says="preflight-status")
def test_a_wrong_path_reads_as_a_wrong_path(shop: Shop) -> None:
    """A preflight for a path that has no route is answered 404, so that a misspelt URL looks like a CORS
    failure.
    """
    page = opened(shop("ext"))
    works(page.fetch(f"{API}/items", method="PUT"))
    assert page.fetch(f"{API}/itmes", method="PUT").readable


@published("sanic-ext", "25.12.0", says="allow-origin-missing")
def test_an_options_request_of_a_page_can_be_read(shop: Shop) -> None:
    """Every OPTIONS is answered as if it were a preflight; one that a page sends itself has no header."""
    page = opened(shop("ext"))
    works(page.fetch(f"{API}/items", method="PUT"))
    assert page.fetch(f"{API}/items", method="OPTIONS").readable


@published("sanic-ext", "25.12.0", says="allow-origin-missing")
def test_what_it_requires_is_enough(shop: Shop) -> None:
    """It imports pydantic and does not require it: after `pip install sanic[ext]` Sanic goes on without it,
    and no response has a header.
    """
    works(opened(shop("ext")).fetch(f"{API}/items"))
    assert opened(shop("ext-alone")).fetch(f"{API}/items").readable
