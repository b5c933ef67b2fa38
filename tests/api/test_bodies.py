"""corsim.api.bodies."""

from __future__ import annotations

from typing import Any

import pytest

from corsim import Blob, Form, Params
from corsim.api.bodies import BOUNDARY, extract_body


@pytest.mark.parametrize(
    ("body", "data", "content_type"),
    [
        (b"a", b"a", None), (bytearray(b"a"), b"a", None), (memoryview(b"a"), b"a", None),
        ("\u20ac", b"\xe2\x82\xac", "text/plain;charset=UTF-8"),
        ("\ud800", b"\xef\xbf\xbd", "text/plain;charset=UTF-8"),
        (Blob(b"a"), b"a", None), (Blob(b"a", "Image/PNG"), b"a", "image/png"), (Blob(b"a", "caf\xe9"),
        b"a", None),
        (Params({"a": "b c", "d": "*~\u20ac"}), b"a=b+c&d=*%7E%E2%82%AC",
         "application/x-www-form-urlencoded;charset=UTF-8"),
        (Params([("a", "1"), ("a", "2")]), b"a=1&a=2", "application/x-www-form-urlencoded;charset=UTF-8"),
    ],
)  # fmt: skip
def test_extracting(body: Any, data: bytes, content_type: str | None) -> None:
    """Each kind of body has its bytes, and brings its Content-Type or none."""
    assert extract_body(body) == (data, content_type)


def test_a_form_is_multipart() -> None:
    """A form is written as browsers do: names escaped, lines ended by CRLF."""
    data, content_type = extract_body(Form({'a"\n': "1\n2"}))
    assert content_type == f"multipart/form-data; boundary={BOUNDARY}"
    assert (
        data
        == (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="a%22%0D%0A"\r\n\r\n'
            f"1\r\n2\r\n--{BOUNDARY}--\r\n"
        ).encode()
    )


def test_a_form_with_files() -> None:
    """A file says its name and its type; one without a type is as good as any bytes."""
    data, _ = extract_body(Form([("f", Blob(b"\n", "text/plain", 'a"\u20ac.txt')), ("g", Blob(b"\xff"))]))
    assert data == (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="a%22\u20ac.txt"\r\n'
        f'Content-Type: text/plain\r\n\r\n\n\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name="g"; '
        'filename="blob"\r\nContent-Type: application/octet-stream\r\n\r\n'
    ).encode() + f"\udcff\r\n--{BOUNDARY}--\r\n".encode(errors="surrogateescape")


@pytest.mark.parametrize("body", [5, {"a": 1}, ["a"], object()])
def test_other_types(body: Any) -> None:
    """There is no json=: what is no body is a TypeError that says what would be one."""
    with pytest.raises(TypeError, match="a body must be bytes, str, Blob, Form or Params"):
        extract_body(body)


@pytest.mark.parametrize("entries", [5, "a=b", b"a", None, ["a"], [("a",)], [("a", 1)], {"a": b"1"}])
@pytest.mark.parametrize("kind", [Form, Params])
def test_no_entries(kind: Any, entries: Any) -> None:
    """Entries are a dict or pairs of str."""
    with pytest.raises(TypeError, match="form"):
        kind(entries)


@pytest.mark.parametrize("arguments", [(5,), (None,), ("text",), (b"", 5), (b"", None), (b"", "", 5)])
def test_no_blob(arguments: Any) -> None:
    """A blob is bytes and a str: a number is not so many zeros."""
    with pytest.raises(TypeError, match=r"must be|takes|not"):
        Blob(*arguments)
