"""Engine profiles: the standard, and what each real engine does differently.

A profile is data. Its defaults are the Fetch Standard to the letter; an engine's TOML
file names only the facts in which that engine departs, each with the step it changes
and the evidence. A fact is a scalar or a set, a name that picks one pure function in
the file of the step, or an order. No algorithm ever asks for an engine's name.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any, Literal, TypeAlias, get_args

import attrs

from corsim.engines.cookie_facts import CookieFacts
from corsim.engines.element_facts import ElementFacts
from corsim.engines.gates import GateFacts
from corsim.values.errors import InvalidInput
from corsim.values.methods import SAFELISTED_METHODS
from corsim.values.request import CacheMode
from corsim.values.safelist import (
    FORBIDDEN_RESPONSE_HEADERS,
    MAX_SAFELISTED_TOTAL,
    ContentTypeReading,
    RangeReading,
    Safelist,
)
from corsim.values.statuses import NULL_BODY_STATUSES

EngineName: TypeAlias = Literal["spec", "chromium", "firefox", "webkit"]
ENGINES: tuple[EngineName, ...] = get_args(EngineName)

PreflightStep: TypeAlias = Literal["cors-check", "ok-status", "parse", "store", "methods", "headers"]


@attrs.frozen(eq=False)  # compared and hashed as what it is: there is one of each
class EngineProfile(CookieFacts, ElementFacts, GateFacts):
    """One engine's facts; `EngineProfile()` is the Fetch Standard.

    >>> EngineProfile().max_age_limit is None, profile("webkit").max_age_limit
    (True, 600)
    """

    name: EngineName = "spec"

    # -- what script may say, and what becomes of it -------------------------------------

    also_forbidden: frozenset[str] = frozenset()
    """Names that are the browser's own besides the forbidden request-header names; lower case."""

    equal_names: Literal["apart", "combined", "merged"] = "apart"
    """What becomes of a name that script gives twice: two headers; one of both values; or two that are
    judged and named apart, and merged when they are sent."""

    no_cors_body_type: Literal["guarded", "kept"] = "guarded"
    """Whether the type that a body brings has to be safelisted in no-cors mode, as script's own has."""

    xhr_body_type: Literal["any", "mime-type", "plain-mime-type"] = "any"
    """Which types of a Blob XMLHttpRequest sends: any; MIME types; or such without a fault anywhere."""

    xhr_charset: Literal["serialized", "serialized-unless-empty", "in-place", "serialized-or-in-place"] = (
        "serialized"
    )
    """How XMLHttpRequest puts the charset of script's Content-Type right: by writing the type anew, perhaps
    not for an empty charset; by writing over each that is not spelled `UTF-8`; or one for text and the other
    for forms."""

    empty_form_charset: Literal["corrected", "kept"] = "corrected"
    """Whether the charset of script's Content-Type is put right for a form without a field, too."""

    bodyless_form_type: Literal["none", "kept"] = "none"
    """Whether a form that XMLHttpRequest does not send, since GET has no body, leaves its Content-Type."""

    empty_fragment: Literal["kept", "dropped-by-fetch"] = "kept"
    """Whether an empty fragment makes a URL another to the preflight cache; or, of fetch(), none at all."""

    forced_by: Literal["listener", "listener-and-body"] = "listener"
    """What forces a preflight: a listener to the upload; or one, if there is anything to upload."""

    # -- which headers are safe ----------------------------------------------------------

    also_safe: frozenset[str] = frozenset()
    """Names that need no preflight besides the safelisted ones, if their value is well-formed; lower case."""

    bytes_beyond_ascii: Literal["safe", "unsafe"] = "safe"
    """Whether `Accept` and `Content-Type` may hold bytes beyond ASCII."""

    content_type_reading: ContentTypeReading = "mime-type"
    """How a Content-Type is judged: parsed as a MIME type, or without a comma and an empty end as well."""

    range_reading: RangeReading = "digits"
    """How a Range is judged: its digits alone, or as numbers of so many bits, or leniently."""

    safelisted_total: int | None = MAX_SAFELISTED_TOTAL
    """How many bytes all safelisted values may have together; None is no limit."""

    # -- what goes out -------------------------------------------------------------------

    header_bytes: Literal["isomorphic", "utf-8"] = "isomorphic"
    """How the characters of a request header become bytes."""

    range_sent: Literal["as-given", "as-parsed"] = "as-given"
    """Whether the Range of a GET is parsed, and written anew, unless its cache mode is `no-store`."""

    conditional_mode: Literal["no-store", "no-cache", "no-store-for-fetch"] = "no-store"
    """Which cache mode a conditional header turns `default` into; nothing but fetch() may have it so."""

    preflight_mode: Literal["default", "inherited"] = "default"
    """Whether a preflight has a cache mode of its own, or that of the request, and says so."""

    only_if_cached: Literal["error", "network"] = "error"
    """What becomes of a request for what is not in the cache."""

    # -- the HTTP cache ------------------------------------------------------------------

    http_cache_partition: Literal["site", "site-and-frame", "none"] = "site"
    """What parts the HTTP cache: the site of the top-level page; that of the frame as well; or nothing."""

    http_cache_credentials: Literal["together", "apart"] = "together"
    """Whether what was asked for with credentials answers who asks without, and the other way round."""

    http_cache_heads: Literal["asked", "answered"] = "asked"
    """Whether a HEAD is answered with the headers of a stored GET."""

    http_cache_refused: Literal["stored", "dropped"] = "stored"
    """Whether a response is stored that the CORS check refuses."""

    http_cache_useless: Literal["stored", "dropped"] = "stored"
    """Whether a response is stored that is stale at once, and has nothing to validate it by."""

    http_cache_obsolete_by: Literal["success", "any-status"] = "success"
    """Which answer to an unsafe method makes obsolete what is stored of its URL."""

    origin_hidden_by: Literal["policy", "referrer", "nothing"] = "policy"
    """What turns the `Origin` of a POST that is no cors request into `null`: its referrer policy; that, or
    that it has no referrer; or nothing."""

    # -- the preflight, and its cache ----------------------------------------------------

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

    preflight_judges: Literal["present", "first-asked", "standing"] = "present"
    """What makes a redirected request need a preflight: what it is now; what script asked for; or what was
    the last to need one abroad."""

    preflight_announces: Literal["present", "first-asked", "standing"] = "present"
    """Which headers a redirected request's preflight names: those it has now; those it had at first; or
    those of the last hop abroad that needed one."""

    cache_unit: Literal["name", "response"] = "name"
    """Whether the preflight cache adds up names, or holds the last response of a URL whole."""

    cache_partition: Literal["site", "origin"] = "site"
    """Whether pages share entries if the pages at the top are of one site, or of one origin; then documents
    without an origin share with nobody."""

    cached_wildcard: Literal["any", "literal", "uncredentialed", "by-request"] = "any"
    """What a cached `*` matches: anything but `Authorization`; nothing; the same, if no credentials were
    allowed; or anything at all, for a request without credentials."""

    cached_credentials: Literal["cover", "apart"] = "cover"
    """Whether what was allowed with credentials also serves a request without them."""

    cached_for_opaque: Literal["any", "pages", "one-fetch"] = "any"
    """Which opaque origins the preflight cache serves: all that are sent as `null`; a page's own, but not
    one that redirects have tainted; or a page's own, with what this very fetch has asked for."""

    cache_insufficient: Literal["keep", "erase"] = "keep"
    """What becomes of entries that did not cover a request."""

    cache_cleared_by: frozenset[Literal["preflight", "response", "answer"]] = frozenset(
        {"preflight", "response"}
    )
    """Whose failure clears the cache entries of a URL: the preflight's; that of the request behind it; or any
    answer's, which does not come or fails the CORS check, to a request that needs no preflight too."""

    cache_bypassed_by: frozenset[CacheMode] = frozenset()
    """In which cache modes of a request the preflight cache is not looked at."""

    cache_avoided_by: frozenset[CacheMode] = frozenset()
    """In which cache modes of a request the preflight cache is neither looked at nor changed."""

    cached_url_length: int | None = None
    """From how many characters on a URL is too long to be kept; None is no limit."""

    cache_exempts: frozenset[str] = SAFELISTED_METHODS
    """Methods that the preflight cache need not hold."""

    # -- redirects -----------------------------------------------------------------------

    other_3xx: Literal["final", "redirects"] = "final"
    """Whether statuses from 308 to 399 that mean nothing yet are redirects."""

    redirect_needs: Literal["status", "location"] = "status"
    """What the redirect mode `error` refuses: any redirect status, or one that leads somewhere."""

    empty_location: Literal["same-url", "none", "error"] = "same-url"
    """What an empty Location is: the URL itself, none at all, or an error."""

    equal_locations: Literal["error", "one", "joined"] = "error"
    """What two Locations are: an error where they are followed; one, if they are equal, and else an error of
    the response, whatever its status; or one that is made of both."""

    location_escapes: frozenset[Literal["bytes", "controls"]] = frozenset()
    """What of a Location is percent-encoded before it is parsed: bytes beyond ASCII, control characters."""

    location_judged: Literal["when-followed", "always"] = "when-followed"
    """Whether a Location that is no URL is an error to a request that would not follow it, too."""

    refused_schemes: frozenset[str] = frozenset()
    """Schemes of a Location that are an error to a request that would not follow it, too."""

    location_base: Literal["url", "url-without-userinfo"] = "url"
    """What a Location is relative to."""

    location_userinfo: Literal["followed", "followed-by-xhr", "refused-late"] = "followed"
    """Who may follow a redirect with userinfo that is no cors request: anyone, or XMLHttpRequest; and whether
    one from home is refused only after a preflight where it leads, if there is one."""

    becomes_get_abroad: frozenset[str] = frozenset()
    """Methods that every redirect to another origin turns into GET."""

    redirect_headers: Literal["carried", "given-again", "given-again-abroad"] = "carried"
    """Which headers a redirected request has: those of the one before; those that script gave, less what
    this very redirect removes; or that, but for `Authorization` if it is gone, of a cors request, while of
    others the Content-Type alone comes back."""

    hints_end_abroad: frozenset[str] = frozenset()
    """Names that a redirect to, or within, another origin than the page's removes; lower case."""

    mode_across_origins: Literal["kept", "forgotten"] = "kept"
    """Whether a cors request that a redirect has just led to another origin still has its cache mode; where
    that is forgotten, an event source goes on to say `Cache-Control`, which is a header of its own there."""

    fatal_statuses: frozenset[int] = frozenset()
    """Statuses of a server that are network errors."""

    null_body_statuses: frozenset[int] = NULL_BODY_STATUSES
    """Statuses whose responses have no body, whatever the server sent."""

    origin_after_redirect: Literal["appended-anew", "carried"] = "appended-anew"
    """Whether `Origin` goes on with a request that a redirect at home turned into a GET."""

    first_hop_credentials: Literal["by-tainting", "counted-once-left"] = "by-tainting"
    """Whether the redirects of a request that has left home are checked as if it had credentials; where a
    preflight comes next, after that."""

    no_cors_origin: Literal["own", "null-once-redirected"] = "own"
    """Which origin a POST names that is no cors request and was redirected to another origin."""

    path_escapes: str = ""
    """Characters that are percent-encoded in a URL's path besides those that the URL standard names."""

    opaque_redirect_body: Literal["null", "without-location"] = "null"
    """Whether the body of an opaque redirect can be read if it leads nowhere."""

    # -- responses -----------------------------------------------------------------------

    header_lines: Literal["as-sent", "trimmed-names", "merged", "repaired"] = "as-sent"
    """How a response's header lines are read: as they are; with white space at the end of a name dropped;
    merged, so that an empty one counts for nothing and some headers have but one; or with bytes that are
    not UTF-8 replaced."""

    hidden_headers: frozenset[str] = frozenset()
    """Names that script never sees besides the forbidden response-header names; lower case."""

    misdirected_type: Literal["own", "joined"] = "own"
    """Whether what comes after a 421 has its own Content-Type, or that of the 421 and its own."""

    exposed_reading: Literal["whole", "until-wildcard"] = "whole"
    """Whether a list of exposed names is void for one that is malformed, even for fetch() behind a `*`."""

    wildcard_name_exposes: frozenset[str] = frozenset()
    """What a `*` exposes where credentials make it a name like any other; lower case."""

    local_length: bool = False
    """Whether the response of a data: URL has a Content-Length for fetch()."""

    local_name: Literal["lower-case", "as-written"] = "lower-case"
    """How getAllResponseHeaders() writes the name of a data: URL's `Content-Type`."""

    data_without_cors: Literal["any-redirect-mode", "follow"] = "any-redirect-mode"
    """Whether no-cors mode goes with any redirect mode, as long as the URL is a data: URL."""

    about_blank_without_cors: Literal["opaque", "error"] = "opaque"
    """What `about:blank` is in no-cors mode."""

    url_userinfo: Literal["kept", "dropped"] = "kept"
    """Whether a cors response's `responseURL` has the userinfo that script gave."""

    @cached_property
    def forbidden_response_headers(self) -> frozenset[str]:
        """The names that script never sees, lower case."""
        return FORBIDDEN_RESPONSE_HEADERS | self.hidden_headers

    @cached_property
    def safelist(self) -> Safelist:
        """The facts about request headers, as the safelist takes them."""
        return Safelist(
            self.also_safe, self.bytes_beyond_ascii, self.content_type_reading, self.range_reading,
            self.safelisted_total, "list" if self.equal_names == "merged" else "set",
        )  # fmt: skip


SPEC = EngineProfile()


@attrs.frozen
class Departure:
    """One line of an engine's TOML: a fact, its value there, and how we know."""

    field: str
    step: str
    evidence: str
    value: Any = None  # TOML has no null: a line without a value says None


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
    if name == "spec":
        return SPEC
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
