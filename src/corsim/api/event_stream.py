"""What an event source hears: https://html.spec.whatwg.org/#event-stream-interpretation."""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs

from corsim.engines import SPEC, EngineProfile

_LINE_END = re.compile("\r\n|\n|\r")
_DIGITS = re.compile("[0-9]+")
RETRY = 3.0  # seconds; the standard leaves it to browsers, and two of three take this


@attrs.frozen
class Event:
    """One event of a stream, as its listener gets it."""

    type: str
    data: str
    last_event_id: str = ""


@attrs.frozen
class EventStream:
    """What was read of a stream: its events, the last id, and after how many seconds to ask again."""

    events: tuple[Event, ...]
    last_event_id: str
    retry: float


def read_event_stream(
    body: bytes, last_event_id: str = "", retry: float = RETRY, profile: EngineProfile = SPEC
) -> EventStream:
    """Read a whole stream; what stands behind the last empty line is no event yet.

    >>> stream = read_event_stream(b"id: 7" + bytes([10]) + b"data: hi" + bytes([10, 10]))
    >>> stream.events, stream.last_event_id
    ((Event(type='message', data='hi', last_event_id='7'),), '7')
    """
    events: list[Event] = []
    kind, data, new_id = "", [], last_event_id  # type: ignore[var-annotated]  # they are lines
    for name, value in _fields(body):
        if name == "":
            # AD-HOC: an engine may forget what came without data.
            new_id = last_event_id = new_id if data or profile.id_without_data == "kept" else last_event_id
            if data:
                events.append(Event(kind or "message", "\n".join(data), last_event_id))
            kind, data = "", []
        elif name == "event":
            kind = value
        elif name == "data":
            data.append(value)
        elif name == "id" and "\0" not in value:
            new_id = value
        elif name == "retry" and _DIGITS.fullmatch(value):
            retry = int(value) / 1000
    return EventStream(tuple(events), last_event_id, retry)


def _fields(body: bytes) -> Iterator[tuple[str, str]]:
    """Split a stream into fields; an empty line has an empty name, and a comment is left out."""
    text = body.decode("utf-8", "replace").removeprefix("\ufeff")
    for line in _LINE_END.split(text)[:-1]:
        name, _, value = line.partition(":")
        if name or not line:
            yield name, value.removeprefix(" ")
