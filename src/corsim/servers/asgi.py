"""An ASGI app as a server, called in process: https://asgi.readthedocs.io/en/latest/specs/www.html."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote

from corsim.servers import TIMEOUT, Answer, Crash
from corsim.servers.asgi_messages import Conversation
from corsim.servers.lifespan import AsgiApp, Lifespan
from corsim.servers.waiting import A_MOMENT, too_late
from corsim.values.origin import DEFAULT_PORTS
from corsim.values.request import Request
from corsim.values.url import Url


class AsgiServer:
    """Serve with an ASGI app; it sees the host and scheme of the simulated URL.

    Its lifespan begins with the first request and ends with `close`. A request is over when
    the app returns, so that background tasks are done when the page has its answer, as long
    as that takes no more than `timeout` seconds of real time.
    """

    def __init__(self, app: AsgiApp, timeout: float | None = TIMEOUT) -> None:
        self._app = app
        self._timeout = timeout
        self._lifespan: Lifespan | None = None
        self._late: set[asyncio.Task[None]] = set()  # answered, and still at work

    async def __call__(self, request: Request) -> Answer:
        """Answer one request."""
        if self._lifespan is None or self._lifespan.loop.is_closed():
            self._lifespan = Lifespan(self._app)
        failure = await self._lifespan.started(self._timeout)
        if failure is not None:
            return Crash(failure)
        scope = scope_of(request) | {"state": dict(self._lifespan.state)}
        if request.mode == "websocket":
            from corsim.servers.asgi_web_socket import shake_hands

            return await shake_hands(self._app, scope, request, self._timeout)
        talk = Conversation(request)
        task = asyncio.ensure_future(self._called(scope, talk))
        try:
            await asyncio.wait({task}, timeout=self._timeout)
        except asyncio.CancelledError:
            task.cancel()
            raise
        return self._ended(task, talk) if task.done() else await self._given_up(task, talk)

    async def _called(self, scope: dict[str, Any], talk: Conversation) -> None:
        await self._app(scope, talk.receive, talk.send)

    def _ended(self, task: asyncio.Task[None], talk: Conversation) -> Answer:
        """Read what an app has left behind."""
        error = asyncio.CancelledError("the app cancelled itself") if task.cancelled() else task.exception()
        if error is not None:
            return Crash(error, talk.crashed())
        if not talk.complete:
            return Crash(RuntimeError("the app returned before it had sent a whole response"))
        return talk.response()

    async def _given_up(self, task: asyncio.Task[None], talk: Conversation) -> Answer:
        """Wait no longer: for a background task, which goes on, or for an answer, which never came."""
        if talk.complete:
            self._late.add(task)
            task.add_done_callback(self._forget)
            return talk.response()
        so_far = talk.so_far()
        talk.hang_up()
        task.cancel()
        await asyncio.wait({task}, timeout=A_MOMENT)
        return Crash(too_late(self._timeout, so_far))

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._late.discard(task)
        if not task.cancelled():
            task.exception()  # asked for, so that nobody calls it overlooked: the page has its answer

    async def close(self) -> None:
        """End the lifespan, and what still runs, if this is the event loop in which they began."""
        loop = asyncio.get_running_loop()
        for task in [task for task in self._late if task.get_loop() is loop]:
            task.cancel()
        if self._lifespan is not None and self._lifespan.loop is loop:
            await self._lifespan.end(self._timeout)
            self._lifespan = None


def single_callable(app: Callable[[Any], Callable[[Any, Any], Awaitable[None]]]) -> AsgiApp:
    """Make an app that is called once of one that is called with the scope, and then again."""

    async def called_once(scope: Any, receive: Any, send: Any) -> None:
        await app(scope)(receive, send)

    return called_once


def host_of(url: Url) -> str:
    """Write the `Host` of a URL: its port is left out where it is the scheme's own."""
    host = url.host or ""
    return host if url.port is None else f"{host}:{url.port}"


def scope_of(request: Request) -> dict[str, Any]:
    """Write a request as an ASGI connection scope."""
    url = request.url
    headers = [(b"host", host_of(url).encode("latin-1"))]
    headers += [(name.lower(), value) for name, value in request.headers.raw]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": url.scheme,
        "path": unquote(url.path),
        "raw_path": url.path.encode("latin-1"),
        "query_string": (url.query or "").encode("latin-1"),
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 50000),
        "server": (url.host or "", url.port or DEFAULT_PORTS[url.scheme]),
    }
