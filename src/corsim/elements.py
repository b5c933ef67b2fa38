"""Elements: what a page asks for otherwise than by fetch() and XMLHttpRequest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

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
from corsim.machine import Fetch, World
from corsim.result import Result
from corsim.values.doors import Api
from corsim.values.environment import Environment
from corsim.values.request import Request


class Elements:
    """The part of a page that has elements, event sources, beacons and forms.

    Of all their answers script sees little: `result.loaded`, and what `result.tainted` and
    `result.muted_errors` say of it. All raise `InvalidInput` for a URL or a word that is none.
    """

    __slots__ = ()
    _browser: World
    environment: Environment
    _begin: Callable[[Request, Api], Fetch]

    def image(self, url: str, crossorigin: Crossorigin = None) -> Result:
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
    ) -> Result:
        """Load a `<script>`; `type="module"` always asks by CORS.

        Of a foreign classic one without `crossorigin`, `window.onerror` hears only "Script error.".
        `integrity` lists digests, such as "sha384-...", one of which it has to have.
        """
        one_of("type", type, ("classic", "module"))
        return self._element("script", type, url, crossorigin, integrity)

    def stylesheet(self, url: str, crossorigin: Crossorigin = None, *, integrity: str = "") -> Result:
        """Load a `<link rel="stylesheet">`; the rules of a foreign one without `crossorigin` are hidden."""
        return self._element("stylesheet", "stylesheet", url, crossorigin, integrity)

    def font(self, url: str) -> Result:
        """Load a font, as an `@font-face` or a `FontFace` does: always by CORS, without credentials abroad.

        https://drafts.csswg.org/css-fonts/#font-fetching-requirements
        """
        return self._element("font", "font", url, None)

    def media(self, url: str, crossorigin: Crossorigin = None, *, element: MediaElement = "video") -> Result:
        """Play a `<video>`, or an `<audio>`: the first request of it."""
        one_of("element", element, ("audio", "video"))
        return self._element("media", element, url, crossorigin)

    def event_source(self, url: str, *, with_credentials: bool = False) -> Result:
        """Open a `new EventSource(url)`: its first connection. `result.loaded` is whether it opens."""
        return self._ask("event_source", event_source_request(
            self.environment, url, with_credentials, self._browser.profile
        ))  # fmt: skip

    def beacon(self, url: str, body: BodyInit | None = None) -> Result:
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
    ) -> Result:
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

    def _element(
        self, api: Api, element: str, url: str, crossorigin: Crossorigin, integrity: str = ""
    ) -> Result:
        profile = self._browser.profile
        request = element_request(self.environment, url, element, crossorigin, integrity, profile)
        return self._ask(api, request)

    def _ask(self, api: Api, request: Request) -> Result:
        return self._begin(request, api).run()
