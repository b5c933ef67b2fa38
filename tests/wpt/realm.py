"""The world of one test: a browser, the servers, realms of JavaScript, and one loop on the virtual clock."""

from __future__ import annotations

import json
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from corsim import Browser, Page
from corsim.page import Worker
from corsim.servers.failures import NobodyListens
from corsim.values.address_space import AddressSpace
from wpt.server import HOST, NOWHERE, Wpt, address_space_of, origins

if TYPE_CHECKING:
    from wpt.bridge import Bridge

SHIMS = {
    name: (Path(__file__).parent / "js" / f"{name}.js").read_text()
    for name in ("events", "urls", "bodies", "fetch", "xhr", "document", "worker", "both")
}
REAL_SECONDS = 45.0  # that a test may take before it counts as hanging


class Hanging(Exception):
    """A test that does not end."""


class Loop:
    """Tasks in the order of their virtual time; where nothing is due, the clock goes on to the next."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self._tasks: list[tuple[float, int, Callable[[], object]]] = []
        self._serial = count()

    @property
    def now(self) -> float:
        return self.browser.clock.now

    def at(self, seconds: float, task: Callable[[], object]) -> None:
        """Have something done in so many virtual seconds."""
        heappush(self._tasks, (self.now + max(0.0, seconds), next(self._serial), task))

    def run(self, over: Callable[[], bool]) -> None:
        """Run until nothing is left to do, or `over()`; raises `Hanging`."""
        ends = monotonic() + REAL_SECONDS
        while self._tasks and not over():
            if monotonic() > ends:
                raise Hanging
            due, _, task = heappop(self._tasks)
            if due > self.now:
                self.browser.clock.advance(due - self.now)
            task()


def nobody(request: object) -> object:
    """Answer for a host that does not resolve."""
    raise NobodyListens("no such host", "this is a test of what happens then")


class World:
    """One browser with the WPT servers, and whatever documents a test opens in it."""

    def __init__(self, wpt: Wpt, engine: str) -> None:
        self.wpt = wpt
        # Local Network Access is a draft beside the standard.
        self.browser = Browser(engine, local_network="granted" if engine == "spec" else None)
        for origin in origins():
            port = int(origin.rpartition(":")[2])
            self.browser.serve(origin, wpt, address_space=address_space_of(port))
        for scheme, port in (("http", 8000), ("https", 8443)):
            self.browser.serve(f"{scheme}://{NOWHERE}.{HOST}:{port}", nobody)
        self.loop = Loop(self.browser)
        self.realms: dict[int, Realm] = {}
        self.blobs: dict[str, tuple[bytes, str]] = {}
        self.reports: list[dict[str, Any]] = []
        self.unable: list[str] = []
        self.log: list[str] = []
        self._serial = count(1)

    def open(
        self,
        url: str,
        *,
        sandbox: bool = False,
        parent: Realm | None = None,
        opener: Realm | None = None,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> Realm:
        """Open a document, without running anything in it yet."""
        embedder = parent.top.page.url if parent else None
        space: AddressSpace | None = None if url.startswith("http") else "loopback"
        page = self.browser.open(
            url, sandbox=sandbox, embedder=embedder, headers=headers, address_space=space
        )
        return self.enter(page, parent, opener)

    def enter(self, page: Page | Worker, parent: Realm | None, opener: Realm | None = None) -> Realm:
        """Make the global object of a page, or of a worker whose page is `parent`."""
        realm = Realm(self, next(self._serial), page, parent, opener)
        self.realms[realm.id] = realm
        return realm


class Realm:
    """One global object, with its page."""

    def __init__(
        self, world: World, number: int, page: Page | Worker, parent: Realm | None, opener: Realm | None
    ) -> None:
        import quickjs  # which only `make wpt` installs

        from wpt.bridge import Bridge

        self._thrown = quickjs.JSException
        self.world, self.id, self.page, self.parent, self.opener = world, number, page, parent, opener
        self.url = page.url
        self.closed = False
        self._unheard: list[Any] | None = []
        self.context = quickjs.Context()
        self.context.set_max_stack_size(8 * 1024 * 1024)
        self.bridge: Bridge = Bridge(self)
        self.context.add_callable("__bridge", self.bridge.call)
        for name, shim in SHIMS.items():
            if name != ("document" if self.is_worker else "worker"):
                self.context.eval(shim)

    @property
    def is_worker(self) -> bool:
        return isinstance(self.page, Worker)

    @property
    def base_url(self) -> str:
        return self.url if self.is_worker else str(self.context.eval("document.baseURI"))

    @property
    def top(self) -> Realm:
        return self if self.parent is None else self.parent.top

    def run(self, script: str) -> None:
        """Run a script, and what it left to do at once; what it throws goes to `window.onerror`."""
        try:
            self.context.eval(script)
        except self._thrown as error:
            self.world.log.append(f"{self.url}: {error}")
            self.context.eval(f"__realm.reportError(new Error({json.dumps(str(error))}))")
        self.microtasks()

    def call(self, function: str, *arguments: Any) -> None:
        """Call one of the shims' functions, unless the document is gone."""
        if not self.closed:
            self.run(f"__realm.{function}({', '.join(json.dumps(argument) for argument in arguments)})")

    def hear(self, data: object) -> None:
        """Post a message to a worker, which hears of it once its script has run."""
        if self._unheard is None:
            self.world.loop.at(0, lambda: self.call("message", data))
        else:
            self._unheard.append(data)

    def begin(self) -> None:
        """Let a worker hear what was posted to it so far."""
        waiting, self._unheard = self._unheard or [], None
        for data in waiting:
            self.hear(data)

    def arrive(self, number: int, value: object = None) -> None:
        """Hand over what script waits for."""
        self.call("arrive", number, json.dumps(value) if value is not None else "")

    def microtasks(self) -> None:
        while True:
            try:
                if not self.context.execute_pending_job():
                    return
            except self._thrown as error:
                self.world.log.append(f"{self.url}: in a promise: {error}")
