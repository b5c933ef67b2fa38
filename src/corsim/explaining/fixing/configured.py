"""Which origins a CORS layer lets in by its own configuration, where it can be read.

A layer that does not have an origin on its list says nothing of what it has. The app is at
hand, so its list can be looked up, without asking the app anything.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any

from corsim.explaining.facts import Facts
from corsim.explaining.frameworks.recognising import layers
from corsim.explaining.origins import Part, differences

_FAR: frozenset[Part] = frozenset(("host", "no-origin", "null", "empty"))


def listed_origins(facts: Facts) -> tuple[str, ...]:
    """List the origins that the app behind the last answer was told to let in; empty if none is found."""
    if facts.exchange is None:
        return ()
    server = facts.result.fetch.server_of(facts.exchange.request.url.origin.serialized)
    found = [origin for layer in layers(server) for each in _lists(layer) for origin in _texts(each)]
    return tuple(dict.fromkeys(found))


def nearest(facts: Facts) -> str:
    """Find the one on the list that was meant: it differs from the page's origin in all but its name."""
    for value in listed_origins(facts):
        found = differences(facts.origin, value)
        if found and facts.origin != "null" and not _FAR & {one.part for one in found}:
            return value
    return ""


def _lists(layer: Any) -> Iterator[Any]:
    """Look where Starlette, Litestar, Flask-CORS and django-cors-headers keep their lists."""
    for middleware in _held(layer, "user_middleware") or ():
        yield (_held(middleware, "kwargs") or {}).get("allow_origins")
    yield _held(layer, "allow_origins")
    yield _held(_held(layer, "cors_config"), "allow_origins")
    config = _held(layer, "config")
    if isinstance(config, dict):
        yield config.get("CORS_ORIGINS")
    if type(layer).__module__.startswith("django."):
        settings = getattr(sys.modules.get("django.conf"), "settings", None)
        yield getattr(settings, "CORS_ALLOWED_ORIGINS", None)


def _held(thing: Any, name: str) -> Any:
    """Look up what an object holds itself, or in its slots, and run nothing of it."""
    held = getattr(thing, "__dict__", None)
    return held.get(name) if isinstance(held, dict) else None


def _texts(found: Any) -> Iterable[str]:
    if isinstance(found, str):
        return (found,)
    return (
        [each for each in found if isinstance(each, str)]
        if isinstance(found, (list, tuple, set, frozenset))
        else ()
    )
