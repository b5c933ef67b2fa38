"""Servers on the loopback interface, in a thread of their own, that say what they are told to."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread

from corsim.conformance.server import RawRequest, read_request

Talk = Callable[[StreamReader, StreamWriter], Awaitable[None]]


@contextmanager
def listening(talk: Talk) -> Iterator[str]:
    """Listen, and give every connection to `talk`; gives the server's URL."""
    loop = asyncio.new_event_loop()

    async def connected(reader: StreamReader, writer: StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):  # the other side may hang up when it likes
            await talk(reader, writer)
        writer.close()

    async def end() -> None:
        server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    server = loop.run_until_complete(asyncio.start_server(connected, "127.0.0.1", backlog=1024))
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def saying(answer: Callable[[RawRequest], bytes] | bytes) -> Talk:
    """Make a talk that reads one request, sends these bytes, and closes."""

    async def talk(reader: StreamReader, writer: StreamWriter) -> None:
        request = await read_request(reader)
        writer.write(answer if isinstance(answer, bytes) else answer(request))
        await writer.drain()

    return talk


async def silence(reader: StreamReader, writer: StreamWriter) -> None:
    """Read all there is, and never say a word."""
    await reader.read()
