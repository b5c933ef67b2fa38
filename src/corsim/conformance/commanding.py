"""Judging a command: cases go to it by lines, its requests come to the server, answers come back by lines."""

from __future__ import annotations

import secrets
import shlex
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import TypeAlias

import attrs

from corsim.cases import Case
from corsim.conformance.comparing import mismatches, seen_fetches
from corsim.conformance.judging import Judgement, Kind, Verdict
from corsim.conformance.lines import lines_of
from corsim.conformance.loopback import Mapping, World
from corsim.conformance.protocol import BadAnswer, CommandAnswer, line_of, read_answer
from corsim.conformance.replayable import reason_not_asked
from corsim.conformance.script import script_of
from corsim.conformance.server import Answer, RawRequest, Server
from corsim.conformance.session import Replay, Session
from corsim.conformance.talking import Talk, talking
from corsim.engines import EngineName

PATIENCE = 5
"""How often in a row a command is started that then answers nothing."""

Told: TypeAlias = Callable[[Verdict], None]


class CommandFailed(Exception):
    """A command was started, again and again, and never answered a case."""


class _Broken(Exception):
    """The talk can't go on; the message is why, `at_fault` the id of the case that is to blame, if known."""

    def __init__(self, why: str, at_fault: str | None = None) -> None:
        super().__init__(why)
        self.at_fault = at_fault


@attrs.define
class CommandJudge:
    """Judges an implementation behind a command, against the standard or one of the engines.

    `width` is how many cases it may have open; those that empty caches go alone, at the end, and
    once something has gone wrong so do all: then it is clear which case did it.
    """

    command: tuple[str, ...]
    engine: EngineName = "spec"
    width: int = 1
    timeout: float = 10.0
    told: Told = lambda _: None
    _verdicts: dict[str, Verdict] = attrs.field(factory=dict)
    _session: Session = attrs.field(factory=Session)
    _open: dict[str, tuple[Replay, float]] = attrs.field(factory=dict)
    _left: deque[Case] = attrs.field(factory=deque)
    _agent: str = ""
    _answered: bool = False
    _failures: int = 0
    _complaint: str = ""

    @property
    def name(self) -> str:
        """The command that is judged."""
        return shlex.join(self.command)

    async def judge(self, cases: Sequence[Case]) -> Judgement:
        """Have the cases replayed; raises `CommandMissing` and `CommandFailed`."""
        server = Server(self._handle)
        await server.start()
        self._session.world = World(server.ports)
        try:
            await self._rounds(cases)
        finally:
            await server.stop()
        rows = sorted(self._verdicts.values(), key=lambda row: row.case.path)
        return Judgement(self.engine, "", self._agent, tuple(rows), self.name)

    async def _handle(self, raw: RawRequest) -> Answer | None:
        """Answer as a case says; who asks says in passing what it is called."""
        if not raw.target.startswith("/__corsim__/"):
            self._agent = raw.header("user-agent") or self._agent
        return await self._session.handle(raw)

    async def _rounds(self, cases: Sequence[Case]) -> None:
        replayed = []
        for case in cases:
            reason = reason_not_asked(case)
            if reason is None:
                replayed.append(case)
            else:
                self._note(Verdict(case, "not replayed", reason))
        await self._round(replayed)
        again = [case for case in replayed if self._verdicts[case.path].kind in ("disagrees", "unanswered")]
        if self._failures < PATIENCE:
            await self._round(again)

    async def _round(self, cases: Sequence[Case]) -> None:
        """Ask each case once, starting the command as often as it takes."""
        together = [case for case in cases if not _goes_alone(case)]
        alone = [case for case in cases if _goes_alone(case)]
        for some, at_once in ((together, self.width), (alone, 1)):
            self._left = deque(some)
            while self._left and self._failures < PATIENCE:
                async with talking(self.command) as talk:
                    if not await self._talk(talk, at_once):
                        at_once = 1
        for case in cases:
            if case.path not in self._verdicts:
                why = f"not asked, since {PATIENCE} times in a row {self._complaint}"
                self._note(Verdict(case, "unanswered", why))

    # -- one talk --------------------------------------------------------------------------

    async def _talk(self, talk: Talk, width: int) -> bool:
        """Ask and hear until all is answered; False if the command has to be started anew."""
        try:
            while self._left or self._open:
                while self._left and len(self._open) < width:
                    talk.say(line_of(self._opened(self._left.popleft()), self.timeout))
                self._take(await self._heard(talk))
                self._failures, self._answered = 0, True
        except _Broken as broken:
            self._failures, self._complaint = self._failures + 1, str(broken)
            self._give_up(broken)
            if self._failures == PATIENCE and not self._answered:
                raise CommandFailed(f"{PATIENCE} times in a row {broken}") from broken
            return False
        return True

    def _opened(self, case: Case) -> Replay:
        mapping = Mapping(self._session.world, f"/{secrets.token_hex(3)}-0")
        replay = Replay(case, mapping, script_of(case, mapping), lines_of(case))
        name = replay.script["id"]
        self._session.replays[name] = replay
        waits = sum(given.after for given in case.fetches)
        self._open[name] = replay, time.monotonic() + self.timeout + waits
        return replay

    async def _heard(self, talk: Talk) -> CommandAnswer | BadAnswer:
        """Wait for the next line; raises `_Broken` where there is none that can be used."""
        name, until = min(((name, row[1]) for name, row in self._open.items()), key=lambda row: row[1])
        try:
            line = await talk.hear(until - time.monotonic())
        except TimeoutError:
            late = f"it took more than {self.timeout:g} s"
            raise _Broken(talk.with_complaints(late), name) from None
        except ValueError:
            raise _Broken(talk.with_complaints("the command wrote a line without end")) from None
        if not line:
            raise _Broken(await talk.end_told())
        try:
            answer: CommandAnswer | BadAnswer = read_answer(line)
        except BadAnswer as error:
            answer = error
        if answer.id not in self._open:
            what = answer if answer.id is None else BadAnswer("an answer has an id that is not open", line)
            raise _Broken(talk.with_complaints(str(what)))
        return answer

    def _take(self, answer: CommandAnswer | BadAnswer) -> None:
        """Judge the case that was answered."""
        replay, _ = self._open.pop(str(answer.id))
        self._note(self._verdict(replay, answer))

    def _verdict(self, replay: Replay, answer: CommandAnswer | BadAnswer) -> Verdict:
        case = replay.case
        if isinstance(answer, BadAnswer):
            return Verdict(case, "unanswered", str(answer))
        if answer.unsupported is not None:
            return Verdict(case, "not replayed", f"unsupported: {answer.unsupported}")
        if len(answer.results) != len(case.fetches):
            why = f"it has {len(case.fetches)} steps, and {len(answer.results)} results came"
            return Verdict(case, "unanswered", why)
        replay.results = answer.results
        differing = mismatches(replay, self.engine)
        kind: Kind = "disagrees" if differing else "agrees"
        return Verdict(case, kind, "", differing, seen_fetches(replay))

    def _give_up(self, broken: _Broken) -> None:
        """Leave unanswered what is at fault, and have the others asked again."""
        at_fault = next(iter(self._open)) if len(self._open) == 1 else broken.at_fault
        for name, (replay, _) in reversed(self._open.items()):
            if name == at_fault:
                self._note(Verdict(replay.case, "unanswered", str(broken)))
            else:
                self._left.appendleft(replay.case)
        self._open.clear()

    def _note(self, row: Verdict) -> None:
        """Keep a verdict; one that is right only at the second try says so."""
        before = self._verdicts.get(row.case.path)
        if row.kind == "agrees" and before is not None:
            row = attrs.evolve(row, flaky=True, mismatches=before.mismatches)
        self._verdicts[row.case.path] = row
        if before is None:
            self.told(row)


def _goes_alone(case: Case) -> bool:
    """Say whether a case empties caches, which others that are open would notice."""
    return any(row.response is not None and "Clear-Site-Data" in row.response.headers for row in case.servers)
