"""Main fetch: https://fetch.spec.whatwg.org/#main-fetch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import attrs

from corsim.engines import SPEC, EngineProfile
from corsim.fetching.content_security_policy import blocking_directive, upgraded_by_policy
from corsim.fetching.cors_preflight_cache import cache_key, clear
from corsim.fetching.cors_preflight_fetch import standing_preflight
from corsim.fetching.filtered_response import (
    AnyResponse,
    FilteredResponse,
    basic_filtered_response,
    cors_filtered_response,
    opaque_filtered_response,
)
from corsim.fetching.flow import Change, FetchParams, Flow, network_error
from corsim.fetching.http_fetch import http_fetch
from corsim.fetching.integrity import integrity_check
from corsim.fetching.mime_type_check import SCRIPT_LIKE, mime_type_check
from corsim.fetching.mixed_content import is_mixed_content, upgraded
from corsim.fetching.nosniff_check import nosniff_check
from corsim.fetching.opaque_response_blocking import opaque_response_check
from corsim.fetching.referrer import TRIMMED_ON_THE_WIRE, determine_referrer
from corsim.fetching.scheme_fetch import scheme_fetch
from corsim.values.decision import Decision, Reason
from corsim.values.headers import Malformed, byte_lowercase, extract_tokens
from corsim.values.methods import SAFELISTED_METHODS
from corsim.values.origin import same_origin
from corsim.values.ports import is_bad_port
from corsim.values.request import Request, Tainting, worked_out_for
from corsim.values.response import NetworkError, Response
from corsim.values.safelist import unsafe_request_header_names
from corsim.values.spec import CORS_CHECK, HTTP_NETWORK_FETCH, HTTP_REDIRECT_FETCH, MAIN_FETCH
from corsim.values.url import Url

BASIC = Decision(MAIN_FETCH["14.2"], "basic: script sees all but the cookies")
OPAQUE = Decision(MAIN_FETCH["14.2"], "opaque: script sees nothing")
EXPOSES_SAFELISTED = Decision(MAIN_FETCH["14.2"], "cors: script sees the safelisted headers")
EXPOSES_ALL = Decision(MAIN_FETCH["14.1.2"], "cors: script sees all headers but the cookies")
EXPOSES_LISTED = Decision(MAIN_FETCH["14.1.3"], "cors: script sees the safelisted and the listed headers")
EXPOSES_MALFORMED = Decision(
    MAIN_FETCH["14.1.1"], "cors: the list of exposed headers is malformed, so it exposes none"
)
NOTHING: frozenset[str] = frozenset()
CLEARED = Decision(MAIN_FETCH["12.3"], "the cache entries of the URL are cleared")
NO_BODY = Decision(MAIN_FETCH["22"], "there is no body")

JUDGED_BY_TYPE = SCRIPT_LIKE | {"style"}  # by their destination


def main_fetch(params: FetchParams, recursive: bool = False) -> Flow[AnyResponse]:
    """Fetch: classify the request, run the algorithm of its class, and filter what comes back.

    https://fetch.spec.whatwg.org/#concept-main-fetch
    """
    # 3. and 4. OUT OF SCOPE: local-URLs-only, reports.
    # 5. to 12. Whether it is upgraded or blocked, what is said of the page, and the row that matches.
    row, params.request = prepared(params.request, params.profile)
    if params.request.hops or params.request.author_headers is not None:
        row = REJUDGED[params.profile.preflight_judges](row, params.request, params.profile)
        if params.profile.mixed_redirects == "asked-about" and is_mixed_content(
            params.request, params.profile
        ):
            row = MIXED_BUT_ASKED if row.route is _with_preflight else MIXED_CONTENT
    yield row.decision
    response = yield from row.route(params)
    # 13. A redirect's response is filtered where the chain began.
    if recursive or isinstance(response, NetworkError):
        return response
    request = params.request
    # AD-HOC: an engine looks whether it can be for an element at all, before it comes near the page.
    if request.response_tainting == "opaque" and request.destination and isinstance(response, Response):
        refusal = yield from _kept_back(request, response, params.profile)
        if refusal is not None:
            return refusal
    # 14. What script gets to see of it.
    if isinstance(response, Response):
        exposure, response = filtered(request, response, params.profile)
        if params.profile is not SPEC:
            response = _as_shown(response, params.profile)
        yield exposure
    # 15. to 19. OUT OF SCOPE: timing, navigations; and what only a service worker can answer with.
    # 20. What is for an element has to be of its type.
    if request.destination in JUDGED_BY_TYPE:
        refusal = yield from _refused_by_type(request, response.internal, params.profile)
        if refusal is not None:
            return refusal
    # 21. OUT OF SCOPE: only a service worker can answer with a part that was not asked for.
    # 22. Some responses have no body, whatever the server sent.
    if response.internal.status in params.profile.null_body_statuses or request.method == "HEAD":
        yield NO_BODY
        response = attrs.evolve(response, body_is_null=True)
    # 23. A body has to be the one that was meant.
    if request.integrity:
        check = integrity_check(request, response)
        yield check
        if check.reason is not None:
            return NetworkError(check)
    # 24. OUT OF SCOPE: the tasks of a real event loop.
    return response


def _kept_back(request: Request, response: Response, profile: EngineProfile) -> Flow[NetworkError | None]:
    if profile.opaque_responses == "passed":
        return None
    check = opaque_response_check(request, response, profile)
    yield check
    return None if check.reason is None else NetworkError(check)


def _refused_by_type(
    request: Request, response: Response, profile: EngineProfile
) -> Flow[NetworkError | None]:
    """Step 20: look whether a script or a stylesheet is called something else."""
    if request.destination != "style":
        check = mime_type_check(request, response, profile)
        yield check
        if check.reason is not None:
            return NetworkError(check)
    check = nosniff_check(request, response, profile)
    yield check
    return None if check.reason is None else NetworkError(check)


@worked_out_for
def prepared(request: Request, profile: EngineProfile) -> tuple[Row, Request]:
    """Work out what depends on nothing but the request and the engine: steps 5 to 12."""
    # 5. The page may have everything go over https.
    if request.client.policies:
        request = upgraded_by_policy(request, profile)
    # 6. Images and media go over https instead.
    request = upgraded(request, profile)
    # 7. Ports on which HTTP could be taken for another protocol.
    if BAD_PORT.matches(request, profile):
        return BAD_PORT, request
    # 7. Pages over https ask nothing over http.
    # AD-HOC: an engine may first ask where a redirect leads to.
    asks = bool(request.hops) and profile.mixed_redirects == "asked-about"
    if MIXED_CONTENT.matches(request, profile) and not asks:
        return MIXED_CONTENT, request
    # 7. The page itself says what it asks for, and whom.
    if CSP.matches(request, profile):
        return CSP, request
    # 8. and 9. The referrer policy is the page's unless script gave one; it says what the referrer is.
    policy = request.referrer_policy or request.client.referrer_policy
    by_script = request.initiator_type in ("fetch", "xmlhttprequest")
    referrer = determine_referrer(request.client, request.referrer, policy, request.url, profile, by_script)
    # 10. OUT OF SCOPE: HSTS.
    # 12. The row decides on the tainting; a row that refuses leaves it.
    row = classify(request, profile)
    if row is SIMPLE and "answer" in profile.cache_cleared_by:
        row = SIMPLE_BUT_CLEARING
    tainting = row.tainting or request.response_tainting
    # AD-HOC: an engine that trims what an unsafe policy allows does so on the wire alone.
    if policy in TRIMMED_ON_THE_WIRE[profile.foreign_referrer] and isinstance(referrer, Url):
        request = request.but(given_referrer=request.referrer)
    elif request.given_referrer is not None:
        request = request.but(given_referrer=None)
    return row, request.but(referrer=referrer, referrer_policy=policy, response_tainting=tainting)


@attrs.frozen
class Row:
    """One row of step 12's switch: when it applies, what it means, what runs."""

    name: str
    matches: Callable[[Request, EngineProfile], bool]
    tainting: Tainting | None
    route: Callable[[FetchParams], Flow[AnyResponse]]
    decision: Decision = attrs.field(init=False)

    @decision.default
    def _decision(self) -> Decision:
        return Decision(MAIN_FETCH["12"], self.name)


def classify(request: Request, profile: EngineProfile = SPEC) -> Row:
    """Find the first row of step 12 that matches; the last matches everything."""
    return next(row for row in SWITCH if row.matches(request, profile))


def _bad_port(params: FetchParams) -> Flow[AnyResponse]:
    subject = str(params.request.url.port)
    return (yield from network_error(MAIN_FETCH["7"], Reason.BAD_PORT, subject))


def _mixed_content(params: FetchParams) -> Flow[AnyResponse]:
    subject = params.request.url.href
    return (yield from network_error(MAIN_FETCH["7"], Reason.MIXED_CONTENT, subject))


def _blocked_by_policy(params: FetchParams) -> Flow[AnyResponse]:
    directive = blocking_directive(params.request, params.profile) or ""
    return (yield from network_error(MAIN_FETCH["7"], Reason.CONTENT_SECURITY_POLICY, directive))


def _is_blocked_by_policy(request: Request, profile: EngineProfile) -> bool:
    return bool(request.client.policies) and blocking_directive(request, profile) is not None


def _mixed_but_asked(params: FetchParams) -> Flow[AnyResponse]:
    """AD-HOC: an engine may block it only behind the preflight."""
    subject = params.request.url.href
    params.refused = Decision(MAIN_FETCH["7"], "blocked", Reason.MIXED_CONTENT, subject)
    return (yield from _with_preflight(params))


def _same_origin_mode(params: FetchParams) -> Flow[AnyResponse]:
    origin = str(params.request.url.origin)
    return (yield from network_error(MAIN_FETCH["12"], Reason.SAME_ORIGIN_MODE, origin))


def _no_cors(params: FetchParams) -> Flow[AnyResponse]:
    """A redirect that is not followed would tell a page where a foreign URL leads."""
    if params.request.redirect != "follow":
        redirect = params.request.redirect
        return (yield from network_error(MAIN_FETCH["12"], Reason.NO_CORS_REDIRECT_MODE, redirect))
    return (yield from scheme_fetch(params))


def _not_http(params: FetchParams) -> Flow[AnyResponse]:
    scheme = params.request.url.scheme
    return (yield from network_error(MAIN_FETCH["12"], Reason.SCHEME_NOT_HTTP, scheme))


def _with_preflight(params: FetchParams) -> Flow[AnyResponse]:
    params.preflighted = True
    response = yield from http_fetch(params, make_cors_preflight=True)
    # 12.3. By now the request may be a later hop's: it is the final URL whose entries go.
    if isinstance(response, NetworkError) and _clears(response, params.profile):
        yield Change("preflight cache", cache_key(params.request, params.profile), clear)
        yield CLEARED
    return response


def _clears(error: NetworkError, profile: EngineProfile) -> bool:
    """AD-HOC: of what goes wrong, not all clears an engine's cache."""
    algorithm = error.decision.step.algorithm
    if "answer" in profile.cache_cleared_by and algorithm in (
        CORS_CHECK,
        HTTP_NETWORK_FETCH,
        HTTP_REDIRECT_FETCH,
    ):
        return True
    return ("preflight" if error.in_preflight else "response") in profile.cache_cleared_by


def _simple_but_clearing(params: FetchParams) -> Flow[AnyResponse]:
    """AD-HOC: an engine may clear the cache entries of a URL that was never asked about."""
    response = yield from http_fetch(params)
    if isinstance(response, NetworkError) and _clears(response, params.profile):
        yield Change("preflight cache", cache_key(params.request, params.profile), clear)
    return response


def _needs_preflight(request: Request, profile: EngineProfile) -> bool:
    """Say whether script chose a method or a header that a plain form could not send."""
    if not request.unsafe_request:
        return False
    unsafe_names = unsafe_request_header_names(request.headers, profile.safelist)
    return request.method not in SAFELISTED_METHODS or bool(unsafe_names)


def _is_data(request: Request, profile: EngineProfile) -> bool:
    """AD-HOC: to an engine a data: URL may be foreign in no-cors mode, if its redirects are not followed."""
    is_judged = request.mode == "no-cors" and profile.data_without_cors == "follow"
    return request.url.scheme == "data" and not (is_judged and request.redirect != "follow")


# Before the switch, and like rows of it.
BAD_PORT = Row("a bad port", lambda request, _: is_bad_port(request.url), None, _bad_port)
MIXED_CONTENT = Row("mixed content", is_mixed_content, None, _mixed_content)
CSP = Row("Content Security Policy", _is_blocked_by_policy, None, _blocked_by_policy)
MIXED_BUT_ASKED = Row(MIXED_CONTENT.name, is_mixed_content, None, _mixed_but_asked)

SWITCH = (
    Row(
        "same-origin",
        lambda request, _: (
            request.response_tainting == "basic" and same_origin(request.url.origin, request.origin)
        ),
        "basic",
        scheme_fetch,
    ),
    Row("a data: URL", _is_data, "basic", scheme_fetch),
    # OUT OF SCOPE: WebTransport, which is of the same row.
    Row("a navigation", lambda request, _: request.mode == "navigate", "basic", scheme_fetch),
    Row("a WebSocket", lambda request, _: request.mode == "websocket", "basic", scheme_fetch),
    Row(
        "cross-origin in same-origin mode",
        lambda request, _: request.mode == "same-origin",
        None,
        _same_origin_mode,
    ),
    Row("cross-origin in no-cors mode", lambda request, _: request.mode == "no-cors", "opaque", _no_cors),
    Row("a scheme that CORS does not know", lambda request, _: not request.url.is_http, None, _not_http),
    Row(
        "cross-origin, with a forced preflight",
        lambda request, _: request.use_cors_preflight,
        "cors",
        _with_preflight,
    ),
    TO_BE_PREFLIGHTED := Row("cross-origin, to be preflighted", _needs_preflight, "cors", _with_preflight),
    SIMPLE := Row("cross-origin, simple", lambda request, _: True, "cors", http_fetch),
)


SIMPLE_BUT_CLEARING = Row(SIMPLE.name, SIMPLE.matches, SIMPLE.tainting, _simple_but_clearing)


def _as_first_asked(row: Row, request: Request, profile: EngineProfile) -> Row:
    """AD-HOC: an engine may still ask for what redirects have removed.

    That is for the headers that script gave, and for a method that was sent abroad.
    """
    abroad = [hop.method for hop in request.hops if hop.response_tainting == "cors"]
    unsafe_names = unsafe_request_header_names(request.as_made.headers, profile.safelist)
    asks = bool(unsafe_names) or not SAFELISTED_METHODS.issuperset(abroad)
    return TO_BE_PREFLIGHTED if row.name == SIMPLE.name and asks else row


def _as_stands(row: Row, request: Request, profile: EngineProfile) -> Row:
    """AD-HOC: or for what it has been asking for all along."""
    if row.name == SIMPLE.name and standing_preflight(request, profile) is not None:
        return TO_BE_PREFLIGHTED
    return row


REJUDGED: dict[
    Literal["present", "first-asked", "standing"], Callable[[Row, Request, EngineProfile], Row]
] = {
    "present": lambda row, request, profile: row,
    "first-asked": _as_first_asked,
    "standing": _as_stands,
}


def filtered(
    request: Request, response: Response, profile: EngineProfile = SPEC
) -> tuple[Decision, FilteredResponse]:
    """Step 14: show script no more than the tainting allows."""
    url_list = request.url_list
    if request.response_tainting == "basic":
        return BASIC, basic_filtered_response(response, url_list)
    if request.response_tainting == "opaque":
        return OPAQUE, opaque_filtered_response(response)
    # 14.1. The header names that the server exposes.
    names = extract_tokens(response.headers, "access-control-expose-headers")
    if isinstance(names, Malformed) and _is_read_until_wildcard(request, names, profile):
        names = ("*",)
    if names is None:
        return EXPOSES_SAFELISTED, cors_filtered_response(response, url_list, NOTHING)
    if isinstance(names, Malformed):
        return EXPOSES_MALFORMED, cors_filtered_response(response, url_list, NOTHING)
    if request.credentials != "include" and "*" in names:
        return EXPOSES_ALL, cors_filtered_response(response, url_list, frozenset(response.headers.index))
    exposed = frozenset(map(byte_lowercase, names))
    if "*" in exposed:
        exposed |= profile.wildcard_name_exposes
    return EXPOSES_LISTED, cors_filtered_response(response, url_list, exposed)


def _as_shown(response: FilteredResponse, profile: EngineProfile) -> FilteredResponse:
    """AD-HOC: an engine may show less of a response than the standard does."""
    if profile.url_userinfo == "dropped" and response.type == "cors" and len(response.url_list) == 1:
        response = attrs.evolve(response, url_list=(response.url_list[0].without_credentials(),))
    if profile.local_name == "as-written" and response.url_list and response.url_list[0].scheme == "data":
        response = attrs.evolve(response, names_are_spelled=True)
    if profile.hidden_headers:
        response = attrs.evolve(response, forbidden=profile.forbidden_response_headers)
    return response


def _is_read_until_wildcard(request: Request, names: Malformed, profile: EngineProfile) -> bool:
    """AD-HOC: an engine may read no further than to a `*` that counts."""
    counts = request.credentials != "include" and names.after_wildcard
    return counts and request.initiator_type == "fetch" and profile.exposed_reading == "until-wildcard"
