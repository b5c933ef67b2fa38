"""CORS-preflight fetch: https://fetch.spec.whatwg.org/#cors-preflight-fetch."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Literal

import attrs

from corsim.engines import EngineProfile, PreflightStep
from corsim.fetching.cors_check import cors_check
from corsim.fetching.cors_preflight_cache import cache_key, store
from corsim.fetching.fetch_metadata import storage_access_header
from corsim.fetching.flow import Change, FetchParams, Flow
from corsim.fetching.http_cache import cache_mode
from corsim.fetching.http_network_or_cache_fetch import http_network_or_cache_fetch
from corsim.fetching.referrer import is_potentially_trustworthy, trimmed
from corsim.values.decision import Decision, Reason
from corsim.values.headers import Headers, Malformed, byte_lowercase, extract_delta_seconds, extract_tokens
from corsim.values.methods import SAFELISTED_METHODS
from corsim.values.origin import same_origin
from corsim.values.request import Referrer, Request, serialize_request_origin, worked_out_for
from corsim.values.response import NetworkError, Response
from corsim.values.safelist import (
    CORS_NON_WILDCARD_REQUEST_HEADERS,
    REQUEST_BODY_HEADERS,
    unsafe_request_header_names,
)
from corsim.values.spec import CORS_PREFLIGHT_FETCH
from corsim.values.statuses import REDIRECT_STATUSES, is_ok_status
from corsim.values.url import Url

DEFAULT_MAX_AGE = 5  # seconds

METHOD_IMPLIED = Decision(CORS_PREFLIGHT_FETCH["7.4"], "no methods named: the request's own is allowed")
METHOD_ALLOWED = Decision(CORS_PREFLIGHT_FETCH["7.5"], "the method is allowed")
HEADERS_ALLOWED = Decision(CORS_PREFLIGHT_FETCH["7.7"], "every header name is allowed")
DEFAULT_AGE = Decision(CORS_PREFLIGHT_FETCH["7.9"], "no max-age that can be read: 5 seconds")
AGE_LIMITED = Decision(CORS_PREFLIGHT_FETCH["7.10"], "max-age cut to the engine's limit")
NOT_KEPT = Decision(CORS_PREFLIGHT_FETCH["7.9"], "no max-age that this engine would keep it for")
STORED = Decision(CORS_PREFLIGHT_FETCH["7.13"], "what it allows is cached")


def cors_preflight_fetch(params: FetchParams) -> Flow[Response | NetworkError]:
    """Ask a server, before sending a request, whether it would take it.

    https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
    """
    request, profile = params.request, params.profile
    # 1. to 5. An OPTIONS request that says what would be sent.
    preflight = preflight_request(request, profile)
    # 6. It goes out as any other request, with a fetch params of its own.
    response = yield from http_network_or_cache_fetch(FetchParams(preflight, profile))
    if isinstance(response, NetworkError):
        return response
    # 7. Its answer is judged; the order is the standard's, unless the engine has its own.
    answer = PreflightAnswer(
        profile,
        request,
        preflight,
        response,
        announced_names(request, profile),
        extract_tokens(response.headers, "access-control-allow-methods"),
        extract_tokens(response.headers, "access-control-allow-headers"),
    )
    for stage in profile.preflight_order:
        if stage == "store":
            yield from remember(params, answer)
            continue
        # 7.4. Of a forced preflight that names no methods, the request's own is taken as named.
        if stage == "methods" and answer.implies_method:
            yield METHOD_IMPLIED
        decision = CHECKS[stage](answer)
        if decision is None:
            continue
        yield decision
        # 8. The first check that fails is the end.
        if decision.reason is not None:
            return NetworkError(decision)
    return response


@worked_out_for
def preflight_request(request: Request, profile: EngineProfile) -> Request:
    """Build the request that asks on behalf of `request`."""
    # 2. and 3. What is asked for first: the method, in the very case it would be sent in.
    pairs = [("Accept", "*/*"), ("Access-Control-Request-Method", request.method)]
    # 4. and 5. The header names, sorted, in lower case, with no space after the comma.
    names = announced_names(request, profile)
    if names:
        pairs.append(("Access-Control-Request-Headers", ",".join(names)))
    if request.asks_private_network:
        pairs.append(("Access-Control-Request-Private-Network", "true"))  # AD-HOC
    if profile.storage_access == "said-until-astray" and is_potentially_trustworthy(request.url):
        straight = request.but(url_list=request.url_list[-1:])
        pairs += storage_access_header(straight, profile)  # AD-HOC
    # 1. The rest follows the request; credentials mode stays "same-origin", which for cors is none.
    # AD-HOC: an engine may give it the request's cache mode, too.
    cache = "default" if profile.preflight_mode == "default" else cache_mode(request, profile)
    return Request(
        method="OPTIONS", url_list=PREFLIGHT_URLS[profile.preflight_origin](request),
        headers=Headers.of(tuple(pairs)),
        client=request.client, origin=request.origin,
        referrer=_referrer(request, profile), referrer_policy=request.referrer_policy,
        response_tainting="cors", initiator_type="preflight", cache=cache,
    )  # fmt: skip


@worked_out_for
def announced_names(request: Request, profile: EngineProfile) -> tuple[str, ...]:
    """List the names that a preflight is about: lower case, sorted."""
    if not request.hops and request.author_headers is None:
        return unsafe_request_header_names(request.headers, profile.safelist)
    return ANNOUNCED[profile.preflight_announces](request, profile)


def standing_preflight(request: Request, profile: EngineProfile) -> tuple[str, ...] | None:
    """Find what is still to be asked on behalf of a redirected request; None is nothing.

    AD-HOC: an engine may settle for each hop abroad whether to ask, by the headers that script gave at first,
    and where that needs no preflight stay with what it asked the last time.
    """
    first = request.as_made
    given = first.headers if first.author_headers is None else first.author_headers
    names = unsafe_request_header_names(given, profile.safelist)
    standing = None
    for last, hop in zip((None, *request.hops), (*request.hops, request), strict=True):
        if hop.response_tainting != "cors":
            continue
        described = set(unsafe_request_header_names(hop.headers, profile.safelist)) & {"content-type"}
        asks = (*names, *(described - set(names)))
        if asks or hop.use_cors_preflight or hop.method not in SAFELISTED_METHODS:
            removed = REQUEST_BODY_HEADERS if last is not None and last.method != hop.method else frozenset()
            removed |= CORS_NON_WILDCARD_REQUEST_HEADERS - hop.headers.index.keys()
            standing = tuple(sorted(name for name in asks if name not in removed))
    return standing


# AD-HOC: after a redirect an engine may still speak of headers that script gave, and that are gone.
ANNOUNCED: dict[
    Literal["present", "first-asked", "standing"], Callable[[Request, EngineProfile], tuple[str, ...]]
] = {
    "present": lambda request, profile: unsafe_request_header_names(request.headers, profile.safelist),
    "first-asked": lambda request, profile: unsafe_request_header_names(
        request.as_made.headers, profile.safelist
    ),
    "standing": lambda request, profile: standing_preflight(request, profile) or (),
}


def _referrer(request: Request, profile: EngineProfile) -> Referrer:
    """AD-HOC: an engine's preflight may say what the first request said of where it came from."""
    if profile.preflight_referrer == "present" or not request.hops:
        return request.referrer
    first = request.as_made
    said = first.referrer if first.given_referrer is None else first.given_referrer
    if said == "client":
        said = request.client.creation_url.without_credentials().without_fragment()
    return trimmed(request.client, said, request.url, profile)


# AD-HOC: an engine's preflight may forget the redirects behind it, and with them that
# they tainted the origin.
PREFLIGHT_URLS: dict[Literal["serialized", "untainted"], Callable[[Request], tuple[Url, ...]]] = {
    "serialized": lambda request: request.url_list,
    "untainted": lambda request: request.url_list[-1:],
}


@attrs.define
class PreflightAnswer:
    """A preflight's response: what was asked, and the two lists in it parsed (steps 7.1 and 7.2)."""

    profile: EngineProfile
    request: Request
    preflight: Request
    response: Response
    unsafe_names: tuple[str, ...]
    methods: tuple[str, ...] | Malformed | None
    header_names: tuple[str, ...] | Malformed | None

    @property
    def implies_method(self) -> bool:
        """Whether 7.4 applies, which no engine has."""
        return self.methods is None and self.request.use_cors_preflight and self.profile.implied_method

    @property
    def allowed_methods(self) -> tuple[str, ...]:
        """The methods named, and by 7.4, of a forced preflight that names none, the request's own."""
        if isinstance(self.methods, tuple):
            return self.methods
        return (self.request.method,) if self.implies_method else ()

    @property
    def allowed_header_names(self) -> tuple[str, ...]:
        """The header names given; a missing list is an empty one."""
        return self.header_names if isinstance(self.header_names, tuple) else ()


def check_cors(answer: PreflightAnswer) -> Decision | None:
    """Step 7, first half: a CORS check for the request, under the origin that the preflight gave."""
    # AD-HOC: an engine that forgets what tainted the origin takes the page's own server for its own.
    preflight = answer.preflight
    if answer.profile.preflight_origin == "untainted" and same_origin(preflight.origin, preflight.url.origin):
        return None
    return cors_check(answer.request, answer.response, serialize_request_origin(preflight))


def check_status(answer: PreflightAnswer) -> Decision | None:
    """Step 7, second half: an ok status; a redirect is told apart, since it needs another fix."""
    status = answer.response.status
    if is_ok_status(status):
        return check_private_network(answer) if answer.request.asks_private_network else None
    reason = Reason.PREFLIGHT_REDIRECT if status in REDIRECT_STATUSES else Reason.PREFLIGHT_STATUS
    return _refused("8", reason, str(status))


def check_private_network(answer: PreflightAnswer) -> Decision | None:
    """AD-HOC: a server on the local network has to say that it lets in public pages."""
    said = answer.response.headers.get("access-control-allow-private-network", "")
    if said == "true":
        return None
    return _refused("8", Reason.PRIVATE_NETWORK_NOT_ALLOWED, said)


def check_parsing(answer: PreflightAnswer) -> Decision | None:
    """Step 7.3: both lists have to be lists of tokens."""
    if isinstance(answer.methods, Malformed):
        return _refused("7.3", Reason.ALLOW_METHODS_MALFORMED, answer.methods.element)
    if isinstance(answer.header_names, Malformed):
        return _refused("7.3", Reason.ALLOW_HEADERS_MALFORMED, answer.header_names.element)
    return None


def check_method(answer: PreflightAnswer) -> Decision:
    """Step 7.5: the method is safelisted, listed, or covered by `*` where no credentials go."""
    request, methods = answer.request, answer.allowed_methods
    if request.method in SAFELISTED_METHODS or request.method in methods:
        return METHOD_ALLOWED
    if request.credentials != "include" and "*" in methods:
        return METHOD_ALLOWED
    return _refused("7.5", Reason.METHOD_NOT_ALLOWED, request.method)


def check_headers(answer: PreflightAnswer) -> Decision | None:
    """Steps 7.6 and 7.7: every unsafe name is listed, or covered by `*`."""
    request = answer.request
    if not answer.unsafe_names:
        return None
    names = frozenset(map(byte_lowercase, answer.allowed_header_names))
    wildcard = request.credentials != "include" and "*" in names
    # 7.6. No `*` covers Authorization. AD-HOC: in engines it does.
    if not (wildcard and answer.profile.wildcard_covers_authorization):
        for name in CORS_NON_WILDCARD_REQUEST_HEADERS:
            if name in answer.unsafe_names and name not in names:
                return _refused("7.6", Reason.HEADER_NOT_ALLOWED, name)
    # 7.7. It covers the others, where no credentials go.
    if wildcard:
        return HEADERS_ALLOWED
    for name in answer.unsafe_names:
        if name not in names:
            return _refused("7.7", Reason.HEADER_NOT_ALLOWED, name)
    return HEADERS_ALLOWED


CHECKS: dict[PreflightStep, Callable[[PreflightAnswer], Decision | None]] = {
    "cors-check": check_cors,
    "ok-status": check_status,
    "parse": check_parsing,
    "methods": check_method,
    "headers": check_headers,
}


def remember(params: FetchParams, answer: PreflightAnswer) -> Flow[None]:
    """Steps 7.8 to 7.15: remember what the answer allows, for as long as it says."""
    request, profile = answer.request, params.profile
    # 7.8. and 7.9. Without a max-age that can be read, five seconds.
    max_age = extract_delta_seconds(answer.response.headers, "access-control-max-age")
    max_age = MAX_AGE[profile.max_age_reading](max_age)
    if isinstance(max_age, Malformed):
        yield NOT_KEPT
        return
    if max_age is None:
        yield DEFAULT_AGE
        max_age = DEFAULT_MAX_AGE
    # 7.10. Engines keep nothing for as long as a server may wish.
    if profile.max_age_limit is not None and max_age > profile.max_age_limit:
        yield AGE_LIMITED
        max_age = profile.max_age_limit
    # 7.11. There is always a cache. AD-HOC: to an engine not in every cache mode, or for every URL.
    limit = profile.cached_url_length
    if avoids_cache(request, profile) or (limit is not None and len(request.url.href) >= limit):
        return
    # 7.12. to 7.15. Which is renewed and added to.
    yield STORED
    methods, header_names = answer.allowed_methods, answer.allowed_header_names
    change = partial(store, profile, request.credentials, methods, header_names, max_age)
    yield Change("preflight cache", cache_key(request, profile), change)


def avoids_cache(request: Request, profile: EngineProfile) -> bool:
    """Say whether a request leaves the preflight cache alone, both ways."""
    return bool(profile.cache_avoided_by) and cache_mode(request, profile) in profile.cache_avoided_by


def _signed(max_age: int | Malformed | None) -> int | Malformed | None:
    """AD-HOC: an engine may read a signed number of 64 bits: `+60` is one, and of `-1` nothing is left."""
    if isinstance(max_age, Malformed):
        if not SIGNED.fullmatch(max_age.element):
            return None
        sign, digits = max_age.element[0], max_age.element[1:].lstrip("0")
        max_age = int(digits[:20] or "0")  # 20 digits are too many already
        if sign == "-":
            return 0 if max_age <= 2**63 else None
    return None if max_age is not None and max_age >= 2**63 else max_age


def _strict(max_age: int | Malformed | None) -> int | Malformed | None:
    """AD-HOC: an engine may keep nothing of an answer whose max-age is 0 or can't be read."""
    if isinstance(max_age, Malformed) and not max_age.element:
        return None
    return Malformed("0") if max_age == 0 else max_age


# What is made of a max-age: a number, None for the default, or Malformed for not keeping anything.
MAX_AGE: dict[
    Literal["lenient", "signed", "strict"],
    Callable[[int | Malformed | None], int | Malformed | None],
] = {
    "lenient": lambda max_age: None if isinstance(max_age, Malformed) else max_age,
    "signed": _signed,
    "strict": _strict,
}
SIGNED = re.compile(r"[+-][0-9]+")


def _refused(step: str, reason: Reason, subject: str) -> Decision:
    return Decision(CORS_PREFLIGHT_FETCH[step], "network error", reason, subject)
