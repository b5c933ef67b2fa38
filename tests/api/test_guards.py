"""corsim.api.guards."""

from __future__ import annotations

import pytest

from corsim import Decision
from corsim.api.guards import fill


def filled(pairs: list[tuple[str, str]], *, no_cors: bool = False) -> list[tuple[str, str]]:
    headers = fill(pairs, "request-no-cors" if no_cors else "request")
    assert not isinstance(headers, Decision)
    return list(headers.pairs)


def test_the_browsers_own_are_dropped() -> None:
    """Forbidden headers are left out without a word, method overrides among them."""
    pairs = [
        ("Cookie", "a"),
        ("X-A", " 1 "),
        ("Sec-X", "1"),
        ("X-Method-Override", "TRACE"),
        ("X-Method-Override", "PUT"),
    ]
    assert filled(pairs) == [("X-A", "1"), ("X-Method-Override", "PUT")]


def test_a_name_keeps_its_first_spelling() -> None:
    """A second header of a name is written as the first."""
    assert filled([("X-A", "1"), ("x-a", "2")]) == [("X-A", "1"), ("X-A", "2")]


@pytest.mark.parametrize(
    ("name", "value"), [("X A", "1"), ("", "1"), ("X-\u20ac", "1"), ("X-A", "a\nb"), ("X-A", "\u20ac")]
)
def test_malformed_headers_reject(name: str, value: str) -> None:
    """Script is told of what could not be a header, forbidden or not."""
    refused = fill([(name, value)], "request")
    assert isinstance(refused, Decision)
    assert (refused.step.id, refused.outcome, refused.reason) == (
        "headers-validate 1",
        "TypeError",
        "invalid-header",
    )


def test_no_cors_takes_safelisted_headers() -> None:
    """A no-cors request takes only what a form could send."""
    pairs = [("Accept", "a/b"), ("X-A", "1"), ("Content-Type", "application/json"), ("Range", "bytes=0-")]
    assert filled(pairs, no_cors=True) == [("Accept", "a/b")]


def test_no_cors_judges_the_combined_value() -> None:
    """Values that are short alone and long together are not let in."""
    long = ("Accept", "a" * 100)
    assert filled([long, long], no_cors=True) == [long]
    assert len(filled([("Accept", "a"), ("Accept", "b")], no_cors=True)) == 2
