"""HTTP fetch: https://fetch.spec.whatwg.org/#http-fetch."""

from __future__ import annotations

from corsim.engines import EngineProfile
from corsim.fetching.cors_check import cors_check
from corsim.fetching.cors_preflight_cache import (
    AFTER_INSUFFICIENT,
    SERVED,
    Entries,
    cache_key,
    cache_look,
    is_header_name_match,
    is_method_match,
    matching,
)
from corsim.fetching.cors_preflight_fetch import announced_names, cors_preflight_fetch
from corsim.fetching.filtered_response import AnyResponse, opaque_redirect_filtered_response
from corsim.fetching.flow import Change, FetchParams, Flow, network_error
from corsim.fetching.http_cache import cache_mode
from corsim.fetching.http_network_or_cache_fetch import http_network_or_cache_fetch
from corsim.fetching.http_redirect_fetch import (
    http_redirect_fetch,
    is_redirect,
    leads_somewhere,
    location_url,
)
from corsim.fetching.local_network_access import private_network_request
from corsim.fetching.resource_policy_check import resource_policy_check
from corsim.fetching.tao_check import NOT_ALLOWED, tao_check
from corsim.values.decision import Decision, Reason
from corsim.values.request import Request, serialize_request_origin
from corsim.values.response import NetworkError, Response
from corsim.values.spec import HTTP_FETCH, HTTP_REDIRECT_FETCH
from corsim.values.url import Url

PREFLIGHT_NEEDED = Decision(HTTP_FETCH["4.1"], "a preflight is needed")
PREFLIGHT_CACHED = Decision(HTTP_FETCH["4.1"], "the preflight cache covers the request")
OPAQUE_REDIRECT = Decision(HTTP_FETCH["6.3"], "the redirect is not followed, and is opaque")


def http_fetch(params: FetchParams, make_cors_preflight: bool = False) -> Flow[AnyResponse]:
    """Fetch over HTTP: ask first if need be, send, judge what comes, and follow where it leads.

    https://fetch.spec.whatwg.org/#concept-http-fetch
    """
    # AD-HOC: by an older standard a server on the local network is always asked first.
    if params.profile.local_network == "preflight":
        params.request = yield from private_network_request(params.request)
        make_cors_preflight = make_cors_preflight or params.request.asks_private_network
    request = params.request
    # 3. OUT OF SCOPE: service workers.
    # 4.1. Ask first, unless an earlier answer will do.
    if make_cors_preflight:
        refusal = yield from asked_first(params)
        if refusal is not None:
            return refusal
    if params.refused is not None:
        yield params.refused
        return NetworkError(params.refused)
    # 4.3. Send.
    response = yield from http_network_or_cache_fetch(params)
    if isinstance(response, NetworkError):
        return response
    # 4.4. Whatever the status, a cors response has to be meant for this origin.
    if request.response_tainting == "cors":
        check = cors_check(request, response, serialize_request_origin(request))
        if params.profile.first_hop_credentials != "by-tainting" and check.reason is None:
            check = _checked_with_credentials(params, response, check)
        yield check
        if check.reason is not None:
            return NetworkError(check)
    # 4.5. What one hop hides of its timing is hidden of the whole fetch.
    timing = tao_check(request, response, params.timing_allow_failed)
    yield timing
    if timing is NOT_ALLOWED:
        params.timing_allow_failed = True
    # 5. An opaque response may ask not even to be held.
    if request.response_tainting == "opaque":
        check = resource_policy_check(request, response, params.profile)
        yield check
        if check.reason is not None:
            return NetworkError(check)
    # 6. Redirects, each mode in its own way.
    if not is_redirect(response, params.profile):
        return response
    if request.redirect == "error":
        if not _is_refused(response, params.profile):
            return response
        step = HTTP_FETCH["6.3"]
        return (yield from network_error(step, Reason.REDIRECT_MODE_ERROR, str(response.status)))
    # AD-HOC: a navigation goes on by hand, and so at once.
    if request.redirect == "manual" and request.mode != "navigate":
        return (yield from _opaque_redirect(params, response))
    return (yield from http_redirect_fetch(params, response))


def asked_first(params: FetchParams) -> Flow[NetworkError | None]:
    """Step 4.1: ask the server by a preflight, unless the preflight cache knows what it would say."""
    request = params.request
    entries: Entries = yield cache_look(request, params.profile)
    covered = coverage(params, entries)
    yield covered
    if covered is PREFLIGHT_NEEDED:
        forget = AFTER_INSUFFICIENT[params.profile.cache_insufficient]
        if forget is not None and entries and looks_at_cache(request, params.profile):
            yield Change("preflight cache", cache_key(request, params.profile), forget)
        preflight_response = yield from cors_preflight_fetch(params)
        if isinstance(preflight_response, NetworkError):
            return NetworkError(preflight_response.decision, in_preflight=True)
    return None


def _checked_with_credentials(params: FetchParams, response: Response, passed: Decision) -> Decision:
    """Check the redirect of a request that has left home as if credentials went along.

    AD-HOC: for the engine which does so the preflight of the next hop comes first, if there is one.
    """
    request = params.request
    left_home = bool(request.hops) and request.hops[0].response_tainting == "basic"
    leads_on = is_redirect(response, params.profile) and leads_somewhere(response, params.profile)
    if request.credentials != "same-origin" or not left_home or not leads_on:
        return passed
    check = cors_check(request.but(credentials="include"), response, serialize_request_origin(request))
    if check.reason is None or not params.preflighted:
        return check
    params.refused = check
    return passed


def _is_refused(response: Response, profile: EngineProfile) -> bool:
    """AD-HOC: an engine may refuse only a redirect that leads somewhere."""
    return profile.redirect_needs == "status" or leads_somewhere(response, profile)


def _opaque_redirect(params: FetchParams, response: Response) -> Flow[AnyResponse]:
    """Step 6.3, manual: hold what is not followed. AD-HOC: an engine may look where it leads all the same."""
    request, profile = params.request, params.profile
    location = location_url(response, request.url, profile)
    if isinstance(location, str) and profile.location_judged == "always":
        step = HTTP_REDIRECT_FETCH["5"]
        return (yield from network_error(step, Reason.REDIRECT_LOCATION_INVALID, location))
    if isinstance(location, Url) and location.scheme in profile.refused_schemes:
        step = HTTP_REDIRECT_FETCH["6"]
        return (yield from network_error(step, Reason.REDIRECT_SCHEME, location.href))
    yield OPAQUE_REDIRECT
    body_is_null = bool(response.headers.get("location")) or profile.opaque_redirect_body == "null"
    return opaque_redirect_filtered_response(response, request.url_list, body_is_null)


def looks_at_cache(request: Request, profile: EngineProfile) -> bool:
    """Say whether the preflight cache is asked at all. AD-HOC: an engine may leave it to the cache mode."""
    if not profile.cache_bypassed_by and not profile.cache_avoided_by:
        return True
    mode = cache_mode(request, profile)
    return mode not in profile.cache_bypassed_by and mode not in profile.cache_avoided_by


def coverage(params: FetchParams, entries: Entries) -> Decision:
    """Step 4.1: decide whether the preflight cache allows the method and every unsafe header."""
    request, profile = params.request, params.profile
    mode = request.credentials
    if not looks_at_cache(request, profile):
        return PREFLIGHT_NEEDED
    entries = matching(entries, mode, profile)
    if not entries or not SERVED[profile.cached_for_opaque](request):
        return PREFLIGHT_NEEDED
    if request.method not in profile.cache_exempts or (request.use_cors_preflight and profile.implied_method):
        if not any(is_method_match(entry, request.method, mode, profile) for entry in entries):
            return PREFLIGHT_NEEDED
    for name in announced_names(request, profile):
        if not any(is_header_name_match(entry, name, mode, profile) for entry in entries):
            return PREFLIGHT_NEEDED
    return PREFLIGHT_CACHED
