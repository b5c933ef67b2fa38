"""What every test of a published server has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from published.defects import browsers

collect_ignore_glob = ["apps/*"]  # each is run by a test, as a command


@pytest.fixture(autouse=True)
def _closed_browsers() -> Iterator[None]:
    """End the apps that the test has started."""
    yield
    while browsers:
        browsers.pop().close()
