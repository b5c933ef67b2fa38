"""The lifespan of an ASGI app: https://asgi.readthedocs.io/en/latest/specs/lifespan.html."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any, TypeAlias

from corsim.servers.waiting import A_MOMENT, too_late

Message: TypeAlias = MutableMapping[str, Any]
AsgiApp: TypeAlias = Callable[[Any, Any, Any], Awaitable[None]]


class Lifespan:
    """One run of an app's lifespan: started once, waited for by every request, ended once.

    An app that knows no lifespan raises or returns at once, and then goes without one.
    """

    def __init__(self, app: AsgiApp) -> None:
        self.state: dict[str, Any] = {}
        self.loop = asyncio.get_running_loop()
        self._incoming: asyncio.Queue[Message] = asyncio.Queue()
        self._ready = asyncio.Event()
        self._over = asyncio.Event()
        self._asked = False
        self._failure: Exception | None = None
        self._incoming.put_nowait({"type": "lifespan.startup"})
        self._task = asyncio.ensure_future(self._run(app))

    async def started(self, seconds: float | None) -> Exception | None:
        """Wait until the app is ready; return why if it can't be, or isn't within `seconds`."""
        if not self._ready.is_set():
            try:
                await asyncio.wait_for(self._ready.wait(), seconds)
            except TimeoutError:
                return too_late(seconds, "the app's startup (its lifespan) did not end")
        return self._failure

    async def end(self, seconds: float | None) -> None:
        """Tell the app that it is over, and wait for it, but no longer than `seconds`."""
        if self._ready.is_set():  # who is still starting listens to nothing
            self._incoming.put_nowait({"type": "lifespan.shutdown"})
            with suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), seconds)
            await asyncio.wait({self._task}, timeout=A_MOMENT)
        self._task.cancel()

    async def _run(self, app: AsgiApp) -> None:
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": self.state}
        try:
            await app(scope, self._receive, self._send)
        except Exception:  # noqa: BLE001 — so says an app that knows no lifespan
            return
        finally:
            self._ready.set()
            self._over.set()

    async def _receive(self) -> Message:
        # Who asks for more before it has answered takes this for a request, and would wait for ever.
        if self._asked and not self._ready.is_set():
            raise RuntimeError("a lifespan's startup is answered before anything else comes")
        self._asked = True
        return await self._incoming.get()

    async def _send(self, message: Message) -> None:
        if not message["type"].startswith("lifespan."):
            raise RuntimeError(f"{message['type']} is no answer to a lifespan")
        if message["type"] == "lifespan.startup.failed":
            self._failure = RuntimeError(f"the app's startup failed: {message.get('message', '')}")
        if message["type"] in ("lifespan.startup.complete", "lifespan.startup.failed"):
            self._ready.set()
        if message["type"] in ("lifespan.shutdown.complete", "lifespan.shutdown.failed"):
            self._over.set()
