"""corsim.fetching.filtered_response."""

from __future__ import annotations

from corsim import Response
from fetching.support import ANY, API, APP, fetched, redirect

HEADERS = [("X-A", "1"), ("Set-Cookie", "a=b"), ("set-cookie2", "c=d"), ("Content-Type", "a/b"), ("X-A", "2")]


def test_basic_shows_all_but_cookies() -> None:
    """At home script sees every header but the cookies, combined and sorted."""
    result = fetched(Response(203, HEADERS, b"x", "Hi"), f"{APP}/a#b")
    assert list(result.headers.items()) == [("content-type", "a/b"), ("x-a", "1, 2")]
    assert (result.status, result.status_text, result.text, result.url) == (203, "Hi", "x", f"{APP}/a")
    assert result.get_all_response_headers() == "content-type: a/b\r\nx-a: 1, 2\r\n"


def test_cors_shows_the_safelisted_ones() -> None:
    """Elsewhere script sees the seven safelisted names."""
    names = ("Cache-Control", "Content-Language", "Content-Length", "Content-Type", "Expires",
    "Last-Modified",
             "Pragma", "ETag", "Date", "X-A")  # fmt: skip
    result = fetched(Response(200, [*ANY.items(), *((name, "1") for name in names)], b"x", "Hi"))
    assert list(result.headers) == sorted(name.lower() for name in names[:7])
    assert (result.body, result.status_text) == (b"x", "Hi")


def test_opaque_shows_nothing() -> None:
    """An opaque response is neither readable nor blocked, and empty."""
    result = fetched(Response(404, HEADERS, b"x", "Hi"), mode="no-cors")
    assert (result.type, result.status, result.status_text, result.url, result.body) == (
        "opaque",
        0,
        "",
        "",
        b"",
    )
    assert (dict(result.headers), result.ok, result.readable, result.blocked) == ({}, False, False, None)
    assert result.exchanges[0].response is not None
    assert result.exchanges[0].response.body == b"x"


def test_an_opaque_redirect_shows_its_url() -> None:
    """Of a redirect that is not followed script sees where it asked, and nothing more."""
    result = fetched(redirect("/x", 307), f"{API}/a#b", redirect="manual")
    assert (result.type, result.status, result.url, dict(result.headers)) == (
        "opaqueredirect",
        0,
        f"{API}/a",
        {},
    )


def test_text_is_utf_8() -> None:
    """text() decodes UTF-8 whatever the charset, without its mark, with U+FFFD for what is none."""
    result = fetched(Response(200, {**ANY, "Content-Type": "text/plain;charset=x"}, b"\xef\xbb\xbfa\xff"))
    assert result.text == "a\ufffd"


def test_only_equal_names_are_combined() -> None:
    """Raw lines are kept in order for `raw`, also in script's view."""
    result = fetched(Response(200, HEADERS), f"{APP}/")
    assert result.headers.raw == ((b"X-A", b"1"), (b"Content-Type", b"a/b"), (b"X-A", b"2"))
