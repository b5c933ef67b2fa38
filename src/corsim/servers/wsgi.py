"""A WSGI app as a server, called in process: https://peps.python.org/pep-3333/."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Iterable
from io import BytesIO
from types import TracebackType
from typing import Any, TypeAlias
from urllib.parse import unquote_to_bytes

from corsim.servers import TIMEOUT, Answer, Crash, carried
from corsim.servers.asgi import host_of
from corsim.servers.function import INTERNAL_SERVER_ERROR
from corsim.servers.waiting import in_a_loop, in_thread, within
from corsim.values.errors import InvalidInput, check_str, wrong_type
from corsim.values.headers import Headers
from corsim.values.origin import DEFAULT_PORTS
from corsim.values.request import Request
from corsim.values.response import Response

WsgiApp: TypeAlias = Callable[[dict[str, Any], Any], Iterable[bytes]]
ExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]


class WsgiServer:
    """Serve with a WSGI app; it sees the host and scheme of the simulated URL.

    Called from plain synchronous code it runs in the caller's thread, where its database
    connection and its context are, and nothing can hurry it there. Under an event loop it
    runs in a thread of its own, and for no longer than `timeout` seconds of real time.
    """

    def __init__(self, app: WsgiApp, timeout: float | None = TIMEOUT) -> None:
        self._app = app
        self._timeout = timeout

    def __call__(self, request: Request) -> Answer | Awaitable[Answer]:
        """Answer one request."""
        if not in_a_loop():
            return answer_of(self._app, request)
        return within(self._timeout, in_thread(lambda: answer_of(self._app, request)))


def answer_of(app: WsgiApp, request: Request) -> Answer:
    """Call the app, and gather what it returns, writes and raises."""
    reply = _Reply(request)
    try:
        chunks = app(environ_of(request), reply.start)
        try:
            for chunk in chunks:
                reply.write(chunk)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        return reply.response()
    except Exception as error:  # noqa: BLE001 — the app's failure is the page's to see
        return Crash(error, None if reply.sent else INTERNAL_SERVER_ERROR)


class _Reply:
    """What an app has said so far: its head, until the first byte goes out, and its body."""

    def __init__(self, request: Request) -> None:
        self.sent = False
        self._request = request
        self._head: Response | None = None
        self._body: list[bytes] = []

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: ExcInfo | None = None) -> Any:
        """Take status and headers; once more only to replace them, while nothing has been sent."""
        if exc_info is not None and exc_info[1] is not None:
            if self.sent:
                raise exc_info[1].with_traceback(exc_info[2])
        elif self._head is not None:
            raise RuntimeError("start_response was called twice, the second time without exc_info")
        self._head = _head(status, headers)
        return self.write

    def write(self, chunk: bytes) -> None:
        """Take a piece of the body; the first that isn't empty sends the head off."""
        if self._head is None:
            raise RuntimeError("the app sent a body before it called start_response")
        if not isinstance(chunk, bytes):
            raise wrong_type("each piece of a body in WSGI", "bytes", chunk)
        if chunk:
            self.sent = True
            self._body.append(chunk)

    def response(self) -> Response:
        """Put the pieces together."""
        if self._head is None:
            raise RuntimeError("the app returned and never called start_response")
        status = self._head.status
        body = carried(self._request, status, b"".join(self._body))
        return Response(status, self._head.headers, body, self._head.status_text)


def _head(status: object, headers: object) -> Response:
    check_str("a status in WSGI", status)
    code, _, text = str(status).partition(" ")
    if not (code.isascii() and code.isdigit() and len(code) == 3):
        raise InvalidInput(f"{status!r} is no status in WSGI: write '200 OK'")
    if not isinstance(headers, list):
        raise wrong_type("the headers in WSGI", "a list of (name, value) pairs", headers)
    return Response(int(code), Headers([_pair(row) for row in headers]), b"", text.strip())


def _pair(row: object) -> tuple[str, str]:
    if not isinstance(row, tuple) or len(row) != 2:
        raise wrong_type("a header in WSGI", "a (name, value) tuple", row)
    for text in row:
        check_str("a header's name or value in WSGI", text)
    return row[0], row[1]


def environ_of(request: Request) -> dict[str, Any]:
    """Write a request as a WSGI environment."""
    url, body = request.url, request.body or b""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(url.path).decode("latin-1"),
        "QUERY_STRING": url.query or "",
        "REQUEST_URI": url.target,
        "SERVER_NAME": url.host or "",
        "SERVER_PORT": str(url.port or DEFAULT_PORTS[url.scheme]),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": host_of(url),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": url.scheme,
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }
    for name, value in request.headers.index.items():
        if name in ("content-type", "content-length"):
            environ[name.upper().replace("-", "_")] = value
        elif "_" not in name:  # it would look like another header; servers leave it out
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
    return environ
