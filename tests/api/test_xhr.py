"""corsim.api.xhr."""

from __future__ import annotations

from typing import Any

import pytest

from corsim import Blob, Browser, Form, Params, Response, Result

APP, API = "https://app.example.com", "https://api.example.com"


def xhr(url: str = f"{APP}/x", **options: Any) -> Result:
    browser = Browser()
    for origin in (APP, API):
        browser.serve(origin, lambda request: Response(200, {"Access-Control-Allow-Origin": "*"}))
    return browser.open(APP).xhr(url, **options)


@pytest.mark.parametrize(
    ("options", "where", "outcome", "reason"),
    [
        ({"method": "A B"}, "dom-xmlhttprequest-open 2", "SyntaxError", "invalid-method"),
        ({"method": "Trace"}, "dom-xmlhttprequest-open 3", "SecurityError", "forbidden-method"),
        ({"url": "https://"}, "dom-xmlhttprequest-open 6", "SyntaxError", "invalid-url"),
        ({"headers": {"X A": "1"}}, "dom-xmlhttprequest-setrequestheader 4", "SyntaxError", "invalid-header"),
    ],
)
def test_what_throws(options: dict[str, Any], where: str, outcome: str, reason: str) -> None:
    """Each method of XMLHttpRequest throws its own exception, at its step."""
    result = xhr(**options)
    assert result.blocked is not None
    assert (result.blocked.step.id, result.blocked.outcome, result.blocked.reason) == (where, outcome, reason)
    assert result.api == "xhr"


@pytest.mark.parametrize(("name", "value"), [("url", 5), ("url", []), ("method", None)])
def test_wrong_types(name: str, value: Any) -> None:
    """A wrong Python type is a TypeError that names the argument."""
    with pytest.raises(TypeError, match=rf"{name} must be str"):
        xhr(**{name: value})


def test_values_of_one_name_are_combined() -> None:
    """setRequestHeader() joins values, where fetch keeps lines."""
    sent = xhr(headers=[("X-A", "1"), ("x-a", "2"), ("Cookie", "c")]).exchanges[0].request
    assert sent.headers.pairs[0] == ("X-A", "1, 2")
    assert "cookie" not in sent.headers


@pytest.mark.parametrize(
    ("body", "given", "sent"),
    [
        ("x", None, "text/plain;charset=UTF-8"), ("x", "text/plain", "text/plain"),
        ("x", "text/plain;charset=x", "text/plain;charset=UTF-8"),
        ("x", "text/plain;charset=utf-8", "text/plain;charset=utf-8"),
        (b"x", "text/plain;charset=x", "text/plain;charset=x"),
        ("x", "nonsense;charset=x", "nonsense;charset=x"),
        (Params({"a": "b"}), "a/b;charset=x", "a/b;charset=UTF-8"), (Blob(b"", "a/b"), None, "a/b"),
        (b"x", None, None),
    ],
)  # fmt: skip
def test_content_type(body: Any, given: str | None, sent: str | None) -> None:
    """Script's own type may not lie about the charset of text."""
    headers = {} if given is None else {"Content-Type": given}
    request = xhr(method="POST", body=body, headers=headers).exchanges[0].request
    assert request.headers.get("content-type") == sent


def test_a_get_ignores_its_body() -> None:
    """Where fetch() rejects, send() drops the body of a GET."""
    result = xhr(body=Form({"a": "b"}))
    assert result.readable
    assert result.exchanges[0].request.body is None
    assert "content-type" not in result.exchanges[0].request.headers


def test_credentials() -> None:
    """withCredentials is the credentials mode "include", otherwise "same-origin"."""
    assert not xhr(f"{API}/").exchanges[0].includes_credentials
    asked = xhr(f"{API}/", with_credentials=True)
    assert asked.blocked is not None
    assert asked.exchanges[0].includes_credentials


def test_a_url_with_credentials_is_allowed() -> None:
    """open() takes userinfo in the URL, where fetch() rejects it."""
    result = xhr("https://u:p@app.example.com/x")
    assert result.readable
    assert str(result.exchanges[0].request.url) == f"{APP}/x"
