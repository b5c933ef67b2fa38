"""Judging: batches of cases to a browser, a second try for what went wrong, and the verdicts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Literal, TypeAlias

import attrs

from corsim.cases import Case, Mismatch
from corsim.conformance.browsers import Browser, RealEngine, version_of_agent
from corsim.conformance.comparing import SeenFetch, mismatches, seen_fetches
from corsim.conformance.consoles import Printed, opened_with_console
from corsim.conformance.consoles.comparing import console_mismatches
from corsim.conformance.cookies import keeps_cookies
from corsim.conformance.listening import Ground, listen
from corsim.conformance.replayable import LONGEST_WAIT, reason_not_replayed
from corsim.conformance.server import Server
from corsim.conformance.session import Replay, Session
from corsim.engines import EngineName

BATCH = 200
"""Cases per launch: Chromium's preflight cache drops entries at random when it holds 1024."""

STARTUP = 60.0
QUIET = 30.0
"""Seconds within which a browser has to open the page, and then to give a sign of life."""

Kind: TypeAlias = Literal["agrees", "disagrees", "unanswered", "not replayed"]


class BrowserDidNotStart(Exception):
    """A browser was launched and never asked for the page."""


@attrs.frozen
class Verdict:
    """What came of one case; `flaky` if its first try went wrong and its second did not."""

    case: Case
    kind: Kind
    reason: str = ""
    mismatches: tuple[Mismatch, ...] = ()
    fetches: tuple[SeenFetch, ...] = ()
    flaky: bool = False


@attrs.frozen
class Judgement:
    """Every verdict on one browser, or one command, sorted by the path of the case."""

    engine: EngineName
    version: str
    agent: str
    verdicts: tuple[Verdict, ...]
    command: str = ""

    @property
    def title(self) -> str:
        """Who was judged, and in the case of a command by what."""
        if not self.command:
            return f"{self.engine} {self.version}"
        return f"{self.command}, against {'the standard' if self.engine == 'spec' else self.engine}"

    def of(self, kind: Kind) -> tuple[Verdict, ...]:
        """List the verdicts of one kind."""
        return tuple(row for row in self.verdicts if row.kind == kind)


@attrs.frozen
class Where:
    """Where the server listens, and which names lead to it."""

    bind: str = "127.0.0.1"
    first_port: int = 0
    domain: str = "localhost"


Opened: TypeAlias = Callable[[str], None]
Told: TypeAlias = Callable[[Verdict], None]


@attrs.define
class Judge:
    """Judges one browser: the one that is given, or whichever opens the URL.

    With `console`, which a browser that is given can have, its console is judged too.
    """

    browser: Browser | None = None
    engine: RealEngine | None = None
    where: Where = attrs.field(factory=Where)
    timeout: float = 10.0
    wait: float = LONGEST_WAIT
    console: bool = False
    batch: int = BATCH
    keeps_pages: bool = False
    second_try: bool = True
    opened: Opened = lambda _: None
    told: Told = lambda _: None
    _verdicts: dict[str, Verdict] = attrs.field(factory=dict)
    _printed: Printed = attrs.field(factory=Printed)
    _session: Session = attrs.field(init=False)
    _ground: Ground = attrs.field(init=False)

    @property
    def name(self) -> str:
        """Who is judged, as far as that is known before."""
        return f"{self.browser.engine} {self.browser.version}" if self.browser else "waiting"

    async def judge(self, cases: Sequence[Case]) -> Judgement:
        """Replay the cases; raises `BrowserDidNotStart`, or `OSError` where a port is taken."""
        hear = self._printed.between if self.console else None
        self._session = Session(self.timeout, self._seen, self.keeps_pages, hear)
        server = Server(self._session.handle)
        try:
            at = self.where
            self._ground = await listen(server, cases, at.bind, at.first_port, at.domain)
            self._session.begin(self._ground.world, self._ground.authority)
            await self._run(cases)
        finally:
            await server.stop()
        engine, version = self._who()
        rows = sorted(self._verdicts.values(), key=lambda row: row.case.path)
        return Judgement(engine, version, self._session.agent, tuple(rows))

    async def _run(self, cases: Sequence[Case]) -> None:
        replayed = []
        for case in cases:
            reason = reason_not_replayed(
                case, self.wait, self.where.domain
            ) or self._ground.reason_not_replayed(case)
            if self.console and keeps_cookies(case):
                reason = "about cookies, and a browser that is listened to lets foreign ones through"
            if self.console and any(given.page.worker for given in case.fetches):
                reason = "about what a worker asks for, and a worker has a console of its own"
            if reason is None:
                replayed.append(case)
            else:
                self._verdicts[case.path] = Verdict(case, "not replayed", reason)
                self.told(self._verdicts[case.path])
        if not replayed:
            return
        self.opened(self._session.world.url())
        alive = await self._try(replayed)
        again = [case for case in replayed if self._kind(case) in ("disagrees", "unanswered")]
        if again and alive and self.second_try:
            alive = await self._try(again)
        for case in replayed:
            self._verdicts.setdefault(case.path, Verdict(case, "unanswered", "the page never said"))
        if self.browser is None and alive:
            await self._session.finish()

    def _kind(self, case: Case) -> Kind:
        row = self._verdicts.get(case.path)
        return "unanswered" if row is None else row.kind

    async def _try(self, cases: Sequence[Case]) -> bool:
        """Run batches; False once a browser that was not launched from here is gone."""
        if self.browser is None:
            await self._session.offer(cases)
            return await self._watch(None)
        # Those about cookies go to a browser that treats cookies as it does by default.
        for strict in (False, True):
            some = [case for case in cases if keeps_cookies(case) is strict]
            for start in range(0, len(some), self.batch):
                await self._session.offer(some[start : start + self.batch])
                async with self._opened(self.browser, strict) as process:
                    await self._watch(process)
        return True

    def _opened(
        self, browser: Browser, default_cookies: bool
    ) -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
        url, trust = self._session.world.url(), self._ground.trust
        if self.console:
            return opened_with_console(browser, url, trust, self._printed)
        return browser.opened(url, trust, default_cookies=default_cookies)

    async def _watch(self, process: asyncio.subprocess.Process | None) -> bool:
        """Wait until all cases are through, or nothing more is heard; True if they are."""
        ended = None if process is None else asyncio.ensure_future(process.wait())
        try:
            while not self._session.all_seen.is_set():
                self._session.news.clear()
                if not await self._news(ended):
                    # Whatever stays open is tried again, unless not even the page was asked for.
                    if not self._session.agent:
                        raise BrowserDidNotStart(_stillborn(process))
                    return False
        finally:
            if ended is not None:
                ended.cancel()
        return True

    async def _news(self, ended: asyncio.Future[int] | None) -> bool:
        """Wait until the browser is heard of; False if it ended, or was silent for too long."""
        if self._session.taken:
            patience: float | None = QUIET + self.timeout + self.wait
        else:  # somebody may still be walking over to another browser
            patience = None if ended is None else STARTUP
        news = asyncio.ensure_future(self._session.news.wait())
        waits: list[asyncio.Future[Any]] = [news] if ended is None else [news, ended]
        await asyncio.wait(waits, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        news.cancel()
        return self._session.news.is_set()

    def _who(self) -> tuple[RealEngine, str]:
        if self.browser is not None:
            return self.browser.engine, self.browser.version
        named = version_of_agent(self._session.agent)
        engine = self.engine or (named[0] if named else "chromium")
        return engine, named[1] if named else "unknown"

    def _seen(self, replay: Replay) -> None:
        """Judge a case as soon as it is through."""
        before = self._verdicts.get(replay.case.path)
        row = self._verdict(replay)
        if row.kind == "agrees" and before is not None and before.kind != "agrees":
            row = attrs.evolve(row, flaky=True, mismatches=before.mismatches)
        self._verdicts[replay.case.path] = row
        if before is None:
            self.told(row)

    def _verdict(self, replay: Replay) -> Verdict:
        if replay.refused:
            return Verdict(replay.case, "not replayed", replay.refused)
        if not replay.results:
            return Verdict(replay.case, "unanswered", f"it took more than {self.timeout:g} s")
        engine = self._who()[0]
        # A console can be right only about what the simulator foresaw.
        differing = mismatches(replay, engine) or console_mismatches(replay, engine)
        kind: Kind = "disagrees" if differing else "agrees"
        return Verdict(replay.case, kind, "", differing, seen_fetches(replay))


def _stillborn(process: asyncio.subprocess.Process | None) -> str:
    if process is None or process.returncode is None:
        return f"the browser asked for no page within {STARTUP:g} s"
    return f"the browser ended at once, with code {process.returncode}"
