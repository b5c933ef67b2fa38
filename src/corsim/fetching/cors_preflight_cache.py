"""CORS-preflight cache: https://fetch.spec.whatwg.org/#cors-preflight-cache.

The cache itself is one persistent map, which the browser holds. The algorithms see of it
only the entries of one key that have not expired. Times are seconds of the browser's clock.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, TypeAlias

import attrs
from rpds import HashTrieMap

from corsim.engines import EngineProfile
from corsim.fetching.flow import Look
from corsim.values.headers import byte_lowercase
from corsim.values.origin import OpaqueOrigin
from corsim.values.partition import Site
from corsim.values.request import (
    CredentialsMode,
    Request,
    is_redirect_tainted,
    serialize_request_origin,
    worked_out_once,
)
from corsim.values.safelist import CORS_NON_WILDCARD_REQUEST_HEADERS

CacheKey: TypeAlias = tuple[Site, str, str]  # network partition key, byte-serialized origin, URL


@attrs.frozen
class CacheEntry:
    """One method, or one header name, that a server once allowed.

    https://fetch.spec.whatwg.org/#concept-cache-entry
    AD-HOC: one of neither says that an engine holds a response, whatever that allowed.
    """

    credentials: bool
    method: str | None
    header_name: str | None  # lower case
    max_age: float
    stored_at: float

    @property
    def expires_at(self) -> float:
        """The time from which the entry is gone."""
        return self.stored_at + self.max_age


Entries: TypeAlias = tuple[CacheEntry, ...]


def live(entries: Entries, now: float) -> Entries:
    """Leave out the entries whose max-age has passed."""
    return tuple([entry for entry in entries if now < entry.expires_at]) if entries else entries


PreflightCache: TypeAlias = "HashTrieMap[CacheKey, Entries]"  # persistent: a change shares the rest


@worked_out_once
def _look(request: Request) -> Look:
    site, origin = request.client.network_partition_key, serialize_request_origin(request)
    return Look("preflight cache", (site, origin, request.url.href))


@worked_out_once
def _untainted_look(request: Request) -> Look:
    site, origin = request.client.network_partition_key, request.origin.serialized
    return Look("preflight cache", (site, origin, request.url.href))


@worked_out_once
def _look_by_origins(request: Request) -> Look:
    client = request.client
    top = client.origin if isinstance(client.origin, OpaqueOrigin) else client.top_level_origin
    scheme, _, place = top.serialized.partition("://")
    partition = top if isinstance(top, OpaqueOrigin) else (scheme, place)
    return Look("preflight cache", (partition, serialize_request_origin(request), request.url.href))


# AD-HOC: an engine may keep what a preflight allowed for the origin that the preflight named; or under the
# very page at the top, and of pages without an origin for each alone.
LOOK: dict[
    tuple[Literal["serialized", "untainted"], Literal["site", "origin"]], Callable[[Request], Look]
] = {
    ("serialized", "site"): _look,
    ("untainted", "site"): _untainted_look,
    ("serialized", "origin"): _look_by_origins,
}


def cache_look(request: Request, profile: EngineProfile) -> Look:
    """Ask for the entries that are kept for a request."""
    return LOOK[profile.preflight_origin, profile.cache_partition](request)


def cache_key(request: Request, profile: EngineProfile) -> CacheKey:
    """Find the key under which a request's entries are kept."""
    key: CacheKey = cache_look(request, profile).key
    return key


def _is_asked_for_by_this_fetch(request: Request) -> bool:
    """Say whether an earlier hop of a page without an origin has gone to the same place."""
    return not is_redirect_tainted(request) and any(hop.url == request.url for hop in request.hops)


# AD-HOC: which requests are served; an engine may make a new opaque origin for each that redirects have
# tainted, or for each fetch, and never find the entries of another.
SERVED: dict[Literal["any", "pages", "one-fetch"], Callable[[Request], bool]] = {
    "any": lambda request: True,
    "pages": lambda request: request.client.is_opaque or serialize_request_origin(request) != "null",
    "one-fetch": lambda request: (
        serialize_request_origin(request) != "null" or _is_asked_for_by_this_fetch(request)
    ),
}


def matching(entries: Entries, mode: CredentialsMode, profile: EngineProfile) -> Entries:
    """Leave out what the key leaves open: https://fetch.spec.whatwg.org/#concept-cache-match."""
    if profile.cached_credentials == "apart":  # AD-HOC: an engine may keep two caches
        return tuple([entry for entry in entries if entry.credentials == (mode == "include")])
    return entries if mode != "include" else tuple([entry for entry in entries if entry.credentials])


def is_method_match(entry: CacheEntry, method: str, mode: CredentialsMode, profile: EngineProfile) -> bool:
    """Match a method of an entry that matches: https://fetch.spec.whatwg.org/#concept-cache-match-method."""
    if entry.method == method:
        return True
    return entry.method == "*" and WILDCARD[profile.cached_wildcard](entry, None, mode)


def is_header_name_match(entry: CacheEntry, name: str, mode: CredentialsMode, profile: EngineProfile) -> bool:
    """Match a header name, likewise: https://fetch.spec.whatwg.org/#concept-cache-match-header."""
    if entry.header_name == name:
        return True
    return entry.header_name == "*" and WILDCARD[profile.cached_wildcard](entry, name, mode)


# AD-HOC: what a `*` in the cache stands for; the standard's is "any", and asks for no credentials.
WILDCARD: dict[
    Literal["any", "literal", "uncredentialed", "by-request"],
    Callable[[CacheEntry, str | None, CredentialsMode], bool],
] = {
    "any": lambda entry, name, mode: name not in CORS_NON_WILDCARD_REQUEST_HEADERS,
    "literal": lambda entry, name, mode: False,
    "uncredentialed": lambda entry, name, mode: (
        not entry.credentials and name not in CORS_NON_WILDCARD_REQUEST_HEADERS
    ),
    "by-request": lambda entry, name, mode: mode != "include",
}


def clear(now: float, entries: Entries) -> Entries:
    """Clear cache entries: https://fetch.spec.whatwg.org/#concept-cache-clear."""
    return ()


def store(
    profile: EngineProfile,
    mode: CredentialsMode,
    methods: tuple[str, ...],
    header_names: tuple[str, ...],
    max_age: int,
    now: float,
    entries: Entries,
) -> Entries:
    """Renew the entries that match, add those that are missing: steps 7.12 to 7.15.

    AD-HOC: the standard sets a matching entry's max-age and says nothing of the time
    since which it counts. We let it count anew, as every engine does.
    """
    kept = list(ADDED_TO[profile.cache_unit](profile, mode, max_age, now, entries))
    mine = matching(tuple(kept), mode, profile) if kept else ()
    for method in methods:
        found = [entry for entry in mine if is_method_match(entry, method, mode, profile)]
        if found:
            _renew(kept, found, max_age, now)
        else:
            kept.append(CacheEntry(mode == "include", method, None, max_age, now))
    for name in map(byte_lowercase, header_names):
        found = [entry for entry in mine if is_header_name_match(entry, name, mode, profile)]
        if found:
            _renew(kept, found, max_age, now)
        else:
            kept.append(CacheEntry(mode == "include", None, name, max_age, now))
    return tuple(dict.fromkeys(kept)) if len(kept) > 1 else tuple(kept)


def _renew(kept: list[CacheEntry], found: list[CacheEntry], max_age: int, now: float) -> None:
    """Let entries count anew, in their places."""
    for entry in found:
        if entry in kept:  # an earlier name of the same list may have renewed it already
            new = CacheEntry(entry.credentials, entry.method, entry.header_name, max_age, now)
            kept[kept.index(entry)] = new


def _all_names(
    profile: EngineProfile, mode: CredentialsMode, max_age: int, now: float, entries: Entries
) -> Entries:
    """Add to what there is. AD-HOC: an engine that implies no method notes, for ever, that it has asked."""
    if profile.implied_method:
        return entries
    asked = CacheEntry(mode == "include", None, None, math.inf, 0)
    return entries if asked in entries else (*entries, asked)


def _response_alone(
    profile: EngineProfile, mode: CredentialsMode, max_age: int, now: float, entries: Entries
) -> Entries:
    """AD-HOC: forget what earlier responses allowed, and note that there was this one, be it empty."""
    return (CacheEntry(mode == "include", None, None, max_age, now),)


# What the names of a response are added to.
ADDED_TO: dict[
    Literal["name", "response"],
    Callable[[EngineProfile, CredentialsMode, int, float, Entries], Entries],
] = {
    "name": _all_names,
    "response": _response_alone,
}

AFTER_INSUFFICIENT: dict[Literal["keep", "erase"], Callable[[float, Entries], Entries] | None] = {
    "keep": None,
    "erase": clear,  # AD-HOC: some engines drop what did not suffice before they ask anew
}
