"""The HTTP cache of a browser: https://fetch.spec.whatwg.org/#http-cache-partitions.

One persistent map, which the browser holds. The algorithms see of it what is stored under one key, that
is below one top-level site, of one URL. What may be stored, and for how long, is RFC 9111's:
`corsim.values.caching`.

AD-HOC: only what says something of caching is stored, for without that it could answer nobody but cache
modes `force-cache` and `only-if-cached`; and of what a browser guesses there is a tenth of the time since the
last change, but no permanent redirect without a lifetime.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TypeAlias

import attrs
from rpds import HashTrieMap

from corsim.engines import EngineProfile
from corsim.fetching.cors_check import cors_check
from corsim.fetching.fetch_metadata import has_just_moved
from corsim.fetching.flow import Change, Exchange, Flow, Look
from corsim.values.caching import (
    CONDITIONAL,
    SAFE_METHODS,
    Stored,
    StoredResponse,
    added,
    directives,
    freshened,
    freshness_lifetime,
    heuristic_lifetime,
    invalidated,
    may_store,
    select,
    stored,
    validators,
)
from corsim.values.decision import Decision
from corsim.values.partition import Site, obtain_site
from corsim.values.request import CacheMode, Request, serialize_request_origin, worked_out_for
from corsim.values.response import Response
from corsim.values.spec import HTTP_NETWORK_OR_CACHE_FETCH, Step

HttpCacheKey: TypeAlias = tuple[
    Site | None, Site | None, bool, str
]  # the site at the top, a frame's, ..., URL
HttpCache: TypeAlias = "HashTrieMap[HttpCacheKey, Stored]"  # persistent: a change shares the rest

SPEAKS_OF_CACHING = frozenset({"cache-control", "expires", "etag", "last-modified"})
_BY_SCRIPT = CONDITIONAL | {"range"}

STALE = Decision(HTTP_NETWORK_OR_CACHE_FETCH["8.26.2.2.1"], "what the HTTP cache has must be asked about")
OBSOLETE = Decision(HTTP_NETWORK_OR_CACHE_FETCH["11.3"], "what the HTTP cache had of the URL is obsolete")
STORED = Decision(HTTP_NETWORK_OR_CACHE_FETCH["11.5.2"], "the HTTP cache keeps the response")


@attrs.frozen(repr=False)
class FromCache(Decision):
    """The decision that what is stored is the answer, which is the response of its `exchange`."""

    exchange: Exchange = attrs.field(kw_only=True)
    stored: StoredResponse = attrs.field(kw_only=True)


@attrs.frozen
class Kept:
    """What the cache holds under a key, and what time it is."""

    now: float
    stored: Stored


@worked_out_for
def http_cache_key(request: Request, profile: EngineProfile) -> HttpCacheKey:
    """Find the key of a request: https://fetch.spec.whatwg.org/#determine-http-cache-partition."""
    client = request.client
    # AD-HOC: an engine may part nothing, or frames of several sites, or who has credentials from who has not.
    top = None if profile.http_cache_partition == "none" else client.network_partition_key
    frame = obtain_site(client.origin) if profile.http_cache_partition == "site-and-frame" else None
    apart = profile.http_cache_credentials == "apart" and includes_credentials(request)
    return top, frame, apart, request.url.without_fragment().href


def includes_credentials(request: Request) -> bool:
    """Say whether credentials go along when asked for; by default to the page's own origin only."""
    by_tainting = request.credentials == "same-origin" and request.response_tainting == "basic"
    return request.credentials == "include" or by_tainting


@worked_out_for
def http_cache_look(request: Request, profile: EngineProfile) -> Look | None:
    """Ask for what is stored, where the cache has to do with a request at all: step 8.24.

    AD-HOC: parts of a body are not stored, and a page that asks itself what has changed gets the answer.
    """
    if request.method not in SAFE_METHODS:
        return Look("http cache", http_cache_key(request, profile))
    heads = request.method == "HEAD" and profile.http_cache_heads == "answered"
    if request.method != "GET" and not heads:
        return None
    if cache_mode(request, profile) == "no-store" or not _BY_SCRIPT.isdisjoint(request.headers.index):
        return None
    return Look("http cache", http_cache_key(request, profile))


def consult(
    request: Request, wire: Request, kept: Kept, profile: EngineProfile
) -> Flow[tuple[StoredResponse | None, Response | None, Request]]:
    """Find what is stored, the response if that will do, and what to send if not: steps 8.26.1 and 8.26.2."""
    mode = cache_mode(request, profile)
    if request.method not in SAFE_METHODS or mode == "reload":
        return None, None, wire
    # 8.26.1. As RFC 9111 says, with `Vary`.
    found = select(kept.stored, wire)
    if found is None:
        return None, None, wire
    # 8.26.2.1. OUT OF SCOPE: stale-while-revalidate, which asks later.
    # 8.26.2.2.3. It will do.
    if mode in ("force-cache", "only-if-cached") or (mode == "default" and found.is_fresh(kept.now)):
        step, outcome = HTTP_NETWORK_OR_CACHE_FETCH["8.26.2.2.3"], "the HTTP cache answers, nothing is sent"
        response = found.response if request.method == "GET" else attrs.evolve(found.response, body=b"")
        yield _from_cache(step, outcome, wire, response, found)
        return found, response, wire
    # 8.26.2.2.2. Ask whether it has changed.
    yield STALE
    return found, None, wire.but(headers=wire.headers.appended(*validators(found.response.headers)))


def answered(trace: Iterable[object]) -> list[Exchange]:
    """List what was judged: the exchanges of a trace, with what the cache made of them or said itself."""
    found: list[Exchange] = []
    for turn in trace:
        if isinstance(turn, Exchange):
            found.append(turn)
        elif isinstance(turn, FromCache):
            if turn.step.number == "11.4.1":
                found.pop()
            found.append(turn.exchange)
    return found


def _from_cache(
    step: Step, outcome: str, wire: Request, response: Response, found: StoredResponse
) -> FromCache:
    exchange = Exchange(wire, includes_credentials(wire), response)
    return FromCache(step, outcome, exchange=exchange, stored=found)


def with_cache_told(
    request: Request, wire: Request, response: Response, found: StoredResponse | None, kept: Kept | None,
    profile: EngineProfile,
) -> Flow[Response]:  # fmt: skip
    """Make obsolete, renew, or store: steps 11.3 to 11.5; `wire` is without validators of the cache's own."""
    key = http_cache_key(request, profile)
    # 11.3. What has been changed at the server.
    if request.method not in SAFE_METHODS:
        if kept is not None and _makes_obsolete(request, response, profile):
            yield Change("http cache", key, forget)
            yield OBSOLETE
        return response
    # 11.4. It has not changed: its headers may have.
    if found is not None and response.status == 304:
        response = freshened(found.response, response)
        step, outcome = HTTP_NETWORK_OR_CACHE_FETCH["11.4.1"], "what the HTTP cache has is still good"
        yield _from_cache(step, outcome, wire, response, found)
    # 11.5. Store it.
    if may_store(wire, response, shared=False) and not _is_dropped(request, response, profile):
        lifetime = yield from _lifetime(response)
        if lifetime == 0 and profile.http_cache_useless == "dropped" and not validators(response.headers):
            return response  # AD-HOC: an engine may not keep what it could only use for `force-cache`
        yield Change("http cache", key, partial(_stored, wire, response, lifetime))
        yield STORED
    return response


def _makes_obsolete(request: Request, response: Response, profile: EngineProfile) -> bool:
    """AD-HOC: in an engine a request that failed may do it as well. What is at other URLs stays."""
    return bool(invalidated(request, response)) or profile.http_cache_obsolete_by == "any-status"


def _is_dropped(request: Request, response: Response, profile: EngineProfile) -> bool:
    """AD-HOC: an engine may hang up when the CORS check fails, so that nothing is left to store."""
    if profile.http_cache_refused == "stored" or request.response_tainting != "cors":
        return False
    return cors_check(request, response, serialize_request_origin(request)).reason is not None


def _lifetime(response: Response) -> Flow[float]:
    headers = response.headers
    if "max-age" in directives(headers):
        date = 0.0
    else:
        date = yield Look("date", None)
    lifetime = freshness_lifetime(headers, False, date)
    return heuristic_lifetime(headers, date) if lifetime is None else lifetime


def _stored(wire: Request, response: Response, lifetime: float, now: float, kept: Stored) -> Stored:
    return added(kept, stored(wire, response, now, lifetime))


def forget(now: float, kept: Stored) -> Stored:
    """Empty the cache of a URL."""
    return ()


def cache_mode(request: Request, profile: EngineProfile) -> CacheMode:
    """Find the cache mode that a request has in the end: step 8.16."""
    # AD-HOC: an engine may begin anew there.
    if profile.mode_across_origins == "forgotten" and has_just_moved(request):
        return "default"
    if request.cache != "default" or request.headers.index.keys().isdisjoint(CONDITIONAL):
        return request.cache
    # AD-HOC: an engine may look for conditional headers in fetch() only, or read them as another mode.
    if profile.conditional_mode == "no-store-for-fetch":
        return "no-store" if request.initiator_type == "fetch" else "default"
    return profile.conditional_mode
