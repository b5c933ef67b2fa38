"""corsim.explaining.origins."""

from __future__ import annotations

import pytest

from corsim.explaining.origins import difference, readable

LOCAL = "http://localhost:5173"


@pytest.mark.parametrize(
    ("origin", "value", "said"),
    [
        ("https://app.example", "", "empty"),
        ("https://app.example", "https://app.example/", "ends with a slash"),
        ("https://app.example", "https://app.example/a", "has a path, /a"),
        ("https://app.example", "http://app.example", "scheme is http; the page's is https"),
        ("https://app.example", "https://app.example:8443", "port is 8443; the page's is 443, the default"),
        ("https://app.example", "https://app.example:443", "names the port 443"),
        ("https://app.example", "https://App.example", "capitals"),
        ("https://app.example", "HTTPS://app.example", "capitals"),
        ("https://app.example", "https://www.app.example", "`www.` makes another origin"),
        ("https://www.app.example", "https://app.example", "`www.` makes another origin"),
        ("https://a.app.example", "https://app.example", "a.app.example is a subdomain of app.example"),
        ("https://app.example", "https://a.app.example", "a.app.example is a subdomain of the page's"),
        ("https://app.example", "https://other.example", "host is other.example; the page's is app.example"),
        ("https://app.example", "app.example", "begins with https://"),
        ("https://app.example", "//app.example", "begins with https://"),
        ("https://app.example", "https//:app.example", "is no origin"),
        ("https://app.example", "https://*.example", "no patterns"),
        ("https://app.example", '"https://app.example"', "quotes"),
        ("https://app.example", "https://me@app.example", "user name"),
        ("https://app.example", "null", "sandboxed frame"),
        ("null", "https://app.example", "says `null`"),
        ("https://app.example", "https://\xd0\xb0pp.example", "It holds \u0430 (U+0430); a browser"),
        ("https://app.example", "https://\u0430pp.example", "host is xn--pp-6kc.example; the page's is app"),
        ("https://app.example", "https://app.example\xa0", "It holds \\xa0, which no browser writes"),
        (LOCAL, "http://127.0.0.1:5173", "one machine, but to a browser two origins"),
        (LOCAL, "http://localhost:3000", "port is 3000; the page's is 5173"),
        (LOCAL, "http://localhost", "port is 80, the default; the page's is 5173"),
        ("https://app.example", "http://app.example/", "slash; an origin has none. Its scheme is http"),
    ],
)
def test_difference(origin: str, value: str, said: str) -> None:
    """A value that is nearly the origin is told how it differs."""
    assert said in difference(origin, value)


@pytest.mark.parametrize("value", ["https://\xd0\xb0pp.example", "https://app.example\xa0"])
def test_what_is_not_ascii_has_no_capitals(value: str) -> None:
    """UTF-8 that was read byte by byte has no capitals, and is not told so."""
    assert "capitals" not in difference("https://app.example", value)


def test_readable() -> None:
    """UTF-8 is shown as what it says, a byte alone by its number, and text as it is."""
    assert readable("https://\xd0\xb0pp.example") == "https://\u0430pp.example"
    assert readable("https://app.example\xa0") == "https://app.example\\xa0"
    assert readable("https://\u0430pp.example") == "https://\u0430pp.example"
