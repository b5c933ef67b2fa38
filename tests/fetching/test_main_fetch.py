"""corsim.fetching.main_fetch."""

from __future__ import annotations

from typing import Any

import pytest

from corsim import Response
from fetching.support import ANY, API, APP, MINE, OTHER, allowing, fetched, page, redirect, why


@pytest.mark.parametrize(
    ("url", "options", "row", "kind"),
    [
        (f"{APP}/x", {}, "same-origin", "basic"),
        (f"{APP}/x", {"mode": "no-cors"}, "same-origin", "basic"),
        (f"{APP}/x", {"mode": "same-origin", "method": "PUT"}, "same-origin", "basic"),
        ("data:,x", {}, "a data: URL", "basic"),
        ("data:,x", {"mode": "no-cors"}, "a data: URL", "basic"),
        (API, {"mode": "same-origin"}, "cross-origin in same-origin mode", "error"),
        (API, {"mode": "no-cors"}, "cross-origin in no-cors mode", "opaque"),
        ("file:///x", {}, "a scheme that CORS does not know", "error"),
        (API, {"method": "PUT"}, "cross-origin, to be preflighted", "cors"),
        (API, {"headers": {"X-A": "1"}}, "cross-origin, to be preflighted", "cors"),
        (API, {"method": "POST", "body": "x"}, "cross-origin, simple", "cors"),
        (API, {}, "cross-origin, simple", "cors"),
    ],
)
def test_the_first_row_that_matches(url: str, options: dict[str, Any], row: str, kind: str) -> None:
    """A request is classified by the first row of the standard's switch that matches."""
    answer = Response(200, {**ANY, "Access-Control-Allow-Methods": "*", "Access-Control-Allow-Headers": "*"})
    result = fetched(answer, url, **options)
    assert str(result.trace[0]).startswith(f"main fetch 12: {row}")
    assert result.type == kind


def test_an_upload_listener_forces_a_preflight() -> None:
    """A simple XMLHttpRequest with an upload listener is preflighted all the same."""
    result = page(allowing()).xhr(API, method="POST", body="x", upload_listener=True)
    assert "forced preflight" in str(result.trace[0])
    assert result.exchanges[0].is_preflight


@pytest.mark.parametrize(
    ("url", "options", "reason"),
    [
        ("http://app.example.com:25/", {}, "bad-port"), (API, {"mode": "same-origin"}, "same-origin-mode"),
        (API, {"mode": "no-cors", "redirect": "manual"}, "no-cors-redirect-mode"),
        (API, {"mode": "no-cors", "redirect": "error"}, "no-cors-redirect-mode"),
        ("ftp://a.example/", {}, "scheme-not-http"), ("about:blank", {}, "scheme-not-http"),
        ("ws://a.example/", {}, "scheme-not-http"),
    ],
)  # fmt: skip
def test_what_is_never_sent(url: str, options: dict[str, Any], reason: str) -> None:
    """Some requests end before anything is sent."""
    result = fetched(Response(200, ANY), url, **options)
    assert result.blocked is not None
    assert result.blocked.reason == reason
    assert list(result.exchanges) == []


def test_a_redirect_to_a_bad_port() -> None:
    """The port of every hop is looked at."""
    blocked = why(fetched(redirect("https://api.example.com:6000/")))
    assert blocked == ("concept-main-fetch 7", "bad-port", "6000")


@pytest.mark.parametrize(
    ("expose", "credentials", "visible"),
    [
        (None, "omit", {"content-type"}), ("", "omit", {"content-type"}),
        ("X-A", "omit", {"content-type", "x-a"}),
        ("x-a, set-cookie", "omit", {"content-type", "x-a"}), ("*", "omit", {"content-type", "x-a", "x-b"}),
        ("*", "include", {"content-type"}), ("X-A X-B", "omit", {"content-type"}),
        ("X-A,(", "omit", {"content-type"}),
        ("X-Missing", "omit", {"content-type"}),
    ],
)  # fmt: skip
def test_exposed_headers(expose: str | None, credentials: str, visible: set[str]) -> None:
    """Script sees safelisted and exposed headers, never a cookie; `*` exposes all without credentials."""
    headers = {**MINE, "Content-Type": "a/b", "X-A": "1", "X-B": "2", "Set-Cookie": "a=b"}
    if expose is not None:
        headers["Access-Control-Expose-Headers"] = expose
    seen = set(fetched(Response(200, headers), credentials=credentials).headers)
    assert {name for name in seen if not name.startswith("access-control-")} == visible


def test_a_star_exposes_the_cors_headers_too() -> None:
    """Even what CORS itself says is seen with `*`."""
    assert (
        "access-control-allow-origin"
        in fetched(Response(200, {**ANY, "Access-Control-Expose-Headers": "*"})).headers
    )


@pytest.mark.parametrize(
    ("method", "status", "body"), [("HEAD", 200, b""), ("GET", 204, b""), ("GET", 304, b"")]
)
def test_no_body(method: str, status: int, body: bytes) -> None:
    """A HEAD and a null body status have no body, whatever the server sent."""
    assert fetched(Response(status, ANY, b"x"), method=method).body == body


def test_the_end_of_a_chain_is_filtered_as_the_chain_was_tainted() -> None:
    """In no-cors mode, a redirect from home to elsewhere ends opaque."""
    answers = {f"{APP}/": Response(302, {"Location": f"{OTHER}/"}), f"{OTHER}/": Response(200, {}, b"x")}
    result = fetched(answers, f"{APP}/", mode="no-cors")
    assert (result.type, result.body, result.url, result.redirected) == ("opaque", b"", "", False)
