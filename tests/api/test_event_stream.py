"""Event streams: what is an event, and when a source connects again."""

from __future__ import annotations

import pytest

from corsim import Browser, Page, Response
from corsim.api.event_stream import read_event_stream
from corsim.values.errors import IllegalMove, InvalidInput

STREAM = {"Content-Type": "text/event-stream"}


def opened(*answers: Response) -> tuple[Browser, Page]:
    """Open a page whose server gives these answers, one after the other."""
    left = list(answers)
    browser = Browser()
    browser.serve("https://app.example", lambda request: left.pop(0))
    return browser, browser.open("https://app.example")


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_lines_may_end_in_three_ways(end: str) -> None:
    """And a byte order mark is no part of the first."""
    text = end.join(["\ufeffdata: a", "data:b", "data", "", "event: x", "id: 1", "data:  c", "", "data: d"])
    stream = read_event_stream(text.encode())
    assert [(event.type, event.data, event.last_event_id) for event in stream.events] == [
        ("message", "a\nb\n", ""), ("x", " c", "1"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "retry"), [("retry: 1500", 1.5), ("retry: 1.5", 3.0), ("retry: -1", 3.0), ("retry:", 3.0)]
)
def test_a_retry_is_all_digits(line: str, retry: float) -> None:
    """Milliseconds, or nothing."""
    assert read_event_stream(f"{line}\n".encode()).retry == retry


def test_an_id_with_a_null_is_ignored() -> None:
    """The id before it stands."""
    assert read_event_stream(b"id: 7\n\nid: 8\0\n\n").last_event_id == "7"


def test_retry_and_id_stay_until_they_are_told_anew() -> None:
    """A stream that says nothing of them leaves them as they were."""
    first = Response(200, STREAM, "retry: 500\nid: 7\ndata: a\n\n")
    browser, page = opened(
        first, Response(200, STREAM), Response(200, STREAM, "id\n\n"), Response(200, STREAM)
    )
    source = page.event_source("/news")
    for moment in (0.5, 1.0, 1.5):
        source = page.reconnect(source)
        assert browser.clock.now == moment
    assert "last-event-id" not in source.exchanges[0].request.headers


def test_what_failed_for_good_does_not_connect_again() -> None:
    """A wrong status or type ends it, and so does CORS; a result of anything else is no source."""
    _, page = opened(Response(204), Response(200))
    with pytest.raises(IllegalMove, match="does not connect again"):
        page.reconnect(page.event_source("/news"))
    with pytest.raises(InvalidInput, match="only an event source"):
        page.reconnect(page.fetch("/news"))


def test_a_step_at_a_time() -> None:
    """A source that connects again can be started, too."""
    _, page = opened(Response(200, STREAM, "id: 7\ndata: a\n\n"))
    again = page.starting.reconnect(page.event_source("/news"))
    while again.pending is None:
        again.step()
    assert again.pending.headers["last-event-id"] == "7"
    again.reply(Response(200, STREAM, "data: b\n\n"))
    assert again.run().events[0].last_event_id == "7"
