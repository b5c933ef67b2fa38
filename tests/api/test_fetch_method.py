"""corsim.api.fetch_method."""

from __future__ import annotations

from typing import Any

import pytest

from corsim import Blob, Browser, Response, Result

APP = "https://app.example.com"


def fetch(url: str = "/x", page: str = f"{APP}/a/b", **options: Any) -> Result:
    browser = Browser()
    browser.serve(APP, lambda request: Response(200))
    return browser.open(page).fetch(url, **options)


@pytest.mark.parametrize(
    ("options", "step", "reason"),
    [
        ({"url": "https://"}, "5.2", "invalid-url"),
        ({"url": "https://u:p@a.example/"}, "5.3", "url-with-credentials"),
        ({"mode": "navigate"}, "17", "invalid-option"), ({"credentials": "yes"}, "19", "invalid-option"),
        ({"redirect": ""}, "22", "invalid-option"), ({"cache": "no"}, "20", "invalid-option"),
        ({"referrer_policy": "never"}, "15", "invalid-option"),
        ({"referrer": "https://"}, "14.3.2", "invalid-referrer"),
        ({"cache": "only-if-cached"}, "21", "only-if-cached-mode"),
        ({"method": "A B"}, "25.2", "invalid-method"),
        ({"method": ""}, "25.2", "invalid-method"), ({"method": "track"}, "25.2", "forbidden-method"),
        ({"method": "PUT", "mode": "no-cors"}, "32.1", "no-cors-method"),
        ({"body": ""}, "35", "body-not-allowed"),
        ({"method": "head", "body": b""}, "35", "body-not-allowed"),
    ],
)  # fmt: skip
def test_what_rejects(options: dict[str, Any], step: str, reason: str) -> None:
    """Whatever makes fetch() reject with a TypeError is a blocked result, at its step, with nothing sent."""
    result = fetch(**options)
    assert result.blocked is not None
    assert (result.blocked.step.id, result.blocked.reason) == (f"dom-request {step}", reason)
    assert result.blocked.outcome == "TypeError"
    assert (result.type, list(result.exchanges), result.request) == ("error", [], None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("url", 5),
        ("url", None),
        ("url", []),
        ("method", None),
        ("method", []),
        ("mode", {}),
        ("credentials", True),
        ("redirect", 1),
        ("cache", b"default"),
        ("referrer", None),
        ("referrer_policy", []),
    ],
)
def test_wrong_types(name: str, value: Any) -> None:
    """An option of a wrong Python type is a TypeError that names it."""
    with pytest.raises(TypeError, match=rf"{name} must be str"):
        fetch(**{name: value})


@pytest.mark.parametrize("headers", [5, 0, "", "X-A: 1"])
def test_headers_are_a_mapping_or_pairs(headers: Any) -> None:
    """What is no list of headers is refused, also where it is as good as nothing."""
    with pytest.raises(TypeError, match="header"):
        fetch(headers=headers)


@pytest.mark.parametrize(
    ("body", "headers", "content_type"),
    [
        ("x", {}, "text/plain;charset=UTF-8"), (b"x", {}, None), ("x", {"content-type": "a/b"}, "a/b"),
        (Blob(b"", "a/b"), {}, "a/b"), (Blob(b""), {}, None), (None, {"Content-Type": "a/b"}, "a/b"),
    ],
)  # fmt: skip
def test_content_type(body: Any, headers: dict[str, str], content_type: str | None) -> None:
    """A body brings its Content-Type, unless script gave one."""
    sent = fetch(method="POST", body=body, headers=headers).exchanges[0].request
    assert sent.headers.get("content-type") == content_type


def test_relative_urls() -> None:
    """A URL is resolved against the page's."""
    assert fetch("x?y").url == f"{APP}/a/x?y"
    assert fetch("").url == f"{APP}/a/b"
    assert fetch("x", page="null").blocked is not None


def test_accept() -> None:
    """A request that says nothing of what it takes, takes anything."""
    assert fetch().exchanges[0].request.headers["accept"] == "*/*"
    assert fetch(headers={"accept": "a/b"}).exchanges[0].request.headers.pairs[0] == ("accept", "a/b")


def test_the_same_call_twice_is_two_requests() -> None:
    """Bodies of equal calls are not mixed up."""
    sent = [fetch(method="POST", body=body).exchanges[0].request.body for body in (b"a", b"b", b"a")]
    assert sent == [b"a", b"b", b"a"]
