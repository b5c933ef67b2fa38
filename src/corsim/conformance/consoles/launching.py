"""Each engine, launched so that its console can be heard."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from typing import TypeAlias

from corsim.conformance.browsers import Browser, RealEngine
from corsim.conformance.consoles.chromium import opened_chromium
from corsim.conformance.consoles.firefox import opened_firefox
from corsim.conformance.consoles.printed import Printed
from corsim.conformance.consoles.webkit import opened_webkit
from corsim.conformance.trust import Trust

Opened: TypeAlias = contextlib.AbstractAsyncContextManager[asyncio.subprocess.Process]

_OPENERS: Mapping[RealEngine, Callable[[Browser, str, Trust | None, Printed], Opened]] = {
    "chromium": opened_chromium, "firefox": opened_firefox, "webkit": opened_webkit
}  # fmt: skip


@contextlib.asynccontextmanager
async def opened_with_console(
    browser: Browser, url: str, trust: Trust | None, printed: Printed
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Open a URL as `Browser.opened` does, and put into `printed` whatever the console says."""
    async with _OPENERS[browser.engine](browser, url, trust, printed) as process:
        yield process
