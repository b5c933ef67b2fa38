"""corsim.fetching.http_redirect_fetch."""

from __future__ import annotations

import pytest

from corsim import Response
from fetching.support import ANY, API, APP, OTHER, allowing, fetched, lines, page, redirect, why

STEP = "concept-http-redirect-fetch"


@pytest.mark.parametrize(
    ("location", "step", "reason"),
    [
        ("https://", "5", "redirect-location-invalid"), ("http://[", "5", "redirect-location-invalid"),
        ("data:,x", "6", "redirect-scheme"), ("javascript:0", "6", "redirect-scheme"),
        ("https://u:p@other.example/", "9", "redirect-with-credentials"),
        ("https://u@api.example.com/", "9", "redirect-with-credentials"),
        ("https://u:p@app.example.com/", "10", "redirect-with-credentials"),
    ],
)  # fmt: skip
def test_refusals(location: str, step: str, reason: str) -> None:
    """Bad URLs, other schemes and credentials are not followed, each at its step."""
    blocked = why(fetched(redirect(location)))
    assert blocked is not None
    assert blocked[:2] == (f"{STEP} {step}", reason)


def test_two_locations_are_none() -> None:
    """Two Location headers are no URL, even if they are alike."""
    blocked = why(fetched(redirect("/x", headers=[("Location", "/x")])))
    assert blocked == (f"{STEP} 5", "redirect-location-invalid", "/x, /x")


def test_no_location_is_no_redirect() -> None:
    """A redirect without a Location is the answer itself."""
    result = fetched(Response(302, ANY, b"x"))
    assert (result.status, result.body, result.redirected) == (302, b"x", False)


def test_twenty_redirects_and_no_more() -> None:
    """The twentieth redirect is followed, and the twenty-first is not."""

    def chain(length: int) -> dict[str, Response]:
        hops = {f"{API}/{number}": redirect(f"/{number + 1}") for number in range(length)}
        return {**hops, f"{API}/{length}": Response(200, ANY)}

    assert fetched(chain(20), f"{API}/0").url == f"{API}/20"
    result = fetched(chain(21), f"{API}/0")
    assert why(result) == (f"{STEP} 7", "too-many-redirects", f"{API}/21")
    assert len(result.exchanges) == 21


@pytest.mark.parametrize(
    ("method", "status", "then"),
    [
        ("POST", 301, "GET"), ("POST", 302, "GET"), ("POST", 303, "GET"), ("POST", 307, "POST"),
        ("POST", 308, "POST"),
        ("PUT", 301, "PUT"), ("PUT", 303, "GET"), ("HEAD", 303, "HEAD"), ("GET", 302, "GET"),
        ("post", 301, "GET"),
    ],
)  # fmt: skip
def test_methods(method: str, status: int, then: str) -> None:
    """301 and 302 turn a POST into a GET, 303 all but GET and HEAD; 307 and 308 nothing."""
    body = None if method in ("GET", "HEAD") else b"x"
    home = {f"{APP}/": Response(status, {"Location": "/x"}), f"{APP}/x": Response(200)}
    last = page(home).fetch(f"{APP}/", method=method, body=body).exchanges[-1].request
    assert last.method == then
    assert last.body == (body if then not in ("GET", "HEAD") else None)


def test_a_get_takes_no_body_headers_along() -> None:
    """What described the body goes with it."""
    home = {f"{APP}/": Response(303, {"Location": "/x"})}
    headers = {"Content-Type": "a/b", "Content-Language": "en", "X-A": "1"}
    last = page(home).fetch(f"{APP}/", method="PUT", body=b"x", headers=headers).exchanges[-1].request
    assert "content-type" not in last.headers
    assert "content-language" not in last.headers
    assert "content-length" not in last.headers
    assert last.headers["x-a"] == "1"


def test_authorization_stays_behind() -> None:
    """Authorization is dropped on the way to another origin, and kept at home."""
    answers = {
        "OPTIONS": allowing(allow_headers="Authorization"),
        f"GET {API}/": redirect(f"{OTHER}/"),
        f"GET {API}/home": redirect("/"),
        f"GET {OTHER}/": Response(200, ANY),
    }
    away = fetched(answers, headers={"Authorization": "t"})
    assert "authorization" not in away.exchanges[-1].request.headers
    home = fetched(
        {**answers, f"GET {API}/": Response(200, ANY)}, f"{API}/home", headers={"Authorization": "t"}
    )
    assert home.exchanges[-1].request.headers["authorization"] == "t"


def test_a_tainted_origin_is_null() -> None:
    """From one foreign origin to another, the request no longer says whose it is."""
    answers = {
        f"{API}/": redirect(f"{OTHER}/"),
        f"{OTHER}/": Response(200, {"Access-Control-Allow-Origin": "null"}),
    }
    result = fetched(answers)
    assert result.readable
    assert result.exchanges[-1].request.headers["origin"] == "null"


def test_a_fragment_is_handed_on() -> None:
    """A fragment is nothing that script or server sees, and a redirect keeps it."""
    result = fetched({f"{API}/": redirect("/x"), f"{API}/x": Response(200, ANY)}, f"{API}/#f")
    assert (result.url, result.redirected) == (f"{API}/x", True)
    assert lines(result) == [f"GET {API}/", f"GET {API}/x"]


def test_each_hop_is_preflighted() -> None:
    """A request that needs leave asks every origin on its way, and the same one for each URL."""
    answers = {
        "OPTIONS": allowing(allow_methods="PUT"),
        f"PUT {API}/": redirect(f"{API}/x", 307),
        f"PUT {API}/x": redirect(f"{OTHER}/", 307),
        f"PUT {OTHER}/": Response(200, ANY),
    }
    assert lines(fetched(answers, method="PUT")) == [
        f"OPTIONS {API}/", f"PUT {API}/", f"OPTIONS {API}/x", f"PUT {API}/x", f"OPTIONS {OTHER}/",
        f"PUT {OTHER}/",
    ]  # fmt: skip


def test_from_home_away_and_back() -> None:
    """Once a chain has left home, its response is a cors one, and home has to share it."""
    answers = {
        f"{APP}/": Response(302, {"Location": f"{API}/"}),
        f"{API}/": redirect(f"{APP}/x"),
        f"{APP}/x": Response(200),
    }
    assert why(fetched(answers, f"{APP}/")) == ("concept-cors-check 2", "allow-origin-missing", "")
