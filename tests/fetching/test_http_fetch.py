"""corsim.fetching.http_fetch."""

from __future__ import annotations

from corsim import Response
from fetching.support import ANY, API, APP, allowing, fetched, page, redirect, steps, why


def test_a_redirect_refused() -> None:
    """With redirect="error" a redirect is a network error, after the CORS check."""
    assert why(fetched(redirect("/x"), redirect="error")) == (
        "concept-http-fetch 6.3",
        "redirect-mode-error",
        "302",
    )
    assert why(fetched(Response(302), redirect="error")) == (
        "concept-cors-check 2",
        "allow-origin-missing",
        "",
    )


def test_a_redirect_by_hand() -> None:
    """With redirect="manual" script gets an opaque redirect, of the URL it asked for."""
    result = fetched(redirect("https://secret.example/"), redirect="manual")
    assert (result.type, result.status, result.url, result.blocked) == ("opaqueredirect", 0, f"{API}/", None)
    assert not result.readable
    assert not result.redirected
    assert len(result.exchanges) == 1


def test_300_and_304_are_no_redirects() -> None:
    """Statuses that do not redirect are answers, whatever the mode and the Location."""
    for status in (300, 304):
        result = fetched(redirect("/x", status), redirect="error")
        assert (result.type, result.status) == ("cors", status)


def test_the_cache_is_looked_at_before_asking() -> None:
    """A preflight is needed once, and then the cache covers the request."""
    opened = page(allowing(allow_methods="PUT"))
    first, second = (opened.fetch(f"{API}/", method="PUT") for _ in range(2))
    assert [str(turn) for turn in first.trace if "4.1" in str(turn)] != [
        str(turn) for turn in second.trace if "4.1" in str(turn)
    ]
    assert (len(first.exchanges), len(second.exchanges)) == (2, 1)


def test_every_hop_is_checked_before_it_is_followed() -> None:
    """A redirect that is not shared is not followed."""
    result = fetched({f"{API}/": Response(302, {"Location": "/x"}), f"{API}/x": Response(200, ANY)})
    assert why(result) == ("concept-cors-check 2", "allow-origin-missing", "")
    assert len(result.exchanges) == 1


def test_a_basic_response_has_no_cors_check() -> None:
    """At home the only check is that of timing."""
    assert not [step for step in steps(fetched(Response(200), f"{APP}/")) if "cors" in step]
