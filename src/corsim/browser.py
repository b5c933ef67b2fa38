"""The browser: a profile, a clock, its caches, who serves what, and its pages."""

from __future__ import annotations

import time
import weakref
from base64 import b64encode
from collections.abc import Awaitable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import attrs
from rpds import HashTrieMap

from corsim.cookie_jar import CookieJar, http_url
from corsim.engines import EngineProfile, profile
from corsim.engines.cookie_facts import ThirdPartyCookies
from corsim.engines.gates import LocalNetwork
from corsim.engines.switches import with_local_network, with_third_party_cookies
from corsim.fetching.cookies import left_behind
from corsim.fetching.flow import Change, ConnectionFailure, Exchange, Look
from corsim.memory import BrowserState, changed, held, seen
from corsim.page import Page, open_environment
from corsim.servers import TIMEOUT, Crash, Server, adapt
from corsim.servers.failures import NoResponse
from corsim.tables import HttpCacheTable, PreflightCacheTable
from corsim.values.address_space import AddressSpace, check_address_space
from corsim.values.environment import ReferrerPolicy
from corsim.values.errors import InvalidInput, NotServed, check_str, error_text, wrong_type
from corsim.values.headers import HeadersInit
from corsim.values.request import Request
from corsim.values.response import Response

if TYPE_CHECKING:
    from corsim.event_loop import EventLoop

T = TypeVar("T")

FOR_EVER = 1e15  # seconds, after which a float can't tell one from the next


@attrs.frozen(repr=False)
class Clock:
    """The browser's clock: it stands still until it is told to advance."""

    _browser: Browser

    @property
    def now(self) -> float:
        """Seconds since the browser was made."""
        return self._browser.state.now

    def advance(self, seconds: float) -> None:
        """Let time pass; raises `InvalidInput` for a time that can't."""
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
            raise wrong_type("the seconds to advance", "a number", seconds)
        if not 0 <= seconds <= FOR_EVER:
            raise InvalidInput(f"time passes forwards, and not for ever: {seconds!r} seconds can't")
        state = self._browser.state
        self._browser.state = attrs.evolve(state, now=state.now + seconds)

    def __repr__(self) -> str:
        return f"<Clock at {self.now:g} s>"


class _LoopOnDemand:
    """An event loop that is made when it is first needed; a browser shares it with its forks."""

    def __init__(self) -> None:
        self._loop: EventLoop | None = None

    def get(self) -> EventLoop:
        if self._loop is None:
            from corsim.event_loop import EventLoop

            self._loop = EventLoop()
            self._close = weakref.finalize(self, self._loop.close)
        return self._loop

    @property
    def is_made(self) -> bool:
        return self._loop is not None

    def close(self) -> None:
        if self._loop is not None:
            self._close()
            self._loop = None


class Browser:
    """A simulated browser: the standard's by default, or an engine's.

    `engine` is "spec", "chromium", "firefox", "webkit", or an `EngineProfile`. Nothing is
    contacted but what was given to `serve`. `third_party_cookies` is "allowed", "partitioned" or
    "blocked", and `local_network`, what public pages may ask of servers on the user's network or machine,
    "open", "denied" or "granted"; left out, each is what the engine does by default.

    >>> from corsim import Browser, Policy
    >>> browser = Browser()
    >>> browser.serve("https://api.example.com", Policy(origins=["https://app.example.com"]))
    >>> browser.open("https://app.example.com").fetch("https://api.example.com/").ok
    True
    """

    def __init__(
        self,
        engine: str | EngineProfile = "spec",
        *,
        third_party_cookies: ThirdPartyCookies | None = None,
        local_network: LocalNetwork | None = None,
    ) -> None:
        self.profile = engine if isinstance(engine, EngineProfile) else profile(engine)
        if third_party_cookies is not None:
            self.profile = with_third_party_cookies(self.profile, third_party_cookies)
        if local_network is not None:
            self.profile = with_local_network(self.profile, local_network)
        self.state = BrowserState(began=time.time())
        self._servers: dict[str, Server] = {}
        self._loop = _LoopOnDemand()

    # -- the world -----------------------------------------------------------------------

    def serve(
        self,
        origin: str,
        app: Any,
        *,
        timeout: float | None = TIMEOUT,
        address_space: AddressSpace | None = None,
    ) -> None:
        """Let `app` answer for `origin`.

        `app` is an ASGI or WSGI app, a function of a `Request`, a `Policy`, the URL of a live
        server ("http://127.0.0.1:8000"), an import string ("main:app", "main:create_app()"), or
        a `corsim.servers.process` or `cdn`. `timeout` is the real time in seconds that an answer may
        take before it counts as none; None waits for ever. What is called in the caller's own
        thread, a plain function or a WSGI app in synchronous code, can't be interrupted.

        `address_space` is where the server is: "public", "local" (on the user's network) or "loopback"
        (on the user's machine). Left out, no page is kept from it by Local Network Access.

        Raises `InvalidInput` for what is no http(s) origin, or can't serve, and `AppNotFound`
        for an import string that leads to no app.

        >>> browser = Browser()
        >>> browser.serve("https://api.example.com", "http://127.0.0.1:8000")
        >>> browser
        <Browser 'spec' at 0 s, serving https://api.example.com>
        """
        url = http_url("serve", origin)
        if url.target != "/" or url.includes_credentials or url.fragment is not None:
            raise InvalidInput(f"can't serve {origin!r}: give an origin such as 'https://api.example.com'")
        self._servers[url.origin.serialized] = self._on_clock(adapt(app, timeout))
        if address_space is not None:
            self._place(url.origin.serialized, address_space)

    def open(
        self,
        url: str,
        *,
        sandbox: bool = False,
        embedder: str | None = None,
        referrer_policy: ReferrerPolicy | None = None,
        headers: HeadersInit = (),
        address_space: AddressSpace | None = None,
    ) -> Page:
        """Open a document; "null", a `data:` URL or `sandbox=True` give it an opaque origin.

        `embedder` is the URL of the top-level page around it, if it is in a frame. `headers` are those that
        the page itself is delivered with: of them browsers heed `Content-Security-Policy`,
        `Cross-Origin-Embedder-Policy` and `Referrer-Policy`, and `referrer_policy` counts for more, as a
        `<meta>` does. `address_space` is where it came from, by default where its server is, or else
        "public". Raises `InvalidInput` for a URL that is no page's.

        >>> headers = {"Content-Security-Policy": "connect-src 'self'"}
        >>> page = Browser().open("https://app.example", headers=headers)
        >>> page.fetch("https://api.example/me").blocked.subject
        "connect-src 'self'"
        """
        return Page(self, open_environment(url, sandbox, embedder, referrer_policy, headers, address_space))

    def _place(self, origin: str, address_space: AddressSpace) -> None:
        places = self.state.places.insert(origin, check_address_space(address_space))
        self.state = attrs.evolve(self.state, places=places)

    @property
    def clock(self) -> Clock:
        """The virtual clock: `browser.clock.advance(601)`."""
        return Clock(self)

    def advance(self, seconds: float) -> None:
        """Let time pass on the virtual clock, as `clock.advance` does."""
        self.clock.advance(seconds)

    @property
    def preflight_cache(self) -> PreflightCacheTable:
        """What the preflight cache holds now: print it, or walk over its rows."""
        return PreflightCacheTable.of(self.state.preflight_cache, self.state.now)

    @property
    def cookies(self) -> CookieJar:
        """The cookies: print them, walk over them, `set` and `clear` them."""
        return CookieJar(self)

    def log_in(self, url: str, username: str, password: str) -> None:
        """Enter a name and a password for the origin of `url`, as if its 401 had asked for them (HTTP Basic).

        From then on they go wherever credentials do, and never with a preflight. Raises `InvalidInput`
        for what is no http(s) URL.

        >>> from corsim import Browser, Response
        >>> browser = Browser()
        >>> def echo(request):
        ...     return Response(200, body=request.headers["authorization"])
        >>> browser.serve("https://app.example", echo)
        >>> browser.log_in("https://app.example", "Aladdin", "open sesame")
        >>> browser.open("https://app.example").fetch("/").text
        'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=='
        """
        origin = http_url("log in to", url).origin.serialized
        for what, value in (("the username", username), ("the password", password)):
            check_str(what, value)
        if ":" in username:
            raise InvalidInput(f"a username can't hold a colon: {username!r}")
        pair = b64encode(f"{username}:{password}".encode()).decode("ascii")
        logins = self.state.logins.insert(origin, f"Basic {pair}")
        self.state = attrs.evolve(self.state, logins=logins)

    @property
    def http_cache(self) -> HttpCacheTable:
        """What the HTTP cache holds, fresh or stale: print it, or walk over its rows."""
        return HttpCacheTable.of(self.state.http_cache, self.state.now)

    def clear_cache(self) -> None:
        """Empty both caches, as a user can: the HTTP cache and the preflight cache."""
        self.state = attrs.evolve(self.state, preflight_cache=HashTrieMap(), http_cache=HashTrieMap())

    def fork(self, state: BrowserState | None = None, profile: EngineProfile | None = None) -> Browser:
        """Make a browser with the same memory and the same servers, that forgets apart from this one.

        With another `profile` it begins with empty caches: no engine keeps what another does. Its cookies and
        logins are those that there were.
        """
        twin = Browser(self.profile if profile is None else profile)
        twin.state = self.state if state is None else state
        if twin.profile is not self.profile:
            twin.state = attrs.evolve(twin.state, preflight_cache=HashTrieMap(), http_cache=HashTrieMap())
        twin._servers = {origin: twin._on_clock(server) for origin, server in self._servers.items()}
        twin._loop = self._loop
        return twin

    def _on_clock(self, server: Server) -> Server:
        """Give this browser's clock to a server for which time passes, such as a cache."""
        on = getattr(server, "on", None)
        return server if on is None else on(self.clock)

    def server_of(self, origin: str) -> object:
        """Find what answers for an origin; None if nothing does."""
        return self._servers.get(origin)

    # -- what a fetch asks of its browser ------------------------------------------------

    def look(self, look: Look) -> Any:
        """Answer a look."""
        return seen(self.state, look)

    def change(self, change: Change) -> None:
        """Carry out a change, at once: another fetch under way will see it."""
        self.state = changed(self.state, change)

    def note(self, exchange: Exchange) -> None:
        """Note on a request without credentials which cookies it leaves behind; a preflight never had any.

        No algorithm hears of it, so that a browser without cookies pays nothing.
        """
        if self.state.cookies and not exchange.is_preflight:
            request = exchange.request
            exchange.held_back = left_behind(held(self.state, request.url.host or ""), request, self.profile)

    def answer(
        self, exchange: Exchange
    ) -> Response | ConnectionFailure | Awaitable[Response | ConnectionFailure]:
        """Have the served app answer; raises `NotServed` where there is none."""
        request = exchange.request
        server = self._servers.get(request.url.origin.serialized)
        if server is None:
            raise _not_served(request, self._servers)
        answer = server(request)
        if isinstance(answer, Response):
            return answer
        if isinstance(answer, Crash):
            return _taken_apart(exchange, answer)
        return _awaited(exchange, answer)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end, inside a running event loop or out of one."""
        return self._loop.get().run(work)

    def close(self) -> None:
        """End the apps' lifespans, and give back the event loop, if one was needed.

        A browser that is forgotten gives its loop back by itself.
        """
        if self._loop.is_made:
            self.run(self._close_servers())
            self._loop.close()

    async def _close_servers(self) -> None:
        for server in self._servers.values():
            close = getattr(server, "close", None)
            if close is not None:
                await close()

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    async def __aenter__(self) -> Browser:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._close_servers()
        self.close()

    def __repr__(self) -> str:
        served = ", ".join(sorted(self._servers)) or "nothing"
        return f"<Browser {self.profile.name!r} at {self.state.now:g} s, serving {served}>"


def _not_served(request: Request, servers: Mapping[str, object]) -> NotServed:
    """Say who would have had to answer, and where the page wrote http: and the browser asks over https:."""
    origin = request.url.origin.serialized
    plain = origin.replace("https:", "http:", 1)
    upgraded = plain != origin and plain in servers
    why = (
        f" {plain} is served: does the page write that? The browser upgrades images and media of secure "
        "pages to https:, and under upgrade-insecure-requests all."
    )
    return NotServed(
        f"nobody serves {origin} (for {request.method} {request.url}): add browser.serve('{origin}', app). "
        f"Served: {', '.join(sorted(servers)) or 'nothing yet'}.{why if upgraded else ''}"
    )


def _taken_apart(exchange: Exchange, answer: Response | Crash) -> Response | ConnectionFailure:
    """Take an answer apart: the page gets the response, the network tab the exception."""
    if isinstance(answer, Response):
        return answer
    exchange.error = answer.error
    if answer.response is not None:
        return answer.response
    message = str(answer.error) if isinstance(answer.error, NoResponse) else error_text(answer.error)
    return ConnectionFailure(message)


async def _awaited(exchange: Exchange, answer: Awaitable[Response | Crash]) -> Response | ConnectionFailure:
    return _taken_apart(exchange, await answer)
