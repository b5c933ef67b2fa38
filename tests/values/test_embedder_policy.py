"""corsim.values.embedder_policy."""

from __future__ import annotations

import pytest

from corsim.values.embedder_policy import parse_embedder_policy
from corsim.values.headers import Headers

NAME = "Cross-Origin-Embedder-Policy"


@pytest.mark.parametrize(
    ("value", "policy"),
    [
        ("require-corp", "require-corp"), ("credentialless", "credentialless"),
        ("require-corp;a=-1.5", "require-corp"),
        ("require-corp;a;b=?0;  c=:aGk=:", "require-corp"),
        ('require-corp; report-to="a\\"b"', "require-corp"),
        *((value, "unsafe-none") for value in ("unsafe-none", "", "Require-Corp", '"require-corp"', "1")),
        *((value, "unsafe-none") for value in ("require-corp, require-corp", "require-corp ;a")),
        *((f"require-corp;{rest}", "unsafe-none") for rest in ("", "a=", "A=1", "a='b'")),
    ],
)  # fmt: skip
def test_values(value: str, policy: str) -> None:
    """It is an item of a structured field, and has to be a token that is known, with any parameters."""
    assert parse_embedder_policy(Headers({NAME: value})) == policy


def test_two_lines_are_none() -> None:
    """Together they are no item."""
    assert parse_embedder_policy(Headers([(NAME, "require-corp")] * 2)) == "unsafe-none"
    assert parse_embedder_policy(Headers()) == "unsafe-none"
