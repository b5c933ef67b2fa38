"""Servers on the loopback interface, in a thread of their own, that say what they are told to."""

from __future__ import annotations

import asyncio
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread

from corsim.conformance.server import RawRequest, read_request

Talk = Callable[[StreamReader, StreamWriter], Awaitable[None]]


@contextmanager
def listening(talk: Talk, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """Listen, with TLS if there is a context, and give every connection to `talk`; gives the URL."""
    loop = asyncio.new_event_loop()

    writers: list[StreamWriter] = []

    def connected(reader: StreamReader, writer: StreamWriter) -> Awaitable[None]:
        writers.append(writer)  # at once: a task that is cancelled early never begins
        return conversation(reader, writer)

    async def conversation(reader: StreamReader, writer: StreamWriter) -> None:
        # The other side may hang up when it likes, and to be cancelled is how this ends.
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await talk(reader, writer)
        writer.close()

    async def end() -> None:
        for _ in range(10):  # turns of the loop, in which those that came last are let in
            await asyncio.sleep(0)
        server.close()
        if tasks := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(tasks, timeout=5)  # for the other side to hang up
        for writer in writers:
            writer.transport.abort()
        await asyncio.sleep(0)

    listen = asyncio.start_server(connected, "127.0.0.1", backlog=1024, ssl=context)
    server = loop.run_until_complete(listen)
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield f"http{'s' if context else ''}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
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
