"""A shared cache in front of a server, as a CDN or a caching proxy is.

RFC 9111's rules for shared caches, in `corsim.values.caching`, on the clock of the browser that asks.
What a request says in its `Cache-Control` is not heeded, as by most CDNs.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable
from typing import Any, Protocol

import attrs

from corsim.servers import TIMEOUT, Answer, Server, adapt
from corsim.values.caching import (
    CONDITIONAL,
    Stored,
    StoredResponse,
    added,
    freshened,
    freshness_lifetime,
    invalidated,
    may_store,
    not_modified,
    select,
    stored,
    validators,
)
from corsim.values.errors import InvalidInput, wrong_type
from corsim.values.request import Request
from corsim.values.response import Response


class Clock(Protocol):
    """Whoever knows what time it is."""

    @property
    def now(self) -> float:
        """Seconds since it began."""


class Cdn:
    """A shared cache and the app behind it, made by `corsim.servers.cdn`.

    Served in several browsers, it is one cache for all of them.
    """

    def __init__(self, app: Any, default_ttl: float = 0.0) -> None:
        if isinstance(default_ttl, bool) or not isinstance(default_ttl, (int, float)):
            raise wrong_type("default_ttl", "a number of seconds", default_ttl)
        if not default_ttl >= 0:
            raise InvalidInput(f"default_ttl is a number of seconds, 0 or more: not {default_ttl!r}")
        self.app = app
        self.default_ttl = default_ttl
        self._kept: dict[str, Stored] = {}

    @property
    def stored(self) -> tuple[StoredResponse, ...]:
        """Everything that it keeps, URL by URL, the latest first."""
        return tuple(each for kept in self._kept.values() for each in kept)

    def clear(self) -> None:
        """Forget everything: a purge."""
        self._kept.clear()

    def select(self, request: Request) -> StoredResponse | None:
        """Find what it keeps for a request, fresh or not."""
        return select(self._kept.get(request.url.href, ()), request)

    def take(self, request: Request, response: Response, now: float) -> None:
        """Keep a response, if it may, and forget what the request has made obsolete."""
        for url in invalidated(request, response):
            self._kept.pop(url, None)
        if not may_store(request, response, shared=True) or "range" in request.headers:
            return
        lifetime = freshness_lifetime(response.headers, True, time.time() + now)
        new = stored(request, response, now, self.default_ttl if lifetime is None else lifetime)
        if new.lifetime > 0 or validators(response.headers):
            self._kept[request.url.href] = added(self._kept.get(request.url.href, ()), new)

    def __repr__(self) -> str:
        return f"<cdn in front of {self.app!r}, {len(self.stored)} stored>"


# Not slotted, so that whoever looks for the framework behind it finds the app.
@attrs.frozen(slots=False)
class CdnServer:
    """Serve from a shared cache, and from the server behind it where that has to be asked."""

    cdn: Cdn
    app: Server
    clock: Clock | None = None

    def on(self, clock: Clock) -> CdnServer:
        """Make the same server, with the time that a clock says."""
        return attrs.evolve(self, clock=clock)

    @property
    def _now(self) -> float:
        return 0.0 if self.clock is None else self.clock.now

    def __call__(self, request: Request) -> Answer | Awaitable[Answer]:
        """Answer one request."""
        kept = self.cdn.select(request) if _may_be_served(request) else None
        if kept is not None and kept.is_fresh(self._now):
            return _served(request, kept, self._now)
        if request.method == "HEAD" or not request.headers.index.keys().isdisjoint(CONDITIONAL):
            kept = None  # the client asks for itself
        answer = self.app(request if kept is None else _validating(request, kept))
        if isinstance(answer, Awaitable):
            return self._awaited(request, kept, answer)
        return self._passed_on(request, kept, answer)

    async def _awaited(
        self, request: Request, kept: StoredResponse | None, answer: Awaitable[Answer]
    ) -> Answer:
        return self._passed_on(request, kept, await answer)

    def _passed_on(self, request: Request, kept: StoredResponse | None, answer: Answer) -> Answer:
        """Keep what came, and hand it on; a 304 to our own question makes what is kept fresh again."""
        if not isinstance(answer, Response):
            return answer
        if answer.status == 304 and kept is not None:
            answer = freshened(kept.response, answer)
        self.cdn.take(request, answer, self._now)
        return answer

    async def close(self) -> None:
        """Close the server behind it."""
        close = getattr(self.app, "close", None)
        if close is not None:
            await close()


def cdn_server(cdn: Cdn, timeout: float | None = TIMEOUT) -> CdnServer:
    """Make a server of a cache; `timeout` is for the app behind it."""
    return CdnServer(cdn, adapt(cdn.app, timeout))


def _may_be_served(request: Request) -> bool:
    """Say whether what is kept may answer a request."""
    return request.method in ("GET", "HEAD") and "range" not in request.headers


def _validating(request: Request, kept: StoredResponse) -> Request:
    """Ask whether what is kept has changed."""
    return request.but(headers=request.headers.appended(*validators(kept.response.headers)))


def _served(request: Request, kept: StoredResponse, now: float) -> Response:
    """Answer with what is kept, and say how old it is."""
    response = kept.response
    headers = response.headers.set("Age", str(int(kept.age_at(now))))
    if response.status == 200 and not_modified(request, response):
        return Response(304, headers.without({"content-length", "content-type", "content-encoding"}))
    return attrs.evolve(response, headers=headers, body=b"" if request.method == "HEAD" else response.body)
