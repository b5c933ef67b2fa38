"""corsim.values.content_security_policy."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corsim.values.content_security_policy import (
    host_source,
    parse_policies,
    parse_policy,
    scheme_source,
    takes_the_origin,
)
from corsim.values.headers import Headers

NAME = "Content-Security-Policy"
TEXT = st.text(st.sampled_from("ab;, '\t*:/.-é"), max_size=30)


def directives(*values: str) -> list[dict[str, tuple[str, ...]]]:
    """Parse header lines."""
    return [dict(policy.directives) for policy in parse_policies(Headers([(NAME, row) for row in values]))]


def test_lines_and_commas_part_policies() -> None:
    """Each line is a list of policies, of which those without directives are none."""
    assert directives("a b; c, d", ";,", "e") == [{"a": ("b",), "c": ()}, {"d": ()}, {"e": ()}]
    assert directives() == []


def test_the_first_of_a_name_counts() -> None:
    """Names are compared without their case."""
    assert directives("A x; a y; B") == [{"a": ("x",), "b": ()}]


def test_what_is_not_ascii_is_passed_over() -> None:
    """One directive beyond ASCII leaves the others as they are."""
    assert directives("a é; b") == [{"b": ()}]


def test_a_directive_is_written_as_it_stands() -> None:
    """Its name is in lower case, and one blank stands between words."""
    assert parse_policy("Connect-SRC  'self'\thttps:").written("connect-src") == "connect-src 'self' https:"


def test_hosts_and_schemes() -> None:
    """A scheme ends in a colon; a host has a scheme, a port and a path where it has them."""
    assert [scheme_source(text) for text in ("HTTPS:", "https", "a b:", "1a:")] == ["https", None, None, None]
    found = host_source("http://*.Shop.example:*/a/")
    assert found is not None
    assert (found.scheme, found.host, found.port, found.path) == ("http", "*.shop.example", "*", "/a/")
    bad = (
        "'self'",
        "https://a_b.example",
        "https://a.*.example",
        "a.example/x?y",
        "a.example:x",
        "//a.example",
    )
    assert [host_source(text) for text in bad] == [None] * len(bad)


def test_a_sandbox() -> None:
    """A sandbox takes the origin, unless it says otherwise in its own words."""
    words = {"sandbox": True, "sandbox allow-scripts": True, "sandbox Allow-Same-Origin": False, "a": False}
    assert {text: takes_the_origin(parse_policy(text)) for text in words} == words


@given(TEXT)
def test_nothing_is_refused(text: str) -> None:
    """Whatever a policy says, it parses; and what it is then is ASCII, and parses to itself."""
    policy = parse_policy(text)
    written = "; ".join(policy.written(name) for name in policy.directives)
    assert written.isascii()
    assert dict(parse_policy(written).directives) == dict(policy.directives)
