"""What `result.text` makes of bytes."""

from __future__ import annotations

import pytest

from corsim import Browser, Response

APP = "https://app.example.com"


def texts(content_type: str, body: bytes) -> tuple[str, str]:
    """Fetch a body both ways: `response.text()`, and `responseText`."""
    browser = Browser()
    browser.serve(APP, lambda request: Response(200, {"Content-Type": content_type}, body))
    page = browser.open(APP)
    return page.fetch("/").text, page.xhr("/").text


def test_only_xhr_reads_the_charset() -> None:
    """`response.text()` is always UTF-8; `responseText` follows the Content-Type."""
    assert texts("text/plain;charset=iso-8859-1", b"\xe9\x80") == ("\ufffd", "\xe9\u20ac")


def test_a_byte_order_mark_wins() -> None:
    """A mark at the start decides, and is no part of the text."""
    assert texts("text/plain;charset=iso-8859-1", b"\xef\xbb\xbf\xc3\xa9") == ("\xe9", "\xe9")


@pytest.mark.parametrize("label", ["hex", "undefined", "unicode_escape", "punycode", "no-such", "\x7f"])
def test_what_is_no_charset_of_the_web_is_utf_8(label: str) -> None:
    """Codecs of Python that no browser has are not used."""
    assert texts(f"text/plain;charset={label}", b"\xc3\xa9") == ("\xe9", "\xe9")


@pytest.mark.parametrize(
    ("content_type", "text"),
    [
        ("text/plain;charset=iso-8859-1, text/plain", "\xe9"),
        ("text/plain;charset=iso-8859-1, error, text/plain", "\xe9"),
        ("text/html;charset=iso-8859-1, text/plain", "\ufffd"),
        ("text/html, text/plain;charset=iso-8859-1", "\xe9"),
    ],
)
def test_of_several_types_the_last_counts(content_type: str, text: str) -> None:
    """A charset lasts for as long as the type is the same, and what is no type is passed over."""
    assert texts(content_type, b"\xe9")[1] == text


def parsed(body: bytes, mode: str = "cors") -> object:
    """Fetch what another origin answers, and parse it."""
    browser = Browser()
    browser.serve(APP, lambda request: Response(200, {"Access-Control-Allow-Origin": "*"}, body))
    return browser.open("https://page.example").fetch(f"{APP}/", mode=mode).json()


def test_json() -> None:
    """The body as JavaScript's `response.json()` has it, after a byte order mark, too."""
    assert parsed(b'\xef\xbb\xbf{"saved": [true, null, 1e3]}') == {"saved": [True, None, 1000.0]}


@pytest.mark.parametrize("body", [b"", b"<html>", b"NaN", b"[Infinity]", b"\xff"])
def test_what_is_no_json(body: bytes) -> None:
    """Where script's promise is rejected, this raises; Python's own additions to JSON are none."""
    with pytest.raises(ValueError, match=r"JSON|Expecting"):
        parsed(body)


def test_json_of_what_cannot_be_read() -> None:
    """An opaque response has no body, and that is no JSON."""
    with pytest.raises(ValueError, match="Expecting value"):
        parsed(b"{}", mode="no-cors")
