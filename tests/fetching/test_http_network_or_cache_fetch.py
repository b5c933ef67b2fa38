"""corsim.fetching.http_network_or_cache_fetch."""

from __future__ import annotations

from typing import Any

import pytest

from corsim import Request, Response
from fetching.support import ANY, API, APP, fetched, lines, page, why


def wire(url: str = f"{API}/", **options: Any) -> Request:
    return fetched(Response(200, ANY), url, **options).exchanges[-1].request


@pytest.mark.parametrize(
    ("url", "mode", "included"),
    [
        (API, "omit", False),
        (API, "same-origin", False),
        (API, "include", True),
        (APP, "omit", False),
        (APP, "same-origin", True),
        (APP, "include", True),
    ],
)
def test_credentials(url: str, mode: str, included: bool) -> None:
    """Credentials go home by default, elsewhere when asked for, and nowhere with "omit"."""
    result = fetched(Response(200, ANY), url, credentials=mode)
    assert result.exchanges[0].includes_credentials is included


@pytest.mark.parametrize(
    ("method", "body", "length"),
    [
        ("POST", b"abc", "3"),
        ("POST", b"", "0"),
        ("POST", None, "0"),
        ("PUT", None, "0"),
        ("GET", None, None),
        ("DELETE", None, None),
    ],
)
def test_content_length(method: str, body: bytes | None, length: str | None) -> None:
    """A body has a length, and so has a missing one where it is usual."""
    assert wire(f"{APP}/", method=method, body=body).headers.get("content-length") == length


@pytest.mark.parametrize(
    ("cache", "headers", "expected"),
    [
        ("default", {}, {}), ("no-store", {}, {"pragma": "no-cache", "cache-control": "no-cache"}),
        ("reload", {}, {"pragma": "no-cache", "cache-control": "no-cache"}),
        ("no-cache", {}, {"cache-control": "max-age=0"}), ("force-cache", {}, {}),
        ("default", {"If-None-Match": "x"}, {"pragma": "no-cache", "cache-control": "no-cache"}),
        ("no-store", {"Cache-Control": "x"}, {"pragma": "no-cache", "cache-control": "x"}),
        ("no-cache", {"Cache-Control": "x"}, {"cache-control": "x"}),
    ],
)  # fmt: skip
def test_cache_headers(cache: str, headers: dict[str, str], expected: dict[str, str]) -> None:
    """What caches on the way are told depends on the cache mode; script's own word stands."""
    sent = wire(f"{APP}/", cache=cache, headers=headers).headers
    assert {name: sent[name] for name in ("pragma", "cache-control") if name in sent} == expected


def test_a_range_is_not_compressed() -> None:
    """A request for a range asks for the bytes as they are."""
    assert wire(headers={"Range": "bytes=0-9"}).headers["accept-encoding"] == "identity"


def test_the_request_line_has_no_fragment() -> None:
    """Fragments stay in the browser, and so does userinfo."""
    assert str(wire(f"{API}/a?b#c").url) == f"{API}/a?b"
    sent = page(Response(200)).xhr("https://u:p@app.example.com/x").exchanges[0].request
    assert str(sent.url) == f"{APP}/x"


def test_only_if_cached() -> None:
    """Nothing is ever in the HTTP cache, so what may come only from there does not come."""
    result = fetched(Response(200), f"{APP}/", mode="same-origin", cache="only-if-cached")
    assert why(result) == ("concept-http-network-or-cache-fetch 11.1", "not-in-cache", "")


def test_a_misdirected_request_is_made_again_once() -> None:
    """A 421 is asked again on another connection, and the second one is the answer."""
    result = fetched(Response(421, ANY))
    assert (result.status, lines(result)) == (421, [f"GET {API}/"] * 2)


def test_userinfo_that_is_refused_is_forgotten() -> None:
    """What answered a 401 in vain is not tried again; what was let in is."""
    from corsim import Browser

    def secret(request: Request) -> Response:
        let_in = request.headers.get("authorization") == "Basic dXNlcjpwdw=="
        return Response(200 if let_in else 401, {"WWW-Authenticate": "Basic realm=secret"})

    browser = Browser()
    browser.serve(APP, secret)
    page = browser.open(APP)
    asked = [
        [page.xhr(url).status, browser.state.logins.get(APP)]
        for url in ("https://user:no@app.example.com/", "/", "https://user:pw@app.example.com/", "/")
    ]
    assert asked == [[401, None], [401, None], [200, "Basic dXNlcjpwdw=="], [200, "Basic dXNlcjpwdw=="]]


def test_malformed_header_lines_are_dropped() -> None:
    """A name that is no token, such as one with a space at its end, is no header."""
    result = fetched(Response(200, [("Access-Control-Allow-Origin ", "*")]))
    assert why(result) == ("concept-cors-check 2", "allow-origin-missing", "")


def test_a_connection_that_fails() -> None:
    """An app that sends nothing is a network error that says what happened."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise OSError("broken pipe")

    from corsim import Browser

    with Browser() as browser:
        browser.serve(API, app)
        result = browser.open(APP).fetch(API)
    assert why(result) == ("concept-http-network-fetch 8.1", "connection-failed", "OSError: broken pipe")
    assert isinstance(result.exchanges[0].error, OSError)
    assert result.exchanges[0].response is None
