"""CORS-preflight cache: https://fetch.spec.whatwg.org/#cors-preflight-cache.

The cache itself is one persistent map, which the browser holds. The algorithms see of it
only the entries of one key that have not expired. Times are seconds of the browser's clock.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

import attrs
from rpds import HashTrieMap

from corsim.fetching.flow import Look
from corsim.values.headers import byte_lowercase
from corsim.values.partition import Site
from corsim.values.request import CredentialsMode, Request, serialize_request_origin, worked_out_once
from corsim.values.safelist import CORS_NON_WILDCARD_REQUEST_HEADERS

CacheKey: TypeAlias = tuple[Site, str, str]  # network partition key, byte-serialized origin, URL


@attrs.frozen
class CacheEntry:
    """One method, or one header name, that a server once allowed.

    https://fetch.spec.whatwg.org/#concept-cache-entry
    """

    credentials: bool
    method: str | None
    header_name: str | None  # lower case
    max_age: int
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
def cache_key(request: Request) -> CacheKey:
    """Find the key under which a request's entries are kept."""
    return request.client.network_partition_key, serialize_request_origin(request), request.url.href


@worked_out_once
def cache_look(request: Request) -> Look:
    """Ask for the entries that are kept for a request."""
    return Look("preflight cache", cache_key(request))


def _entry_matches(entry: CacheEntry, credentials: CredentialsMode) -> bool:
    """Match what the key leaves open: https://fetch.spec.whatwg.org/#concept-cache-match."""
    return entry.credentials or credentials != "include"


def is_method_match(entry: CacheEntry, method: str, credentials: CredentialsMode) -> bool:
    """Match a method: https://fetch.spec.whatwg.org/#concept-cache-match-method."""
    return entry.method in (method, "*") and _entry_matches(entry, credentials)


def is_header_name_match(entry: CacheEntry, name: str, credentials: CredentialsMode) -> bool:
    """Match a lower-case header name: https://fetch.spec.whatwg.org/#concept-cache-match-header."""
    if entry.header_name is None or not _entry_matches(entry, credentials):
        return False
    wildcard = entry.header_name == "*" and name not in CORS_NON_WILDCARD_REQUEST_HEADERS
    return wildcard or entry.header_name == name


def has_method_match(entries: Entries, method: str, credentials: CredentialsMode) -> bool:
    """Say whether some entry allows a method."""
    return any(is_method_match(entry, method, credentials) for entry in entries)


def has_header_name_match(entries: Entries, name: str, credentials: CredentialsMode) -> bool:
    """Say whether some entry allows a header name."""
    return any(is_header_name_match(entry, name, credentials) for entry in entries)


def clear(now: float, entries: Entries) -> Entries:
    """Clear cache entries: https://fetch.spec.whatwg.org/#concept-cache-clear."""
    return ()


def store_names(
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
    kept = list(entries)
    for method in methods:
        found = [entry for entry in kept if is_method_match(entry, method, mode)]
        if not found:
            kept.append(CacheEntry(mode == "include", method, None, max_age, now))
        for entry in found:
            kept[kept.index(entry)] = _renewed(entry, max_age, now)
    for name in map(byte_lowercase, header_names):
        found = [entry for entry in kept if is_header_name_match(entry, name, mode)]
        if not found:
            kept.append(CacheEntry(mode == "include", None, name, max_age, now))
        for entry in found:
            kept[kept.index(entry)] = _renewed(entry, max_age, now)
    return tuple(kept)


def _renewed(entry: CacheEntry, max_age: int, now: float) -> CacheEntry:
    return CacheEntry(entry.credentials, entry.method, entry.header_name, max_age, now)


def store_response(
    mode: CredentialsMode,
    methods: tuple[str, ...],
    header_names: tuple[str, ...],
    max_age: int,
    now: float,
    entries: Entries,
) -> Entries:
    """AD-HOC: hold only what the last response of this URL allowed."""
    return store_names(mode, methods, header_names, max_age, now, ())


STORE: dict[Literal["name", "response"], Callable[..., Entries]] = {
    "name": store_names,
    "response": store_response,
}

AFTER_INSUFFICIENT: dict[Literal["keep", "erase"], Callable[[float, Entries], Entries] | None] = {
    "keep": None,
    "erase": clear,  # AD-HOC: some engines drop what did not suffice before they ask anew
}
