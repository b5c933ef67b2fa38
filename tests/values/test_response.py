"""corsim.values.response."""

from __future__ import annotations

from typing import Any

import pytest

from corsim import Headers, InvalidInput, Response


def test_defaults() -> None:
    """A bare response is a 200 with nothing."""
    response = Response()
    assert (response.status, response.headers, response.body, response.status_text) == (
        200,
        Headers(),
        b"",
        "",
    )


@pytest.mark.parametrize(
    ("body", "data"),
    [(b"a", b"a"), ("\u20ac", b"\xe2\x82\xac"), (bytearray(b"a"), b"a"), (memoryview(b"a"), b"a")],
)
def test_bodies(body: Any, data: bytes) -> None:
    """A body is bytes, or text sent as UTF-8 without a Content-Type."""
    response = Response(200, (), body)
    assert response.body == data
    assert dict(response.headers) == {}


@pytest.mark.parametrize("status", [100, 102, 103, 199, 1000, 0, -1])
def test_no_final_status(status: int) -> None:
    """An informational status, or one that no parser takes, is refused, and shown."""
    with pytest.raises(InvalidInput, match=str(status)):
        Response(status)


@pytest.mark.parametrize("status", ["200", None, 200.0, True])
def test_no_status(status: Any) -> None:
    """A status is an int."""
    with pytest.raises(TypeError, match="status"):
        Response(status)


@pytest.mark.parametrize("body", [None, 5, ["a"], {}])
def test_no_body(body: Any) -> None:
    """What is neither bytes nor text is refused."""
    with pytest.raises(TypeError, match="body"):
        Response(200, (), body)


def test_no_status_text() -> None:
    """A status text is a str."""
    text: Any = 5
    with pytest.raises(TypeError, match="status_text"):
        Response(200, (), b"", text)


def test_repr_shows_what_matters() -> None:
    """Status, headers, and how long the body is."""
    response = Response(404, {"X-A": "1"}, b"abc")
    assert repr(response) == "<Response 404 'X-A: 1' 3 bytes>"


def test_responses_are_values() -> None:
    """Equal parts make equal responses."""
    assert Response(200, {"X-A": "1"}, b"a") == Response(200, [("X-A", "1")], "a")
    assert Response(200) != Response(201)
