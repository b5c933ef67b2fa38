"""corsim.values.statuses."""

from __future__ import annotations

import pytest

from corsim.values.statuses import NULL_BODY_STATUSES, REDIRECT_STATUSES, is_ok_status


@pytest.mark.parametrize(
    ("status", "ok"), [(199, False), (200, True), (204, True), (299, True), (300, False), (0, False)]
)
def test_ok_statuses(status: int, ok: bool) -> None:
    """200 to 299, both included, are ok."""
    assert is_ok_status(status) is ok


def test_redirects_are_five() -> None:
    """300 and 304 are no redirects."""
    assert frozenset({301, 302, 303, 307, 308}) == REDIRECT_STATUSES


def test_null_bodies() -> None:
    """A 304 has no body; a 206 has one."""
    assert 304 in NULL_BODY_STATUSES
    assert 206 not in NULL_BODY_STATUSES
