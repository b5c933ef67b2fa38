"""A fetch can be made again: the same, from any turn, and never at the cost of the first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corsim import Decision, Fetch, Response
from properties.support import Situation, answers, by_request, outcome, seen, sent, situations, turns


def move(fetch: Fetch, moves: int, situation: Situation) -> None:
    """Make some single moves, with the answers that the servers would give."""
    server = by_request(situation.choices)
    for _ in range(moves):
        if fetch.done:
            return
        if fetch.pending is not None:
            fetch.reply(server(fetch.pending))
        else:
            fetch.step()


@given(situations())
def test_a_fork_of_a_finished_fetch_is_the_same_fetch(situation: Situation) -> None:
    """fork() of a fetch that is over gives the same trace, exchanges and result; the parent stays."""
    browser, fetch = situation.started()
    result = fetch.run()
    state, before = browser.state, outcome(result)
    twin = fetch.fork()
    assert twin.done
    assert outcome(twin.result) == before == outcome(fetch.result)
    assert browser.state is state


@given(situations(), st.integers(0, 40))
def test_a_fork_under_way_goes_on_alike_and_apart(situation: Situation, moves: int) -> None:
    """fork() at any turn replays the trace so far, ends as the parent will, and changes nothing of it."""
    browser, fetch = situation.started()
    move(fetch, moves, situation)
    state, trace, exchanges = browser.state, turns(fetch), sent(fetch.exchanges)
    twin = fetch.fork()
    assert turns(twin) == trace
    assert sent(twin.exchanges) == exchanges
    assert repr(twin) == repr(fetch)
    ended = outcome(twin.run())
    assert browser.state is state
    assert (turns(fetch), sent(fetch.exchanges)) == (trace, exchanges)
    assert outcome(fetch.run()) == ended


@given(situations(), st.data())
def test_rewinding_to_any_turn_and_going_on_ends_alike(situation: Situation, data: st.DataObject) -> None:
    """rewind() to any turn and run() gives the original's result when the servers are pure."""
    browser, fetch = situation.started()
    result = fetch.run()
    state = browser.state
    back = data.draw(st.integers(0, len(fetch.trace)), label="turns back")
    earlier = fetch.rewind(back)
    assert turns(earlier) == turns(fetch)[: len(fetch.trace) - back]
    assert outcome(earlier.run()) == outcome(result)
    assert browser.state is state


@given(situations(), st.data())
def test_a_rewound_fetch_can_be_rewound_again(situation: Situation, data: st.DataObject) -> None:
    """Copies of copies replay as the first: the tape survives being replayed."""
    _, fetch = situation.started()
    result = fetch.run()
    for _ in range(3):
        fetch = fetch.rewind(data.draw(st.integers(0, len(fetch.trace))))
        move(fetch, data.draw(st.integers(0, 12)), situation)
    assert outcome(fetch.run()) == outcome(result)


@given(situations(), answers(), st.data())
def test_a_fork_with_another_reply_differs_from_there_on(
    situation: Situation, reply: Response, data: st.DataObject
) -> None:
    """fork(reply=) shares the past up to that exchange, and what follows it leaves the parent alone."""
    browser, fetch = situation.started()
    result = fetch.run()
    if not fetch.exchanges:
        return
    state, before = browser.state, outcome(result)
    index = data.draw(st.integers(0, len(fetch.exchanges) - 1))
    twin = fetch.fork(reply=reply, exchange=index)
    assert sent(twin.exchanges[:index]) == sent(fetch.exchanges[:index])
    assert twin.exchanges[index].response == reply
    twin.run()
    assert browser.state is state
    assert outcome(result) == before


@given(situations())
def test_running_is_stepping(situation: Situation) -> None:
    """run() ends as single moves do, and every turn of the trace was once the turn."""
    _, fetch = situation.started()
    _, other = situation.started()
    stepped = []
    while not other.done:
        move(other, 1, situation)
        if other.turn is not None:
            stepped.append(other.turn)
    assert outcome(fetch.run()) == outcome(other.result)
    assert stepped == other.trace


@given(situations(), situations())
def test_a_fork_remembers_the_browser_as_it_was(one: Situation, other: Situation) -> None:
    """What another fetch did to the cache afterwards is unknown to a fetch rewound to its beginning."""
    browser, fetch = one.started()
    result = fetch.run()
    page = browser.open(**other.place)
    for door, options in (*other.before, other.call):
        (page.fetch if door == "fetch" else page.xhr)(**options)
    browser.clock.advance(3)
    assert outcome(fetch.rewind(len(fetch.trace)).run()) == outcome(result)
    assert seen(fetch.fork().result) == seen(result)


@given(situations())
def test_every_decision_is_one_of_the_standard(situation: Situation) -> None:
    """Each turn is an exchange or a decision at a step; only the last decisions refuse."""
    _, fetch = situation.started()
    result = fetch.run()
    refusals = [turn for turn in fetch.trace if isinstance(turn, Decision) and turn.reason is not None]
    assert refusals == ([] if result.blocked is None else [result.blocked])
