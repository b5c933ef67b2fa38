"""What every test of a published server has."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from published.defects import browsers

collect_ignore_glob = ["apps/*"]  # each is run by a test, as a command
if find_spec("django") is None:
    collect_ignore_glob.append("test_*")  # `make frameworks` has an environment for them


@pytest.fixture(autouse=True)
def _closed_browsers() -> Iterator[None]:
    """End the apps that the test has started."""
    yield
    while browsers:
        browsers.pop().close()
