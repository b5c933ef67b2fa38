"""Fetches that are under way together: the server answers in the order that the case has.

All fetches are started, one after the other, and each runs to its first request. Then one
is moved at a time: what it waits for is answered, and nothing else moves until it has asked
for the next thing or is over. So of every request it is known which fetch it belongs to.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence


class Interleaving:
    """The turns of one replay: who waits for an answer, who is over, and whose move it is."""

    def __init__(self, order: Sequence[int | float], fetches: int) -> None:
        self.moving = 0
        """The fetch that moves, the first being 0: what comes now is its request."""
        self._order, self._fetches = order, fetches
        self._waiting: dict[int, asyncio.Event] = {}
        self._over: set[int] = set()
        self._changed = asyncio.Condition()

    async def wait_for_turn(self) -> None:
        """Hold the answer to a request of the fetch that moves, until the fetch is moved again."""
        gate = asyncio.Event()
        async with self._changed:
            self._waiting[self.moving] = gate
            self._changed.notify_all()
        await gate.wait()

    async def progress(self, what: str, fetch: int) -> None:
        """Learn what the page says: a fetch is about to start, has started or ended, or all have started.

        Returns when the page may go on: what has started must have asked for something, or be over.
        """
        if what == "step":
            self.moving = fetch
        elif what == "started":
            await self._settled()
        elif what == "ended":
            async with self._changed:
                self._over.add(fetch)
                self._changed.notify_all()
        else:
            await self._run()

    async def _run(self) -> None:
        """Make the moves of the case; what still waits at the end is answered fetch by fetch."""
        for move in self._order:
            if isinstance(move, float):
                await asyncio.sleep(move)
            else:
                await self._move(move - 1)
        for fetch in range(self._fetches):
            while fetch not in self._over:
                await self._move(fetch)

    async def _move(self, fetch: int) -> None:
        if fetch not in self._over:
            self.moving = fetch
            self._waiting.pop(fetch).set()
            await self._settled()

    async def _settled(self) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: self.moving in self._waiting or self.moving in self._over)
