"""BodyInit: https://fetch.spec.whatwg.org/#bodyinit-unions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import attrs

from corsim.values.errors import check_str, wrong_type
from corsim.values.headers import byte_lowercase
from corsim.values.url import to_usv_string

# Browsers draw one at random for every form; a simulation has to be the same twice.
BOUNDARY = "----corsimFormBoundary7MA4YWxkTrZu0gW"


def _pairs(value: object) -> tuple[tuple[str, str], ...]:
    rows = value.items() if isinstance(value, dict) else value
    if isinstance(rows, (str, bytes)) or not isinstance(rows, Iterable):
        raise wrong_type("the entries of a form", "a dict or (name, value) pairs of str", value)
    return tuple(_pair(row) for row in rows)


def _pair(row: object) -> tuple[str, str]:
    if not isinstance(row, (tuple, list)) or len(row) != 2 or not all(isinstance(x, str) for x in row):
        raise wrong_type("an entry of a form", "a (name, value) pair of str", row)
    return to_usv_string(row[0]), to_usv_string(row[1])


def _entries(value: object) -> tuple[tuple[str, str | Blob], ...]:
    rows = value.items() if isinstance(value, dict) else value
    if isinstance(rows, (str, bytes)) or not isinstance(rows, Iterable):
        raise wrong_type("the entries of a form", "a dict or (name, value) pairs of str or Blob", value)
    return tuple(_entry(row) for row in rows)


def _entry(row: object) -> tuple[str, str | Blob]:
    """A file is an entry whose value is a Blob."""
    if isinstance(row, (tuple, list)) and len(row) == 2 and isinstance(row[1], Blob):
        return _pair((row[0], ""))[0], row[1]
    return _pair(row)


def _blob_data(value: object) -> bytes:
    if not isinstance(value, (bytes, bytearray, memoryview)):
        raise wrong_type("the data of a Blob", "bytes", value)
    return bytes(value)


def _blob_type(value: str) -> str:
    """A type with a character outside of printable ASCII is as good as none; others are lowered."""
    check_str("the type of a Blob", value)
    return byte_lowercase(value) if all("\x20" <= char <= "\x7e" for char in value) else ""


def _file_name(value: str) -> str:
    check_str("the name of a file", value)
    return to_usv_string(value)


@attrs.frozen
class Blob:
    """Bytes with a type: `new Blob([data], {type})`. An empty type brings no Content-Type.

    With a `name` it is a `File`, which shows in a form.

    >>> Blob(b"{}", "application/json").type
    'application/json'
    """

    data: bytes = attrs.field(converter=_blob_data)
    type: str = attrs.field(default="", converter=_blob_type)
    name: str = attrs.field(default="blob", converter=_file_name)


@attrs.frozen
class Form:
    """`new FormData()`, sent as multipart/form-data; an entry is text, or a `Blob`, which is a file.

    >>> Form({"name": "Ada", "photo": Blob(b"GIF89a", "image/gif", "ada.gif")}).entries[1][1].name
    'ada.gif'
    """

    entries: tuple[tuple[str, str | Blob], ...] = attrs.field(converter=_entries)


@attrs.frozen
class Params:
    """`new URLSearchParams()`, sent as application/x-www-form-urlencoded."""

    entries: tuple[tuple[str, str], ...] = attrs.field(converter=_pairs)


@attrs.frozen
class Stream:
    """`new ReadableStream()`, read to its end: a body of which nobody knows the length before."""

    data: bytes

    @classmethod
    def of(cls, chunks: Iterator[bytes]) -> Stream:
        """Read an iterator of bytes; raises `TypeError` for what is not of bytes."""
        pieces = list(chunks)
        for piece in pieces:
            if not isinstance(piece, bytes):
                raise wrong_type("each piece of a streamed body", "bytes", piece)
        return cls(b"".join(pieces))


BodyInit: TypeAlias = bytes | bytearray | memoryview | str | Blob | Form | Params


def extract_body(body: BodyInit) -> tuple[bytes, str | None]:
    """Extract the bytes of a body, and the Content-Type that it brings, if any.

    https://fetch.spec.whatwg.org/#concept-bodyinit-extract

    >>> extract_body("hi"), extract_body(b"hi")
    ((b'hi', 'text/plain;charset=UTF-8'), (b'hi', None))
    """
    if isinstance(body, str):
        return to_usv_string(body).encode(), "text/plain;charset=UTF-8"
    if isinstance(body, (bytes, bytearray, memoryview)):
        return bytes(body), None
    if isinstance(body, Blob):
        return body.data, body.type or None
    if isinstance(body, Params):
        return _urlencoded(body), "application/x-www-form-urlencoded;charset=UTF-8"
    if isinstance(body, Form):
        return _multipart(body), f"multipart/form-data; boundary={BOUNDARY}"
    raise wrong_type("a body", "bytes, str, Blob, Form or Params", body)


def _urlencoded(params: Params) -> bytes:
    from urllib.parse import quote_plus

    # `*` stays and `~` goes, which is where the URL standard and urllib differ.
    rows = (tuple(quote_plus(text, safe="*").replace("~", "%7E") for text in row) for row in params.entries)
    return "&".join(f"{name}={value}" for name, value in rows).encode()


def _multipart(form: Form) -> bytes:
    """https://html.spec.whatwg.org/#multipart-form-data: a file without a type is as good as any bytes."""
    parts: list[bytes] = []
    for name, value in form.entries:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{_escaped(_crlf(name))}"'
        data = _crlf(value).encode() if isinstance(value, str) else value.data
        if isinstance(value, Blob):
            kind = value.type or "application/octet-stream"
            head += f'; filename="{_escaped(value.name)}"\r\nContent-Type: {kind}'
        parts.append(head.encode() + b"\r\n\r\n" + data + b"\r\n")
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])


def _escaped(text: str) -> str:
    """Write what a quoted string can't hold."""
    return text.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")


def _crlf(text: str) -> str:
    """Make every line end CRLF."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
