"""Firefox's console, by Marionette: length-prefixed JSON over a local port.

https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html. WebDriver BiDi tells only of what
script prints and throws; the browser's console service also has what the network code reports, and it can
be listened to from the browser's own context.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import subprocess
from collections.abc import AsyncIterator, Mapping
from typing import Any

import attrs

from corsim.conformance.browsers import Browser
from corsim.conformance.consoles.printed import Printed
from corsim.conformance.trust import Trust

_ARGUMENTS = ("--marionette", "--remote-allow-system-access")
_LISTENING = re.compile(rb"Marionette\s.*Listening on port ([0-9]+)")

# What is no script error, or one of the browser's own scripts, is not in a page's console.
_LISTEN = """
const listener = globalThis.corsimListener = {
  heard: [],
  QueryInterface: ChromeUtils.generateQI(["nsIConsoleListener"]),
  observe(message) {
    if (!(message instanceof Ci.nsIScriptError) || message.category == "chrome javascript") return;
    listener.heard.push(message.errorMessage);
    listener.tell?.();
  },
};
Services.console.registerListener(listener);
"""
# Answers as soon as there is something to tell.
_HEAR = """
const done = arguments[arguments.length - 1], listener = globalThis.corsimListener;
listener.tell = () => {
  if (!listener.heard.length) return;
  listener.tell = null;
  done(listener.heard.splice(0));
};
listener.tell();
"""
_FOR_EVER = 10**9  # milliseconds


@contextlib.asynccontextmanager
async def opened_firefox(
    browser: Browser, url: str, trust: Trust | None, printed: Printed
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Launch Firefox with a blank page, listen, and only then open the URL."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    async with browser.opened("about:blank", trust, _ARGUMENTS, False, **streams) as process:
        assert process.stdout is not None  # a pipe, as asked for
        reader, writer = await asyncio.open_connection("127.0.0.1", await _port(process.stdout))
        reading = asyncio.ensure_future(_read_on(process.stdout))
        listening = asyncio.ensure_future(_listen(Marionette(reader, writer), url, printed))
        try:
            yield process
        finally:
            reading.cancel()
            listening.cancel()
            writer.close()


async def _port(output: asyncio.StreamReader) -> int:
    """Wait until Firefox says on which port it listens."""
    while line := await output.readline():
        match = _LISTENING.search(line)
        if match is not None:
            return int(match[1])
    raise OSError("Firefox ended before it listened to Marionette")


async def _read_on(output: asyncio.StreamReader) -> None:
    """Read what nobody needs, so that the pipe does not fill up."""
    while await output.read(1 << 16):
        pass


async def _listen(marionette: Marionette, url: str, printed: Printed) -> None:
    """Set up the listener, open the URL, and take down what is heard."""
    await marionette.greeted()
    await marionette.call("WebDriver:NewSession", capabilities={})
    await marionette.call("WebDriver:SetTimeouts", script=_FOR_EVER)
    await marionette.call("Marionette:SetContext", value="chrome")
    await marionette.run("WebDriver:ExecuteScript", _LISTEN)
    await marionette.call("Marionette:SetContext", value="content")
    await marionette.call("WebDriver:Navigate", url=url)
    await marionette.call("Marionette:SetContext", value="chrome")
    while True:
        for line in await marionette.run("WebDriver:ExecuteAsyncScript", _HEAR):
            printed.add(line)


@attrs.define
class Marionette:
    """One end of the protocol: asks, and waits for the answer."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    _last_id: int = 0

    async def greeted(self) -> Mapping[str, Any]:
        """Read the first message, which says who is there."""
        greeting: Mapping[str, Any] = await self._message()
        return greeting

    async def call(self, command: str, **params: Any) -> Any:
        """Send a command, and give its result; raises `OSError` where Firefox refuses."""
        self._last_id += 1
        data = json.dumps([0, self._last_id, command, params]).encode()
        self.writer.write(b"%d:%s" % (len(data), data))
        _, _, error, result = await self._message()
        if error is not None:
            raise OSError(f"Firefox refuses {command}: {error['message']}")
        return result

    async def run(self, command: str, script: str) -> Any:
        """Run a script in the browser's own context, and give what it returns."""
        return (await self.call(command, script=script, args=[], sandbox="system"))["value"]

    async def _message(self) -> Any:
        length = await self.reader.readuntil(b":")
        return json.loads(await self.reader.readexactly(int(length[:-1])))
