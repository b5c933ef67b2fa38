"""Chromium's console, by the DevTools protocol: NUL-terminated JSON over two pipes, no port.

https://chromedevtools.github.io/devtools-protocol/. Frames of other origins are targets of their own,
so each target that comes up is attached to, and held until its console is listened to.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import attrs

from corsim.conformance.browsers import Browser
from corsim.conformance.consoles.printed import Printed
from corsim.conformance.trust import Trust

_LONGEST_MESSAGE = 1 << 26
_ATTACH = {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True}
# The protocol speaks at descriptors 3 and 4, which only a shell can say.
_AT_3_AND_4 = 'exec "$@" 3</dev/fd/{} 4>/dev/fd/{}'


@contextlib.asynccontextmanager
async def opened_chromium(
    browser: Browser, url: str, trust: Trust | None, printed: Printed
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Launch Chromium with a blank page, listen, and only then open the URL."""
    hears, speak = os.pipe()
    listen, tells = os.pipe()
    with open(speak, "wb", buffering=0) as commands, open(listen, "rb", buffering=0) as events:
        shell = ("sh", "-c", _AT_3_AND_4.format(hears, tells), "sh")
        launched = attrs.evolve(browser, command=(*shell, *browser.command))
        opened = launched.opened("about:blank", trust, ("--remote-debugging-pipe",), pass_fds=(hears, tells))
        async with opened as process:
            os.close(hears)
            os.close(tells)
            reader = asyncio.StreamReader(limit=_LONGEST_MESSAGE)
            transport, _ = await asyncio.get_running_loop().connect_read_pipe(
                lambda: asyncio.StreamReaderProtocol(reader), events
            )
            listening = asyncio.ensure_future(Listener(commands.write, url, printed).listen(reader))
            try:
                yield process
            finally:
                listening.cancel()
                transport.close()


@attrs.define
class Listener:
    """Attaches to every target, and opens the URL in the first page."""

    _write: Callable[[bytes], object]
    _url: str
    _printed: Printed
    _last_id: int = 0
    _opened: bool = False

    async def listen(self, reader: asyncio.StreamReader) -> None:
        """Hear what Chromium says, until it says nothing more."""
        self._send("Target.setAutoAttach", _ATTACH)
        with contextlib.suppress(asyncio.IncompleteReadError, BrokenPipeError):
            while True:
                self.heard(json.loads((await reader.readuntil(b"\0"))[:-1]))

    def _send(self, method: str, params: Mapping[str, Any], session: str | None = None) -> None:
        self._last_id += 1
        message = {"id": self._last_id, "method": method, "params": params}
        message |= {} if session is None else {"sessionId": session}
        self._write(json.dumps(message).encode() + b"\0")

    def heard(self, message: Mapping[str, Any]) -> None:
        """Take in one message: a target that came up, or a line."""
        params = message.get("params", {})
        if message.get("method") == "Target.attachedToTarget":
            self._attached(params["sessionId"], params["targetInfo"])
        line = line_of(message)
        if line is not None:
            self._printed.add(line)

    def _attached(self, session: str, target: Mapping[str, Any]) -> None:
        self._send("Log.enable", {}, session)
        self._send("Runtime.enable", {}, session)
        self._send("Target.setAutoAttach", _ATTACH, session)
        self._send("Runtime.runIfWaitingForDebugger", {}, session)
        if target["type"] == "page" and not self._opened:
            self._opened = True
            self._send("Page.navigate", {"url": self._url}, session)


def line_of(message: Mapping[str, Any]) -> str | None:
    """Read the line that an event of the protocol prints; None of all other messages.

    >>> entry = {"source": "javascript", "text": "Access to fetch at ..."}
    >>> line_of({"method": "Log.entryAdded", "params": {"entry": entry}})
    'Access to fetch at ...'
    """
    params = message.get("params", {})
    if message.get("method") == "Log.entryAdded":
        return str(params["entry"]["text"])
    if message.get("method") == "Runtime.consoleAPICalled":
        return " ".join(str(value.get("value", value.get("description"))) for value in params["args"])
    if message.get("method") == "Runtime.exceptionThrown":
        details = params["exceptionDetails"]
        thrown = details.get("exception", {})
        return f"{details['text']} {thrown.get('value', thrown.get('description', ''))}"
    return None
