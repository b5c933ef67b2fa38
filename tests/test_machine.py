"""corsim.machine: who may move when, and copies."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from typing import Any

import pytest

from corsim import Browser, Decision, Exchange, Fetch, IllegalMove, NotServed, Page, Request, Response

APP, API = "https://app.example.com", "https://api.example.com"
ALLOWED = Response(
    200, {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "PUT, DELETE"}, b"hi"
)


def opened(server: Callable[[Request], Any] = lambda request: ALLOWED) -> tuple[Browser, Page]:
    browser = Browser()
    browser.serve(API, server)
    return browser, browser.open(APP)


def started(**options: Any) -> Fetch:
    return opened()[1].start(API, **{"method": "PUT", **options})


def not_begun() -> Fetch:
    return started()


def at_a_decision() -> Fetch:
    fetch = started()
    fetch.step()
    assert isinstance(fetch.turn, Decision)
    return fetch


def at_an_exchange() -> Fetch:
    fetch = started()
    while fetch.pending is None:
        fetch.step()
    assert isinstance(fetch.turn, Exchange)
    return fetch


def over() -> Fetch:
    fetch = started()
    fetch.run()
    return fetch


TURNS: dict[str, Callable[[], Fetch]] = {
    "not begun": not_begun, "Decision": at_a_decision, "Exchange": at_an_exchange, "the end": over,
}  # fmt: skip
MOVES: dict[str, Callable[[Fetch], object]] = {
    "step": Fetch.step, "reply": lambda fetch: fetch.reply(ALLOWED), "run": Fetch.run,
    "result": lambda fetch: fetch.result,
}  # fmt: skip
LEGAL = {
    ("not begun", "step"), ("not begun", "run"), ("Decision", "step"), ("Decision", "run"),
    ("Exchange", "reply"), ("Exchange", "run"), ("the end", "run"), ("the end", "result"),
}  # fmt: skip


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("turn", TURNS)
def test_the_table_of_moves(turn: str, move: str) -> None:
    """Each move is made where the table says yes; elsewhere it is refused, and changes nothing."""
    fetch = TURNS[turn]()
    if (turn, move) in LEGAL:
        MOVES[move](fetch)
        return
    before = list(fetch.trace), list(fetch.exchanges), fetch.turn, fetch.done, repr(fetch)
    with pytest.raises(IllegalMove) as refused:
        MOVES[move](fetch)
    assert str(refused.value)
    assert (list(fetch.trace), list(fetch.exchanges), fetch.turn, fetch.done, repr(fetch)) == before


def test_a_refusal_says_what_would_be_right() -> None:
    """Where an answer is needed, the message says whose, and how to give it."""
    with pytest.raises(IllegalMove, match=r"OPTIONS https://api\.example\.com/.*reply\(Response"):
        at_an_exchange().step()
    with pytest.raises(IllegalMove, match="no request waits for an answer"):
        at_a_decision().reply(ALLOWED)
    with pytest.raises(IllegalMove, match="is over"):
        over().step()
    with pytest.raises(IllegalMove, match="not over yet"):
        _ = at_a_decision().result


@pytest.mark.parametrize("reply", [None, 200, "ok", (200, {}), Response])
def test_a_reply_is_a_response(reply: Any) -> None:
    """Another type is a TypeError, and the request still waits."""
    fetch = at_an_exchange()
    with pytest.raises(TypeError, match=r"corsim\.Response"):
        fetch.reply(reply)
    assert fetch.pending is not None


def test_step_by_step() -> None:
    """A fetch can be moved by hand from its beginning to its end, and says where it is."""
    fetch = not_begun()
    assert repr(fetch) == "<Fetch, not begun>"
    turns: list[Decision | Exchange] = []
    while not fetch.done:
        turn = fetch.reply(ALLOWED) if fetch.pending is not None else fetch.step()
        if turn is not None:
            turns.append(turn)
            assert str(turn) in repr(fetch) or "waiting" in repr(fetch)
    assert turns == fetch.trace
    assert fetch.result.text == "hi"
    assert fetch.turn is None
    assert repr(fetch).startswith("<Fetch, over: <Result cors 200")


def test_a_reply_takes_the_place_of_the_servers() -> None:
    """What is replied by hand is never asked of the app."""
    asked: list[str] = []

    def serve(request: Request) -> Response:
        asked.append(request.method)
        return ALLOWED

    fetch = opened(serve)[1].start(API, method="PUT")
    while fetch.pending is None:
        fetch.step()
    fetch.reply(ALLOWED)
    assert fetch.run().ok
    assert asked == ["PUT"]


def test_what_script_may_not_ask_is_a_fetch_too() -> None:
    """A call that rejects is a fetch of one decision."""
    fetch = opened()[1].start(API, method="TRACE")
    assert not fetch.done
    assert isinstance(fetch.step(), Decision)
    assert fetch.step() is None
    assert fetch.result.blocked is fetch.trace[0]


def test_a_fetch_that_nobody_serves_can_go_on() -> None:
    """NotServed leaves the request waiting: serve the origin, or reply by hand, and go on."""
    browser = Browser()
    fetch = browser.open(APP).start(API)
    with pytest.raises(NotServed):
        fetch.run()
    assert fetch.pending is not None
    browser.serve(API, lambda request: ALLOWED)
    assert fetch.run().ok


class TestForks:
    """Copies of a fetch, on copies of its browser."""

    def test_what_if(self) -> None:
        """A fork with another reply ends otherwise, and the first fetch does not know."""
        fetch = over()
        twin = fetch.fork(reply=Response(403))
        assert twin.run().blocked is not None
        assert fetch.result.ok
        assert fetch.exchanges[-1].response == ALLOWED

    def test_the_waiting_request_is_answered(self) -> None:
        """While a request waits, it is the one that the fork's reply is for."""
        fetch = at_an_exchange()
        twin = fetch.fork(reply=ALLOWED)
        assert fetch.pending is not None
        assert isinstance(twin.turn, Decision)

    def test_an_earlier_exchange(self) -> None:
        """`exchange` picks which request gets the other reply; what came later is asked anew."""
        fetch = over()
        twin = fetch.fork(reply=Response(403), exchange=0)
        assert len(twin.exchanges) == 1
        assert twin.run().blocked is not None

    def test_no_such_exchange(self) -> None:
        """An exchange that was not made can't be answered."""
        with pytest.raises(IllegalMove, match="there is no exchange 5: 2 were made"):
            over().fork(reply=ALLOWED, exchange=5)
        with pytest.raises(IllegalMove, match="no request has been sent"):
            not_begun().fork(reply=ALLOWED)

    def test_nothing_reaches_the_parents_cache(self) -> None:
        """What a fork stores in the preflight cache is in the fork's browser only."""
        browser, page = opened()
        fetch = page.start(API, method="PUT")
        fetch.fork().run()
        assert len(browser.preflight_cache) == 0
        fetch.run()
        assert len(browser.preflight_cache) == 2

    @pytest.mark.parametrize("turns", [-1, 1000])
    def test_how_far_back(self, turns: int) -> None:
        """A fetch can be rewound to its beginning, and no further."""
        with pytest.raises(IllegalMove, match=str(turns)):
            over().rewind(turns)

    @pytest.mark.parametrize("turns", ["1", None, 1.5, [1]])
    def test_turns_are_whole(self, turns: Any) -> None:
        """The number of turns is an int."""
        with pytest.raises((TypeError, IllegalMove), match=r"turns|rewind"):
            over().rewind(turns)

    @pytest.mark.parametrize("exchange", ["0", None, 1.5])
    def test_an_index_is_whole(self, exchange: Any) -> None:
        """The index of an exchange is an int."""
        with pytest.raises((TypeError, IllegalMove), match="exchange"):
            over().fork(reply=ALLOWED, exchange=exchange)

    def test_to_the_beginning(self) -> None:
        """Rewound by all its turns, a fetch has not begun."""
        fetch = over()
        first = fetch.rewind(len(fetch.trace))
        assert repr(first) == "<Fetch, not begun>"
        assert first.run().ok

    def test_a_fork_leaves_no_loop_open(self) -> None:
        """A fork whose server is async needs no closing of its own."""

        async def serve(request: Request) -> Response:
            return ALLOWED

        browser, page = opened(serve)
        with browser:
            fetch = page.start(API)
            assert fetch.fork().run().ok
            gc.collect()

    def test_an_error_is_kept(self) -> None:
        """A fork's exchanges remember what the server raised, unless they got another reply."""

        def serve(request: Request) -> Response:
            raise ValueError("oops")

        fetch = opened(serve)[1].start(API)
        fetch.run()
        assert str(fetch.fork().exchanges[0].error) == "oops"
        assert fetch.fork(reply=ALLOWED).exchanges[0].error is None


def test_run_async() -> None:
    """A fetch that was started by hand can be awaited, from any turn, and more than once."""

    async def main() -> None:
        for make in TURNS.values():
            fetch = make()
            result = await fetch.run_async()
            assert result.ok
            assert await fetch.run_async() is result

    asyncio.run(main())
