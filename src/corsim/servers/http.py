"""Whatever listens at an http(s) URL, as a server.

The one place from which corsim contacts anybody, and only whom it was told to. `httpcore2`
sends method, target and headers byte for byte as the page's browser wrote them, and hands
back what it gets with case, order and duplicates.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator

import httpcore2

from corsim.servers import TIMEOUT, Answer, Crash
from corsim.servers.asgi import host_of
from corsim.servers.failures import NobodyListens, NoResponse, NotUnderstood
from corsim.servers.waiting import within
from corsim.values.errors import InvalidInput
from corsim.values.headers import Headers
from corsim.values.origin import DEFAULT_PORTS
from corsim.values.request import Request
from corsim.values.response import Response
from corsim.values.url import Url, parse_url

CONNECTIONS = 100  # at once; more than that wait their turn


class HttpServer:
    """Serve with whatever listens at a URL; it is told the simulated host and scheme.

    It gets the simulated `Host`. As a reverse proxy would, we add `X-Forwarded-Proto` where
    the simulated scheme is not the one we come by. Each request has a connection of its own.
    """

    def __init__(self, url: str, timeout: float | None = TIMEOUT) -> None:
        self.url = _live_url(url)
        self._timeout = timeout
        self._pool: tuple[asyncio.AbstractEventLoop, httpcore2.AsyncConnectionPool] | None = None

    async def __call__(self, request: Request) -> Answer:
        """Send one request, and wait for its answer."""
        return await within(self._timeout, self._answer(request))

    async def _answer(self, request: Request) -> Answer:
        try:
            answer = await self._pool_here().request(
                request.method, self._target(request), headers=self._headers(request), content=request.body
            )
        except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
            return Crash(self._failure(error))
        reason = answer.extensions.get("reason_phrase", b"").decode("latin-1")
        return Response(answer.status, Headers(answer.headers), answer.content, reason)

    def _pool_here(self) -> httpcore2.AsyncConnectionPool:
        """Make a pool for each event loop; it keeps no idle connection, so there is none to close."""
        loop = asyncio.get_running_loop()
        if self._pool is None or self._pool[0] is not loop:
            pool = httpcore2.AsyncConnectionPool(max_connections=CONNECTIONS, max_keepalive_connections=0)
            self._pool = loop, pool
        return self._pool[1]

    def _target(self, request: Request) -> httpcore2.URL:
        url = self.url
        return httpcore2.URL(
            scheme=url.scheme.encode(),
            host=(url.host or "").strip("[]").encode("latin-1"),
            port=url.port or DEFAULT_PORTS[url.scheme],
            target=request.url.target.encode("latin-1"),
        )

    def _headers(self, request: Request) -> list[tuple[bytes, bytes]]:
        headers = [(b"Host", host_of(request.url).encode("latin-1")), *request.headers.raw]
        if request.url.scheme != self.url.scheme:
            headers.append((b"X-Forwarded-Proto", request.url.scheme.encode()))
        return headers

    def _failure(self, error: Exception) -> NoResponse:
        """Say in plain words why there is no response, or that there may be one for a browser."""
        where = str(self.url.origin)
        if isinstance(error, httpcore2.LocalProtocolError):
            return NotUnderstood(
                f"corsim can't send this request: {error}",
                "A browser sends it. To see what the server makes of it, leave out what is odd in it.",
            )
        if "_SWITCH_" in str(error):  # so the parser says that nobody asked for it
            what = f"{where} answered 101, to change to another protocol"
            return NoResponse(what, "A page's fetch speaks HTTP alone.")
        if isinstance(error, httpcore2.RemoteProtocolError) and not _broke_off(error):
            return NotUnderstood(
                f"what {where} answered is no HTTP that corsim can read: {error}",
                "Let the server send well-formed HTTP; what browsers make of this they alone can tell.",
            )
        if isinstance(error, (httpcore2.ProtocolError, httpcore2.ReadError, httpcore2.WriteError)):
            what = str(error) or "the connection was reset"
            return NoResponse(
                f"{where} closed the connection before its response was whole: {what}",
                "Look at the server's log: what made it stop?",
            )
        return _unreachable(self.url, error)


def _live_url(text: str) -> Url:
    url = parse_url(text)
    if url is None or not url.is_http or url.target != "/" or url.includes_credentials or url.fragment:
        raise InvalidInput(
            f"can't serve from {text!r}: give the server's own origin, such as 'http://127.0.0.1:8000'"
        )
    return url


def _broke_off(error: httpcore2.RemoteProtocolError) -> bool:
    """Say whether the answer was fine as far as it came; the parser complains of its end alone."""
    return str(error).startswith(("peer closed connection", "Server disconnected"))


def _unreachable(url: Url, error: Exception) -> NoResponse:
    """Name what kept us from connecting."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, socket.gaierror):
            what = f"the name {url.host!r} is not known ({cause.strerror})"
            return NoResponse(what, "Check the host's spelling, and that this machine can look it up.")
        if isinstance(cause, ssl.SSLCertVerificationError):
            return NoResponse(
                f"the certificate of {url.origin} is not trusted: {cause.verify_message}",
                "Name its authority in the environment, SSL_CERT_FILE=ca.pem, or serve from its http: URL.",
            )
        if isinstance(cause, ssl.SSLError):
            what = f"{url.origin} does not speak TLS as it should: {cause.reason or cause}"
            return NoResponse(what, "Is it an http: server? Then serve from its http: URL.")
        if isinstance(cause, ConnectionRefusedError):
            what = f"nothing listens at {url.origin}: the connection was refused"
            return NobodyListens(what, "Start the server, or check host and port.")
    return NoResponse(f"{url.origin} can't be reached: {causes[-1]}", "Check host, port and network.")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Walk from an exception to what it came from, the members of groups included."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            yield from (inner for each in error.exceptions for inner in _causes(each))
        error = error.__cause__ or error.__context__
