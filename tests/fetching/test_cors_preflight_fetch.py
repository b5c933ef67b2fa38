"""corsim.fetching.cors_preflight_fetch."""

from __future__ import annotations

from typing import Any

import pytest

from corsim import Browser, Response
from fetching.support import ANY, API, APP, MINE, allowing, fetched, lines, page, steps, why

STEP = "cors-preflight-fetch-0"


def test_what_a_preflight_says() -> None:
    """It names the method as it will be sent, the unsafe names sorted, and the origin; it carries nothing."""
    result = fetched(
        Response(404), f"{API}/a?b#c", method="patch", body=b"x", credentials="include",
        headers=[("X-B", "1"), ("x-a", "2"), ("Accept", "text/html"), ("Content-Type", "application/json")],
    )  # fmt: skip
    preflight = result.exchanges[0]
    assert preflight.is_preflight
    assert lines(result) == [f"OPTIONS {API}/a?b"]
    assert (preflight.request.body, preflight.includes_credentials) == (None, False)
    assert list(preflight.request.headers.pairs) == [
        ("Accept", "*/*"),
        ("Access-Control-Request-Method", "patch"),
        ("Access-Control-Request-Headers", "content-type,x-a,x-b"),
        ("Referer", f"{APP}/"),
        ("Origin", APP),
        ("Sec-Fetch-Dest", "empty"),
        ("Sec-Fetch-Mode", "cors"),
        ("Sec-Fetch-Site", "same-site"),
    ]


def test_no_unsafe_names_no_header() -> None:
    """A preflight for a method only says nothing of headers."""
    result = fetched(Response(404), method="PUT")
    assert "access-control-request-headers" not in result.exchanges[0].request.headers


@pytest.mark.parametrize("status", [200, 204, 299])
def test_ok_statuses(status: int) -> None:
    """Any ok status will do for a preflight."""
    answer = Response(status, {**ANY, "Access-Control-Allow-Methods": "PUT"})
    assert fetched({"OPTIONS": answer, "PUT": Response(200, ANY)}, method="PUT").readable


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (301, "preflight-redirect"),
        (307, "preflight-redirect"),
        (300, "preflight-status"),
        (404, "preflight-status"),
        (500, "preflight-status"),
    ],
)
def test_other_statuses(status: int, reason: str) -> None:
    """No other status will do; redirects are told apart, and not followed."""
    answer = Response(status, {**ANY, "Access-Control-Allow-Methods": "*", "Location": "/x"})
    result = fetched({"OPTIONS": answer}, method="PUT")
    assert why(result) == (f"{STEP} 8", reason, str(status))
    assert lines(result) == [f"OPTIONS {API}/"]


@pytest.mark.parametrize(
    ("allowed", "asked", "refused"),
    [
        ({"allow_methods": "PUT"}, {"method": "PUT"}, None),
        ({"allow_methods": "put"}, {"method": "PUT"}, ("7.5", "method-not-allowed", "PUT")),
        ({"allow_methods": "PATCH"}, {"method": "patch"}, ("7.5", "method-not-allowed", "patch")),
        ({}, {"method": "PUT"}, ("7.5", "method-not-allowed", "PUT")),
        ({"allow_methods": ""}, {"method": "PUT"}, ("7.5", "method-not-allowed", "PUT")),
        ({"allow_methods": "*"}, {"method": "PUT"}, None),
        ({"allow_methods": "GET, *"}, {"method": "PUT"}, None),
        ({"allow_headers": "x-a"}, {"headers": {"X-A": "1"}}, None),
        ({"allow_headers": "X-A"}, {"headers": {"x-a": "1"}}, None),
        ({"allow_headers": "x-b"}, {"headers": {"X-A": "1"}}, ("7.7", "header-not-allowed", "x-a")),
        ({"allow_headers": "*"}, {"headers": {"X-A": "1"}}, None),
        ({"allow_headers": "*"}, {"headers": {"Authorization": "1"}}, ("7.6", "header-not-allowed",
        "authorization")),
        ({"allow_headers": "*, Authorization"}, {"headers": {"Authorization": "1"}}, None),
        ({"allow_headers": "x-a"}, {"headers": {"X-A": "1"}, "method": "POST"}, None),
        ({"allow_methods": "PUT DELETE"}, {"method": "PUT"}, ("7.3", "allow-methods-malformed",
        "PUT DELETE")),
        ({"allow_methods": "PUT", "allow_headers": "['x']"}, {"method": "PUT"},
         ("7.3", "allow-headers-malformed", "['x']")),
        ({"allow_headers": "x-a,,"}, {"headers": {"X-A": "1"}}, None),
    ],
)  # fmt: skip
def test_permission(
    allowed: dict[str, str], asked: dict[str, Any], refused: tuple[str, str, str] | None
) -> None:
    """Methods are matched in their case, names in any; `*` covers all but Authorization."""
    result = fetched(
        {"OPTIONS": allowing(**allowed), **dict.fromkeys(("GET", "PUT", "POST", "patch"), allowing())},
        **asked,
    )
    expected = None if refused is None else (f"{STEP} {refused[0]}", *refused[1:])
    assert why(result) == expected
    assert len(result.exchanges) == (2 if refused is None else 1)


@pytest.mark.parametrize(
    "lists", [{"Access-Control-Allow-Methods": "*"}, {"Access-Control-Allow-Headers": "*"}]
)
def test_with_credentials_a_star_is_a_token(lists: dict[str, str]) -> None:
    """With credentials, `*` allows only the method or header of that name."""
    result = fetched(
        Response(200, {**MINE, **lists}), method="PUT", headers={"X-A": "1"}, credentials="include"
    )
    assert result.blocked is not None
    named = Response(200, {**MINE, "Access-Control-Allow-Headers": "*"})
    assert fetched(named, headers={"*": "1"}, credentials="include").readable


def test_with_credentials_the_preflight_has_to_allow_them() -> None:
    """The preflight itself goes without credentials, and yet its answer has to allow them."""
    result = fetched({"OPTIONS": allowing(allow_methods="PUT")}, method="PUT", credentials="include")
    assert why(result) == ("concept-cors-check 4", "allow-origin-wildcard", "*")
    assert not result.exchanges[0].includes_credentials


def test_a_forced_preflight_need_not_name_the_method() -> None:
    """Where upload listeners force a preflight, no list of methods is leave for the request's own."""
    answers = {"OPTIONS": allowing(), "PUT": allowing(), "POST": allowing()}
    for method in ("POST", "PUT"):
        result = page(answers).xhr(f"{API}/", method=method, upload_listener=True)
        assert result.readable
        assert f"{STEP} 7.4" in steps(result)


def test_a_preflights_redirect_is_judged_by_its_origin_first() -> None:
    """In the standard, the CORS check of a preflight comes before its status; WebKit turns it around."""
    answers = {"OPTIONS": Response(302)}
    assert why(fetched(answers, method="PUT")) == ("concept-cors-check 2", "allow-origin-missing", "")
    webkit = page(answers, engine="webkit").fetch(f"{API}/", method="PUT")
    assert why(webkit) == (f"{STEP} 8", "preflight-redirect", "302")


def test_a_preflight_that_breaks_off() -> None:
    """A connection that fails during the preflight is the end."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    with Browser() as browser:
        browser.serve(API, app)
        result = browser.open(APP).fetch(f"{API}/", method="PUT")
    assert result.blocked is not None
    assert result.blocked.reason == "connection-failed"
    assert lines(result) == [f"OPTIONS {API}/"]
