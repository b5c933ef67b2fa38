"""Pages: documents whose scripts fetch."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from corsim.api.bodies import Blob, BodyInit
from corsim.api.elements import ScriptType
from corsim.api.fetch_method import new_request
from corsim.api.worker import blob_environment, worker_environment, worker_request
from corsim.api.xhr import xhr_request
from corsim.cookie_jar import document_cookie, set_document_cookie
from corsim.elements import Connections, Elements, Starting
from corsim.fetching.referrer import referrer_policy_of
from corsim.machine import Fetch, World
from corsim.result import Result
from corsim.values.address_space import AddressSpace, check_address_space
from corsim.values.content_security_policy import parse_policies, takes_the_origin
from corsim.values.cookie import Cookie, Ignored
from corsim.values.decision import Decision
from corsim.values.doors import Api
from corsim.values.embedder_policy import parse_embedder_policy
from corsim.values.environment import DEFAULT_POLICY, REFERRER_POLICIES, Environment, ReferrerPolicy
from corsim.values.errors import IllegalMove, InvalidInput, check_bool, check_str
from corsim.values.headers import Headers, HeadersInit
from corsim.values.origin import OpaqueOrigin
from corsim.values.request import CredentialsMode, Request
from corsim.values.response import Response
from corsim.values.url import Url, parse_url
from corsim.watching import WATCHERS


def open_environment(
    url: str,
    sandbox: bool = False,
    embedder: str | None = None,
    referrer_policy: ReferrerPolicy | None = None,
    headers: HeadersInit = (),
    address_space: AddressSpace | None = None,
) -> Environment:
    """Make the settings of a document at `url`; `InvalidInput` where no document is."""
    if referrer_policy is not None and referrer_policy not in REFERRER_POLICIES[1:]:
        known = ", ".join(REFERRER_POLICIES[1:])
        raise InvalidInput(f"{referrer_policy!r} is no referrer policy: take one of {known}")
    check_bool("sandbox", sandbox)
    document = _document_url("about:srcdoc" if url == "null" else url)
    given = Headers(headers)
    if given.pairs and not document.is_http:
        raise InvalidInput(f"a page at {url!r} comes without headers: only a server sends any")
    top = document if embedder is None else _document_url(embedder)
    policies = parse_policies(given)
    opaque = sandbox or not document.is_http or any(map(takes_the_origin, policies))
    origin = OpaqueOrigin() if opaque else document.origin
    top_level_origin = top.origin if top.is_http else origin
    return Environment(
        origin, document, top_level_origin,
        referrer_policy or referrer_policy_of(Response(200, given)) or DEFAULT_POLICY,
        given, policies, parse_embedder_policy(given),
        address_space=None if address_space is None else check_address_space(address_space),
    )  # fmt: skip


def _document_url(text: object) -> Url:
    url = parse_url(text) if isinstance(text, str) else None
    if url is None or not (url.is_http or url.scheme == "data" or url.href == "about:srcdoc"):
        raise InvalidInput(
            f"can't open {text!r}: a page has an http(s) URL such as 'https://app.example.com', "
            "a data: URL, or is 'null'"
        )
    return url


class Global(Connections[Result]):
    """What the scripts of pages and workers call: `fetch()`, `XMLHttpRequest`, and what starts a worker."""

    __slots__ = ()
    _browser: World
    environment: Environment

    @property
    def origin(self) -> str:
        """The origin of the page or worker, serialized: what its requests say in `Origin`."""
        return self.environment.origin.serialized

    @property
    def url(self) -> str:
        """The URL of the page or worker."""
        return self.environment.creation_url.href

    def fetch(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: HeadersInit = (),
        body: BodyInit | Iterator[bytes] | None = None,
        mode: str = "cors",
        credentials: str = "same-origin",
        redirect: str = "follow",
        cache: str = "default",
        referrer: str = "about:client",
        referrer_policy: str = "",
        integrity: str = "",
        keepalive: bool = False,
        duplex: str = "",
        target_address_space: str = "",
    ) -> Result:
        """Call `fetch(url, init)`, and see what script would see.

        The options are those of JavaScript, under the same names. A str `body` adds the
        Content-Type `text/plain;charset=UTF-8`, as in a browser; bytes add none. An iterator of bytes is
        a stream, which needs `duplex="half"`. Whatever would reject script's promise is a blocked `Result`.
        `target_address_space` is Chromium's alone.

        Raises `NotServed` for an origin that nobody serves, `TypeError` for a wrong Python
        type. https://fetch.spec.whatwg.org/#fetch-method

        >>> from corsim import Browser, Response
        >>> browser = Browser()
        >>> browser.serve("https://api.example.com", lambda request: Response(200))
        >>> page = browser.open("https://app.example.com")
        >>> page.fetch("https://api.example.com/").blocked.reason
        <Reason.ALLOW_ORIGIN_MISSING: 'allow-origin-missing'>
        """
        return self._begin(
            new_request(
                self.environment, url, method, headers, body,
                mode, credentials, redirect, cache, referrer, referrer_policy, integrity, keepalive, duplex,
                target_address_space, self._browser.profile,
            )
        ).run()  # fmt: skip

    async def fetch_async(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: HeadersInit = (),
        body: BodyInit | Iterator[bytes] | None = None,
        mode: str = "cors",
        credentials: str = "same-origin",
        redirect: str = "follow",
        cache: str = "default",
        referrer: str = "about:client",
        referrer_policy: str = "",
        integrity: str = "",
        keepalive: bool = False,
        duplex: str = "",
        target_address_space: str = "",
    ) -> Result:
        """Do as `fetch`, without blocking the event loop."""
        fetch = self.start(
            url, method=method, headers=headers, body=body, mode=mode, credentials=credentials,
            redirect=redirect, cache=cache, referrer=referrer, referrer_policy=referrer_policy,
            integrity=integrity, keepalive=keepalive, duplex=duplex,
            target_address_space=target_address_space,
        )  # fmt: skip
        return await fetch.run_async()

    def start(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: HeadersInit = (),
        body: BodyInit | Iterator[bytes] | None = None,
        mode: str = "cors",
        credentials: str = "same-origin",
        redirect: str = "follow",
        cache: str = "default",
        referrer: str = "about:client",
        referrer_policy: str = "",
        integrity: str = "",
        keepalive: bool = False,
        duplex: str = "",
        target_address_space: str = "",
    ) -> Fetch:
        """Start what `fetch` does, to be moved turn by turn: `step`, `reply`, `run`, `fork`."""
        return self._begin(
            new_request(
                self.environment, url, method, headers, body,
                mode, credentials, redirect, cache, referrer, referrer_policy, integrity, keepalive, duplex,
                target_address_space, self._browser.profile,
            )
        )  # fmt: skip

    def xhr(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: HeadersInit = (),
        body: BodyInit | None = None,
        with_credentials: bool = False,
        upload_listener: bool = False,
    ) -> Result:
        """Send an `XMLHttpRequest`, and see what script would see.

        `upload_listener` is whether script listens to `xhr.upload`, which forces a
        preflight. Otherwise as `fetch`. https://xhr.spec.whatwg.org/
        """
        return self.start_xhr(
            url, method=method, headers=headers, body=body,
            with_credentials=with_credentials, upload_listener=upload_listener,
        ).run()  # fmt: skip

    async def xhr_async(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: HeadersInit = (),
        body: BodyInit | None = None,
        with_credentials: bool = False,
        upload_listener: bool = False,
    ) -> Result:
        """Do as `xhr`, without blocking the event loop."""
        fetch = self.start_xhr(
            url, method=method, headers=headers, body=body,
            with_credentials=with_credentials, upload_listener=upload_listener,
        )  # fmt: skip
        return await fetch.run_async()

    def start_xhr(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: HeadersInit = (),
        body: BodyInit | None = None,
        with_credentials: bool = False,
        upload_listener: bool = False,
    ) -> Fetch:
        """Start what `xhr` does, to be moved turn by turn."""
        request = xhr_request(
            self.environment, url, method, headers, body, with_credentials, upload_listener,
            self._browser.profile,
        )  # fmt: skip
        return self._begin(request, "xhr")

    def _begin(self, request: Request | Decision, api: Api = "fetch") -> Fetch:
        fetch = Fetch(self._browser, request, self.environment.origin.serialized, api)
        for watch in WATCHERS:
            watch(fetch)
        return fetch

    def worker(
        self,
        script: str | Blob,
        *,
        type: ScriptType = "classic",  # noqa: A002 — as HTML has it
        credentials: CredentialsMode = "same-origin",
    ) -> Worker:
        """Start a `new Worker(url)`, whose own script then fetches; a `Blob` is given a `blob:` URL first.

        Its script has to be of the page's own origin: see the result's `script`. `credentials` is for a
        `type="module"`. Raises `InvalidInput` for a URL or a word that is none.

        >>> from corsim import Browser, Response
        >>> browser = Browser()
        >>> script = Response(200, {"Content-Type": "text/javascript"})
        >>> browser.serve("https://app.example", lambda request: script)
        >>> worker = browser.open("https://app.example/page").worker("/js/worker.js")
        >>> worker.fetch("data.json").exchanges[0].request.headers["referer"]
        'https://app.example/js/worker.js'
        """
        if isinstance(script, Blob):
            return Worker(self._browser, blob_environment(self.environment, self._browser.profile), None)
        request = worker_request(self.environment, script, type, credentials, self._browser.profile)
        result = self._ask("worker", request)
        return Worker(
            self._browser,
            worker_environment(self.environment, result.response, request.url, self._browser.profile),
            result,
        )

    def _ask(self, api: Api, request: Request | Decision) -> Result:
        return self._begin(request, api).run()


@attrs.frozen(eq=False, repr=False)
class Worker(Global):
    """A worker, whose script fetches on behalf of its own URL; made by `page.worker`.

    `script` is how its script was fetched; of a `Blob`'s there is none. One that did not load runs no
    script, so that nothing can be fetched: `IllegalMove`.
    """

    _browser: World
    environment: Environment
    script: Result | None

    def _begin(self, request: Request | Decision, api: Api = "fetch") -> Fetch:
        if self.script is not None and not self.script.loaded:
            raise IllegalMove(f"the worker never ran, for its script did not load: {self.script!r}")
        return super()._begin(request, api)

    def __repr__(self) -> str:
        return f"<Worker {self.url} with origin {self.origin}>"


@attrs.frozen(eq=False, repr=False)
class Page(Global, Elements[Result]):
    """One open document, whose script fetches; made by `Browser.open`."""

    _browser: World
    environment: Environment

    @property
    def cookie(self) -> str:
        """What script reads as `document.cookie`; empty where a document has no origin."""
        return document_cookie(self._browser, self.environment)

    def set_cookie(self, line: str) -> Cookie | Ignored | None:
        """Write to `document.cookie`: the cookie that this sets, or why none; None without an origin.

        >>> from corsim import Browser
        >>> page = Browser().open("https://app.example.com")
        >>> page.set_cookie("theme=dark").name, page.cookie
        ('theme', 'theme=dark')
        >>> page.set_cookie("sid=1; HttpOnly").reason
        <CookieReason.HTTP_ONLY: 'http-only'>
        """
        check_str("what to write to document.cookie", line)
        return set_document_cookie(self._browser, self.environment, line)

    @property
    def starting(self) -> Starting:
        """Starts what elements ask for without running it: `page.starting.image(url)` is a `Fetch`.

        >>> from corsim import Browser, Response
        >>> page = Browser().open("https://app.example")
        >>> logo = page.starting.image("https://cdn.example/logo.gif")
        >>> while logo.pending is None:
        ...     _ = logo.step()
        >>> _ = logo.reply(Response(200, body=b"GIF89a"))
        >>> logo.run().loaded
        True
        """
        return Starting(self._browser, self.environment, self._begin)

    def __repr__(self) -> str:
        return f"<Page {self.url} with origin {self.origin}>"
