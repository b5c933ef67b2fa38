"""Interleaved fetches: one moves at a time, and every request is known to be somebody's."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from corsim.conformance.interleaving import Interleaving


class FakePage:
    """Starts fetches as the page does; each asks for some things in turn."""

    def __init__(self, turns: Interleaving) -> None:
        self.turns = turns
        self.log: list[tuple[int, str]] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, number: int, requests: Sequence[str]) -> None:
        """Start a fetch, and wait until the server says that the next one may start."""
        await self.turns.progress("step", number)
        self._tasks.append(asyncio.create_task(self._fetch(number, requests)))
        await self.turns.progress("started", number)

    async def _fetch(self, number: int, requests: Sequence[str]) -> None:
        for request in requests:
            await asyncio.sleep(0.002)  # a browser takes its time
            assert self.turns.moving == number
            self.log.append((number, request))
            await self.turns.wait_for_turn()
        self.log.append((number, "over"))
        await self.turns.progress("ended", number)

    async def go(self) -> None:
        """Have the server make its moves, until all is over."""
        await self.turns.progress("go", 0)
        await asyncio.gather(*self._tasks)


def ran(order: Sequence[int | float], *fetches: Sequence[str]) -> list[tuple[int, str]]:
    async def running() -> list[tuple[int, str]]:
        page = FakePage(Interleaving(order, len(fetches)))
        for number, requests in enumerate(fetches):
            await page.start(number, requests)
        await page.go()
        return page.log

    return asyncio.run(asyncio.wait_for(running(), 5))


@pytest.mark.parametrize(
    ("order", "log"),
    [
        (
            (2, 1, 2),
            [(0, "a"), (1, "x"), (1, "y"), (0, "b"), (1, "over"), (0, "over")],
        ),
        (
            (1, 0.01, 1, 2),
            [(0, "a"), (1, "x"), (0, "b"), (0, "over"), (1, "y"), (1, "over")],
        ),
        # A fetch that is over is passed over; what still waits at the end is answered fetch by fetch.
        (
            (2, 2, 2, 2),
            [(0, "a"), (1, "x"), (1, "y"), (1, "over"), (0, "b"), (0, "over")],
        ),
    ],
)
def test_moves(order: Sequence[int | float], log: list[tuple[int, str]]) -> None:
    """Answers are given in the order of the case, and nothing else moves meanwhile."""
    assert ran(order, ("a", "b"), ("x", "y")) == log


def test_a_fetch_that_asks_for_nothing() -> None:
    """A fetch that is over before it has asked for anything holds up nobody."""
    assert ran((1, 2), (), ("x",)) == [(0, "over"), (1, "x"), (1, "over")]


def test_the_page_waits() -> None:
    """The next fetch may start only when the one before has asked for something."""

    async def waiting() -> None:
        turns = Interleaving((1,), 1)
        await turns.progress("step", 0)
        started = asyncio.create_task(turns.progress("started", 0))
        await asyncio.sleep(0.01)
        assert not started.done()
        asked = asyncio.create_task(turns.wait_for_turn())
        await asyncio.wait_for(started, 1)
        assert not asked.done()
        asked.cancel()

    asyncio.run(waiting())
