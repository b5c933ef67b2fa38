"""The fetches of one test. It is there from a test run's first moment, and so loads nothing."""

from __future__ import annotations

import sys
import types
from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from corsim.watching import WATCHERS

if TYPE_CHECKING:
    from corsim.machine import Fetch
    from corsim.result import Result

Place: TypeAlias = tuple[str, int]  # a file and a line

KEPT = 200  # fetches of one test; older ones are counted and forgotten
_DEPTH = 8  # callers of a fetch that are remembered


class Made(NamedTuple):
    """A fetch, and where it was made: the innermost caller outside of corsim first."""

    fetch: Fetch
    places: tuple[Place, ...]


class Recorder:
    """Remembers the fetches that pages start, whoever made the browser, until it is told to forget."""

    def __init__(self) -> None:
        self.made: deque[Made] = deque(maxlen=KEPT)
        self.count = 0

    def record(self, fetch: Fetch) -> None:
        """Remember a fetch; one that corsim makes for itself, to try a fix, is nobody's."""
        places = _callers()
        if places:
            self.made.append(Made(fetch, places))
            self.count += 1

    def forget(self) -> None:
        """Begin anew: another test."""
        self.made.clear()
        self.count = 0

    def results(self) -> list[Result]:
        """List what came of the fetches that are over, in the order in which they began."""
        return [made.fetch.result for made in self.made if made.fetch.done]

    def made_at(self, places: Iterable[Place]) -> list[Result]:
        """List the results of fetches that some of these lines made, or called what made them."""
        wanted = frozenset(places)
        return [made.fetch.result for made in self.made if made.fetch.done and wanted & {*made.places}]

    def watch(self) -> None:
        """Be told of every fetch from now on."""
        WATCHERS.append(self.record)

    def stop(self) -> None:
        """Be told no more."""
        WATCHERS.remove(self.record)


def _callers() -> tuple[Place, ...]:
    """List who called the page, innermost first; nothing if it was corsim."""
    frame = sys._getframe(2)
    while frame.f_back is not None and frame.f_globals.get("__name__") == "corsim.page":
        frame = frame.f_back
    if str(frame.f_globals.get("__name__")).startswith("corsim."):
        return ()
    places: list[Place] = []
    caller: types.FrameType | None = frame
    while caller is not None and len(places) < _DEPTH:
        places.append((caller.f_code.co_filename, caller.f_lineno))
        caller = caller.f_back
    return tuple(places)
