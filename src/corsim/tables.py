"""The caches as a person reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from corsim.fetching.cors_preflight_cache import PreflightCache, live
from corsim.fetching.http_cache import HttpCache
from corsim.values.response import Response


@attrs.frozen
class CachedPermission:
    """One entry of the preflight cache: who may do what, and until when."""

    site: str
    origin: str
    url: str
    credentials: bool
    method: str | None
    header_name: str | None
    seconds_left: float


@attrs.frozen(repr=False)
class PreflightCacheTable:
    """The entries that are still good, in the order of their URLs."""

    rows: tuple[CachedPermission, ...]

    @classmethod
    def of(cls, cache: PreflightCache, now: float) -> PreflightCacheTable:
        """Read the cache as it is at a time."""
        rows = [
            CachedPermission(
                _site(key[0]), key[1], key[2], entry.credentials,
                entry.method, entry.header_name, entry.expires_at - now,
            )
            for key, entries in cache.items()
            for entry in live(entries, now)
            if entry.method is not None or entry.header_name is not None  # or it is a response, not a name
        ]  # fmt: skip
        return cls(tuple(sorted(rows, key=_order)))

    def __iter__(self) -> Iterator[CachedPermission]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        if not self.rows:
            return "<preflight cache: empty>"
        lines = [
            f"  {row.origin} may {_what(row)} at {row.url}"
            f"{', with credentials' if row.credentials else ''} for {row.seconds_left:g} s"
            for row in self.rows
        ]
        return "\n".join(["<preflight cache:", *lines, ">"])


@attrs.frozen
class CachedResponse:
    """One response in the HTTP cache: for which pages, and what it varies with.

    `seconds_left` is 0 or less where it has to be asked about before it is used.
    """

    site: str
    url: str
    vary: Mapping[str, str | None]
    response: Response
    seconds_left: float


@attrs.frozen(repr=False)
class HttpCacheTable:
    """What the HTTP cache holds, in the order of the URLs."""

    rows: tuple[CachedResponse, ...]

    @classmethod
    def of(cls, cache: HttpCache, now: float) -> HttpCacheTable:
        """Read the cache as it is at a time."""
        rows = [
            CachedResponse(_site(key[0]), one.url, one.vary, one.response, one.fresh_until - now)
            for key, stored in cache.items()
            for one in stored
        ]
        return cls(tuple(sorted(rows, key=lambda row: (row.url, row.site))))

    def __iter__(self) -> Iterator[CachedResponse]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        if not self.rows:
            return "<HTTP cache: empty>"
        lines = [f"  {row.response.status} of {row.url} below {row.site}, {_fresh(row)}" for row in self.rows]
        return "\n".join(["<HTTP cache:", *lines, ">"])


def _fresh(row: CachedResponse) -> str:
    return f"fresh for {row.seconds_left:g} s" if row.seconds_left > 0 else "stale"


def _order(row: CachedPermission) -> tuple[str, ...]:
    return row.url, row.origin, row.method or "", row.header_name or ""


def _site(site: object) -> str:
    if site is None:
        return "any site"
    return "://".join(site) if isinstance(site, tuple) else "opaque"


def _what(row: CachedPermission) -> str:
    if row.method is not None:
        return "use any method" if row.method == "*" else f"use {row.method}"
    return "send any header" if row.header_name == "*" else f"send {row.header_name}"
