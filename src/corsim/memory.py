"""What a browser remembers, and how it answers the looks and changes of its fetches."""

from __future__ import annotations

from typing import Any

import attrs
from rpds import HashTrieMap

from corsim.fetching.cookies import CookieStore, Held, site_of
from corsim.fetching.cors_preflight_cache import PreflightCache, live
from corsim.fetching.flow import Change, Look
from corsim.fetching.http_cache import HttpCache, Kept
from corsim.fetching.local_network_access import Places
from corsim.values.address_space import AddressSpace
from corsim.values.environment import Environment


@attrs.frozen
class BrowserState:
    """All that a browser remembers, in one immutable value: keeping it costs nothing."""

    now: float = 0.0
    preflight_cache: PreflightCache = attrs.field(factory=HashTrieMap)
    began: float = 0.0  # the date at which the clock stood at 0, in seconds since 1970
    cookies: CookieStore = attrs.field(factory=HashTrieMap)
    cookies_set: int = 0  # how many ever were, which is the serial number of the next
    logins: HashTrieMap[str, str] = attrs.field(factory=HashTrieMap)  # what `Authorization` says, by origin
    http_cache: HttpCache = attrs.field(factory=HashTrieMap)
    places: HashTrieMap[str, AddressSpace] = attrs.field(factory=HashTrieMap)  # of servers, by origin


def seen(state: BrowserState, look: Look) -> Any:
    """Answer a look."""
    place, key = look.place, look.key
    if place == "anything":  # first, since it is asked before every request
        return bool(state.cookies or state.logins or state.http_cache or state.places)
    if place == "preflight cache":
        return live(state.preflight_cache.get(key, ()), state.now)
    if place == "http cache":
        stored = state.http_cache.get(key)
        return None if stored is None else Kept(state.now, stored)
    if place == "cookies":
        return held(state, key)
    if place == "credentials":
        known = state.cookies or state.logins
        return held(state, key.host, state.logins.get(key.origin.serialized)) if known else None
    if place == "places":
        page, origin = key
        return Places(page_space(state, page), state.places.get(origin.serialized))
    return state.began + state.now


def page_space(state: BrowserState, page: Environment) -> AddressSpace:
    """Find where a page came from: what was said when it was opened, or else of its server."""
    return page.address_space or state.places.get(page.creation_url.origin.serialized, "public")


def changed(state: BrowserState, change: Change) -> BrowserState:
    """Carry out a change."""
    now, place, key = state.now, change.place, change.key
    if place == "preflight cache":
        cache = state.preflight_cache
        return _with_preflights(state, _put(cache, key, change.change(now, live(cache.get(key, ()), now))))
    if place == "http cache":
        stored = change.change(now, state.http_cache.get(key, ()))
        return attrs.evolve(state, http_cache=_put(state.http_cache, key, stored))
    if place == "logins":
        return attrs.evolve(state, logins=_put(state.logins, key, change.change(now, state.logins.get(key))))
    site = site_of(key)
    cookies = change.change(now, state.cookies.get(site, ()))
    store = _put(state.cookies, site, cookies)
    return attrs.evolve(state, cookies=store, cookies_set=state.cookies_set + 1)


def held(state: BrowserState, host: str, login: str | None = None) -> Held:
    """Look up what the cookie store holds for the site of a host."""
    cookies = state.cookies.get(site_of(host), ()) if state.cookies else ()
    return Held(state.now, state.began + state.now, state.cookies_set, cookies, login)


def _put(held: HashTrieMap[Any, Any], key: Any, entries: Any) -> HashTrieMap[Any, Any]:
    """Have a map hold something for a key; of nothing, not even the key is left."""
    return held.insert(key, entries) if entries else held.discard(key)


def _with_preflights(state: BrowserState, cache: PreflightCache) -> BrowserState:
    """Do what `attrs.evolve` does, quicker: each preflight that succeeds changes its cache."""
    return BrowserState(
        state.now, cache, state.began, state.cookies, state.cookies_set, state.logins, state.http_cache,
        state.places,
    )  # fmt: skip
