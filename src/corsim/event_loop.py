"""An event loop of our own, for synchronous calls that meet asynchronous apps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, TypeVar

from corsim.servers.waiting import in_a_loop
from corsim.values.errors import IllegalMove

T = TypeVar("T")

A_MOMENT = 1.0  # seconds, for what has been cancelled


class EventLoop:
    """Run coroutines to their end, one after another, always in the same loop.

    Inside a running loop (Jupyter, pytest-asyncio) ours can't run in the same thread, so
    it runs in one of its own.
    """

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread: ThreadPoolExecutor | None = None
        self._busy = Lock()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run one coroutine to its end; raises `IllegalMove` while another one runs."""
        if not self._busy.acquire(blocking=False):
            work.close()
            raise IllegalMove(
                "this browser is in the middle of a synchronous fetch, from another thread or from the "
                "app that it calls: await page.fetch_async(...) instead, or give each its own Browser"
            )
        try:
            return self._aside(lambda: self._loop.run_until_complete(work))
        finally:
            self._busy.release()

    def close(self) -> None:
        """End what is still running, and the loop."""
        self._aside(self._end)
        if self._thread is not None:
            self._thread.shutdown()

    def _aside(self, call: Callable[[], T]) -> T:
        """Call in this thread, or in ours if a loop is running in this one."""
        if not in_a_loop():
            return call()
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "corsim")
        return self._thread.submit(call).result()

    def _end(self) -> None:
        if self._loop.is_closed():
            return
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(self._rest(tasks))
        self._loop.close()

    async def _rest(self, tasks: set[asyncio.Task[Any]]) -> None:
        if tasks:  # an app may refuse to be cancelled, and nobody waits for it for ever
            await asyncio.wait(tasks, timeout=A_MOMENT)
        await self._loop.shutdown_asyncgens()
        await self._loop.shutdown_default_executor()
