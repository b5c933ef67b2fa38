"""The handshake of a WebSocket with an ASGI app: https://asgi.readthedocs.io/en/latest/specs/www.html#websocket."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from corsim.servers import Answer, Crash, accept_web_socket
from corsim.servers.asgi_messages import Conversation, pairs_of_message
from corsim.servers.function import INTERNAL_SERVER_ERROR
from corsim.servers.lifespan import AsgiApp, Message
from corsim.servers.waiting import A_MOMENT, too_late
from corsim.values.request import Request
from corsim.values.response import Response

FORBIDDEN = Response(403)
GOING_AWAY = 1001  # the page is left as soon as the WebSocket is open
_FAREWELL = 0.1  # seconds of real time that an app has to notice

_PREFIX = "websocket."


class Gone(OSError):
    """What an app gets that sends to a page that has gone."""


class Handshake:
    """Both ends of a WebSocket's conversation with an app, which ends when the WebSocket is open."""

    def __init__(self, request: Request) -> None:
        self.answered = asyncio.Event()
        self.answer: Response | None = None
        self._request = request
        self._asked = self._told = False
        self._denial: Conversation | None = None

    async def receive(self) -> Message:
        """Say that a page wants to connect, and once it knows that it may or may not, that it has gone."""
        if not self._asked:
            self._asked = True
            return {"type": "websocket.connect"}
        await self.answered.wait()
        self._told = True
        return {"type": "websocket.disconnect", "code": GOING_AWAY, "reason": ""}

    async def send(self, message: Any) -> None:
        """Take the answer to the handshake; what comes later is for nobody."""
        kind = message.get("type") if isinstance(message, Mapping) else None
        if self.answer is not None:
            if self._told:
                raise Gone(f"{kind or message!r} was sent after websocket.disconnect")
            await asyncio.sleep(0)  # or who sends without end would never let anybody notice the time
        elif isinstance(kind, str) and kind.startswith("websocket.http.response."):
            await self._deny(kind, message)
        elif kind == "websocket.accept":
            self._answer(_accepted(self._request, message))
        elif kind == "websocket.close":
            self._answer(FORBIDDEN)
        else:
            raise RuntimeError(f"{kind or message!r} was sent before websocket.accept or websocket.close")

    async def _deny(self, kind: str, message: Message) -> None:
        """Take a response of the app's own: https://asgi.readthedocs.io/en/latest/extensions.html."""
        if self._denial is None:
            self._denial = Conversation(self._request)
        await self._denial.send({**message, "type": kind.removeprefix(_PREFIX)})
        if self._denial.complete:
            self._answer(self._denial.response())

    def _answer(self, response: Response) -> None:
        self.answer = response
        self.answered.set()


def _accepted(request: Request, message: Message) -> Response:
    opened = accept_web_socket(request, message.get("subprotocol") or "")
    return Response(101, (*opened.headers.pairs, *pairs_of_message(message)))


async def shake_hands(app: AsgiApp, scope: dict[str, Any], request: Request, timeout: float | None) -> Answer:
    """Have an app answer a handshake; an app that is still at work then is told that the page has gone."""
    talk = Handshake(request)

    async def called() -> None:
        await app(socket_scope(scope, request), talk.receive, talk.send)

    task, answered = asyncio.ensure_future(called()), asyncio.ensure_future(talk.answered.wait())
    try:
        await asyncio.wait({task, answered}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        if talk.answer is not None:
            await asyncio.wait({task}, timeout=_FAREWELL)
    finally:
        answered.cancel()
        late = not task.done()
        task.cancel()
    if late:
        await asyncio.wait({task}, timeout=A_MOMENT)
    error = None if task.cancelled() or not task.done() else task.exception()
    if talk.answer is not None:  # what goes wrong later is nothing that a page sees
        return talk.answer
    if late:
        return Crash(too_late(timeout, "the app neither accepted nor closed the WebSocket"))
    error = error or RuntimeError("the app returned before it had accepted or closed the WebSocket")
    return Crash(error, INTERNAL_SERVER_ERROR)


def socket_scope(scope: dict[str, Any], request: Request) -> dict[str, Any]:
    """Write the scope of a WebSocket from that of a request."""
    asked = request.headers.get("sec-websocket-protocol", "")
    names = [name.strip() for name in asked.split(",")] if asked else []
    rest = {key: value for key, value in scope.items() if key != "method"}
    scheme = "wss" if scope["scheme"] == "https" else "ws"
    return {
        **rest, "type": "websocket", "scheme": scheme, "subprotocols": names,
        "extensions": {"websocket.http.response": {}},
    }  # fmt: skip
