"""What a console printed, against what the simulator says that this engine prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from corsim.cases import Mismatch
from corsim.cases.run import replay as simulate
from corsim.conformance.browsers import RealEngine
from corsim.conformance.consoles.mapped import mapped_case
from corsim.conformance.session import Replay
from corsim.engines import profile
from corsim.explaining.console.book import book
from corsim.result import Result

# The document of a page; script has given it the address of the case's page, but it was loaded from here.
_FRAME = re.compile(r"https?://[^/\s]+/__corsim__/page(\?[\w=&%.~/-]*)?")

# A page without an origin goes by such a number in Firefox.
_RANDOM = re.compile(r"\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}")
_ZERO = "{00000000-0000-0000-0000-000000000000}"


def console_mismatches(replay: Replay, engine: RealEngine) -> tuple[Mismatch, ...]:
    """List the fetches whose lines are others than the simulator's, if the console was listened to."""
    return tuple(_compared(replay, engine)) if replay.printed else ()


def _compared(replay: Replay, engine: RealEngine) -> Iterator[Mismatch]:
    results = simulate(mapped_case(replay), profile(engine))
    for number, (result, lines) in enumerate(zip(results, replay.printed, strict=True), 1):
        if lines is None:
            yield Mismatch(f"fetch {number}", "console", "the page's marks", "neither heard in time")
            continue
        expected, seen = result.console, about_the_fetch(lines, result)
        if expected != seen:
            fold = replay.mapping.fold
            yield Mismatch(f"fetch {number}", "console", tuple(map(fold, expected)), tuple(map(fold, seen)))


def about_the_fetch(lines: tuple[str, ...], result: Result) -> tuple[str, ...]:
    """Leave out what other parts of the browser say, and name the page as the simulator does."""
    beside = book(result.engine).beside
    request = result.request
    page = "" if request is None else request.client.creation_url.href
    return tuple(
        _RANDOM.sub(_ZERO, _FRAME.sub(lambda _: page, line))
        for line in lines
        if not any(fnmatchcase(line, f"{begins}*") for begins in beside)
    )
