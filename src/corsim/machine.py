"""The machine around the algorithms: one fetch, moved turn by turn.

Rule 1: whoever moves a fetch, person or program, may move it only as its turn allows.

    turn          step()    reply()   run()
    not begun     yes       no        yes
    Decision      yes       no        yes
    Exchange      no        yes       yes: the served app replies
    the end       no        no        yes: there is nothing left to do

Rule 2: whatever the algorithms are told goes on the fetch's tape, with the state the
browser had just then. So a fetch can be made again up to any turn, on a fork of the
browser as it was, and then be told something else. Nothing done to the fork reaches
the original.

A look and a change are answered by the browser on the spot; the caller does not see
them as turns.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol, TypeAlias, TypeVar

import attrs
from rpds import HashTrieMap

from corsim.engines import EngineName, EngineProfile
from corsim.fetching.filtered_response import AnyResponse
from corsim.fetching.flow import Change, ConnectionFailure, Exchange, FetchParams, Flow, Look
from corsim.fetching.main_fetch import main_fetch
from corsim.result import Result
from corsim.values.decision import Decision
from corsim.values.doors import Api
from corsim.values.errors import IllegalMove, wrong_type
from corsim.values.request import Request
from corsim.values.response import NetworkError, Response

T = TypeVar("T")
State: TypeAlias = Any  # the browser's, immutable; none of our business
Answer: TypeAlias = Response | ConnectionFailure
Recorded: TypeAlias = tuple[int, State, Any]  # turns before it, the browser's state, the answer


class World(Protocol):
    """What a fetch needs of its browser."""

    state: State
    profile: EngineProfile

    def look(self, look: Look) -> Any:
        """Answer a look."""

    def change(self, change: Change) -> None:
        """Carry out a change."""

    def note(self, exchange: Exchange) -> None:
        """Note on a request without credentials what of the browser's it leaves behind."""

    def answer(self, exchange: Exchange) -> Answer | Awaitable[Answer]:
        """Have the served app answer an exchange."""

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end, from synchronous code."""

    def server_of(self, origin: str) -> object:
        """Find what answers for an origin."""

    def fork(self, state: State, profile: EngineProfile | None = None) -> World:
        """Make another browser, in a state that this one once had, or of another engine."""


def _check_int(what: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong_type(what, "an int", value)


def refused(decision: Decision) -> Flow[AnyResponse]:
    """End where it begins: script could not make the request at all."""
    yield decision
    return NetworkError(decision)


@attrs.define(eq=False, repr=False)
class Fetch:
    """One fetch, paused between two turns. Made by `page.start()` and `page.start_xhr()`."""

    _world: World
    _asked: Request | Decision
    origin: str = "null"
    api: Api = "fetch"
    turn: Decision | Exchange | None = None
    trace: list[Decision | Exchange] = attrs.field(factory=list)
    _result: Result | None = None
    _tape: list[Recorded] = attrs.field(factory=list)
    _waiting_since: State = None
    _being_run: bool = False
    _flow: Flow[AnyResponse] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        asked = self._asked
        if isinstance(asked, Decision):
            self._flow = refused(asked)
        else:
            self._flow = main_fetch(FetchParams(asked, self._world.profile))

    # -- moves ---------------------------------------------------------------------------

    def step(self) -> Decision | Exchange | None:
        """Go to the next turn and return it; None is the end.

        Raises `IllegalMove` where a reply is needed, and at the end.
        """
        if self._being_run:
            raise self._busy()
        if self._result is not None:
            raise IllegalMove("this fetch is over: read its .result, or .rewind() it")
        if isinstance(self.turn, Exchange):
            raise IllegalMove(
                f"{self.turn.request!r} waits for its answer: reply(Response(...)), "
                "or run() to let the served app answer"
            )
        self._go(None, single=True)
        return self.turn

    def reply(self, response: Response) -> Decision | Exchange | None:
        """Answer the request that waits, go to the next turn and return it.

        Raises `IllegalMove` where no request waits.
        """
        if not isinstance(response, Response):
            raise wrong_type("a reply", "a corsim.Response", response)
        if self._being_run:
            raise self._busy()
        if not isinstance(self.turn, Exchange):
            raise IllegalMove(f"no request waits for an answer: {self!r}")
        self._answered(self.turn, response, single=True)
        return self.turn

    def run(self) -> Result:
        """Go on to the end, with the served apps answering, and return the result."""
        if self._being_run:
            raise self._busy()
        answer_of = self._world.answer
        exchange = self._next_exchange()
        while exchange is not None:
            answer = answer_of(exchange)
            if not isinstance(answer, (Response, ConnectionFailure)):
                return self._world.run(self._run_on(answer))
            exchange = self._answered(exchange, answer)
        return self.result

    async def run_async(self) -> Result:
        """Go on to the end as `run` does, without blocking the event loop."""
        if self._being_run:
            raise self._busy()
        exchange = self._next_exchange()
        if exchange is None:
            return self.result
        return await self._run_on(self._world.answer(exchange))

    async def _run_on(self, answer: Answer | Awaitable[Answer]) -> Result:
        self._being_run = True
        try:
            while isinstance(self.turn, Exchange):
                if not isinstance(answer, (Response, ConnectionFailure)):
                    answer = await answer
                exchange = self._answered(self.turn, answer)
                if exchange is not None:
                    answer = self._world.answer(exchange)
            return self.result
        finally:
            self._being_run = False

    def _busy(self) -> IllegalMove:
        return IllegalMove(f"this fetch is being run already: {self!r}")

    # -- copies --------------------------------------------------------------------------

    def fork(self, reply: Response | None = None, exchange: int = -1) -> Fetch:
        """Make the same fetch again on a fork of the browser; this one is left alone.

        With `reply`, it is the same fetch up to an exchange, which then gets that reply:
        the one that waits, or else the one of index `exchange` in `exchanges`.
        """
        _check_int("exchange", exchange)
        if reply is None and exchange != -1:
            raise IllegalMove(f"exchange={exchange} says which request gets another reply: give one, reply=")
        if reply is None:
            return self._replayed(len(self.trace), to_the_end=self._result is not None)
        if not self.exchanges:
            raise IllegalMove("no request has been sent yet, so there is none to answer otherwise")
        try:
            asked = self.exchanges[exchange]
        except IndexError:
            count = len(self.exchanges)
            raise IllegalMove(f"there is no exchange {exchange}: {count} were made") from None
        twin = self._replayed(1 + next(i for i, turn in enumerate(self.trace) if turn is asked))
        twin.reply(reply)
        return twin

    def rewind(self, turns: int = 1) -> Fetch:
        """Make the same fetch again as it was `turns` turns ago, on a browser as it was then."""
        _check_int("turns to rewind", turns)
        if not 0 <= turns <= len(self.trace):
            raise IllegalMove(f"can't go back {turns!r} turns: there were {len(self.trace)}")
        return self._replayed(len(self.trace) - turns, to_the_end=self.done and not turns)

    def server_of(self, origin: str) -> object:
        """Find what answers for an origin in its browser; None if nothing does."""
        return self._world.server_of(origin)

    def again(
        self, answer: Callable[[Exchange], Answer], profile: EngineProfile | None = None, **script: Any
    ) -> Result:
        """Make the same call again on a browser as it was before, with `answer` for all servers.

        Its HTTP cache is empty: what comes from there is asked for anew.

        `profile` is another engine's, `script` what script says otherwise, by the names of `fetch` or `xhr`.
        """
        state = self._tape[0][1] if self._tape else self._world.state
        world = self._world.fork(attrs.evolve(state, http_cache=HashTrieMap()), profile)
        asked = self._asked
        if isinstance(asked, Request) and asked.call is not None:
            asked = asked.call.again(world.profile, **script)
        twin = Fetch(world, asked, self.origin, self.api)
        exchange = twin._next_exchange()
        while exchange is not None:
            exchange = twin._answered(exchange, answer(exchange))
        return twin.result

    def _replayed(self, turns: int, to_the_end: bool = False) -> Fetch:
        """Replay the tape on a fork, up to a number of turns."""
        later = (state for position, state, _ in self._tape if position >= turns)
        now = self._waiting_since if isinstance(self.turn, Exchange) else self._world.state
        world = self._world.fork(self._world.state if to_the_end else next(later, now))
        twin = Fetch(world, self._asked, self.origin, self.api)
        twin._replay(self._tape, None if to_the_end else turns)
        for mine, its in zip(self.exchanges, twin.exchanges, strict=False):
            its.error = mine.error if its.response is mine.response else None
            its.held_back = mine.held_back
        return twin

    def _replay(self, tape: list[Recorded], turns: int | None) -> None:
        answer, recorded = None, iter(tape)
        try:
            while turns is None or len(self.trace) < turns:
                turn = self._flow.send(answer)
                answer = None
                if isinstance(turn, (Decision, Exchange)):
                    self.turn = turn
                    self.trace.append(turn)
                    self._waiting_since = self._world.state
                if len(self.trace) != turns and not isinstance(turn, Decision):
                    row = next(recorded)
                    self._tape.append(row)
                    answer = row[2]
                    if isinstance(turn, Exchange):
                        turn.response = answer if isinstance(answer, Response) else None
        except StopIteration as end:
            self._finish(end.value)

    # -- the loop ------------------------------------------------------------------------

    def _next_exchange(self) -> Exchange | None:
        """Go on from where the fetch stands to the request that waits next."""
        if self._result is not None:
            return None
        return self.turn if isinstance(self.turn, Exchange) else self._go(None)

    def _answered(self, exchange: Exchange, answer: Answer, single: bool = False) -> Exchange | None:
        """Give an answer to the request that waits, and go on."""
        if isinstance(answer, Response):
            exchange.response = answer
        self._tape.append((len(self.trace), self._waiting_since, answer))
        return self._go(answer, single)

    def _go(self, answer: Any, single: bool = False) -> Exchange | None:
        """Go on to the next exchange, or by one turn only; None is the end, or a decision.

        A look and a change are put to the browser, and both on the tape.
        """
        send, append = self._flow.send, self.trace.append
        try:
            while True:
                turn = send(answer)
                if isinstance(turn, Decision):
                    append(turn)
                    answer = None
                    if single:
                        self.turn = turn
                        return None
                elif isinstance(turn, Exchange):
                    append(turn)
                    self.turn = turn
                    self._waiting_since = self._world.state
                    if not turn.includes_credentials:
                        self._world.note(turn)
                    return turn
                elif isinstance(turn, Look):
                    state, answer = self._world.state, self._world.look(turn)
                    self._tape.append((len(self.trace), state, answer))
                else:
                    self._tape.append((len(self.trace), self._world.state, None))
                    self._world.change(turn)
                    answer = None
        except StopIteration as end:
            self._finish(end.value)
            return None

    def _finish(self, response: Any) -> None:
        self.turn = None
        self._result = Result(response, self)

    # -- what there is to see ------------------------------------------------------------

    @property
    def exchanges(self) -> list[Exchange]:
        """The requests sent so far, preflights included."""
        return [turn for turn in self.trace if isinstance(turn, Exchange)]

    @property
    def engine(self) -> EngineName:
        """The name of the profile under which it runs."""
        return self.profile.name

    @property
    def profile(self) -> EngineProfile:
        """The profile under which it runs."""
        return self._world.profile

    @property
    def request(self) -> Request | None:
        """The request that script asked for; None if it could not even ask."""
        return self._asked if isinstance(self._asked, Request) else None

    @property
    def pending(self) -> Request | None:
        """The request that waits for its answer, as sent."""
        return self.turn.request if isinstance(self.turn, Exchange) else None

    @property
    def done(self) -> bool:
        """Whether the fetch is over."""
        return self._result is not None

    @property
    def result(self) -> Result:
        """The result, once the fetch is over; raises `IllegalMove` before."""
        if self._result is None:
            raise IllegalMove(f"this fetch is not over yet: {self!r}")
        return self._result

    def __repr__(self) -> str:
        if self._result is not None:
            return f"<Fetch, over: {self._result!r}>"
        if isinstance(self.turn, Exchange):
            return f"<Fetch, waiting for the answer to {self.turn.request!r}>"
        return f"<Fetch at {self.turn}>" if self.turn else "<Fetch, not begun>"
