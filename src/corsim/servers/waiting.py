"""Waiting for servers, in real time: what takes too long is given up, what blocks gets a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from contextvars import copy_context
from threading import Thread
from typing import TypeVar

from corsim.servers import Answer, Crash
from corsim.servers.failures import NoResponse

T = TypeVar("T")

A_MOMENT = 1.0  # seconds, for what has been told to end


def too_late(seconds: float | None, so_far: str = "no whole answer came") -> NoResponse:
    """Say that a server took longer than it may."""
    return NoResponse(
        f"{so_far} within {seconds:g} seconds of real time",
        "Find out what the server waits for, or give it longer: browser.serve(origin, app, timeout=60).",
    )


def in_a_loop() -> bool:
    """Say whether this thread runs an event loop; asked apart, lest what an app raises be chained to it."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def within(seconds: float | None, answer: Awaitable[Answer]) -> Answer:
    """Wait for an answer, no longer than `seconds`; None is for ever."""
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            return await answer
    except TimeoutError:
        if not limit.expired():
            raise
        return Crash(too_late(seconds))


async def in_thread(call: Callable[[], T]) -> T:
    """Call in a thread of its own, which nobody waits for at the end should it never return."""
    loop = asyncio.get_running_loop()
    returned: asyncio.Future[T] = loop.create_future()

    def settle(set_it: Callable[[], None]) -> None:
        if not returned.done():
            set_it()

    def work() -> None:
        with suppress(RuntimeError):  # the loop is closed: whoever asked has given up
            try:
                value = call()
            except BaseException as error:  # noqa: BLE001 — it is raised where the answer is awaited
                raised = error
                loop.call_soon_threadsafe(settle, lambda: returned.set_exception(raised))
            else:
                loop.call_soon_threadsafe(settle, lambda: returned.set_result(value))

    Thread(target=copy_context().run, args=(work,), name="corsim server", daemon=True).start()
    return await returned
