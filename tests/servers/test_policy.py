"""corsim.servers.policy."""

from __future__ import annotations

from typing import Any

import pytest

from corsim import Browser, InvalidInput, Page, Policy, Response

APP, API = "https://app.example.com", "https://api.example.com"


def page(policy: Policy, url: str = APP) -> Page:
    browser = Browser()
    browser.serve(API, policy)
    return browser.open(url)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"origins": ["https://app.example.com/"]}, "a browser sends 'https://app.example.com'"),
        ({"origins": ["HTTPS://APP.example.com"]}, "a browser sends 'https://app.example.com'"),
        ({"origins": ["https://app.example.com:443"]}, "a browser sends"),
        ({"origins": ["app.example.com"]}, "no origin"),
        ({"origins": ["*", APP]}, "stands alone"), ({"origins": "*", "methods": ["A B"]}, "no method"),
        ({"origins": "*", "methods": ["TRACE"]}, "no method"),
        ({"origins": "*", "headers": ["X A"]}, "no header name"),
        ({"origins": "*", "max_age": -1}, "max_age"),
        ({"origins": "*", "credentials": True}, r"origins='\*'"),
        ({"origins": [APP], "headers": "*", "credentials": True}, r"headers='\*'"),
        ({"origins": [APP], "expose": ["*"], "credentials": True}, r"expose='\*'"),
    ],
)  # fmt: skip
def test_refusals(options: dict[str, Any], message: str) -> None:
    """What no browser would send or accept is refused, with what would be right."""
    with pytest.raises(InvalidInput, match=message):
        Policy(**options)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("origins", APP), ("origins", 5), ("origins", None), ("origins", [5]), ("methods", "PUT"),
        ("methods", [5]),
        ("headers", 5), ("headers", [b"X-A"]), ("expose", "X-A"), ("max_age", "5"), ("max_age", 1.5),
        ("answer", 5),
    ],
)  # fmt: skip
def test_wrong_types(name: str, value: Any) -> None:
    """A wrong Python type is refused, with the value."""
    with pytest.raises((TypeError, InvalidInput)) as caught:
        Policy(**{"origins": "*", name: value})
    assert repr(value[0] if isinstance(value, list) else value) in str(caught.value)


def test_a_preflight_is_answered_by_the_policy() -> None:
    """Preflights get a 204 and never reach what the policy stands before."""
    policy = Policy(origins=[APP], methods=["PUT"], headers=["X-A"], max_age=60, answer=lambda request: 1 / 0)  # type: ignore[arg-type, return-value]
    result = page(policy).fetch(API, method="PUT", headers={"X-A": "1"})
    first = result.exchanges[0].response
    assert first is not None
    assert (first.status, list(first.headers.pairs)) == (204, [
        ("Vary", "Origin"), ("Access-Control-Allow-Origin", APP), ("Access-Control-Allow-Methods", "PUT"),
        ("Access-Control-Allow-Headers", "X-A"), ("Access-Control-Max-Age", "60"),
    ])  # fmt: skip
    assert isinstance(result.exchanges[1].error, ZeroDivisionError)


def test_a_stranger_is_told_nothing_but_to_vary() -> None:
    """An origin that is not allowed gets no list, and caches are told that others may."""
    policy = Policy(origins=[APP], methods=["PUT"], expose=["X-A"], credentials=True)
    for method in ("GET", "PUT"):
        answer = page(policy, "https://evil.example").fetch(API, method=method).exchanges[0].response
        assert answer is not None
        assert [name for name, _ in answer.headers.pairs if name != "Content-Type"] == ["Vary"]


def test_any_origin_needs_no_vary() -> None:
    """With `*` all answers are alike."""
    answer = page(Policy(origins="*", expose="*")).fetch(API).exchanges[0].response
    assert answer is not None
    assert dict(answer.headers) == {
        "content-type": "text/plain", "access-control-allow-origin": "*",
        "access-control-expose-headers": "*",
    }  # fmt: skip


def test_null_can_be_allowed() -> None:
    """A policy may name `null`, and then an opaque page may read."""
    assert page(Policy(origins=["null"]), "null").fetch(API).ok
    assert not page(Policy(origins=[APP]), "null").fetch(API).readable


def test_an_options_request_of_script_is_no_preflight() -> None:
    """OPTIONS without Access-Control-Request-Method goes to the answer."""
    policy = Policy(origins=[APP], methods=["OPTIONS"], answer=Response(299))
    assert page(policy).fetch(API, method="OPTIONS").status == 299
