"""Handshakes of WebSockets, with each kind of server."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI, WebSocket, WebSocketException

from corsim import Browser, Policy, Request, Response, Result
from corsim.conformance.server import RawRequest
from corsim.fetching.web_socket import accept_of
from corsim.servers import accept_web_socket
from servers.loopback import listening, saying

API = "https://api.example"


def opened(app: Any, protocols: Any = (), url: str = "wss://api.example/chat?a=1") -> Result:
    """Open a WebSocket from a page of another origin."""
    with Browser() as browser:
        browser.serve(API, app)
        return browser.open("https://app.example").web_socket(url, protocols)


def asgi(*messages: dict[str, Any], after: Any = None) -> Any:
    """Make an app that sends messages once it is asked to connect."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return
        scopes.append(scope)
        assert (await receive())["type"] == "websocket.connect"
        for message in messages:
            await send(message)
        if after is not None:
            await after(receive, send)

    scopes: list[Any] = []
    app.scopes = scopes  # type: ignore[attr-defined]
    return app


def test_a_function_accepts() -> None:
    """`accept_web_socket` is all that it takes, and it chooses a subprotocol if told."""
    socket = opened(lambda request: accept_web_socket(request, "chat"), ["chat", "mqtt"])
    assert (socket.loaded, socket.protocol, socket.status) == (True, "chat", 0)
    assert socket.exchanges[0].request.headers["origin"] == "https://app.example"


def test_a_function_refuses_by_origin() -> None:
    """What CORS does for a fetch a server does itself for a WebSocket."""

    def chat(request: Request) -> Response:
        at_home = request.headers["origin"] == API
        return accept_web_socket(request) if at_home else Response(403)

    assert str(opened(chat).blocked.reason) == "handshake-status"  # type: ignore[union-attr]
    with Browser() as browser:
        browser.serve(API, chat)
        assert browser.open(API).web_socket("/chat").loaded


def test_what_is_no_handshake_is_told_to_upgrade() -> None:
    """A fetch gets a 426 of `accept_web_socket`."""
    browser = Browser()
    browser.serve(API, accept_web_socket)
    assert browser.open(API).fetch("/chat").status == 426


def test_a_policy_opens_nothing() -> None:
    """A policy says who may read, and knows no WebSocket."""
    assert not opened(Policy(origins="*")).loaded


def test_the_scope_of_a_web_socket() -> None:
    """An ASGI app is told of a connection, with the subprotocols, and no method."""
    app = asgi({"type": "websocket.accept", "subprotocol": "b", "headers": [(b"set-cookie", b"a=1")]})
    socket = opened(app, ["a", "b"])
    assert (socket.loaded, socket.protocol) == (True, "b")
    assert [cookie.pair for cookie in socket.exchanges[0].stored] == []  # Lax, and from another site
    [scope] = app.scopes
    assert (scope["type"], scope["scheme"], scope["subprotocols"]) == ("websocket", "wss", ["a", "b"])
    assert (scope["path"], scope["query_string"]) == ("/chat", b"a=1")
    assert (b"origin", b"https://app.example") in scope["headers"]
    assert "method" not in scope


def test_closed_before_it_is_accepted_is_a_403() -> None:
    """So do servers that speak to a network."""
    closed = opened(asgi({"type": "websocket.close", "code": 1008}))
    assert (closed.loaded, closed.exchanges[0].response.status) == (False, 403)  # type: ignore[union-attr]


def test_a_denial_of_its_own() -> None:
    """An app may answer with any response, by the extension that is there for this."""
    start = {"type": "websocket.http.response.start", "status": 401, "headers": []}
    denied = opened(asgi(start, {"type": "websocket.http.response.body", "body": b"who are you?"}))
    response = denied.exchanges[0].response
    assert response is not None
    assert (response.status, response.body) == (401, b"who are you?")


def test_the_page_has_gone_when_it_is_open() -> None:
    """All there is of a WebSocket is how it opens: then the app hears that the page has gone."""
    heard: list[Any] = []

    async def after(receive: Any, send: Any) -> None:
        await send({"type": "websocket.send", "text": "hello"})
        heard.append(await receive())
        with pytest.raises(OSError, match=r"after websocket\.disconnect"):
            await send({"type": "websocket.send", "text": "still there?"})
        raise RuntimeError("what goes wrong now is seen by nobody")

    assert opened(asgi({"type": "websocket.accept"}, after=after)).loaded
    assert heard == [{"type": "websocket.disconnect", "code": 1001, "reason": ""}]


def test_who_sends_without_end_is_ended() -> None:
    """An app that never listens does not keep the page waiting."""

    async def after(receive: Any, send: Any) -> None:
        while True:
            await send({"type": "websocket.send", "text": "tick"})

    assert opened(asgi({"type": "websocket.accept"}, after=after)).loaded


@pytest.mark.parametrize(
    ("message", "complaint"),
    [
        ({"type": "websocket.send", "text": "x"}, "before websocket.accept"),
        ({"type": "http.response.start", "status": 200}, "before websocket.accept"),
    ],
)
def test_what_is_out_of_order_is_the_apps_mistake(message: dict[str, Any], complaint: str) -> None:
    """It raises where it is sent, and the page gets a 500."""
    failed = opened(asgi(message))
    assert failed.exchanges[0].response.status == 500  # type: ignore[union-attr]
    assert complaint in str(failed.exchanges[0].error)


def test_an_app_that_says_nothing() -> None:
    """It returned, and has neither accepted nor closed."""
    failed = opened(asgi())
    assert "before it had accepted" in str(failed.exchanges[0].error)


def test_an_app_that_takes_too_long() -> None:
    """Its time is up, and there is no answer."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await receive()
            await receive()

    with Browser() as browser:
        browser.serve(API, app, timeout=0.05)
        late = browser.open("https://app.example").web_socket("wss://api.example/")
    assert "neither accepted nor closed" in str(late.exchanges[0].error)


def test_wsgi_knows_no_web_socket() -> None:
    """A WSGI app sees a GET, and whatever it answers opens nothing."""

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        assert environ["HTTP_UPGRADE"] == "websocket"
        start_response("200 OK", [])
        return [b"hello"]

    assert str(opened(app).blocked.subject) == "200"  # type: ignore[union-attr]


def test_a_live_server_is_asked_over_the_network() -> None:
    """The handshake goes to a URL as it is, and what comes back is judged."""
    asked: list[RawRequest] = []

    def answer(request: RawRequest) -> bytes:
        asked.append(request)
        accept = accept_of(request.header("sec-websocket-key"))
        head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        return f"{head}Sec-WebSocket-Accept: {accept}\r\n\r\n".encode()

    with listening(saying(answer)) as url:
        assert opened(url).loaded
    assert asked[0].header("origin") == "https://app.example"
    with listening(saying(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")) as url:
        assert opened(url).blocked.subject == "403"  # type: ignore[union-attr]


def test_an_app_of_fastapi() -> None:
    """What people write: an endpoint, and a guard that looks at Origin."""
    app = FastAPI()

    @app.websocket("/chat")
    async def chat(websocket: WebSocket) -> None:
        if websocket.headers.get("origin") == "https://evil.example":
            raise WebSocketException(1008)
        await websocket.accept()
        await websocket.send_text(await websocket.receive_text())

    with Browser() as browser:
        browser.serve(API, app)
        assert browser.open("https://app.example").web_socket("wss://api.example/chat").loaded
        assert not browser.open("https://evil.example").web_socket("wss://api.example/chat").loaded
        assert not browser.open("https://app.example").web_socket("wss://api.example/nowhere").loaded
