"""The lines that a browser has printed and nobody has read yet."""

from __future__ import annotations

import asyncio

import attrs

PATIENCE = 5.0
"""Seconds within which a page's mark has to show up in what its browser printed."""


@attrs.define
class Printed:
    """Lines in the order in which they were printed, and the marks that pages print between them."""

    _lines: list[str] = attrs.field(factory=list)
    _more: asyncio.Event = attrs.field(factory=asyncio.Event)

    def add(self, line: str) -> None:
        """Take down a line."""
        self._lines.append(line)
        self._more.set()

    def extend(self, rest: str) -> None:
        """Take down that the last line goes on."""
        if self._lines:
            self._lines[-1] += f"\n{rest}"

    async def between(self, begin: str, end: str) -> tuple[str, ...] | None:
        """Wait for two marks and give what stands between them; None if they don't come.

        What stands before is forgotten: a page that opens prints too.
        """
        try:
            async with asyncio.timeout(PATIENCE):
                await self._up_to(begin)
                return tuple(line.rstrip() for line in await self._up_to(end))
        except TimeoutError:
            return None

    async def _up_to(self, mark: str) -> list[str]:
        while (at := self._index(mark)) is None:
            self._more.clear()
            await self._more.wait()
        lines = self._lines[:at]
        del self._lines[: at + 1]
        return lines

    def _index(self, mark: str) -> int | None:
        return next((at for at, line in enumerate(self._lines) if mark in line), None)
