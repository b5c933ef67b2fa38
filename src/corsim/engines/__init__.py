"""Engine profiles: the standard, and what each real engine does differently.

A profile is data. Its defaults are the Fetch Standard to the letter; an engine's TOML
file names only the facts in which that engine departs, each with the step it changes
and the evidence. A fact is a scalar or a set, a name that picks one pure function in
the file of the step, or an order. No algorithm ever asks for an engine's name.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal, TypeAlias, get_args

import attrs

from corsim.values.errors import InvalidInput

EngineName: TypeAlias = Literal["spec", "chromium", "firefox", "webkit"]
ENGINES: tuple[EngineName, ...] = get_args(EngineName)

PreflightStep: TypeAlias = Literal["cors-check", "ok-status", "parse", "store", "methods", "headers"]


@attrs.frozen
class EngineProfile:
    """One engine's facts; `EngineProfile()` is the Fetch Standard.

    >>> EngineProfile().max_age_limit is None, profile("webkit").max_age_limit
    (True, 600)
    """

    name: EngineName = "spec"

    max_age_limit: int | None = None
    """Seconds that Access-Control-Max-Age is cut to; None is no limit."""

    max_age_reading: Literal["lenient", "signed", "strict"] = "lenient"
    """How Access-Control-Max-Age is read: as digits, or else as five seconds; as a signed number of 64 bits,
    or else as five seconds; or strictly, so that what is no number is as good as `0`, and keeps nothing."""

    wildcard_covers_authorization: bool = False
    """Whether `*` in Access-Control-Allow-Headers allows `Authorization`."""

    implied_method: bool = True
    """Whether a forced preflight that names no methods allows the request's own. Without that, being forced
    does not make the cache look for a safelisted method: it is enough that the server was asked."""

    preflight_order: tuple[PreflightStep, ...] = (
        "cors-check", "ok-status", "parse", "methods", "headers", "store"
    )  # fmt: skip
    """In which order a preflight's response is judged, and when it is stored."""

    preflight_origin: Literal["serialized", "untainted"] = "serialized"
    """Which origin a preflight names after a tainted redirect, and is kept for: `null`, or the page's own."""

    preflight_judges: Literal["present", "first-asked"] = "present"
    """What makes a redirected request need a preflight: what it is now, or what script asked for."""

    preflight_announces: Literal["present", "first-asked"] = "present"
    """Which headers a redirected request's preflight names: those it has now, or had at first."""

    cache_unit: Literal["name", "response"] = "name"
    """Whether the preflight cache adds up names, or holds the last response of a URL whole."""

    cached_wildcard: Literal["any", "literal", "uncredentialed", "by-request"] = "any"
    """What a cached `*` matches: anything but `Authorization`; nothing; the same, if no credentials were
    allowed; or anything at all, for a request without credentials."""

    cached_credentials: Literal["cover", "apart"] = "cover"
    """Whether what was allowed with credentials also serves a request without them."""

    cached_for_opaque: Literal["any", "pages", "none"] = "any"
    """Which opaque origins the preflight cache serves: all that are sent as `null`; a page's own, but not
    one that redirects have tainted; or none."""

    cache_insufficient: Literal["keep", "erase"] = "keep"
    """What becomes of entries that did not cover a request."""

    cache_cleared_by: frozenset[Literal["preflight", "response"]] = frozenset({"preflight", "response"})
    """Whose failure clears the cache entries of a URL: the preflight's, the actual request's."""


SPEC = EngineProfile()


@attrs.frozen
class Departure:
    """One line of an engine's TOML: a fact, its value there, and how we know."""

    field: str
    value: Any
    step: str
    evidence: str


@lru_cache(maxsize=len(ENGINES))
def departures(name: EngineName) -> tuple[Departure, ...]:
    """List where an engine leaves the standard, in the order of its file."""
    if name == "spec":
        return ()
    # Here, because whoever asks for the standard alone needs neither.
    from importlib.resources import files

    import tomli

    text = files(__name__).joinpath(f"{name}.toml").read_text("utf-8")
    return tuple(Departure(field, **row) for field, row in tomli.loads(text).items())


def profile(name: str) -> EngineProfile:
    """Look up the profile of `spec`, `chromium`, `firefox` or `webkit`.

    Raises `InvalidInput` for another name.
    """
    if name not in ENGINES:
        raise InvalidInput(f"{name!r} is no engine: take one of {', '.join(ENGINES)}")
    return _profile(name)


@lru_cache(maxsize=len(ENGINES))
def _profile(name: EngineName) -> EngineProfile:
    facts = {row.field: _frozen(row.field, row.value) for row in departures(name)}
    return EngineProfile(name=name, **facts)


def _frozen(field: str, value: Any) -> Any:
    """Turn TOML's list into what the field's default is, a tuple or a set."""
    return type(getattr(SPEC, field))(value) if isinstance(value, list) else value
