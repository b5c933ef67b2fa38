"""corsim.values.methods."""

from __future__ import annotations

import pytest

from corsim.values.methods import is_forbidden_method, is_token, normalize_method


@pytest.mark.parametrize("text", ["GET", "x", "!#$%&'*+-.^_`|~09azAZ"])
def test_tokens(text: str) -> None:
    """Each character of RFC 9110's token production may stand in a token."""
    assert is_token(text)


@pytest.mark.parametrize("text", ["", " ", "a b", "a,b", "a/b", "(", '"', "é", "€", "GET\n", "\x00", "\x7f"])
def test_no_tokens(text: str) -> None:
    """Separators, controls, the empty string, a final newline and all beyond ASCII make no token."""
    assert not is_token(text)


@pytest.mark.parametrize("method", ["CONNECT", "trace", "Track"])
def test_forbidden_methods(method: str) -> None:
    """CONNECT, TRACE and TRACK are forbidden in any case."""
    assert is_forbidden_method(method)


@pytest.mark.parametrize("method", ["GET", "TRACER", "", "CONNEC\u0165", "\u20ac"])
def test_allowed_methods(method: str) -> None:
    """Everything else is not forbidden, even what is no method at all."""
    assert not is_forbidden_method(method)


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("get", "GET"),
        ("Post", "POST"),
        ("options", "OPTIONS"),
        ("dElete", "DELETE"),
        ("put", "PUT"),
        ("head", "HEAD"),
        ("patch", "patch"),
        ("Purge", "Purge"),
        ("PATCH", "PATCH"),
    ],
)
def test_six_methods_are_normalised(given: str, sent: str) -> None:
    """Six methods are raised to upper case; `patch` is not among them, and stays as it is."""
    assert normalize_method(given) == sent


def test_normalising_knows_ascii_only() -> None:
    """`poſt` does not become POST, though Unicode's upper case of the long s is S."""
    assert normalize_method("po\u017ft") == "po\u017ft"
