"""Elements: what a page asks for otherwise than by fetch() and XMLHttpRequest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

import attrs

from corsim.api.bodies import BodyInit
from corsim.api.elements import (
    Crossorigin,
    Enctype,
    FormMethod,
    MediaElement,
    ScriptType,
    beacon_request,
    element_request,
    event_source_request,
    form_request,
    one_of,
)
from corsim.api.web_socket import web_socket_request
from corsim.machine import Fetch, World
from corsim.result import Result
from corsim.values.decision import Decision, Reason
from corsim.values.doors import Api
from corsim.values.environment import Environment
from corsim.values.errors import IllegalMove, InvalidInput, wrong_type
from corsim.values.request import Request

T = TypeVar("T")


class Connections(Generic[T]):
    """The part that pages and workers share: event sources and WebSockets."""

    __slots__ = ()
    _browser: World
    environment: Environment

    def _ask(self, api: Api, request: Request | Decision) -> T:
        raise NotImplementedError

    def event_source(self, url: str, *, with_credentials: bool = False) -> T:
        """Open a `new EventSource(url)`: its first connection. `result.loaded` is whether it opens.

        `result.events` is what it hears, until the answer ends; then see `reconnect`.
        """
        return self._ask("event_source", event_source_request(
            self.environment, url, with_credentials, profile=self._browser.profile
        ))  # fmt: skip

    def reconnect(self, source: Result) -> T:
        """Let an event source whose stream has ended connect again, when its time has come.

        That is as many seconds later on the browser's clock as the stream's `retry` said, or 3. The server
        is told of the last id that the stream had. Raises `InvalidInput` for what is no event source's
        result, and `IllegalMove` for one that failed for good.

        >>> from corsim import Browser, Response
        >>> headers = {"Content-Type": "text/event-stream"}
        >>> stream = Response(200, headers, "id: 7" + chr(10) + "data: hi" + chr(10) * 2)
        >>> browser = Browser()
        >>> browser.serve("https://app.example", lambda request: stream)
        >>> page = browser.open("https://app.example")
        >>> source = page.event_source("/news")
        >>> source.events[0].data
        'hi'
        >>> page.reconnect(source).exchanges[0].request.headers["last-event-id"], browser.clock.now
        ('7', 3.0)
        """
        if not isinstance(source, Result):
            raise wrong_type("source", "the Result of an event source", source)
        request = source.request
        if source.api != "event_source" or request is None or request.call is None:
            raise InvalidInput(f"only an event source connects again, and this is none: {source!r}")
        broke_off = source.blocked is not None and source.blocked.reason is Reason.CONNECTION_FAILED
        if not source.loaded and not broke_off:
            raise IllegalMove(f"this event source failed, and does not connect again: {source!r}")
        stream = source.event_stream
        self._browser.advance(stream.retry)
        again = {"last_event_id": stream.last_event_id, "retry": stream.retry}
        return self._ask("event_source", request.call.again(self._browser.profile, **again))

    def web_socket(self, url: str, protocols: str | Iterable[str] = ()) -> T:
        """Open a `new WebSocket(url, protocols)`: its handshake. `result.loaded` is whether it opens.

        CORS has no say in it: credentials go along, and the server has to look at `Origin` itself.
        `result.protocol` is the subprotocol that the server chose.

        >>> from corsim import Browser
        >>> from corsim.servers import accept_web_socket
        >>> browser = Browser()
        >>> browser.serve("https://chat.example", accept_web_socket)
        >>> socket = browser.open("https://evil.example").web_socket("wss://chat.example/")
        >>> socket.loaded, socket.exchanges[0].request.headers["origin"]
        (True, 'https://evil.example')
        """
        request = web_socket_request(self.environment, url, protocols, self._browser.profile)
        return self._ask("web_socket", request)


class Elements(Connections[T]):
    """The part of a page that has elements, beacons and forms.

    Of all their answers script sees little: `result.loaded`, and what `result.tainted` and
    `result.muted_errors` say of it. All raise `InvalidInput` for a URL or a word that is none.
    """

    __slots__ = ()

    def image(self, url: str, crossorigin: Crossorigin = None) -> T:
        """Show an `<img>`; without `crossorigin` a foreign one taints the canvas on which it is drawn.

        >>> from corsim import Browser, Response
        >>> browser = Browser()
        >>> browser.serve("https://cdn.example.com", lambda request: Response(200, body=b"GIF89a"))
        >>> page = browser.open("https://app.example.com")
        >>> logo = page.image("https://cdn.example.com/logo.gif")
        >>> logo.loaded, logo.tainted
        (True, True)
        >>> page.image("https://cdn.example.com/logo.gif", "anonymous").blocked.reason
        <Reason.ALLOW_ORIGIN_MISSING: 'allow-origin-missing'>
        """
        return self._element("image", "image", url, crossorigin)

    def script(
        self,
        url: str,
        crossorigin: Crossorigin = None,
        *,
        type: ScriptType = "classic",  # noqa: A002 — as HTML has it
        integrity: str = "",
    ) -> T:
        """Load a `<script>`; `type="module"` always asks by CORS.

        Of a foreign classic one without `crossorigin`, `window.onerror` hears only "Script error.".
        `integrity` lists digests, such as "sha384-...", one of which it has to have.
        """
        one_of("type", type, ("classic", "module"))
        return self._element("script", type, url, crossorigin, integrity)

    def stylesheet(self, url: str, crossorigin: Crossorigin = None, *, integrity: str = "") -> T:
        """Load a `<link rel="stylesheet">`; the rules of a foreign one without `crossorigin` are hidden."""
        return self._element("stylesheet", "stylesheet", url, crossorigin, integrity)

    def font(self, url: str) -> T:
        """Load a font, as an `@font-face` or a `FontFace` does: always by CORS, without credentials abroad.

        https://drafts.csswg.org/css-fonts/#font-fetching-requirements
        """
        return self._element("font", "font", url, None)

    def media(self, url: str, crossorigin: Crossorigin = None, *, element: MediaElement = "video") -> T:
        """Play a `<video>`, or an `<audio>`: the first request of it."""
        one_of("element", element, ("audio", "video"))
        return self._element("media", element, url, crossorigin)

    def beacon(self, url: str, body: BodyInit | None = None) -> T:
        """Call `navigator.sendBeacon(url, body)`, of whose answer script never hears.

        It carries credentials. A body such as `Blob(b"{}", "application/json")` is asked for first.
        """
        return self._ask("beacon", beacon_request(self.environment, url, body, self._browser.profile))

    def form(
        self,
        url: str,
        method: FormMethod = "get",
        fields: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        enctype: Enctype = "application/x-www-form-urlencoded",
    ) -> T:
        """Submit a `<form>`: a navigation, which no server is asked about first.

        What it can send, any site can send: see what the server got in `result.exchanges`. The page
        never reads the answer; it is the document that comes instead.

        >>> from corsim import Browser, Response
        >>> browser = Browser()
        >>> browser.serve("https://bank.example.com", lambda request: Response(200))
        >>> evil = browser.open("https://evil.example")
        >>> sent = evil.form("https://bank.example.com/pay", "post", {"to": "evil"}).exchanges[0].request
        >>> sent.headers["origin"], sent.body
        ('https://evil.example', b'to=evil')
        """
        return self._ask("form", form_request(
            self.environment, url, method, fields, enctype, self._browser.profile
        ))  # fmt: skip

    def _element(self, api: Api, element: str, url: str, crossorigin: Crossorigin, integrity: str = "") -> T:
        profile = self._browser.profile
        request = element_request(self.environment, url, element, crossorigin, integrity, profile)
        return self._ask(api, request)


@attrs.frozen(eq=False, repr=False)
class Starting(Elements[Fetch]):
    """Starts what a page's elements ask for, to be moved turn by turn: `step`, `reply`, `run`."""

    _browser: World
    environment: Environment
    _begin: Callable[[Request | Decision, Api], Fetch]

    def _ask(self, api: Api, request: Request | Decision) -> Fetch:
        return self._begin(request, api)
