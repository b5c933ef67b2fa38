"""The servers of web-platform-tests, in process: wptserve's own handlers, without a socket.

wptserve comes from the checkout, since its handlers and the tests belong together. It reads a request off a
connection and writes an answer to one; both are bytes in memory here. Where a handler sleeps, the answer
says by how much it was late, and nobody waits.
"""

from __future__ import annotations

import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.client import HTTPMessage
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from corsim import Request, Response
from corsim.servers.failures import NoResponse
from corsim.values.address_space import AddressSpace

HOST, OTHER = "web-platform.test", "not-web-platform.test"
SUBDOMAINS = ("", "www", "www1", "www2", "天気の良い日", "élève")
NOWHERE = "nonexistent"
USER_AGENT = "Mozilla/5.0 corsim"
PORTS = {
    "http": [8000, 8001], "https": [8443, 8444], "ws": [8666], "wss": [8667], "h2": [9000],
    "http-private": [8002], "http-public": [8003], "https-private": [8445], "https-public": [8446],
    "http-local": [8004], "https-local": [8447],
}  # fmt: skip


def names_under(host: str) -> dict[str, str]:
    """Find the hosts that the servers answer for, by the labels before `host`; two labels go too."""
    both = [*SUBDOMAINS, *(f"{a}.{b}" for a in SUBDOMAINS[1:] for b in SUBDOMAINS[1:])]
    return {name: ".".join(_ascii(label) for label in (*name.split("."), host) if label) for name in both}


def _ascii(label: str) -> str:
    return label if label.isascii() else label.encode("idna").decode()


def origins() -> Iterator[str]:
    """Walk over every origin that there is to serve."""
    hosts = [name for host in (HOST, OTHER) for name in names_under(host).values()]
    hosts += [f"{host}." for host in hosts] + ["localhost", "127.0.0.1"]
    for kind, ports in PORTS.items():
        scheme = "https" if kind == "h2" else kind.partition("-")[0]
        if scheme.startswith("http"):
            yield from (f"{scheme}://{host}:{port}" for host in hosts for port in ports)


def address_space_of(port: int) -> AddressSpace:
    """Find where the server of a port pretends to be."""
    kinds = {number: kind.rpartition("-")[2] for kind, numbers in PORTS.items() for number in numbers}
    return _SPACES.get(kinds[port], "loopback")


_SPACES: dict[str, AddressSpace] = {"private": "local", "public": "public"}


OWN_HEADERS = {
    "Connection": "keep-alive", "User-Agent": USER_AGENT, "Accept-Language": "en-US,en;q=0.9",
    "Accept-Encoding": "gzip, deflate",
}  # fmt: skip
"""What a user agent says of itself; the library leaves it to whoever carries a request."""

ENDLESS = 1000  # sleeps of one handler, after which it counts as one that never ends
FOR_EVER = 1e6  # seconds


class NeverEnds(Exception):
    """A handler that goes on for as long as somebody listens."""


class _Handler:
    """What wptserve takes for a connection."""

    def __init__(self, wpt: Wpt, request: Request) -> None:
        url = request.url
        headers = b"".join(
            f"{name}: {value}\r\n".encode("latin-1", "replace") for name, value in request.headers.pairs
        )
        host, _, port = url.origin.serialized.partition("://")[2].partition(":")
        body = request.body or b""
        self.headers = _parsed(headers, f"{host}:{port}" if port else host, body, request)
        self.server = wpt.server_of(url.scheme, int(port or (443 if url.scheme == "https" else 80)))
        self.command, self.path = request.method, url.target
        self.raw_requestline = f"{request.method} {url.target} HTTP/1.1\r\n".encode()
        self.rfile, self.wfile = BytesIO(body), _Wire(wpt)
        self.client_address, self.protocol_version = ("127.0.0.1", 50000), "HTTP/1.1"

    def version_string(self) -> str:
        return "wptserve"

    def date_time_string(self) -> str:
        return formatdate(usegmt=True)


class _Wire(BytesIO):
    """What a handler writes, and how late it began to."""

    def __init__(self, wpt: Wpt) -> None:
        super().__init__()
        self._wpt = wpt

    def write(self, data: Any) -> int:
        if not self.tell():
            self._wpt.began_late = self._wpt.late
        return super().write(data)


class _Message(HTTPMessage):
    def getallmatchingheaders(self, name: str) -> list[str]:
        return [f"{key}: {value}" for key, value in self.items() if key.lower() == name.lower()]


def _parsed(lines: bytes, host: str, body: bytes, request: Request) -> _Message:
    message = _Message()
    if "host" not in request.headers:
        message["Host"] = host
    for line in lines.decode("latin-1").split("\r\n")[:-1]:
        name, _, value = line.partition(": ")
        message[name] = value
    for name, value in OWN_HEADERS.items():
        if name not in request.headers:
            message[name] = value
    if "content-length" not in request.headers and (body or request.method in ("POST", "PUT")):
        message["Content-Length"] = str(len(body))
    return message


class _Server:
    def __init__(self, router: object, scheme: str, port: int) -> None:
        self.router, self.scheme, self.server_address = router, scheme, ("127.0.0.1", port)


class Wpt:
    """A checkout as a function server: `browser.serve(origin, wpt)` for each of `origins()`."""

    def __init__(self, checkout: Path) -> None:
        tools = checkout / "tools"
        for path in (tools, tools / "wptserve", *sorted((tools / "third_party").glob("*/"))):
            sys.path.insert(0, str(path))
        try:
            from wptserve import handlers, request, response, router, stash
        except ModuleNotFoundError as error:
            raise SystemExit(
                f"can't run the servers of {checkout}: {error}. Is it a checkout of web-platform-tests? "
                "One of before 2023 needs Python 3.12 or older: make wpt PYTHON=python3.12"
            ) from None

        self.late, self.began_late, self._slept = 0.0, 0.0, 0
        self.root = checkout
        self._request, self._response = request.Request, response.Response
        request.Server.config = _config(checkout)
        stash.load_env_config = lambda: ("in process", b"")
        stash.Stash._proxy, stash.Stash.lock = {}, _NoLock()
        self._failure = handlers.HTTPException
        self._scripts = handlers.PythonScriptHandler()
        self._router = router.Router(str(checkout), [
            ("*", "*.asis", handlers.AsIsHandler()),
            ("*", "*.py", handlers.PythonScriptHandler()),
            ("GET", "*", handlers.FileHandler()),
            ("POST", "*", handlers.FileHandler()),
        ])  # fmt: skip

    def server_of(self, scheme: str, port: int) -> _Server:
        """Make what a handler knows of the server that it runs in."""
        return _Server(self._router, scheme, port)

    def __call__(self, request: Request) -> Response:
        """Answer a request as the WPT server would; `late` says by how many seconds."""
        connection = _Handler(self, request)
        asked = self._request(connection)
        answer = self._response(connection, asked)
        self._slept = 0
        with slept(self._add):
            self._run(asked, answer)
        if self._slept > ENDLESS:
            self.late += FOR_EVER
        raw = connection.wfile.getvalue()
        if not raw:
            raise NoResponse("the connection was closed", "this is a test of what happens then")
        return parse_response(raw, request.method)

    def _add(self, seconds: float) -> None:
        self.late += seconds
        self._slept += 1
        if self._slept > ENDLESS:
            raise NeverEnds

    def _run(self, asked: Any, answer: Any) -> None:
        handler = self._router.get_handler(asked)
        try:
            if handler is None:
                raise self._failure(404)
            if asked.url_parts.path.endswith(".h2.py"):
                self._run_frames(asked, answer)
            else:
                handler(asked, answer)
        except self._failure as error:
            answer.set_error(error.code, error.message)
        if not answer.writer.content_written:
            answer.write()

    def _run_frames(self, asked: Any, answer: Any) -> None:
        """Run a handler of the HTTP/2 server: one part of it has the headers, another the body."""
        handler = self._scripts.frame_handler(asked)
        answer.writer.write_data = answer.writer.write
        if hasattr(handler, "handle_headers"):
            handler.handle_headers(None, asked, answer)
        if hasattr(handler, "handle_data"):
            handler.handle_data(SimpleNamespace(data=asked.body), asked, answer)
        answer.writer.content_written = True


@contextmanager
def slept(add: Callable[[float], None]) -> Iterator[None]:
    """Have `time.sleep` add up instead."""
    really = time.sleep
    time.sleep = cast(Any, add)
    try:
        yield
    finally:
        time.sleep = really


class _NoLock:
    def acquire(self) -> None: ...

    def release(self) -> None: ...

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


class _Config(dict[str, Any]):
    """What `{{...}}` is filled from."""

    def __getattr__(self, name: str) -> Any:
        return self[name]


def _config(checkout: Path) -> _Config:
    domains = {"": names_under(HOST), "alt": names_under(OTHER)}
    for rows in domains.values():
        rows.update({name: f"{name}.{rows['']}" for name in (NOWHERE, "nonexistent.www")})
    return _Config(
        browser_host=HOST, server_host=HOST, ports=PORTS, all_domains=domains, domains=domains[""],
        doc_root=str(checkout), alternate_hosts={"alt": OTHER},
    )  # fmt: skip


def parse_response(raw: bytes, method: str = "GET") -> Response:
    """Read what came over the wire, as an HTTP client does; raises `NoResponse` for what is no HTTP."""
    head, gap, body = raw.replace(b"\r\n\r\n", b"\n\n", 1).partition(b"\n\n")
    if not gap and b"\r\n\r\n" not in raw:
        head, body = raw, b""
    status_line, *lines = head.replace(b"\r\n", b"\n").split(b"\n")
    words = status_line.decode("latin-1").split(" ", 2)
    if len(words) < 2 or not words[0].startswith("HTTP/") or not words[1].isdigit():
        raise NoResponse(f"no HTTP response: {status_line[:40]!r}", "this is a test of what happens then")
    if b"\0" in head:
        raise NoResponse("a NUL in the head of a response", "this is a test of what happens then")
    pairs = tuple(_header(line) for line in lines if b":" in line)
    fields = {name.lower(): value for name, value in pairs}
    _check_length([value for name, value in pairs if name.lower() == "content-length"])
    body = _body(fields, b"" if method == "HEAD" else body)
    return Response(int(words[1]), pairs, body, words[2] if len(words) > 2 else "")


def _check_length(values: list[str]) -> None:
    """Refuse lengths that differ, as an HTTP client has to."""
    lengths = [length.strip() for value in values for length in value.split(",")]
    if len(set(lengths)) > 1 or (len(lengths) > 1 and not lengths[0].isdigit()):
        raise NoResponse(f"lengths that differ: {values!r}", "this is a test of what happens then")


def _header(line: bytes) -> tuple[str, str]:
    name, _, value = line.decode("latin-1").partition(":")
    return name, value.strip(" \t\r\n")


def _body(fields: dict[str, str], body: bytes) -> bytes:
    if "chunked" in fields.get("transfer-encoding", "").lower():
        body = _dechunked(body)
    elif "content-length" in fields:
        length = fields["content-length"].partition(",")[0].strip()
        if length.isdigit() and len(body) < int(length) and body:
            raise NoResponse("a body that ends early", "this is a test of what happens then")
        body = body[: int(length)] if length.isdigit() else body
    encoding = fields.get("content-encoding", "").lower()
    if encoding in ("gzip", "deflate", "x-gzip") and body:
        try:
            body = zlib.decompress(body, 47 if "gzip" in encoding else 15)
        except zlib.error as error:
            raise NoResponse(f"a broken content coding: {error}", "this is a test of it") from None
    return body


def _dechunked(body: bytes) -> bytes:
    parts = []
    while body:
        size, _, body = body.partition(b"\r\n")
        try:
            length = int(size.partition(b";")[0], 16)
        except ValueError:
            raise NoResponse(f"a broken chunk: {size[:20]!r}", "this is a test of it") from None
        if length == 0:
            break
        parts.append(body[:length])
        body = body[length + 2 :]
    return b"".join(parts)
