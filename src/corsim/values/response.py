"""Responses: https://fetch.spec.whatwg.org/#responses."""

from __future__ import annotations

import attrs

from corsim.values.decision import Decision
from corsim.values.errors import InvalidInput, check_str, wrong_type
from corsim.values.headers import Headers, HeadersInit

_NO_HEADERS = Headers()


def _check_text(_: object, __: object, value: object) -> None:
    check_str("status_text", value)


def _headers(value: HeadersInit) -> Headers:
    return value if isinstance(value, Headers) else Headers(value)


def _body(value: object) -> bytes:
    if isinstance(value, str):
        try:
            return value.encode()
        except UnicodeEncodeError:
            raise InvalidInput(f"{value!r} has no UTF-8: it holds half of a surrogate pair") from None
    if not isinstance(value, (bytes, bytearray, memoryview)):
        raise wrong_type("a body", "bytes or str", value)
    return bytes(value)


def _check_status(_: object, __: object, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise wrong_type("a status", "an int", value)
    if not 200 <= value <= 999 and value != 101:
        raise InvalidInput(
            f"status {value} is no final response's: take one from 200 to 999, or 101 for a WebSocket"
        )


@attrs.frozen(repr=False)
class Response:
    """What a server answers: a status, headers and a body.

    `headers` takes a mapping or (name, value) pairs; `body` bytes, or a str sent as UTF-8
    (which adds no Content-Type: a server says what it means).

    >>> Response(204, {"Access-Control-Allow-Origin": "*"})
    <Response 204 'Access-Control-Allow-Origin: *'>
    """

    status: int = attrs.field(default=200, validator=_check_status)
    headers: Headers = attrs.field(default=_NO_HEADERS, converter=_headers)
    body: bytes = attrs.field(default=b"", converter=_body)
    status_text: str = attrs.field(default="", validator=_check_text)

    def __repr__(self) -> str:
        headers = "".join(f" {f'{name}: {value}'!r}" for name, value in self.headers.pairs)
        body = f" {len(self.body)} bytes" if self.body else ""
        return f"<Response {self.status}{headers}{body}>"


@attrs.frozen
class NetworkError:
    """A network error, which remembers the decision that made it, and whether in a preflight."""

    decision: Decision
    in_preflight: bool = False
