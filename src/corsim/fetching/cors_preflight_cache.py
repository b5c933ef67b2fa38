"""CORS-preflight cache: https://fetch.spec.whatwg.org/#cors-preflight-cache.

The cache itself is one immutable value that the browser holds. The algorithms see of
it only a `CacheView`: the entries of one key, and the time. Seconds are those of the
browser's clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, TypeAlias

import attrs
from rpds import HashTrieMap

from corsim.values.headers import byte_lowercase
from corsim.values.partition import Site
from corsim.values.request import CredentialsMode, Request, serialize_request_origin
from corsim.values.safelist import CORS_NON_WILDCARD_REQUEST_HEADERS

CacheKey: TypeAlias = tuple[Site, str, str]     # network partition key, byte-serialized origin, URL


@attrs.frozen
class CacheEntry:
    """One method, or one header name, that a server once allowed.

    https://fetch.spec.whatwg.org/#concept-cache-entry
    """

    credentials: bool
    method: str | None
    header_name: str | None     # lower case
    max_age: int
    stored_at: float

    @property
    def expires_at(self) -> float:
        """The time from which the entry is gone."""
        return self.stored_at + self.max_age


Entries: TypeAlias = tuple[CacheEntry, ...]


@attrs.frozen
class CacheView:
    """What the world answers to a look at the cache: the time, and the entries of one key."""

    now: float
    entries: Entries

    def live(self) -> Entries:
        """Leave out the entries whose max-age has passed."""
        return tuple(entry for entry in self.entries if self.now < entry.expires_at)


@attrs.frozen
class PreflightCache:
    """All entries, by key; a change makes a new cache and shares the rest."""

    keys: HashTrieMap[CacheKey, Entries] = HashTrieMap()

    def look(self, key: CacheKey, now: float) -> CacheView:
        """Show the entries of one key."""
        return CacheView(now, self.keys.get(key, ()))

    def changed(self, key: CacheKey, entries: Entries) -> PreflightCache:
        """Replace the entries of one key."""
        if entries:
            return PreflightCache(self.keys.insert(key, entries))
        return PreflightCache(self.keys.discard(key))

    def live(self, now: float) -> Iterator[tuple[CacheKey, CacheEntry]]:
        """Walk over every entry that has not expired."""
        for key, entries in self.keys.items():
            for entry in CacheView(now, entries).live():
                yield key, entry


def cache_key(request: Request) -> CacheKey:
    """Find the key under which a request's entries are kept."""
    return request.client.network_partition_key, serialize_request_origin(request), request.url.href


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


@attrs.frozen
class Allowance:
    """What a preflight's response allows, and for how long."""

    credentials: CredentialsMode
    methods: tuple[str, ...]
    header_names: tuple[str, ...]
    max_age: int


def store_names(view: CacheView, allowance: Allowance) -> Entries:
    """Renew the entries that match, add those that are missing: steps 7.12 to 7.15.

    AD-HOC: the standard sets a matching entry's max-age and says nothing of the time
    since which it counts. We let it count anew, as every engine does.
    """
    entries = list(view.live())
    mode = allowance.credentials
    for method in allowance.methods:
        matching = [is_method_match(entry, method, mode) for entry in entries]
        _renew_or_add(entries, matching, _new_entry(view, allowance, method=method))
    for name in map(byte_lowercase, allowance.header_names):
        matching = [is_header_name_match(entry, name, mode) for entry in entries]
        _renew_or_add(entries, matching, _new_entry(view, allowance, header_name=name))
    return tuple(entries)


def _renew_or_add(entries: list[CacheEntry], matching: list[bool], new: CacheEntry) -> None:
    """Renew the entries that match, in place; with none, add the new one."""
    for position, matches in enumerate(matching):
        if matches:
            entries[position] = attrs.evolve(
                entries[position], max_age=new.max_age, stored_at=new.stored_at
            )
    if not any(matching):
        entries.append(new)


def _new_entry(
    view: CacheView, allowance: Allowance, *, method: str | None = None, header_name: str | None = None
) -> CacheEntry:
    """Create a new cache entry: https://fetch.spec.whatwg.org/#concept-cache-create-entry."""
    credentials = allowance.credentials == "include"
    return CacheEntry(credentials, method, header_name, allowance.max_age, view.now)


def store_response(view: CacheView, allowance: Allowance) -> Entries:
    """AD-HOC: hold only what the last response of this URL allowed."""
    return store_names(CacheView(view.now, ()), allowance)


STORE: dict[Literal["name", "response"], Callable[[CacheView, Allowance], Entries]] = {
    "name": store_names,
    "response": store_response,
}

AFTER_INSUFFICIENT: dict[Literal["keep", "erase"], Callable[[Entries], Entries]] = {
    "keep": lambda entries: entries,
    "erase": lambda entries: (),
}
