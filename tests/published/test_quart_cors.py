"""quart-cors."""

from __future__ import annotations

import re
from typing import Any

from quart import Quart
from quart_cors import cors

from published.defects import API, APP, opened, published, works


def shop(**policy: Any) -> Quart:
    """An API with the policy under test."""
    app = cors(Quart("shop"), **policy)

    @app.route("/items", methods=["GET", "PUT"])
    async def items() -> dict[str, int]:
        return {"count": 3}

    return app


@published("quart-cors", "0.8.0", says="Result cors 200", thread="CVE-2026-37737 is of the same class")
def test_a_pattern_matches_whole_origins() -> None:
    """A pattern for origins is only held at its beginning: anything may follow, such as another domain."""
    app = shop(allow_origin=[re.compile(r"https://.*\.example\.com")], allow_credentials=True)
    works(opened(app, page="https://shop.example.com").fetch(f"{API}/items", credentials="include"))
    thief = opened(app, page="https://shop.example.com.evil.test")
    assert not thief.fetch(f"{API}/items", credentials="include").readable


@published("quart-cors", "0.8.0", says="preflight-status")
def test_a_wrong_path_reads_as_a_wrong_path() -> None:
    """A preflight for a path that has no route is answered 404, so that a misspelt URL looks like a CORS
    failure.
    """
    page = opened(shop(allow_origin=[APP]))
    works(page.fetch(f"{API}/items", method="PUT"))
    assert page.fetch(f"{API}/itmes", method="PUT").readable


@published("quart-cors", "0.8.0", says="allow-origin-missing")
def test_a_policy_that_cannot_work_is_refused_at_once() -> None:
    """Any origin with credentials is noticed while a request is answered: 500, with no CORS header."""
    assert opened(shop(allow_origin="*", allow_credentials=True)).fetch(f"{API}/items").readable
