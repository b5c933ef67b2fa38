"""A session: hands a batch of cases to the page, answers as they say, and keeps what was seen."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from importlib.resources import files
from typing import Any, TypeAlias
from urllib.parse import parse_qs, urlsplit

import attrs

from corsim.cases import Case, ServerAnswer
from corsim.conformance import loopback
from corsim.conformance.lines import lines_of
from corsim.conformance.script import script_of
from corsim.conformance.server import Answer, RawRequest
from corsim.values.headers import Pair
from corsim.values.url import parse_url

Hear: TypeAlias = Callable[[str, str], Awaitable[tuple[str, ...] | None]]
"""Gives the lines that a browser printed between two marks, or None if it did not print them."""

_PREFIX = re.compile(r"/(?P<id>[0-9a-f]{6}-[0-9]+)(?=[/?]|$)")
_KINDS = {"html": "text/html", "js": "text/javascript"}
_NOTHING = Answer(404)


@attrs.frozen
class SeenRequest:
    """A request on the wire, in the names of its case; `added` is what the answer had besides."""

    step: int
    method: str
    url: str
    pairs: tuple[Pair, ...]
    body: str
    added: frozenset[str] = frozenset()


@attrs.define
class Replay:
    """One case under way: where its hosts are, and what was seen so far."""

    case: Case
    mapping: loopback.Mapping
    script: Mapping[str, Any]
    lines: tuple[tuple[Pair, ...], ...]
    step: int = 0
    requests: list[SeenRequest] = attrs.field(factory=list)
    results: tuple[Mapping[str, Any], ...] | None = None
    printed: list[tuple[str, ...] | None] = attrs.field(factory=list)

    def answer(self, raw: RawRequest) -> Answer:
        """Note a request, and give what the case answers to it."""
        seen = self._seen(raw)
        number = next((at for at, row in enumerate(self.case.servers) if _matches(row, seen)), None)
        answer = _NOTHING if number is None else self._written(self.case.servers[number], self.lines[number])
        added = frozenset(name.lower() for name, _ in answer.added)
        self.requests.append(attrs.evolve(seen, added=added))
        return answer

    def _seen(self, raw: RawRequest) -> SeenRequest:
        fold = self.mapping.fold
        pairs = tuple((name, fold(value)) for name, value in raw.pairs)
        url = normal_url(fold(f"http://{raw.header('host')}{raw.target}"))
        return SeenRequest(self.step, raw.method, url, pairs, raw.body.decode("latin-1"))

    def _written(self, row: ServerAnswer, lines: Sequence[Pair]) -> Answer:
        assert row.response is not None  # cases that break off are not replayed
        return Answer(row.response.status, tuple(map(self.mapped, lines)), row.response.body)

    def mapped(self, pair: Pair) -> Pair:
        """Map a header as it is sent."""
        name, value = pair
        place = self.mapping.to_url if name.strip().lower() == "location" else self.mapping.to_value
        return name, place(value)


def marks(replay: str, step: int) -> tuple[str, str]:
    """Write what a page prints before and after a step, to tell its lines from all others."""
    return f"corsim: {replay} step {step} begins", f"corsim: {replay} step {step} is over"


def carries(pairs: Sequence[Pair], header: str) -> bool:
    """Say whether a request has a header, given as `Name` or as `Name: value`."""
    name, colon, value = header.partition(": ")
    values = [other for given, other in pairs if given.lower() == name.lower()]
    return value in values if colon else bool(values)


def normal_url(text: str) -> str:
    """Write a URL as a server sees it: normalised, without userinfo and fragment."""
    url = parse_url(text)
    return text if url is None else url.without_credentials().without_fragment().href


def _matches(row: ServerAnswer, seen: SeenRequest) -> bool:
    if row.method not in ("*", seen.method) or normal_url(row.url) != seen.url:
        return False
    return all(carries(seen.pairs, header) for header in row.having)


class Session:
    """Everything the server knows; `told` is called whenever a case is through."""

    def __init__(
        self, timeout: float = 10.0, told: Callable[[Replay], None] = lambda _: None,
        hear: Hear | None = None,
    ) -> None:  # fmt: skip
        self.world = loopback.World((0,))
        self.agent = ""
        self.news = asyncio.Event()
        self.all_seen = asyncio.Event()
        self.dismissed = asyncio.Event()
        self.taken = False
        self.replays: dict[str, Replay] = {}
        self._timeout, self._told, self._hear = timeout, told, hear
        self._cases: tuple[Case, ...] = ()
        self._generation = 0
        self._over = False
        self._offered = asyncio.Condition()

    async def offer(self, cases: Sequence[Case]) -> None:
        """Lay out the next batch; the page takes it when it asks."""
        async with self._offered:
            self._cases, self._generation, self.taken = tuple(cases), self._generation + 1, False
            self.replays = {}
            self.all_seen.clear()
            self._offered.notify_all()

    async def finish(self) -> None:
        """Tell the page that no more comes, which it is about to ask."""
        async with self._offered:
            self._over = True
            self._offered.notify_all()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.dismissed.wait(), 5)

    def seen(self) -> dict[str, Replay]:
        """List what is through of this batch, by the path of the case."""
        return {row.case.path: row for row in self.replays.values() if row.results is not None}

    async def handle(self, raw: RawRequest) -> Answer:
        """Answer whatever a browser asks: for the runner itself, or for a case."""
        self.news.set()
        if raw.target.startswith("/__corsim__/") or raw.target == "/":
            return await self._control(raw)
        match = _PREFIX.match(raw.target)
        replay = self.replays.get(match["id"]) if match else None
        return _NOTHING if replay is None else replay.answer(raw)

    async def _control(self, raw: RawRequest) -> Answer:
        url = urlsplit(raw.target)
        name, query = url.path.removeprefix("/__corsim__/"), parse_qs(url.query)
        if name == "batch":
            self.agent = raw.header("user-agent")
            return _json(await self._batch(int(query["after"][0])))
        if name == "step":
            replay = self.replays[query["id"][0]]
            await self._listen(replay)
            replay.step = int(query["step"][0])
            return Answer(204)
        if name == "result":
            outcome = json.loads(raw.body)
            if outcome["id"] in self.replays and not outcome.get("late"):
                await self._listen(self.replays[outcome["id"]])
            self._result(outcome)
            return Answer(204)
        return _file({"/": "runner.html", "page": "page.html"}.get(name, name), query.get("policy", [""])[0])

    async def _listen(self, replay: Replay) -> None:
        """Gather what the step that is over has printed, if there is anybody to hear it."""
        if self._hear is not None:
            replay.printed.append(await self._hear(*marks(replay.script["id"], replay.step)))

    async def _batch(self, after: int) -> dict[str, Any]:
        async with self._offered:
            await self._offered.wait_for(lambda: self._over or self._generation > after)
        if self._over:
            self.dismissed.set()
            return {"over": True}
        # A page that was reloaded begins afresh, with paths that no cache has seen.
        run = secrets.token_hex(3)
        self.taken = True
        self.replays = {}
        for number, case in enumerate(self._cases):
            mapping = loopback.Mapping(self.world, f"/{run}-{number}")
            replay = Replay(case, mapping, script_of(case, mapping), lines_of(case))
            self.replays[f"{run}-{number}"] = replay
        scripts = [self._marked(replay.script) for replay in self.replays.values()]
        return {
            "generation": self._generation, "timeout": self._timeout, "replays": scripts,
            "listened": self._hear is not None,
        }  # fmt: skip

    def _marked(self, script: Mapping[str, Any]) -> Mapping[str, Any]:
        """Have the page print a mark before and after each step, if there is anybody to hear it."""
        if self._hear is None:
            return script
        steps = enumerate(script["steps"])
        return {**script, "steps": [{**step, "marks": marks(script["id"], number)} for number, step in steps]}

    def _result(self, outcome: Mapping[str, Any]) -> None:
        replay = self.replays.get(outcome["id"])
        if replay is None:
            return
        replay.results = () if outcome.get("late") else tuple(outcome["results"])
        self._told(replay)
        if all(row.results is not None for row in self.replays.values()):
            self.all_seen.set()
        self.news.set()


def _json(value: object) -> Answer:
    return Answer(200, (("Content-Type", "application/json"),), json.dumps(value).encode())


def _file(name: str, policy: str) -> Answer:
    kind = _KINDS.get(name.rpartition(".")[2])
    if kind is None or name not in ("runner.html", "runner.js", "page.html", "page.js"):
        return _NOTHING
    lines = [("Content-Type", f"{kind}; charset=utf-8")]
    lines += [("Referrer-Policy", policy)] if policy else []
    return Answer(200, tuple(lines), files(__package__).joinpath(name).read_bytes())
