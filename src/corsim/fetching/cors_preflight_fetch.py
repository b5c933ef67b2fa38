"""CORS-preflight fetch: https://fetch.spec.whatwg.org/#cors-preflight-fetch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from corsim.engines import PreflightStep
from corsim.fetching.cors_check import cors_check
from corsim.fetching.cors_preflight_cache import STORE, Allowance, CacheView, cache_key
from corsim.fetching.flow import Change, FetchParams, Flow, Look
from corsim.fetching.http_network_or_cache_fetch import http_network_or_cache_fetch
from corsim.values.decision import Decision, Reason
from corsim.values.headers import Headers, Malformed, byte_lowercase, extract_delta_seconds, extract_tokens
from corsim.values.methods import SAFELISTED_METHODS
from corsim.values.request import Request, serialize_request_origin, worked_out_once
from corsim.values.response import NetworkError, Response
from corsim.values.safelist import CORS_NON_WILDCARD_REQUEST_HEADERS, unsafe_request_header_names
from corsim.values.spec import CORS_PREFLIGHT_FETCH
from corsim.values.statuses import REDIRECT_STATUSES, is_ok_status
from corsim.values.url import Url

DEFAULT_MAX_AGE = 5     # seconds

OK_STATUS = Decision(CORS_PREFLIGHT_FETCH["7"], "the status is an ok status")
PARSED = Decision(CORS_PREFLIGHT_FETCH["7.3"], "methods and header names can be parsed")
METHOD_IMPLIED = Decision(CORS_PREFLIGHT_FETCH["7.4"], "no methods named: the request's own is cached")
METHOD_ALLOWED = Decision(CORS_PREFLIGHT_FETCH["7.5"], "the method is allowed")
HEADERS_ALLOWED = Decision(CORS_PREFLIGHT_FETCH["7.7"], "every header name is allowed")
DEFAULT_AGE = Decision(CORS_PREFLIGHT_FETCH["7.9"], "no max-age that can be read: 5 seconds")
AGE_LIMITED = Decision(CORS_PREFLIGHT_FETCH["7.10"], "max-age cut to the engine's limit")
STORED = Decision(CORS_PREFLIGHT_FETCH["7.13"], "what it allows is cached")


def cors_preflight_fetch(params: FetchParams) -> Flow[Response | NetworkError]:
    """Ask a server, before sending a request, whether it would take it.

    https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
    """
    request, profile = params.request, params.profile
    # 1. to 5. An OPTIONS request that says what would be sent.
    preflight = preflight_request(request)
    if profile.preflight_origin != "serialized":
        preflight = preflight.but(url_list=PREFLIGHT_URLS[profile.preflight_origin](request))
    # 6. It goes out as any other request, with a fetch params of its own.
    response = yield from http_network_or_cache_fetch(FetchParams(preflight, profile))
    if isinstance(response, NetworkError):
        return response
    # 7. Its answer is judged; the order is the standard's, unless the engine has its own.
    for stage in profile.preflight_order:
        if stage == "store":
            yield from store(params, response)
            continue
        decision = CHECKS[stage](request, preflight, response)
        yield decision
        # 8. The first check that fails is the end.
        if decision.reason is not None:
            return NetworkError(decision)
    return response


@worked_out_once
def preflight_request(request: Request) -> Request:
    """Build the request that asks on behalf of `request`."""
    # 2. and 3. What is asked for first: the method, in the very case it would be sent in.
    pairs = [("Accept", "*/*"), ("Access-Control-Request-Method", request.method)]
    # 4. and 5. The header names, sorted, in lower case, with no space after the comma.
    names = unsafe_request_header_names(request.headers)
    if names:
        pairs.append(("Access-Control-Request-Headers", ",".join(names)))
    # 1. The rest follows the request; credentials mode stays "same-origin", which for cors is none.
    return Request(
        method="OPTIONS", url_list=request.url_list, headers=Headers.of(tuple(pairs)),
        client=request.client, origin=request.origin,
        referrer=request.referrer, referrer_policy=request.referrer_policy,
        response_tainting="cors", initiator_type="preflight",
    )  # fmt: skip


# AD-HOC: an engine's preflight may forget the redirects behind it, and with them that
# they tainted the origin.
PREFLIGHT_URLS: dict[Literal["serialized", "untainted"], Callable[[Request], tuple[Url, ...]]] = {
    "serialized": lambda request: request.url_list,
    "untainted": lambda request: request.url_list[-1:],
}


def check_cors(request: Request, preflight: Request, response: Response) -> Decision:
    """Step 7, first half: a CORS check for the request, under the origin that the preflight gave."""
    return cors_check(request, response, serialize_request_origin(preflight))


def check_status(request: Request, preflight: Request, response: Response) -> Decision:
    """Step 7, second half: an ok status; a redirect is told apart, since it needs another fix."""
    if is_ok_status(response.status):
        return OK_STATUS
    redirect = response.status in REDIRECT_STATUSES
    reason = Reason.PREFLIGHT_REDIRECT if redirect else Reason.PREFLIGHT_STATUS
    return Decision(CORS_PREFLIGHT_FETCH["8"], "network error", reason, str(response.status))


def check_parsing(request: Request, preflight: Request, response: Response) -> Decision:
    """Steps 7.1 to 7.3: both lists have to be lists of tokens."""
    methods = extract_tokens(response.headers, "access-control-allow-methods")
    if isinstance(methods, Malformed):
        return _refused("7.3", Reason.ALLOW_METHODS_MALFORMED, methods.element)
    header_names = extract_tokens(response.headers, "access-control-allow-headers")
    if isinstance(header_names, Malformed):
        return _refused("7.3", Reason.ALLOW_HEADERS_MALFORMED, header_names.element)
    return PARSED


def check_method(request: Request, preflight: Request, response: Response) -> Decision:
    """Step 7.5: the method is safelisted, listed, or covered by `*` where no credentials go."""
    methods = _allowed(response, "access-control-allow-methods")
    if request.method in SAFELISTED_METHODS or request.method in methods:
        return METHOD_ALLOWED
    # 7.4. Of a forced preflight that names no methods, the request's own is taken as named.
    if request.use_cors_preflight and "access-control-allow-methods" not in response.headers:
        return METHOD_ALLOWED
    if request.credentials != "include" and "*" in methods:
        return METHOD_ALLOWED
    return _refused("7.5", Reason.METHOD_NOT_ALLOWED, request.method)


def check_headers(request: Request, preflight: Request, response: Response) -> Decision:
    """Steps 7.6 and 7.7: every unsafe name is listed, or covered by `*`."""
    names = frozenset(map(byte_lowercase, _allowed(response, "access-control-allow-headers")))
    # 7.6. No `*` covers Authorization.
    for name in CORS_NON_WILDCARD_REQUEST_HEADERS:
        if name in request.headers and name not in names:
            return _refused("7.6", Reason.HEADER_NOT_ALLOWED, name)
    # 7.7. It covers the others, where no credentials go.
    if request.credentials != "include" and "*" in names:
        return HEADERS_ALLOWED
    for name in unsafe_request_header_names(request.headers):
        if name not in names:
            return _refused("7.7", Reason.HEADER_NOT_ALLOWED, name)
    return HEADERS_ALLOWED


CHECKS: dict[PreflightStep, Callable[[Request, Request, Response], Decision]] = {
    "cors-check": check_cors,
    "ok-status": check_status,
    "parse": check_parsing,
    "methods": check_method,
    "headers": check_headers,
}


def store(params: FetchParams, response: Response) -> Flow[None]:
    """Remember what the response allows, for as long as it says."""
    request, limit = params.request, params.profile.max_age_limit
    methods = _allowed(response, "access-control-allow-methods")
    # 7.4. So that a forced preflight is not asked again for a method it can't be refused.
    if request.use_cors_preflight and "access-control-allow-methods" not in response.headers:
        yield METHOD_IMPLIED
        methods = (request.method,)
    # 7.8. and 7.9. Without a max-age that can be read, five seconds.
    max_age = extract_delta_seconds(response.headers, "access-control-max-age")
    if max_age is None or isinstance(max_age, Malformed):
        yield DEFAULT_AGE
        max_age = DEFAULT_MAX_AGE
    # 7.10. Engines keep nothing for as long as a server may wish.
    if limit is not None and max_age > limit:
        yield AGE_LIMITED
        max_age = limit
    # 7.11. There is always a cache. 7.12. to 7.15. Which is renewed and added to.
    key = cache_key(request)
    view: CacheView = yield Look("preflight cache", key)
    header_names = _allowed(response, "access-control-allow-headers")
    allowance = Allowance(request.credentials, methods, header_names, max_age)
    yield Change("preflight cache", key, STORE[params.profile.cache_unit](view, allowance))
    yield STORED


def _allowed(response: Response, name: str) -> tuple[str, ...]:
    """The tokens of a list that has been parsed; a missing list is an empty one."""
    tokens = extract_tokens(response.headers, name)
    return tokens if isinstance(tokens, tuple) else ()


def _refused(step: str, reason: Reason, subject: str) -> Decision:
    return Decision(CORS_PREFLIGHT_FETCH[step], "network error", reason, subject)
