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
from corsim.conformance.abilities import PLANTING, kept, planted, probed, probes
from corsim.conformance.cookies import keeps_cookies, mapped, own
from corsim.conformance.interleaving import Interleaving
from corsim.conformance.lines import lines_of
from corsim.conformance.replayable import MISSING, abilities_needed, keeps_schemes
from corsim.conformance.script import script_of
from corsim.conformance.server import Answer, RawRequest
from corsim.values.headers import Pair
from corsim.values.url import parse_url

Hear: TypeAlias = Callable[[str, str], Awaitable[tuple[str, ...] | None]]
"""Gives the lines that a browser printed between two marks, or None if it did not print them."""

_PREFIX = re.compile(r"/(?P<id>[0-9a-f]{6}-[0-9]+)(?=[/?]|$)")
_KINDS = {"html": "text/html", "js": "text/javascript"}
_PAGES = {"/": "runner.html", "page": "page.html", "top": "top.html"}
_FILES = (
    "runner.html",
    "runner.js",
    "page.html",
    "page.js",
    "elements.js",
    "probe.html",
    "probe.js",
    "top.html",
    "top.js",
)
_NOTHING = Answer(404)


@attrs.frozen
class SeenRequest:
    """A request on the wire, in the names of its case; `added` is what the answer had besides.

    `broken` says that it got no answer: the connection broke off.
    """

    step: int
    method: str
    url: str
    pairs: tuple[Pair, ...]
    body: str
    added: frozenset[str] = frozenset()
    broken: bool = False


@attrs.define
class Replay:
    """One case under way: where its hosts are, and what was seen so far.

    `refused` says why it is not: what the case needs, and this browser can't do.
    """

    case: Case
    mapping: loopback.Mapping
    script: Mapping[str, Any]
    lines: tuple[tuple[Pair, ...], ...]
    turns: Interleaving | None = None
    step: int = 0
    requests: list[SeenRequest] = attrs.field(factory=list)
    results: tuple[Mapping[str, Any], ...] | None = None
    refused: str = ""
    printed: list[tuple[str, ...] | None] = attrs.field(factory=list)

    async def answer(self, raw: RawRequest) -> Answer | None:
        """Note a request, and give what the case answers to it; None where the connection breaks off."""
        if raw.target == f"{self.mapping.prefix}{PLANTING}":
            return planted(self.mapping.prefix)
        seen = self._seen(raw)
        number = next((at for at, row in enumerate(self.case.servers) if _matches(row, seen)), None)
        answer = _NOTHING if number is None else self._written(self.case.servers[number], self.lines[number])
        added = frozenset(name.lower() for name, _ in answer.added) if answer else frozenset()
        self.requests.append(attrs.evolve(seen, added=added, broken=answer is None))
        if self.turns is not None:
            await self.turns.wait_for_turn()
        return answer

    async def progress(self, what: str, step: int) -> None:
        """Learn how far the page is; where fetches are interleaved it waits until it may go on."""
        if self.turns is None:
            self.step = step
        else:
            await self.turns.progress(what, step)

    def _seen(self, raw: RawRequest) -> SeenRequest:
        fold = self.mapping.fold
        pairs = own(self.case, raw.pairs) if keeps_cookies(self.case) else raw.pairs
        pairs = tuple((name, fold(value)) for name, value in pairs)
        host = raw.header("host")
        url = normal_url(fold(f"{self.mapping.world.scheme_of(host)}://{host}{raw.target}"))
        step = self.step if self.turns is None else self.turns.moving
        return SeenRequest(step, raw.method, url, pairs, raw.body.decode("latin-1"))

    def _written(self, row: ServerAnswer, lines: Sequence[Pair]) -> Answer | None:
        if row.response is None:
            return None
        return Answer(row.response.status, tuple(map(self.mapped, lines)), row.response.body)

    def mapped(self, pair: Pair) -> Pair:
        """Map a header as it is sent."""
        name, value = pair
        if name.strip().lower() == "set-cookie" and keeps_cookies(self.case):
            return name, mapped(value, self.mapping)
        place = self.mapping.to_url if name.strip().lower() == "location" else self.mapping.to_value
        return name, place(value)


def marks(replay: str, step: int) -> tuple[str, str]:
    """Write what a page prints before and after a step, to tell its lines from all others."""
    return f"corsim: {replay} step {step} begins", f"corsim: {replay} step {step} is over"


def _can_be_heard(replay: Replay) -> bool:
    """Say whether it can be told which fetch has printed what, without letting all others wait for long."""
    return replay.turns is None and not any(given.after for given in replay.case.fetches)


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
    """Everything the server knows; `told` is called whenever a case is through.

    With `keeps_pages` one page serves many cases, one after the other: that is four times as fast,
    but then its address, and with that its referrer, is not the case's.
    """

    def __init__(
        self, timeout: float = 10.0, told: Callable[[Replay], None] = lambda _: None,
        keeps_pages: bool = False, hear: Hear | None = None,
    ) -> None:  # fmt: skip
        self.world = loopback.World((0,))
        self.authority = b""
        self.agent = ""
        self.news = asyncio.Event()
        self.all_seen = asyncio.Event()
        self.dismissed = asyncio.Event()
        self.taken = False
        self.replays: dict[str, Replay] = {}
        self._timeout, self._told, self._keeps_pages, self._hear = timeout, told, keeps_pages, hear
        self._cases: tuple[Case, ...] = ()
        self._generation = 0
        self._over = False
        self._offered = asyncio.Condition()

    def begin(self, world: loopback.World, authority: bytes = b"") -> None:
        """Learn where everything is, and which authority devices may want to trust."""
        self.world, self.authority = world, authority

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

    async def handle(self, raw: RawRequest) -> Answer | None:
        """Answer whatever a browser asks: for the runner itself, or for a case."""
        self.news.set()
        if raw.target.startswith("/__corsim__/") or raw.target == "/":
            return await self._control(raw)
        match = _PREFIX.match(raw.target)
        replay = self.replays.get(match["id"]) if match else None
        return _NOTHING if replay is None else await replay.answer(raw)

    async def _control(self, raw: RawRequest) -> Answer:
        url = urlsplit(raw.target)
        name = url.path.removeprefix("/__corsim__/")
        query = parse_qs(url.query, keep_blank_values=True)
        if name == "batch":
            self.agent = raw.header("user-agent")
            able = frozenset(query.get("able", [""])[0].split(","))
            return _json(await self._batch(int(query["after"][0]), able))
        if name == "abilities":
            return _json(probes(self.world))
        if name == "kept":
            return kept(raw)
        if name == "probe":
            return probed(raw)
        if name == "authority.crt" and self.authority:
            return Answer(200, (("Content-Type", "application/x-x509-ca-cert"),), self.authority)
        if name in ("step", "started", "ended", "go"):
            replay = self.replays[query["id"][0]]
            await self._listen(replay)
            await replay.progress(name, int(query["step"][0]))
            return Answer(204)
        if name == "result":
            outcome = json.loads(raw.body)
            if outcome["id"] in self.replays and not outcome.get("late"):
                await self._listen(self.replays[outcome["id"]])
            self._result(outcome)
            return Answer(204)
        return _file(_PAGES.get(name, name), query)

    async def _listen(self, replay: Replay) -> None:
        """Gather what the step that is over has printed, if it prints marks."""
        if self._hear is not None and _can_be_heard(replay):
            replay.printed.append(await self._hear(*marks(replay.script["id"], replay.step)))

    async def _batch(self, after: int, able: frozenset[str]) -> dict[str, Any]:
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
            mapping = loopback.Mapping(self.world, f"/{run}-{number}", keeps_schemes(case))
            turns = Interleaving(case.order, len(case.fetches)) if case.order else None
            replay = Replay(case, mapping, script_of(case, mapping), lines_of(case), turns)
            self.replays[f"{run}-{number}"] = replay
        self._refuse(able)
        scripts = [self._marked(replay) for replay in self.replays.values() if not replay.refused]
        batch = {"generation": self._generation, "timeout": self._timeout, "replays": scripts}
        return batch | {"keeps_pages": self._keeps_pages}

    def _marked(self, replay: Replay) -> Mapping[str, Any]:
        """Have the page print a mark before and after each step, if there is anybody to hear it."""
        script = replay.script
        if self._hear is None or not _can_be_heard(replay):
            return script
        steps = enumerate(script["steps"])
        return {**script, "steps": [{**step, "marks": marks(script["id"], number)} for number, step in steps]}

    def _refuse(self, able: frozenset[str]) -> None:
        """Be through with the cases that need what this browser can't do."""
        for replay in self.replays.values():
            missing = next((need for need in abilities_needed(replay.case) if need not in able), None)
            if missing is not None:
                replay.refused = MISSING[missing]
                self._through(replay, ())

    def _result(self, outcome: Mapping[str, Any]) -> None:
        replay = self.replays.get(outcome["id"])
        if replay is None:
            return
        self._through(replay, () if outcome.get("late") else tuple(outcome["results"]))

    def _through(self, replay: Replay, results: tuple[Mapping[str, Any], ...]) -> None:
        replay.results = results
        self._told(replay)
        if all(row.results is not None for row in self.replays.values()):
            self.all_seen.set()
        self.news.set()


def _json(value: object) -> Answer:
    return Answer(200, (("Content-Type", "application/json"),), json.dumps(value).encode())


def _file(name: str, query: Mapping[str, list[str]]) -> Answer:
    kind = _KINDS.get(name.rpartition(".")[2])
    if kind is None or name not in _FILES:
        return _NOTHING
    lines = [("Content-Type", f"{kind}; charset=utf-8")]
    lines += [("Referrer-Policy", policy) for policy in query.get("policy", ())]
    lines += [("Content-Security-Policy", "sandbox allow-scripts") for _ in query.get("sandbox", ())]
    return Answer(200, tuple(lines), files(__package__).joinpath(name).read_bytes())
