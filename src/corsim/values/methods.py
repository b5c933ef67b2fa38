"""Methods: https://fetch.spec.whatwg.org/#methods."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+\Z")

SAFELISTED_METHODS = frozenset({"GET", "HEAD", "POST"})
FORBIDDEN_METHODS = frozenset({"CONNECT", "TRACE", "TRACK"})
NORMALIZED_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"})


def is_token(text: str) -> bool:
    """Say whether `text` matches HTTP's token production, as methods and field names must."""
    return _TOKEN.match(text) is not None


def byte_uppercase(text: str) -> str:
    """Raise ASCII letters only, as the standard's byte-uppercase does."""
    return text.encode("latin-1", "replace").upper().decode("latin-1")


def is_forbidden_method(method: str) -> bool:
    """Say whether no script may use `method`: CONNECT, TRACE and TRACK, in any case."""
    return byte_uppercase(method) in FORBIDDEN_METHODS


def normalize_method(method: str) -> str:
    """Raise the six methods that are matched in any case; leave the others, `patch` among them.

    >>> normalize_method("put"), normalize_method("patch")
    ('PUT', 'patch')
    """
    upper = byte_uppercase(method)
    return upper if upper in NORMALIZED_METHODS else method
