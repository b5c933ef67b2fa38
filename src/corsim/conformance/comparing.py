"""What was seen, against what the case expects of that engine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from corsim.api.bodies import BOUNDARY
from corsim.cases import Expect, ExpectRequest, Mismatch
from corsim.conformance.abilities import is_planted
from corsim.conformance.page_headers import NONCE
from corsim.conformance.session import Replay, SeenRequest, carries, normal_url
from corsim.values.url import parse_url

# Those that browsers draw; a boundary of script's own has no such start.
_IN_TYPE = re.compile(r"boundary=(-{4,}\w+)$")
_IN_BODY = re.compile(r"--(-{4,}\w+?)(?:--)?\r\n")


@attrs.frozen
class SeenFetch:
    """What a page and a server saw of one fetch, in the words of a case; None is not to be seen."""

    sent: tuple[str, ...]
    result: str | None
    requests: tuple[SeenRequest, ...]
    status: int | None = None
    url: str | None = None
    redirected: bool | None = None
    headers: tuple[str, ...] | None = None
    body: str | None = None
    error: str = ""
    loaded: bool | None = None
    tainted: bool | None = None
    muted_errors: bool | None = None
    events: tuple[str, ...] | None = None
    protocol: str | None = None
    is_element: bool = False
    console: tuple[str, ...] | None = None


def seen_fetches(replay: Replay) -> tuple[SeenFetch, ...]:
    """Put together what the page reported and what the server was sent, fetch by fetch."""
    assert replay.results is not None
    return tuple(
        attrs.evolve(
            _seen_fetch(replay, result, [row for row in replay.requests if row.step == step]),
            console=_printed(replay, step),
        )
        for step, result in enumerate(replay.results)
    )


def _printed(replay: Replay, step: int) -> tuple[str, ...] | None:
    """Give what the console printed of one fetch, in the words of the case; None if nobody listened."""
    lines = replay.printed[step] if replay.printed else None
    if lines is None:
        return None
    return tuple(replay.mapping.fold(line).replace(f" {NONCE}", "") for line in lines)


def _seen_fetch(replay: Replay, result: Mapping[str, Any], requests: Sequence[SeenRequest]) -> SeenFetch:
    requests = tuple(_with_known_boundary(row) for row in _without_retries(requests))
    sent = tuple(f"{row.method} {row.url}" for row in requests)
    if "loaded" in result:
        # Of an element's answer script sees no more than what comes of it.
        events = None if result.get("events") is None else tuple(result["events"])
        return SeenFetch(
            sent, None, requests, loaded=result["loaded"], tainted=result.get("tainted"),
            muted_errors=result.get("muted_errors"), events=events, protocol=result.get("protocol"),
            is_element=True,
        )  # fmt: skip
    if result.get("rejected"):
        # What a rejected fetch shows is what a network error shows: nothing.
        return SeenFetch(sent, "network error", requests, 0, "", False, (), "", result["error"])
    fold = replay.mapping.fold
    added = requests[-1].added if requests else frozenset()
    headers = tuple(
        f"{name}: {fold(value)}" for name, value in result["headers"] if name.lower() not in added
    )
    return SeenFetch(
        sent, result.get("type"), requests, result["status"], _normal(fold(result["url"])),
        result.get("redirected"), headers, result.get("body"), result.get("error", ""),
    )  # fmt: skip


def _without_retries(requests: Sequence[SeenRequest]) -> Iterator[SeenRequest]:
    """Leave out what a browser sends once more because a connection broke off: that is its own affair."""
    for before, row in zip((None, *requests), requests, strict=False):
        if before is None or not before.broken or (before.method, before.url) != (row.method, row.url):
            yield row


def _normal(text: str) -> str:
    url = parse_url(text)
    return text if url is None else url.href


def _with_known_boundary(row: SeenRequest) -> SeenRequest:
    """Write every form with the boundary that the simulator has; browsers draw theirs at random."""
    types = [value for name, value in row.pairs if name.lower() == "content-type"]
    match = next(filter(None, map(_IN_TYPE.search, types)), None) or _IN_BODY.match(row.body)
    if match is None:
        return row
    pairs = tuple((name, value.replace(match[1], BOUNDARY)) for name, value in row.pairs)
    return attrs.evolve(row, pairs=pairs, body=row.body.replace(match[1], BOUNDARY))


def compare(where: str, expect: Expect, seen: SeenFetch) -> Iterator[Mismatch]:
    """Compare what one fetch gave with what was expected of it in this engine."""
    wanted_sent = tuple(_as_seen_by_a_server(line) for line in expect.sent)
    if wanted_sent != seen.sent:
        yield Mismatch(where, "sent", wanted_sent, seen.sent)
    # XMLHttpRequest doesn't say of what type a response is, only that there is one. Of an element it says
    # that much if it loads; what does not load may be refused, or of no use.
    can_tell = seen.result is not None or not (seen.is_element and not seen.loaded)
    if expect.result != seen.result and can_tell and (seen.result or expect.result == "network error"):
        yield Mismatch(where, "result", expect.result, seen.result or "a response")
    for what in (
        "status",
        "url",
        "redirected",
        "headers",
        "body",
        "loaded",
        "tainted",
        "muted_errors",
        "events",
        "protocol",
    ):
        wanted, got = getattr(expect, what), getattr(seen, what)
        if wanted is not None and got is not None and wanted != got:
            yield Mismatch(where, what, wanted, got)
    for number, request in expect.request:
        if number > len(seen.requests):
            yield Mismatch(where, f"request {number}", "sent", "not sent")
        else:
            yield from _compare_request(f"{where} request {number}", request, seen.requests[number - 1])


def _as_seen_by_a_server(line: str) -> str:
    method, _, url = line.partition(" ")
    return f"{method} {normal_url(url)}"


def _compare_request(where: str, expect: ExpectRequest, seen: SeenRequest) -> Iterator[Mismatch]:
    for header in expect.has:
        if not carries(seen.pairs, header):
            yield Mismatch(where, "has", header, _lines(seen, header))
    for header in expect.lacks:
        if carries(seen.pairs, header):
            yield Mismatch(where, "lacks", header, _lines(seen, header))
    if expect.credentials is not None and expect.credentials != is_planted(seen.pairs):
        yield Mismatch(where, "credentials", expect.credentials, not expect.credentials)
    if expect.body not in (None, seen.body):
        yield Mismatch(where, "body", expect.body, seen.body)


def _lines(seen: SeenRequest, header: str) -> tuple[str, ...]:
    """List the lines of the header in question; a browser's thirteen others say nothing of it."""
    wanted = header.partition(": ")[0].lower()
    return tuple(f"{name}: {value}" for name, value in seen.pairs if name.lower() == wanted)


def mismatches(replay: Replay, engine: str) -> tuple[Mismatch, ...]:
    """List whatever came out otherwise than the case says of `engine`."""
    case, seen = replay.case, seen_fetches(replay)
    if len(seen) < len(case.fetches):
        return (Mismatch("", "fetches", len(case.fetches), len(seen)),)
    rows = zip(case.expected(engine), seen, strict=True)
    return tuple(
        mismatch
        for number, (expect, got) in enumerate(rows, 1)
        for mismatch in compare(f"fetch {number}", expect, got)
    )
