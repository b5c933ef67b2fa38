"""corsim.fetching.embedder_policy."""

from __future__ import annotations

from typing import Any

import pytest

from corsim import Browser, Response
from fetching.support import ANY, API, APP, OTHER, page, why

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
    """The network tab says which cookies did not go along, and the words say why."""
    browser = Browser()
    browser.serve(API, lambda request: Response(200))
    browser.cookies.set(API, "sid=1; Secure; SameSite=None")
    result = browser.open(APP, headers={COEP: "credentialless"}).image(f"{API}/a.png")
    assert [str(row) for row in result.exchanges[0].held_back] == ["sid: embedder-policy"]
    assert (
        "The cookie sid was not sent because the page came with "
        f"{COEP}: credentialless, and this was not asked for by CORS."
    ) in result.explain().notes


def test_cookies_that_are_not_stored_are_named() -> None:
    """What is asked for without credentials sets nothing, either."""
    opened = page(Response(200, {"Set-Cookie": "a=1"}), headers={COEP: "credentialless"})
    assert [str(row) for row in opened.image(API).exchanges[0].ignored] == ["a: embedder-policy"]


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
    result = opened.fetch(OTHER, mode="no-cors")
    assert result.type == ("opaque" if policy == "unsafe-none" else "error")
