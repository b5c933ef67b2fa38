"""corsim.fetching.content_security_policy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corsim import Response
from corsim.engines import SPEC
from corsim.fetching.content_security_policy import matches_source_list
from corsim.values.url import parse_url
from fetching.support import ANY, API, APP, OTHER, lines, page, redirect, why

HOSTS = st.sampled_from(["a.example", "b.a.example", "example", "127.0.0.1", "localhost"])
URLS = st.builds(
    lambda scheme, host, port, path: f"{scheme}://{host}{port}{path}",
    st.sampled_from(["http", "https"]), HOSTS, st.sampled_from(["", ":80", ":443", ":8443"]),
    st.sampled_from(["", "/", "/a", "/a/b", "/a%2Fb"]),
)  # fmt: skip


def allows(sources: str, url: str, own: str = APP, redirects: int = 0) -> bool:
    """Match a URL with a source list, of a page at `own`."""
    target, origin = parse_url(url), parse_url(own)
    assert target is not None
    assert origin is not None
    return matches_source_list(target, tuple(sources.split()), origin.origin, redirects, SPEC)


@pytest.mark.parametrize(
    ("sources", "url", "own", "allowed"),
    [
        ("'self'", "https://a.example/", "http://a.example", True),
        ("'self'", "http://a.example/", "https://a.example", False),
        ("'self'", "https://a.example:8443/", "http://a.example:8443", True),
        ("'self'", "https://a.example:8443/", "http://a.example", False),
        ("'self'", "wss://a.example/", "https://a.example", True),
        ("'self'", "ws://a.example/", "http://a.example", True),
        ("'self'", "ws://a.example/", "https://a.example", False),
        ("http://a.example", "https://a.example/", APP, True),
        ("https://a.example", "http://a.example/", APP, False),
        ("a.example", "http://a.example/", "http://b.example", True),
        ("a.example", "http://a.example/", APP, False),
        ("ws:", "https://a.example/", APP, True),
        ("wss:", "http://a.example/", APP, False),
        ("*", "wss://a.example/", APP, True),
        ("*", "data:,", APP, False),
        ("a.example:80", "https://a.example/", "http://b.example", False),
        ("a.example:443", "https://a.example/", APP, True),
        ("http://127.0.0.1:*", "http://127.0.0.1:80/", APP, False),
    ],
)
def test_expressions(sources: str, url: str, own: str, allowed: bool) -> None:
    """What is listed may be asked for by a securer scheme, and never by one that is less secure."""
    assert allows(sources, url, own) is allowed


@given(URLS)
def test_a_url_lists_itself(url: str) -> None:
    """A URL matches the expression that is written like it; behind a redirect its path may be another."""
    assert allows(url, url, APP) is ("127.0.0.1" not in url)
    elsewhere = url.replace("e/a", "e/b")
    assert allows(elsewhere, url, APP, redirects=1) is ("127.0.0.1" not in url)


@given(URLS, st.lists(URLS, max_size=3), st.lists(URLS, max_size=3))
def test_a_longer_list_allows_no_less(url: str, some: list[str], more: list[str]) -> None:
    """Sources add up; `'none'` among them changes nothing."""
    assert allows(" ".join([*some, *more]), url) >= allows(" ".join(some), url)
    assert allows(" ".join([*some, "'none'"]), url) == allows(" ".join(some), url)


def test_nothing_is_sent() -> None:
    """A page's own policy is asked ahead of everything, and refuses at main fetch's step."""
    result = page(headers={"Content-Security-Policy": "connect-src 'self'"}).fetch(API, method="PUT")
    assert lines(result) == []
    assert why(result) == ("concept-main-fetch 7", "content-security-policy", "connect-src 'self'")


def test_a_redirect_is_asked_about_again() -> None:
    """The request that goes on is judged where it goes."""
    answers = {f"{API}/": redirect(OTHER), f"{OTHER}/": Response(200, ANY)}
    csp = f"connect-src {API}"
    assert lines(page(answers, headers={"Content-Security-Policy": csp}).fetch(API)) == [f"GET {API}/"]
    both = page(answers, headers={"Content-Security-Policy": f"{csp} {OTHER}"}).fetch(API)
    assert both.ok


def test_a_page_without_policies_asks_as_ever() -> None:
    """Other headers of a page change nothing."""
    assert page(Response(200, ANY), headers={"Content-Type": "text/html", "X-A": "1"}).fetch(API).ok


def test_an_upgrade_keeps_the_port() -> None:
    """Only the scheme is another one, before mixed content is looked for."""
    opened = page(Response(200, ANY), headers={"Content-Security-Policy": "upgrade-insecure-requests"})
    assert lines(opened.fetch(API.replace("https", "http"))) == [f"GET {API}/"]


@pytest.mark.parametrize(("value", "origin"), [("sandbox", "null"), ("sandbox allow-same-origin", APP)])
def test_a_sandbox(value: str, origin: str) -> None:
    """A policy may take the page's origin away."""
    assert page(headers={"Content-Security-Policy": value}).origin == origin
