"""A browser under random use: several pages, several fetches under way, time passing, forks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from corsim import Browser, Exchange, Fetch, IllegalMove, Page, Request, Response
from corsim.engines import ENGINES
from corsim.strategies import opaque_pages, policies
from properties.support import APP, OTHER, SERVED, URLS, calls, outcome, sent, start, turns
from properties.test_preflights import unasked


class BrowserMachine(RuleBasedStateMachine):
    """Each rule is something that a person could do; the invariants hold after each."""

    fetches = Bundle("fetches")

    def __init__(self) -> None:
        super().__init__()
        self.wire: list[Exchange] = []  # in the order in which they were answered, forks left out
        self.longest = 0.0
        self.forking = False

    @initialize(engine=st.sampled_from(ENGINES), data=st.data())
    def set_up(self, engine: str, data: st.DataObject) -> None:
        self.browser = Browser(engine)
        served = policies(origin=st.just(APP)) | policies(False, st.just(APP))
        drawn = data.draw(st.lists(served, min_size=3, max_size=3))
        self.servers = dict(zip(SERVED, drawn, strict=True))
        for origin, server in self.servers.items():
            self.browser.serve(origin, self._noting(server))
        self.pages: list[Page] = [self.browser.open(APP), self.browser.open(OTHER, embedder=APP)]
        self.pages.append(data.draw(opaque_pages(self.browser)))

    def _noting(self, server: Callable[[Request], Response]) -> Callable[[Request], Response]:
        def serve(request: Request) -> Response:
            response = server(request)
            self._note(request, response)
            return response

        return serve

    def _note(self, request: Request, response: Response) -> None:
        """Remember what went over the wire, and the longest time for which anything may be kept."""
        if not self.forking:
            self.wire.append(Exchange(request, False, response))
        age = response.headers.get("access-control-max-age", "5")
        self.longest = max(self.longest, 5.0, float(age) if age.isdigit() else 5.0)

    @rule(target=fetches, call=calls(URLS), page=st.integers(0, 2))
    def begin(self, call: tuple[str, dict[str, Any]], page: int) -> Fetch:
        call[1].pop("upload_listener", None)  # its preflights need not name the method
        return start(self.pages[page], call)

    @rule(fetch=fetches)
    def step(self, fetch: Fetch) -> None:
        """step() moves on by a turn, or is refused and changes nothing."""
        if fetch.done or fetch.pending is not None:
            self._refused(fetch, fetch.step)
            return
        before = len(fetch.trace)
        turn = fetch.step()
        assert turn is fetch.turn
        assert fetch.done if turn is None else fetch.trace[before:] == [turn]

    @rule(fetch=fetches)
    def reply(self, fetch: Fetch) -> None:
        """reply() takes an answer where one is waited for, or is refused and changes nothing."""
        if fetch.pending is None:
            self._refused(fetch, lambda: fetch.reply(Response(200)))
            return
        exchange = fetch.turn
        assert isinstance(exchange, Exchange)
        answer = self.servers[str(fetch.pending.url.origin)](fetch.pending)
        self._note(fetch.pending, answer)
        fetch.reply(answer)
        assert exchange.response == answer

    @rule(fetch=fetches)
    def run_to_the_end(self, fetch: Fetch) -> None:
        """run() always ends in a result, and at the end does nothing more."""
        result = fetch.run()
        assert fetch.done
        assert fetch.turn is None
        assert fetch.run() is result is fetch.result

    @rule(fetch=fetches)
    def read_the_result(self, fetch: Fetch) -> None:
        """A result is there at the end, and not before."""
        if fetch.done:
            assert fetch.result.exchanges is not None
        else:
            self._refused(fetch, lambda: fetch.result)

    @rule(fetch=fetches)
    def fork(self, fetch: Fetch) -> None:
        """A fork ends without a trace in this browser, and so is not followed further."""
        state, before = self.browser.state, (turns(fetch), sent(fetch.exchanges), repr(fetch))
        twin = fetch.fork()
        assert (turns(twin), sent(twin.exchanges), repr(twin)) == before
        self.forking = True
        twin.run()
        self.forking = False
        assert self.browser.state is state
        assert (turns(fetch), sent(fetch.exchanges), repr(fetch)) == before
        if fetch.done:
            assert outcome(twin.result) == outcome(fetch.result)

    @rule(seconds=st.sampled_from((0, 1, 5, 599, 600.5, 86400)))
    def let_time_pass(self, seconds: float) -> None:
        before = self.browser.clock.now
        self.browser.clock.advance(seconds)
        assert self.browser.clock.now == before + seconds

    def _refused(self, fetch: Fetch, move: Callable[[], object]) -> None:
        before = self.browser.state, turns(fetch), sent(fetch.exchanges), repr(fetch), fetch.turn
        with pytest.raises(IllegalMove):
            move()
        assert (self.browser.state, turns(fetch), sent(fetch.exchanges), repr(fetch), fetch.turn) == before

    @invariant()
    def nothing_is_kept_too_long(self) -> None:
        """No entry of the cache has more time left than any server gave, or the engine's limit."""
        limit = self.browser.profile.max_age_limit
        for row in self.browser.preflight_cache:
            assert 0 < row.seconds_left <= self.longest
            assert limit is None or row.seconds_left <= limit
            assert row.origin == "null" or row.origin in SERVED
            assert (row.method is None) != (row.header_name is None)

    def teardown(self) -> None:
        """In the end, whatever interleaved, nothing unsafe had gone to another origin unasked."""
        assert unasked(self.wire, self.browser.profile) == []


TestBrowser = BrowserMachine.TestCase
TestBrowser.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
