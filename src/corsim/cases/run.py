"""Running spec cases: replay one in a simulated browser, and report what came out otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
from rpds import HashTrieMap

from corsim.api.bodies import Blob
from corsim.browser import Browser
from corsim.cases.model import Because, Case, Expect, ExpectRequest, FetchGiven, PageGiven, Row, Table, holds
from corsim.cases.rules import RULES
from corsim.engines import SPEC, EngineProfile
from corsim.fetching.flow import ConnectionFailure, Exchange
from corsim.machine import Fetch
from corsim.page import Global, Worker
from corsim.result import Result
from corsim.values.environment import DEFAULT_POLICY
from corsim.values.errors import InvalidCase
from corsim.values.response import Response


@attrs.frozen
class Mismatch:
    """One thing that came out otherwise; `where` is empty for a row."""

    where: str
    what: str
    expected: Any
    got: Any

    def __str__(self) -> str:
        place = f"{self.where} " if self.where else ""
        return f"{place}{self.what}:\n    expected {_shown(self.expected)}\n    got      {_shown(self.got)}"


@attrs.frozen(repr=False)
class Report:
    """What a replay gave: the results, and whatever differs from what was expected."""

    title: str
    engine: str
    results: tuple[Result, ...]
    mismatches: tuple[Mismatch, ...]

    @property
    def ok(self) -> bool:
        """Whether everything came out as expected."""
        return not self.mismatches

    def __str__(self) -> str:
        if self.ok:
            return f"{self.title} [{self.engine}]: ok"
        lines = [f"{self.title} [{self.engine}]:", *(f"  {mismatch}" for mismatch in self.mismatches)]
        for number, result in enumerate(self.results, 1):
            lines += [f"  trace of fetch {number}:", *(f"    {turn!r}" for turn in result.trace)]
        return "\n".join(lines)

    __repr__ = __str__


RUNNING = Response(200, {"Content-Type": "text/javascript"})
"""What a worker gets for its script, where no server of the case says more."""


_SOURCES: Mapping[str, str | Blob] = {"blob:": Blob(b""), "data:": "data:text/javascript,"}


class CaseBrowser(Browser):
    """A browser in whose world there are only the servers of one case."""

    def __init__(self, case: Case, profile: EngineProfile) -> None:
        super().__init__(profile, local_network=case.local_network)
        for origin, address_space in case.places:
            self._place(origin, address_space)
        self._case = case
        self._tabs: dict[PageGiven, Global] = {}
        self._last: Any = None
        answers = [server.response for server in case.servers if server.response is not None]
        self._stores = any("cache-control" in response.headers for response in answers)

    def answer(self, exchange: Exchange) -> Response | ConnectionFailure:
        """Give the first answer that is meant for the request; otherwise a bare 404."""
        for server in self._case.servers:
            if server.answers(exchange.request):
                return server.answer_to(exchange.request) or ConnectionFailure("the connection broke off")
        is_started = exchange.request.destination == "worker" and any(
            given.page.worker for given in self._case.fetches
        )
        return RUNNING if is_started else Response(404)

    def start(self, given: FetchGiven) -> Fetch:
        """Let time pass, and have the page's script make its call."""
        self.clock.advance(given.after)
        if not self._stores:  # what says nothing of caches is not kept: real servers then say no-store
            self.state = attrs.evolve(self.state, http_cache=HashTrieMap())
        page = self._tab(given.page)
        if given.api not in ("fetch", "xhr"):
            self._last = self._done(page, given)
            return self._last.fetch  # type: ignore[no-any-return]  # over already
        start: Any = page.start_xhr if given.api == "xhr" else page.start
        fetch: Fetch = start(given.url, **given.options)
        return fetch

    def _done(self, page: Any, given: FetchGiven) -> Any:
        """Have an element or a worker ask; an event source that reconnects is the last one."""
        if given.options.get("reconnects"):
            return page.reconnect(self._last)
        got = getattr(page, given.api)(given.url, **given.options)
        return got.script if isinstance(got, Worker) else got

    def _tab(self, given: PageGiven) -> Global:
        """Open a page once: a page of an opaque origin is the same only as itself."""
        if given not in self._tabs:
            own = None if given.referrer_policy == DEFAULT_POLICY else given.referrer_policy
            page: Global = self.open(
                given.url, sandbox=given.sandbox, embedder=given.embedder,
                referrer_policy=own,  # type: ignore[arg-type]  # `open` checks it
                headers=given.headers,
            )  # fmt: skip
            if given.worker:
                script: str | Blob = given.worker
                page = page.worker(_SOURCES.get(given.worker, script))
            self._tabs[given] = page
        return self._tabs[given]


def run_case(case: Case, profile: EngineProfile = SPEC, engine: str | None = None) -> Report:
    """Replay a case in a browser of `profile`, and compare.

    What is expected is what the case says of `engine`, or without that of the profile's.
    """
    engine = engine or profile.name
    results = replay(case, profile)
    mismatches = [
        mismatch
        for number, (expect, result) in enumerate(zip(case.expected(engine), results, strict=True), 1)
        for mismatch in compare(f"fetch {number}", expect, result)
    ]
    return Report(f"{case.path}: {case.title}", engine, results, tuple(mismatches))


def replay(case: Case, profile: EngineProfile = SPEC) -> tuple[Result, ...]:
    """Run the fetches of a case, one after the other or interleaved, and return their results."""
    browser = CaseBrowser(case, profile)
    if not case.order:
        return tuple(browser.start(given).run() for given in case.fetches)
    fetches = [_up_to_exchange(browser.start(given)) for given in case.fetches]
    for move in case.order:
        if isinstance(move, float):
            browser.clock.advance(move)
        else:
            _let_answer(browser, fetches[move - 1], case)
    return tuple(fetch.run() for fetch in fetches)


def _let_answer(browser: CaseBrowser, fetch: Fetch, case: Case) -> None:
    """Answer what a fetch waits for; in an engine that asks less it may be over already."""
    if not isinstance(fetch.turn, Exchange):
        return
    answer = browser.answer(fetch.turn)
    if isinstance(answer, ConnectionFailure):
        raise InvalidCase(f"{case.path}.toml: order and fails do not go together yet")
    fetch.reply(answer)
    _up_to_exchange(fetch)


def _up_to_exchange(fetch: Fetch) -> Fetch:
    while not fetch.done and not isinstance(fetch.turn, Exchange):
        fetch.step()
    return fetch


# -- comparing ---------------------------------------------------------------------------


def compare(where: str, expect: Expect, result: Result) -> Iterator[Mismatch]:
    """Compare what one fetch gave with what was expected of it."""
    got = observed(result)
    for what in got:
        wanted = getattr(expect, what)
        if wanted is not None and wanted != got[what]:
            yield Mismatch(where, what, wanted, got[what])
    for number, request in expect.request:
        if number > len(result.exchanges):
            yield Mismatch(where, f"request {number}", "sent", "not sent")
        else:
            yield from _compare_request(f"{where} request {number}", request, result.exchanges[number - 1])
    if expect.because is not None:
        yield from _compare_because(where, expect.because, result)


def observed(result: Result) -> Mapping[str, Any]:
    """Write down what a page and a server see of a fetch, in the words of a case."""
    return {
        "sent": tuple(f"{row.request.method} {row.request.url}" for row in result.exchanges),
        "result": "network error" if result.type == "error" else result.type,
        "status": result.status,
        "url": result.url,
        "redirected": result.redirected,
        "headers": _shown_headers(result),
        "body": result.body.decode("latin-1"),
        "loaded": result.loaded,
        "tainted": result.tainted,
        "muted_errors": result.muted_errors,
        "events": tuple(f"{event.type}: {event.data}" for event in result.events),
        "protocol": result.protocol,
    }


def _shown_headers(result: Result) -> tuple[str, ...]:
    if result.api == "xhr":
        return tuple(result.get_all_response_headers().split("\r\n")[:-1])
    return tuple(f"{name}: {value}" for name, value in result.headers.items())


def _compare_request(where: str, expect: ExpectRequest, exchange: Exchange) -> Iterator[Mismatch]:
    request = exchange.request
    lines = tuple(f"{name}: {value}" for name, value in request.headers.pairs)
    for header in expect.has:
        if not holds(request, header):
            yield Mismatch(where, "has", header, lines)
    for header in expect.lacks:
        if holds(request, header):
            yield Mismatch(where, "lacks", header, lines)
    body = (request.body or b"").decode("latin-1")
    if expect.body is not None and expect.body != body:
        yield Mismatch(where, "body", expect.body, body)
    if expect.credentials not in (None, exchange.includes_credentials):
        yield Mismatch(where, "credentials", expect.credentials, exchange.includes_credentials)
    for what, rows in (("held_back", exchange.held_back), ("ignored", exchange.ignored)):
        wanted, got = getattr(expect, what), tuple(map(str, rows))
        if wanted is not None and wanted != got:
            yield Mismatch(where, what, wanted, got)


def _compare_because(where: str, because: Because, result: Result) -> Iterator[Mismatch]:
    blocked = result.blocked
    if blocked is None:
        yield Mismatch(where, "because", because, "not blocked")
        return
    got = {"reason": blocked.reason, "subject": blocked.subject, "step": blocked.step.id}
    for what, value in got.items():
        wanted = getattr(because, what)
        if wanted is not None and wanted != value:
            yield Mismatch(where, what, wanted, value)


def run_row(table: Table, row: Row) -> Report:
    """Apply the rule of a table to the values of one row, and compare."""
    got = RULES[table.rule].apply(row.given)
    mismatches = [
        Mismatch("", name, wanted, got.get(name))
        for name, wanted in row.expect.items()
        if wanted != got.get(name)
    ]
    return Report(f"{table.path}: {row}", "spec", (), tuple(mismatches))


def _shown(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + "".join(f"\n      {item!r}" for item in value) + "]"
    return repr(value)
