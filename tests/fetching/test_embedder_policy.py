"""corsim.fetching.embedder_policy."""

from __future__ import annotations

from typing import Any

import pytest

from corsim import Browser, Response
from fetching.support import ANY, API, APP, page, why

COEP = "Cross-Origin-Embedder-Policy"
CORP = {"Cross-Origin-Resource-Policy": "cross-origin"}
STEP = "cross-origin-resource-policy-internal-check 5"


def test_require_corp() -> None:
    """What is held unread has to say that it may be; CORS goes its own way."""
    headers = {COEP: "require-corp"}
    refused = page(headers=headers).fetch(API, mode="no-cors")
    assert why(refused) == (STEP, "embedder-policy", "require-corp")
    assert page(Response(200, CORP), headers=headers).fetch(API, mode="no-cors").type == "opaque"
    assert page(Response(200, ANY), headers=headers).fetch(API).ok
    assert page(headers=headers).fetch(APP, mode="no-cors").type == "basic"


@pytest.mark.parametrize(("engine", "home"), [("spec", False), ("chromium", True)])
def test_credentialless(engine: str, home: bool) -> None:
    """Without CORS nothing goes abroad that tells who asks; home it goes, but not by the letter."""
    opened = page(engine=engine, headers={COEP: "credentialless"})
    abroad = opened.fetch(API, mode="no-cors", credentials="include")
    assert (abroad.type, abroad.exchanges[0].includes_credentials) == ("opaque", False)
    assert opened.fetch(APP, mode="no-cors").exchanges[0].includes_credentials is home
    assert opened.fetch(API, credentials="include").exchanges[0].includes_credentials


def test_cookies_that_are_left_behind_are_named() -> None:
    """The network tab says which cookies did not go along."""
    browser = Browser()
    browser.serve(API, lambda request: Response(200))
    browser.cookies.set(API, "sid=1; Secure; SameSite=None")
    result = browser.open(APP, headers={COEP: "credentialless"}).image(f"{API}/a.png")
    assert [row.cookie.name for row in result.exchanges[0].held_back] == ["sid"]


@pytest.mark.parametrize(
    ("url", "options", "policy"),
    [
        ("http://app.example", {}, "unsafe-none"), ("http://localhost:3000", {}, "require-corp"),
        (APP, {"embedder": "http://portal.example"}, "unsafe-none"), (APP, {"sandbox": True}, "require-corp"),
    ],
)  # fmt: skip
def test_only_secure_pages_have_one(url: str, options: dict[str, Any], policy: str) -> None:
    """A page that others may have written has no embedder policy, whatever its headers say."""
    opened = page(url=url, headers={COEP: "require-corp"}, **options)
    assert opened.environment.embedder_policy == policy
