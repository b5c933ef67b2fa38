"""corsim.values.url."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corsim.strategies import urls
from corsim.values.origin import OpaqueOrigin
from corsim.values.url import parse_url, to_usv_string


def test_all_parts() -> None:
    """Every part of a normalised URL is there to read."""
    url = parse_url("HTTPS://us%65r:p%40w@EXAMPLE.com:8443/a/../b%20c?d=e#f")
    assert url is not None
    assert url.href == str(url) == "https://us%65r:p%40w@example.com:8443/b%20c?d=e#f"
    assert (url.scheme, url.username, url.password, url.host, url.port) == (
        "https", "us%65r", "p%40w", "example.com", 8443,
    )  # fmt: skip
    assert (url.path, url.query, url.fragment, url.target) == ("/b%20c", "d=e", "f", "/b%20c?d=e")
    assert url.origin.serialized == "https://example.com:8443"
    assert url.includes_credentials
    assert url.is_http


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://a.example:443/", "https://a.example"), ("http://[::1]:8080/", "http://[::1]:8080"),
        ("https://B\xfccher.example/", "https://xn--bcher-kva.example"), ("http://0x7f.1/", "http://127.0.0.1"),
        ("data:,x", "null"), ("about:blank", "null"), ("file:///x", "null"), ("javascript:0", "null"),
        ("blob:https://a.example/1", "https://a.example"), ("blob:data:,x", "null"), ("blob:", "null"),
        ("blob:ftp://a.example/1", "null"), ("ws://a.example:80/", "ws://a.example"),
        ("x://a.example:1/", "null"),
    ],
)  # fmt: skip
def test_origins(text: str, origin: str) -> None:
    """The origin of a URL depends on its scheme; a default port is left out."""
    url = parse_url(text)
    assert url is not None
    assert url.origin.serialized == origin


def test_opaque_origins_differ() -> None:
    """Two data: URLs have two opaque origins."""
    one, other = parse_url("data:,1"), parse_url("data:,2")
    assert one is not None
    assert other is not None
    assert isinstance(one.origin, OpaqueOrigin)
    assert one.origin != other.origin


@pytest.mark.parametrize(
    "text", ["", "x", "https://", "http://[", "https://a b/", "https://a:99999/", "https://%/", "//a", "\x00"]
)
def test_failures(text: str) -> None:
    """Without a base these are no URLs."""
    assert parse_url(text) is None


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("", "https://a.example/b/c?d"), ("x", "https://a.example/b/x"), ("/x", "https://a.example/x"),
        ("?x", "https://a.example/b/c?x"), ("#x", "https://a.example/b/c?d#x"), ("//b.example", "https://b.example/"),
        ("http:x", "http://x/"), ("https:x", "https://a.example/b/x"), ("\\x", "https://a.example/x"),
    ],
)  # fmt: skip
def test_relative_urls(text: str, href: str) -> None:
    """Relative URLs are resolved against the base, without its fragment."""
    base = parse_url("https://a.example/b/c?d#e")
    assert str(parse_url(text, base)) == href


def test_changes() -> None:
    """Fragment and userinfo come off, and a fragment can be put on."""
    url = parse_url("https://u:p@a.example:8443/b?c#d")
    assert url is not None
    assert str(url.without_fragment()) == "https://u:p@a.example:8443/b?c"
    assert str(url.with_fragment("x")) == "https://u:p@a.example:8443/b?c#x"
    assert str(url.without_credentials()) == "https://a.example:8443/b?c#d"
    assert str(url.origin_only()) == "https://a.example:8443/"
    assert url.without_fragment().without_fragment() == url.without_fragment()


def test_an_empty_query_is_not_none() -> None:
    """`?` and `#` alone leave an empty query and fragment, which are not missing ones."""
    url = parse_url("https://a.example/?#")
    assert url is not None
    assert (url.query, url.fragment, url.target) == ("", "", "/?")


def test_lone_surrogates_are_replaced() -> None:
    """A lone surrogate becomes U+FFFD, one each; pairs and all else stay."""
    assert to_usv_string("a\ud800b\udc00") == "a\ufffdb\ufffd"
    assert to_usv_string("\U0001f600\u20ac") == "\U0001f600\u20ac"
    assert str(parse_url("https://a.example/\ud800")) == "https://a.example/%EF%BF%BD"


def test_blob_urls_in_blob_urls() -> None:
    """However deep blob: URLs are nested, they are parsed, and opaque."""
    url = parse_url("blob:" * 5000 + "https://a.example/")
    assert url is not None
    assert url.origin.serialized == "null"


@given(urls(odd=True) | st.text())
def test_any_text_is_parsed_or_not(text: str) -> None:
    """No text is an exception; what parses is put together again from its parts, and parses to itself."""
    url = parse_url(text)
    if url is None:
        return
    assert parse_url(url.href) == url
    assert url.href.startswith(f"{url.scheme}:")
    query = "" if url.query is None else f"?{url.query}"
    fragment = "" if url.fragment is None else f"#{url.fragment}"
    assert url.href.endswith(url.path + query + fragment)
