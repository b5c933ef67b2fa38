"""corsim.servers.http."""

from __future__ import annotations

import asyncio
import socket
import ssl
from asyncio import StreamReader, StreamWriter
from typing import Any

import pytest
import trustme

from corsim import Browser, InvalidInput, Reason, Result
from corsim.conformance.server import RawRequest
from corsim.servers.failures import NoResponse, NotUnderstood
from servers.loopback import listening, saying, silence

APP = "https://app.example.com:8443"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def fetched(live: str, timeout: float | None = 30, url: str = "/", **options: Any) -> Result:
    with Browser() as browser:
        browser.serve(APP, live, timeout=timeout)
        return browser.open(APP).fetch(url, **options)


def failure(result: Result) -> NoResponse:
    """The reason why there was no response, which the explanation tells, and no traceback."""
    error = result.exchanges[-1].error
    assert isinstance(error, NoResponse)
    assert result.blocked is not None
    assert (result.blocked.reason, result.blocked.subject) == (Reason.CONNECTION_FAILED, str(error))
    assert str(error) in result.explain()
    assert error.fix in result.explain()
    return error


def test_what_is_sent() -> None:
    """Method, target, Host and headers are the simulated URL's, byte for byte; TCP goes to the address."""
    heard: list[RawRequest] = []

    def say(request: RawRequest) -> bytes:
        heard.append(request)
        return OK

    with listening(saying(say)) as url:
        options: dict[str, Any] = {
            "method": "patch",
            "headers": [("X-a", "\xe9"), ("X-A", "2")],
            "body": b"\xff",
        }
        assert fetched(url, url="/a%20b/..;/c?d=%20e&'", **options).text == "ok"
    request = heard[0]
    assert (request.method, request.target, request.body) == ("patch", "/a%20b/..;/c?d=%20e&%27", b"\xff")
    assert request.pairs[0] == ("Host", "app.example.com:8443")
    assert [pair for pair in request.pairs if pair[0].lower() == "x-a"] == [("X-a", "\xe9"), ("X-a", "2")]
    assert request.header("x-forwarded-proto") == "https"
    assert request.header("content-length") == "1"


def test_http_needs_no_forwarding() -> None:
    """Where the simulated scheme is that of the address, nothing is added to what a browser sends."""
    heard: list[RawRequest] = []

    def say(request: RawRequest) -> bytes:
        heard.append(request)
        return OK

    with listening(saying(say)) as url, Browser() as browser:
        browser.serve("http://app.example.com", url)
        result = browser.open("http://app.example.com").fetch("/")
    sent = [(name.decode(), value.decode()) for name, value in result.exchanges[0].request.headers.raw]
    assert list(heard[0].pairs) == [("Host", "app.example.com"), *sent]


def test_what_comes_back() -> None:
    """Case, order, duplicates and bytes beyond ASCII are kept, and so is the status text."""
    head = b"HTTP/1.1 299 So so\r\nX-A: \xe9\r\nx-a:2\r\nX-B:\r\nTransfer-Encoding: chunked\r\n\r\n"
    with listening(saying(head + b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n")) as url:
        result = fetched(url)
    response = result.exchanges[0].response
    assert response is not None
    assert response.headers.raw == (
        (b"X-A", b"\xe9"),
        (b"x-a", b"2"),
        (b"X-B", b""),
        (b"Transfer-Encoding", b"chunked"),
    )
    assert (result.status, result.status_text, result.body) == (299, "So so", b"hello")


def test_redirects_are_the_pages_to_follow() -> None:
    """A redirect comes back as it is; the algorithm, not the client, goes on."""

    def say(request: RawRequest) -> bytes:
        if request.target == "/":
            return b"HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n"
        return OK

    with listening(saying(say)) as url:
        result = fetched(url)
    assert [exchange.request.url.target for exchange in result.exchanges] == ["/", "/next"]
    assert result.redirected


def test_interim_answers_are_skipped() -> None:
    """A 103 before the answer is not the answer; a 101 is none at all."""
    with listening(saying(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + OK)) as url:
        assert fetched(url).text == "ok"
    with listening(saying(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")) as url:
        assert "answered 101" in str(failure(fetched(url)))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_nobody_listens() -> None:
    """A refused connection is named so."""
    port = free_port()
    error = failure(fetched(f"http://127.0.0.1:{port}"))
    assert str(error) == f"nothing listens at http://127.0.0.1:{port}: the connection was refused"


def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that can't be looked up is named so."""

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "the name 'api.invalid' is not known" in str(failure(fetched("http://api.invalid")))


@pytest.mark.parametrize(
    "sent",
    [
        b"", b"HTTP/1.1 200 O", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe",
    ],
)  # fmt: skip
def test_answers_that_break_off(sent: bytes) -> None:
    """An answer that ends before its end is a network error, in a browser too."""
    with listening(saying(sent)) as url:
        error = failure(fetched(url))
    assert "closed the connection before its response was whole" in str(error)
    assert not isinstance(error, NotUnderstood)


async def reset(reader: StreamReader, writer: StreamWriter) -> None:
    """Hang up at once, and rudely."""
    await reader.readuntil(b"\r\n\r\n")
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    writer.transport.abort()


def test_a_connection_that_is_reset() -> None:
    """A server that hangs up gives no response."""
    with listening(reset) as url:
        assert "closed the connection" in str(failure(fetched(url)))


@pytest.mark.parametrize(
    "sent",
    [
        b"220 mail.example ESMTP\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin : *\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-A: \x00\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nok",
    ],
)
def test_answers_that_corsim_cannot_read(sent: bytes) -> None:
    """What the parser refuses, and a browser may read, is told as `could not tell`, not as a verdict."""
    with listening(saying(sent)) as url:
        result = fetched(url)
    assert isinstance(failure(result), NotUnderstood)
    assert result.explain().startswith("Could not tell: ")


def test_requests_that_corsim_cannot_send() -> None:
    """What a browser sends, and the parser won't, is told as `could not tell` too."""
    with listening(saying(OK)) as url:
        result = fetched(url, headers={"X-A": "a\x0bb"})
    assert isinstance(failure(result), NotUnderstood)
    assert "can't send this request" in result.explain()


def test_a_server_that_never_answers() -> None:
    """What takes too long is given up, and named so."""
    with listening(silence) as url:
        error = failure(fetched(url, timeout=0.05))
    assert str(error) == "no whole answer came within 0.05 seconds of real time"
    assert "timeout=60" in error.fix


@pytest.fixture(scope="module")
def tls() -> tuple[ssl.SSLContext, trustme.CA]:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context, authority


async def rude(reader: StreamReader, writer: StreamWriter) -> None:
    """Talk without having listened."""
    writer.write(b"hello\r\n")


def test_https(
    tls: tuple[ssl.SSLContext, trustme.CA], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A certificate is checked against what the environment trusts, and TLS has to be TLS."""
    context, authority = tls
    with listening(saying(OK), context) as url:
        assert "is not trusted" in str(failure(fetched(url)))
        assert "closed the connection" in str(failure(fetched(url.replace("https", "http"))))
        authority.cert_pem.write_to_path(tmp_path / "ca.pem")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        assert fetched(url).text == "ok"
    with listening(rude) as url:
        assert "does not speak TLS" in str(failure(fetched(url.replace("http", "https"))))


@pytest.mark.parametrize(
    "url",
    [
        "http://", "http://127.0.0.1:8000/path", "http://127.0.0.1/?q", "http://u:p@127.0.0.1", "http://a b",
        "https://127.0.0.1:99999", "http://127.0.0.1/#f",
    ],
)  # fmt: skip
def test_no_live_urls(url: str) -> None:
    """A live URL is an origin; anything else is refused, and shown."""
    with pytest.raises(InvalidInput, match="give the server's own origin") as caught:
        Browser().serve(APP, url)
    assert repr(url) in str(caught.value)


def test_hundreds_at_once() -> None:
    """Five hundred fetches wait for a live server side by side, and each gets its own answer."""

    def say(request: RawRequest) -> bytes:
        body = request.target.encode()
        return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)

    async def main(url: str) -> list[str]:
        async with Browser() as browser:
            browser.serve(APP, url)
            page = browser.open(APP)
            results = await asyncio.gather(*(page.fetch_async(f"/{number}") for number in range(500)))
            return [result.text for result in results]

    with listening(saying(say)) as url:
        assert asyncio.run(main(url)) == [f"/{number}" for number in range(500)]


def test_a_sync_call_inside_a_running_loop() -> None:
    """A live server is asked from synchronous code under a loop, and from one loop after another."""

    async def main(url: str) -> list[str]:
        with Browser() as browser:
            browser.serve(APP, url)
            page = browser.open(APP)
            return [page.fetch("/").text, (await page.fetch_async("/")).text, page.fetch("/").text]

    with listening(saying(OK)) as url:
        assert asyncio.run(main(url)) == ["ok"] * 3


def test_a_console_knows_that_nobody_listens() -> None:
    """Chromium prints another line for a refused connection than for a server that hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with Browser("chromium") as browser:
        browser.serve("https://api.example.com", f"http://127.0.0.1:{port}")
        result = browser.open("https://app.example.com").fetch("https://api.example.com/")
    assert result.console == ("Failed to load resource: net::ERR_CONNECTION_REFUSED",)
