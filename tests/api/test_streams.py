"""Bodies that are streams, and bodies that may outlive a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from corsim import Browser, Request, Response, Result
from corsim.engines import ENGINES

API = "https://api.example"


def sent(engine: str = "spec", **options: Any) -> tuple[Result, list[Request]]:
    """Have a page post something to a server of another origin that allows everything."""
    received: list[Request] = []

    def serve(request: Request) -> Response:
        received.append(request)
        return Response(200, {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*"})

    browser = Browser(engine)
    browser.serve(API, serve)
    return browser.open("https://app.example").fetch(f"{API}/in", method="POST", **options), received


def pieces() -> Iterator[bytes]:
    """Yield a body in two pieces."""
    yield b"one, "
    yield b"two"


def test_a_stream_arrives_whole() -> None:
    """It is read to its end, asked for first, and brings no type."""
    result, received = sent(body=pieces(), duplex="half")
    assert result.ok
    assert [request.method for request in received] == ["OPTIONS", "POST"]
    assert received[1].body == b"one, two"
    assert "content-type" not in received[1].headers


def test_a_large_stream_is_a_stream() -> None:
    """Whatever its size."""
    result, received = sent(body=iter([b"x" * 50_000]), duplex="half")
    assert result.ok
    assert received[1].is_streamed
    assert len(received[1].body or b"") == 50_000


def test_a_stream_is_of_bytes() -> None:
    """A str in it is refused, with what it was."""
    with pytest.raises(TypeError, match="each piece of a streamed body"):
        sent(body=iter(["text"]), duplex="half")


@pytest.mark.parametrize("engine", ENGINES)
def test_the_same_stream_is_explained_in_every_engine(engine: str) -> None:
    """What came of it is said in words, and the explanation asks for nothing twice."""
    result, _ = sent(engine, body=pieces())
    assert result.ok == (engine == "firefox")
    assert result.ok or "the body is a stream" in result.explain()


@pytest.mark.parametrize("options", [{"keepalive": "yes"}, {"duplex": 1}])
def test_the_types_of_the_options(options: dict[str, Any]) -> None:
    """`keepalive` is a bool, and `duplex` a str."""
    with pytest.raises(TypeError, match=next(iter(options))):
        sent(**options)


def test_the_quota_is_said() -> None:
    """Nothing is sent, and that is no matter of CORS."""
    result, received = sent(body="x" * 65537, keepalive=True)
    assert received == []
    assert "65537 bytes" in result.explain()
