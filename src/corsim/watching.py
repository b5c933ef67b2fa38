"""Who wants to know of every fetch that a page starts: test tools. Loading this costs nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

WATCHERS: list[Callable[[Any], None]] = []
"""Called with each `Fetch` as a page starts it; copies made by `fork` and `rewind` are not among them."""
