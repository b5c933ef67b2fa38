"""WebKitGTK's console, as MiniBrowser writes it to its output.

    http://app.localhost:40123/page.js:5:9: CONSOLE JS ERROR Fetch API cannot load http://api.localhost:40123/me.

A text with line breaks goes on in the lines that follow.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import subprocess
from collections.abc import AsyncIterator

from corsim.conformance.browsers import Browser
from corsim.conformance.consoles.printed import Printed
from corsim.conformance.trust import Trust

# Not a private window, whose console is silent, but one that is as wary of other sites.
_ARGUMENTS = ("--enable-itp", "--enable-write-console-messages-to-stdout=true")
_LONGEST_LINE = 1 << 20
_BEGIN = re.compile(r"(\S+:[0-9]+:[0-9]+: )?CONSOLE ([A-Z-]+ )?(LOG|INFO|DEBUG|WARN|ERROR) ")
_OF_THE_PROGRAM = re.compile(r"\([^()]+:[0-9]+\): |\*\* ")  # GLib's warnings


@contextlib.asynccontextmanager
async def opened_webkit(
    browser: Browser, url: str, trust: Trust | None, printed: Printed
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Launch MiniBrowser, and read what it writes."""
    # In spite of the option's name it goes to stderr.
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "limit": _LONGEST_LINE}
    async with browser.opened(url, trust, _ARGUMENTS, False, **streams) as process:
        assert process.stdout is not None  # a pipe, as asked for
        listening = asyncio.ensure_future(_listen(process.stdout, printed))
        try:
            yield process
        finally:
            listening.cancel()


async def _listen(output: asyncio.StreamReader, printed: Printed) -> None:
    while data := await output.readline():
        take_down(data.decode("utf-8", "replace").rstrip("\n"), printed)


def take_down(output: str, printed: Printed) -> None:
    """Read one line of output: a message begins or goes on, or it is the program's own."""
    match = _BEGIN.match(output)
    if match is not None:
        printed.add(output[match.end() :])
    elif not _OF_THE_PROGRAM.match(output):
        printed.extend(output)
