"""Who wants to know of every fetch that a page starts: test tools. Loading this costs nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from corsim.machine import Fetch

Watcher: TypeAlias = "Callable[[Fetch], None]"

WATCHERS: list[Watcher] = []
"""Called with each fetch as a page starts it; copies made by `fork` and `rewind` are not among them."""
