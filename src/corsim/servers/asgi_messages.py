"""What an ASGI app and its server say to each other about one request."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from corsim.servers import carried
from corsim.servers.function import INTERNAL_SERVER_ERROR
from corsim.servers.lifespan import Message
from corsim.values.errors import wrong_type
from corsim.values.headers import Headers
from corsim.values.request import Request
from corsim.values.response import Response


class Conversation:
    """Both ends of one request's conversation with the app.

    A message that no server would take raises in the app that sent it, as it does there.
    """

    def __init__(self, request: Request) -> None:
        self.complete = False
        self._request = request
        self._body_taken = False
        self._over = asyncio.Event()
        self._head: Response | None = None
        self._body: list[bytes] = []

    async def receive(self) -> Message:
        """Hand over the body; a page stays connected until it has its answer."""
        if not self._body_taken:
            self._body_taken = True
            return {"type": "http.request", "body": self._request.body or b"", "more_body": False}
        await self._over.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        """Take the response, piece by piece."""
        kind = message.get("type") if isinstance(message, Mapping) else None
        if self.complete:
            raise RuntimeError(f"{kind or message!r} was sent after the response was complete")
        if self._head is None:
            if kind != "http.response.start":
                raise RuntimeError(f"{kind or message!r} was sent before http.response.start")
            self._head = _head(message)
            return
        if kind != "http.response.body":
            raise RuntimeError(f"{kind or message!r} was sent where only http.response.body can follow")
        self._body.append(_bytes("a body in ASGI", message.get("body", b"")))
        if message.get("more_body", False):
            await asyncio.sleep(0)  # or an endless stream would never let anybody notice the time
        else:
            self.complete = True
            self._over.set()

    def hang_up(self) -> None:
        """Tell the app that nobody waits any longer."""
        self._over.set()

    def response(self) -> Response:
        """Put the pieces together."""
        assert self._head is not None
        body = carried(self._request, self._head.status, b"".join(self._body))
        return Response(self._head.status, self._head.headers, body)

    def crashed(self) -> Response | None:
        """What the client has of an app that raised: all, nothing yet and so a 500, or a broken half."""
        if self._head is None:
            return INTERNAL_SERVER_ERROR
        return self.response() if self.complete else None

    def so_far(self) -> str:
        """Say how far the app got."""
        if self._head is None:
            return "no answer came"
        size = sum(map(len, self._body))
        return f"the app began a {self._head.status}, sent {size} bytes of its body, and did not end it"


def _head(message: Message) -> Response:
    """Read a start message: its status and headers, or why no server could put them on the wire."""
    if "status" not in message:
        raise ValueError(f"http.response.start has no status: {dict(message)!r}")
    status = int_of(message["status"])
    if status == 101:
        raise ValueError("http.response.start has the status 101: a WebSocket has a scope of its own")
    return Response(status, Headers(pairs_of_message(message)))


def pairs_of_message(message: Message) -> list[tuple[bytes, bytes]]:
    """Read the headers of a message; raises `TypeError` for what are none."""
    headers = message.get("headers") or ()
    if isinstance(headers, (str, bytes)) or not isinstance(headers, Iterable):
        raise wrong_type("the headers in ASGI", "an iterable of [name, value]", headers)
    return [_pair(row) for row in headers]


def int_of(status: Any) -> Any:
    """Take an `http.HTTPStatus` for the int that it is."""
    return int(status) if isinstance(status, int) and not isinstance(status, bool) else status


def _pair(row: Any) -> tuple[bytes, bytes]:
    if not isinstance(row, (tuple, list)) or len(row) != 2:
        raise wrong_type("a header in ASGI", "a [name, value] pair", row)
    return _bytes("a header's name in ASGI", row[0]), _bytes("a header's value in ASGI", row[1])


def _bytes(what: str, value: object) -> bytes:
    if not isinstance(value, (bytes, bytearray, memoryview)):
        raise wrong_type(what, "bytes", value)
    return bytes(value)
