"""A raw HTTP server: sends the bytes it is told to, and reads requests as they are.

Libraries mend what servers say: they join duplicates, trim white space, refuse odd
names. A browser has to get it unmended, so this one writes the lines itself. One
request a connection, so that no answer can be mistaken for another's.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import attrs

from corsim.values.headers import Pair

BODILESS = frozenset({101, 204, 304})
_LONGEST_HEAD = 1 << 20
_LONGEST_SOCKET = 5.0


@attrs.frozen
class RawRequest:
    """A request as it came, a character being a byte."""

    method: str
    target: str
    pairs: tuple[Pair, ...]
    body: bytes = b""

    def header(self, name: str) -> str:
        """Give the first value of a header, or an empty string."""
        return next((value for other, value in self.pairs if other.lower() == name), "")


@attrs.frozen
class Answer:
    """What to send: `lines` stand as they are, `added` is what framing and caching need besides."""

    status: int
    lines: tuple[Pair, ...] = ()
    body: bytes = b""

    @property
    def added(self) -> tuple[Pair, ...]:
        """List the headers that are put behind the lines, unless they are among them."""
        given = {name.strip().lower() for name, _ in self.lines}
        extra = [
            ("Cache-Control", "no-store"),
            ("Content-Length", str(len(self.body))),
            ("Connection", "close"),
        ]
        if self.status == 101:
            return ()
        if self.status in BODILESS:
            del extra[1]
        return tuple(pair for pair in extra if pair[0].lower() not in given)

    def bytes_for(self, method: str) -> bytes:
        """Write the response to a request of `method`."""
        try:
            phrase = HTTPStatus(self.status).phrase
        except ValueError:
            phrase = "Unnamed"
        lines = [f"HTTP/1.1 {self.status} {phrase}", *map(_line, (*self.lines, *self.added)), "", ""]
        body = b"" if method == "HEAD" or self.status in BODILESS else self.body
        return "\r\n".join(lines).encode("latin-1") + body


def _line(pair: Pair) -> str:
    return f"{pair[0]}: {pair[1]}"


Handler = Callable[[RawRequest], Awaitable[Answer | None]]
"""Answers a request; without an answer the connection breaks off."""


class Server:
    """Listens on some ports, and has one handler answer whatever comes."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._servers: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.ports: tuple[int, ...] = ()

    async def start(
        self, bind: str = "127.0.0.1", first_port: int = 0, count: int = 6,
        context: ssl.SSLContext | None = None,
    ) -> tuple[int, ...]:  # fmt: skip
        """Listen on `count` more ports, `first_port` and those after it; 0 takes any that are free.

        With a context they speak TLS. Raises `OSError` where a port is taken.
        """
        added: list[int] = []
        for number in range(count):
            port = first_port + number if first_port else 0
            listener = socket.create_server((bind, port), backlog=512)
            server = await asyncio.start_server(
                self._connected, sock=listener, limit=_LONGEST_HEAD, ssl=context
            )
            self._servers.append(server)
            added.append(server.sockets[0].getsockname()[1])
        self.ports = (*self.ports, *added)
        return tuple(added)

    async def stop(self) -> None:
        """Stop listening, and drop who is still connected."""
        for server in self._servers:
            server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            # A browser hangs up when it likes; that is no fault of the server.
            # Over TLS it may also refuse the certificate (an `SSLError`, which is an `OSError`).
            # And to be cancelled is how this ends when the server stops.
            with contextlib.suppress(
                OSError, asyncio.IncompleteReadError, ValueError, asyncio.CancelledError
            ):
                request = await read_request(reader)
                answer = await self._handler(request)
                if answer is not None:
                    writer.write(answer.bytes_for(request.method))
                    await writer.drain()
                    if answer.status == 101:  # until the page has closed what it has opened
                        await asyncio.wait_for(reader.read(1), _LONGEST_SOCKET)
        finally:
            self._tasks.discard(task)
            writer.close()


async def read_request(reader: asyncio.StreamReader) -> RawRequest:
    """Read one request; raises `IncompleteReadError` where the connection ends first."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")[:-2]
    method, target, _ = first.split(" ", 2)
    pairs = tuple((name, value.strip(" \t")) for name, _, value in (line.partition(":") for line in lines))
    request = RawRequest(method, target, pairs)
    if "chunked" in request.header("transfer-encoding").lower():
        return attrs.evolve(request, body=await _read_chunks(reader))
    return attrs.evolve(request, body=await reader.readexactly(int(request.header("content-length") or 0)))


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readline()).split(b";")[0], 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body
