"""corsim.fetching.origin_header."""

from __future__ import annotations

from typing import Any

import pytest

from corsim import Response
from fetching.support import API, APP, page


@pytest.mark.parametrize(
    ("url", "options", "origin"),
    [
        (API, {}, APP), (APP, {}, None), (APP, {"method": "HEAD"}, None), (APP, {"method": "POST"}, APP),
        (APP, {"method": "POST", "referrer_policy": "no-referrer"}, APP), (API, {"mode": "no-cors"}, None),
        (API, {"mode": "no-cors", "method": "POST"}, APP),
        (API, {"mode": "no-cors", "method": "POST", "referrer_policy": "no-referrer"}, "null"),
        (API, {"mode": "no-cors", "method": "POST", "referrer_policy": "same-origin"}, "null"),
        (API, {"mode": "no-cors", "method": "POST", "referrer_policy": "unsafe-url"}, APP),
        (APP, {"mode": "same-origin", "method": "PUT", "referrer_policy": "same-origin"}, APP),
        (APP, {"mode": "same-origin", "method": "PUT", "referrer_policy": "no-referrer"}, "null"),
    ],
)  # fmt: skip
def test_who_says_whose(url: str, options: dict[str, Any], origin: str | None) -> None:
    """Checked requests say their origin, so do those that may change something, unless a policy hides it."""
    sent = page(Response(200)).fetch(url, **options).exchanges[0].request
    assert sent.headers.get("origin") == origin


def test_an_opaque_page_says_null() -> None:
    """The origin of a sandboxed page is `null`, at its own server too."""
    sent = page(Response(200), APP, sandbox=True).fetch(APP).exchanges[0].request
    assert sent.headers["origin"] == "null"
