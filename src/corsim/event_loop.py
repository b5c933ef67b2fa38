"""An event loop of our own, for synchronous calls that meet asynchronous apps."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


class EventLoop:
    """Run coroutines to their end, one after another, always in the same loop.

    Inside a running loop (Jupyter, pytest-asyncio) ours can't run in the same thread, so
    it runs in one of its own.
    """

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread: ThreadPoolExecutor | None = None

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run one coroutine to its end."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return self._loop.run_until_complete(work)
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "corsim")
        return self._thread.submit(self._loop.run_until_complete, work).result()

    def close(self) -> None:
        """End what is still running, and the loop."""
        if self._thread is not None:
            self._thread.shutdown()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()
