"""An ASGI app as a server, called in process: https://asgi.readthedocs.io/en/latest/specs/www.html."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from corsim.servers import Answer, Crash
from corsim.servers.function import INTERNAL_SERVER_ERROR
from corsim.servers.lifespan import AsgiApp, Lifespan, Message
from corsim.values.errors import InvalidInput, wrong_type
from corsim.values.headers import Headers
from corsim.values.origin import DEFAULT_PORTS
from corsim.values.request import Request
from corsim.values.response import Response


class AsgiServer:
    """Serve with an ASGI app; it sees the host and scheme of the simulated URL.

    Its lifespan begins with the first request and ends with `close`.
    """

    def __init__(self, app: AsgiApp) -> None:
        self._app = app
        self._lifespan: Lifespan | None = None

    async def __call__(self, request: Request) -> Answer:
        """Answer one request."""
        if self._lifespan is None:
            self._lifespan = Lifespan(self._app)
        failure = await self._lifespan.started()
        if failure is not None:
            return Crash(failure)
        messages = _Messages(request)
        scope = scope_of(request) | {"state": dict(self._lifespan.state)}
        try:
            await self._app(scope, messages.receive, messages.send)
        except Exception as error:  # noqa: BLE001 — the app's failure is the page's to see
            return Crash(error, messages.crashed())
        if not messages.complete:
            return Crash(RuntimeError("the app returned before it had sent a whole response"))
        try:
            return messages.response()
        except (InvalidInput, KeyError, TypeError, ValueError) as error:
            return Crash(error)  # a response that no server could put on the wire

    async def close(self) -> None:
        """End the lifespan, in the event loop in which it began."""
        if self._lifespan is not None:
            await self._lifespan.end()
            self._lifespan = None


def scope_of(request: Request) -> dict[str, Any]:
    """Write a request as an ASGI connection scope."""
    url = request.url
    port = url.port or DEFAULT_PORTS[url.scheme]
    host = url.host or ""
    authority = host if url.port is None else f"{host}:{url.port}"
    headers = [(b"host", authority.encode("latin-1"))]
    headers += [(name.lower(), value) for name, value in request.headers.raw]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": url.scheme,
        "path": unquote(url.path),
        "raw_path": url.path.encode("latin-1"),
        "query_string": (url.query or "").encode("latin-1"),
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 50000),
        "server": (host, port),
    }


class _Messages:
    """Both ends of one request's conversation with the app."""

    def __init__(self, request: Request) -> None:
        self.complete = False
        self._incoming = [{"type": "http.request", "body": request.body or b"", "more_body": False}]
        self._start: Message | None = None
        self._body: list[bytes] = []

    async def receive(self) -> Message:
        """Hand over the body, and then that the client has gone: a page waits for nothing more."""
        return self._incoming.pop() if self._incoming else {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Take the response, piece by piece."""
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body":
            if self._start is None:
                raise RuntimeError("http.response.body was sent before http.response.start")
            self._body.append(bytes(message.get("body", b"")))
            self.complete = not message.get("more_body", False)

    def response(self) -> Response:
        """Put the pieces together."""
        assert self._start is not None
        headers = Headers([(_bytes(name), _bytes(value)) for name, value in self._start.get("headers", ())])
        return Response(self._start["status"], headers, b"".join(self._body))

    def crashed(self) -> Response | None:
        """What the client has of an app that raised: all, nothing yet and so a 500, or a broken half."""
        if self._start is None:
            return INTERNAL_SERVER_ERROR
        try:
            return self.response() if self.complete else None
        except (InvalidInput, KeyError, TypeError, ValueError):
            return None


def _bytes(value: object) -> bytes:
    if not isinstance(value, (bytes, bytearray, memoryview)):
        raise wrong_type("a header's name and value in ASGI", "bytes", value)
    return bytes(value)
