"""corsim.fetching.scheme_fetch."""

from __future__ import annotations

import pytest

from corsim import Response
from fetching.support import fetched, page, why


@pytest.mark.parametrize(
    ("url", "content_type", "body"),
    [
        ("data:,hello", "text/plain;charset=US-ASCII", b"hello"),
        ("data:text/html,a%20b", "text/html", b"a b"),
        ("data:text/plain;base64,aGk=", "text/plain", b"hi"),
        ("data:text/plain;base64,aGk", "text/plain", b"hi"),
        ("data:;base64,aG%20k=", "text/plain;charset=US-ASCII", b"hi"),
        ("data:;charset=x,1", "text/plain;charset=x", b"1"),
        ("data:text/plain; BASE64,aGk=", "text/plain", b"hi"),
        ("data:nonsense,x", "text/plain;charset=US-ASCII", b"x"),
        ("data:,a,b#c", "text/plain;charset=US-ASCII", b"a,b"),
        ("data:,%", "text/plain;charset=US-ASCII", b"%"),
        ("data:a/b;base64;c=d,aGk=", "a/b;c=d", b"aGk="), ("data:,", "text/plain;charset=US-ASCII", b""),
    ],
)  # fmt: skip
def test_data_urls(url: str, content_type: str, body: bytes) -> None:
    """A data: URL is answered by itself: its type, or plain text, and its bytes."""
    result = fetched(Response(500), url)
    assert (result.type, result.status, result.status_text) == ("basic", 200, "OK")
    assert (result.headers["content-type"], result.body) == (content_type, body)


@pytest.mark.parametrize(
    "url", ["data:", "data:text/plain", "data:;base64,*", "data:;base64,a", "data:;base64,aGk=="]
)
def test_no_data_urls(url: str) -> None:
    """Without a comma, or with broken base64, it is a network error."""
    assert why(fetched(Response(500), url)) == ("concept-scheme-fetch 3.2", "invalid-data-url", url)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("about:blank", None),
        ("about:other", "unsupported-scheme"),
        ("file:///x", "unsupported-scheme"),
        ("blob:https://other.example/1", "blob-not-found"),
        ("x:y", "unsupported-scheme"),
    ],
)
def test_local_schemes(url: str, reason: str | None) -> None:
    """In no-cors mode other schemes get as far as here: about:blank is empty, the rest is an error."""
    result = page().fetch(url, mode="no-cors")
    if reason is None:
        assert result.type == "opaque"
    else:
        assert result.blocked is not None
        assert result.blocked.reason == reason
