"""The raw server: what goes out and what comes in, byte for byte."""

from __future__ import annotations

import asyncio

import pytest

from corsim.conformance.server import Answer, RawRequest, Server, read_request


@pytest.mark.parametrize(
    ("method", "answer", "sent"),
    [
        (
            "GET",
            Answer(200, (("X-A", "1"), ("x-a", "  2 "), ("X-B ", "\xe9"), ("X-C", "")), b"\xff"),
            b"HTTP/1.1 200 OK\r\nX-A: 1\r\nx-a:   2 \r\nX-B : \xe9\r\nX-C: \r\n"
            b"Cache-Control: no-store\r\nContent-Length: 1\r\nConnection: close\r\n\r\n\xff",
        ),
        (
            "HEAD",
            Answer(299, (("Cache-Control", "max-age=1"),), b"abc"),
            b"HTTP/1.1 299 Unnamed\r\nCache-Control: max-age=1\r\n"
            b"Content-Length: 3\r\nConnection: close\r\n\r\n",
        ),
        (
            "OPTIONS",
            Answer(204),
            b"HTTP/1.1 204 No Content\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n",
        ),
        (
            "GET",
            Answer(200, (("Content-Length", "2"),), b"abc"),
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
            b"Cache-Control: no-store\r\nConnection: close\r\n\r\nabc",
        ),
    ],
)
def test_bytes_out(method: str, answer: Answer, sent: bytes) -> None:
    """Lines go out as they stand: duplicates, white space, latin-1; framing comes after them."""
    assert answer.bytes_for(method) == sent


def read(data: bytes) -> RawRequest:
    async def reading() -> RawRequest:
        reader = asyncio.StreamReader()
        reader.feed_data(data)
        reader.feed_eof()
        return await read_request(reader)

    return asyncio.run(reading())


def test_a_request_in() -> None:
    """Headers are kept in order and case, a character being a byte; the body by its length."""
    got = read(b"PoST /a?b HTTP/1.1\r\nHost: h\r\nX-A:  \xe9 \r\nx-a: 2\r\nContent-Length: 3\r\n\r\nabcd")
    assert got.pairs == (("Host", "h"), ("X-A", "\xe9"), ("x-a", "2"), ("Content-Length", "3"))
    assert (got.method, got.target, got.body, got.header("x-a")) == ("PoST", "/a?b", b"abc", "\xe9")


def test_a_chunked_request_in() -> None:
    """A body in chunks is put together."""
    got = read(b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nab\r\n1\r\nc\r\n0\r\n\r\n")
    assert got.body == b"abc"


def test_connections() -> None:
    """Every port answers, one request a connection; who hangs up early harms nobody."""

    async def handle(raw: RawRequest) -> Answer:
        return Answer(200, (), raw.target.encode())

    async def talking() -> list[bytes]:
        server = Server(handle)
        await server.start(count=2)
        got = []
        try:
            for port in server.ports:
                _, hasty = await asyncio.open_connection("127.0.0.1", port)
                hasty.write(b"GET /never HT")
                hasty.close()
                await hasty.wait_closed()
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(b"GET /%d HTTP/1.1\r\n\r\n" % port)
                got.append((await reader.read()).rpartition(b"\r\n\r\n")[2])
                writer.close()
                await writer.wait_closed()
        finally:
            await server.stop()
        assert got == [b"/%d" % port for port in server.ports]
        return got

    assert len(set(asyncio.run(talking()))) == 2
