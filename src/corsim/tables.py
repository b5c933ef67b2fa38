"""The preflight cache as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from corsim.fetching.cors_preflight_cache import PreflightCache, live


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


def _order(row: CachedPermission) -> tuple[str, ...]:
    return row.url, row.origin, row.method or "", row.header_name or ""


def _site(site: object) -> str:
    return "://".join(site) if isinstance(site, tuple) else "opaque"


def _what(row: CachedPermission) -> str:
    if row.method is not None:
        return "use any method" if row.method == "*" else f"use {row.method}"
    return "send any header" if row.header_name == "*" else f"send {row.header_name}"
