"""Statuses: https://fetch.spec.whatwg.org/#statuses."""

from __future__ import annotations

NULL_BODY_STATUSES = frozenset({101, 103, 204, 205, 304})
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})


def is_ok_status(status: int) -> bool:
    """Say whether `status` lies in 200 to 299, both included."""
    return 200 <= status <= 299
