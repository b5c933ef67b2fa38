"""corsim.values.request."""

from __future__ import annotations

import pytest

from corsim import Request
from corsim.api.fetch_method import new_request
from corsim.browser import Browser
from corsim.values.request import is_redirect_tainted, redirect_taint, serialize_request_origin
from corsim.values.url import Url, parse_url

A, B, SUB = "https://a.example", "https://b.example", "https://sub.a.example"


def chained(*urls: str, page: str = A) -> Request:
    """A request of `page` that was redirected along `urls`."""
    environment = Browser().open(page).environment
    request = new_request(environment, urls[0])
    assert isinstance(request, Request)
    return request.but(url_list=tuple(map(parsed, urls)))


def parsed(text: str) -> Url:
    url = parse_url(text)
    assert url is not None
    return url


@pytest.mark.parametrize(
    ("urls", "taint"),
    [
        ((A,), "same-origin"), ((B,), "same-origin"), ((A, B), "same-origin"), ((A, B, B), "same-origin"),
        ((B, A), "cross-site"), ((A, B, A), "cross-site"), ((B, "https://c.example"), "cross-site"),
        ((SUB, A), "same-site"), ((SUB, B), "same-site"), ((A, A, B), "same-origin"), ((SUB, A, B, A),
        "cross-site"),
        ((B, SUB), "cross-site"),
    ],
)  # fmt: skip
def test_redirect_taint(urls: tuple[str, ...], taint: str) -> None:
    """A hop taints that leaves a place foreign to the page for yet another; a hop from home does not."""
    request = chained(*urls)
    assert redirect_taint(request) == taint
    assert is_redirect_tainted(request) is (taint != "same-origin")
    assert serialize_request_origin(request) == (A if taint == "same-origin" else "null")


def test_an_opaque_page_is_null() -> None:
    """A request of an opaque page has the origin `null`."""
    assert serialize_request_origin(chained(B, page="null")) == "null"


def test_a_request_is_itself() -> None:
    """Copies differ from their originals, even unchanged ones; nothing can be set."""
    request = chained(A)
    assert request.but() != request
    assert repr(request) == "<Request GET https://a.example/>"
    assert request.url is request.url_list[-1]
    assert not request.is_preflight
    with pytest.raises(AttributeError):
        request.method = "PUT"  # type: ignore[misc]  # that it is refused is the point
