"""Signatures: what looks alike, whatever the names are."""

from __future__ import annotations

import pytest

from corsim.cases import Mismatch
from corsim.conformance.fuzzing.signatures import features, kinds, signature

SENT = Mismatch(
    "fetch 2", "sent", ("OPTIONS https://a.example/", "PUT https://a.example/"), ("PUT https://a.example/",)
)


@pytest.mark.parametrize(
    ("mismatches", "text"),
    [
        ((SENT,), "sent OPTIONS, request -> request"),
        ((SENT, Mismatch("fetch 2", "status", 0, 200)), "sent OPTIONS, request -> request"),
        ((SENT, Mismatch("fetch 3", "result", "cors", "basic")), "sent OPTIONS, request -> request"),
        ((Mismatch("fetch 1", "headers", ("a: 1", "b: 2"), ("a: 1",)),), "headers b -> none"),
        ((Mismatch("fetch 1 request 2", "has", "origin: null", ()),), "has origin"),
        ((Mismatch("fetch 1 request 1", "body", "", "a"),), "body of a request"),
        ((Mismatch("fetch 1", "body", "", "a"),), "body"),
        ((Mismatch("fetch 1", "sent", (), ("GET x",) * 9),), "sent nothing -> " + "request, " * 6 + "..."),
    ],
)  # fmt: skip
def test_signature(mismatches: tuple[Mismatch, ...], text: str) -> None:
    """The gist is of the first fetch that went otherwise, without what only follows."""
    assert signature(mismatches) == text


def test_kinds() -> None:
    """Kinds tell headers apart, and not fetches."""
    rows = [Mismatch(f"fetch {at} request 1", "lacks", "origin", ()) for at in (1, 2)]
    assert kinds([*rows, SENT]) == {"lacks origin", "sent"}


def test_features() -> None:
    """A plain GET has no feature; options, headers and statuses are some."""
    fetch = {"page": "https://app.example", "url": "https://api.example/"}
    assert features({"fetch": [fetch], "server": []}) == frozenset()
    more = {
        **fetch,
        "page": "null",
        "method": "PUT",
        "headers": [["X-A", "1"], ["If-Match", "1"], ["DPR", "1"]],
        "body": "a",
    }
    server = [{"on": "* https://api.example/", "status": 302, "headers": [["Location", "/"]]}]
    assert features({"fetch": [fetch, more], "server": server}) == {
        "several fetches", "opaque page", "method PUT", "sets x-a", "sets a condition",
        "sets a client hint", "body", "answers location", "status 3xx",
    }  # fmt: skip
