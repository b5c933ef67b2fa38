"""HTTP-redirect fetch: https://fetch.spec.whatwg.org/#http-redirect-fetch."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from corsim.engines import SPEC, EngineProfile
from corsim.fetching import main_fetch as main  # the circle: see corsim.fetching
from corsim.fetching.filtered_response import AnyResponse
from corsim.fetching.flow import FetchParams, Flow, network_error
from corsim.fetching.referrer import referrer_policy_of
from corsim.values.decision import Decision, Reason
from corsim.values.headers import Headers
from corsim.values.origin import same_origin
from corsim.values.request import Referrer, Request
from corsim.values.response import Response
from corsim.values.safelist import CORS_NON_WILDCARD_REQUEST_HEADERS, REQUEST_BODY_HEADERS
from corsim.values.spec import HTTP_REDIRECT_FETCH
from corsim.values.statuses import REDIRECT_STATUSES
from corsim.values.url import Url, parse_url

MAX_REDIRECTS = 20

NO_LOCATION = Decision(HTTP_REDIRECT_FETCH["4"], "no Location: the redirect is the answer")
BECOMES_GET = Decision(HTTP_REDIRECT_FETCH["12"], "goes on as a GET without a body")
DROPS_AUTHORIZATION = Decision(HTTP_REDIRECT_FETCH["13"], "goes on without Authorization")
FOLLOWED = Decision(HTTP_REDIRECT_FETCH["22"], "the redirect is followed")


def http_redirect_fetch(params: FetchParams, response: Response) -> Flow[AnyResponse]:
    """Follow a redirect, or refuse to.

    https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
    """
    request = params.request
    # 3. and 4. No Location is no redirect after all.
    location = location_url(response, request.url, params.profile)
    if location is None:
        yield NO_LOCATION
        return response
    # 5. to 11. The reasons not to follow.
    refusal = _refusal(request, location, response.status, params.profile)
    if refusal is not None:
        leaves_home = request.response_tainting == "basic" and refusal[1] is Reason.REDIRECT_WITH_CREDENTIALS
        if not leaves_home or params.profile.location_userinfo != "refused-late":
            return (yield from network_error(HTTP_REDIRECT_FETCH[refusal[0]], *refusal[1:]))
        # AD-HOC: an engine may ask where it leads before it refuses to leave home for there.
        params.refused = Decision(HTTP_REDIRECT_FETCH[refusal[0]], "network error", *refusal[1:])
    assert isinstance(location, Url)
    abroad = not same_origin(request.url.origin, location.origin)
    # 14. The body goes along, as a copy.
    method, body = request.method, request.body
    headers = REDIRECTED_HEADERS[params.profile.redirect_headers](request, response, location)
    # 12. A redirected POST may become a GET, which has no body and no headers about one.
    becomes_get = _becomes_get(method, response.status)
    if becomes_get or (abroad and method in params.profile.becomes_get_abroad):
        yield BECOMES_GET
        method, body = "GET", None
    if becomes_get or _would_again(request, response, params.profile):
        headers = headers.without(REQUEST_BODY_HEADERS)
    # 13. `Authorization` is dropped when the origin changes.
    if abroad:
        headers = yield from _without_authorization(headers)
    # AD-HOC: with an engine, what it knows of the device, too.
    if params.profile.hints_end_abroad and not same_origin(request.origin, location.origin):
        headers = headers.without(params.profile.hints_end_abroad)
    # 15. to 17. OUT OF SCOPE: timing.
    # 18. and 19. Where it goes on to, and what it will say of where it came from.
    policy = referrer_policy_of(response)
    params.request = request.but(
        method=method,
        body=body,
        headers=headers,
        redirect_count=request.redirect_count + 1,
        url_list=(*request.url_list, location),
        referrer=_goes_on_with(request, policy, params.profile),
        referrer_policy=policy or request.referrer_policy,
        hops=(*request.hops, request),
    )
    yield FOLLOWED
    # 20. and 21. AD-HOC: a navigation, which alone follows a redirect by hand, goes on here like all others.
    # 22. Back to the beginning, with all that has been gathered.
    return (yield from main.main_fetch(params, recursive=True))


def _goes_on_with(request: Request, policy: str, profile: EngineProfile) -> Referrer:
    """Find what the next request starts from. AD-HOC: an engine may have trimmed it for the wire alone."""
    given = request.given_referrer
    if given is None or (policy and profile.foreign_referrer == "by-default-policy"):
        return request.referrer
    return given


def is_redirect(response: Response, profile: EngineProfile = SPEC) -> bool:
    """Say whether a response is a redirect. AD-HOC: to an engine some may be that have another status."""
    if response.status in REDIRECT_STATUSES:
        return True
    unknown = profile.other_3xx == "redirects" and 308 < response.status < 400
    return unknown and leads_somewhere(response, profile)


def leads_somewhere(response: Response, profile: EngineProfile) -> bool:
    """Say whether a redirect names another place. AD-HOC: an empty Location may be as good as none."""
    values = response.headers.get_all("location")
    if not values or profile.empty_location == "same-url":
        return bool(values)
    return LOCATION[profile.equal_locations](values) != ""


def location_url(response: Response, url: Url, profile: EngineProfile = SPEC) -> Url | str | None:
    """Find where the answer of `url` leads: a URL, None without a Location, or a value that is no URL.

    https://fetch.spec.whatwg.org/#concept-response-location-url
    """
    # 1. Only a redirect leads anywhere.
    if not is_redirect(response, profile):
        return None
    # 2. Two Locations are none. AD-HOC: the value need not match RFC 9110's grammar; none did.
    values = response.headers.get_all("location")
    if not values:
        return None
    value = LOCATION[profile.equal_locations](values)
    # AD-HOC: an engine may not take an empty one for the URL that it is relative to.
    if value == "" and profile.empty_location != "same-url":
        return None if profile.empty_location == "none" else ""
    # 3. Relative to the URL that answered.
    base = url if profile.location_base == "url" else url.without_credentials()  # AD-HOC
    location = None if value is None else parse_url(_escaped(value, profile), base)
    if location is None:
        return ", ".join(values)
    location = location.with_path_escaped(profile.path_escapes)
    # 4. and 5. A fragment is handed on, unless there is a new one.
    if location.fragment is None and url.fragment is not None:
        return location.with_fragment(url.fragment)
    return location


# AD-HOC: what engines make of two Locations. Of two that differ, where one is expected, nobody gets to hear.
LOCATION: dict[Literal["error", "one", "joined"], Callable[[list[str]], str | None]] = {
    "error": lambda values: values[0] if len(values) == 1 else None,
    "one": lambda values: values[0],
    "joined": ", ".join,
}


def _escaped(location: str, profile: EngineProfile) -> str:
    """AD-HOC: an engine may percent-encode the bytes of a Location that are no printable ASCII."""
    for kind in profile.location_escapes:
        location = _ESCAPES[kind].sub(lambda match: f"%{ord(match[0]):02X}", location)
    return location


_ESCAPES = {"bytes": re.compile("[\x80-\xff]"), "controls": re.compile("[\x00-\x1f]")}


def _refusal(
    request: Request, location: Url | str, status: int, profile: EngineProfile
) -> tuple[str, Reason, str] | None:
    """Find the first step that refuses to follow, with its reason and the value at fault."""
    # 5. A Location that is no URL.
    if isinstance(location, str):
        return "5", Reason.REDIRECT_LOCATION_INVALID, location
    # 6. A way out of HTTP.
    if not location.is_http:
        return "6", Reason.REDIRECT_SCHEME, location.href
    # 7. Enough is enough.
    if request.redirect_count == MAX_REDIRECTS:
        return "7", Reason.TOO_MANY_REDIRECTS, location.href
    # 9. and 10. Userinfo would hand credentials to another origin.
    if location.includes_credentials:
        if request.mode == "cors" and not same_origin(request.origin, location.origin):
            return "9", Reason.REDIRECT_WITH_CREDENTIALS, location.href
        # AD-HOC: to an engine that may be wherever it leads.
        never = profile.location_userinfo == "followed-by-xhr" and request.initiator_type == "fetch"
        if request.response_tainting == "cors" or never:
            return "10", Reason.REDIRECT_WITH_CREDENTIALS, location.href
    # 11. A stream can be read only once; a 303 goes on without it.
    if request.is_streamed and request.body is not None and status != 303:
        return "11", Reason.STREAMED_BODY, str(status)
    return None


def _becomes_get(method: str, status: int) -> bool:
    """Say whether a redirect turns a method into GET: 303 most, 301 and 302 only POST."""
    if status == 303:
        return method not in ("GET", "HEAD")
    return status in (301, 302) and method == "POST"


def _given_again(request: Request, response: Response, location: Url) -> Headers:
    """What script gave; and what the body brought, as long as there is one; a beacon's goes on as it is."""
    first = request.as_made
    if request.initiator_type == "beacon":
        return request.headers
    given = first.author_headers
    if given is None:
        return first.headers
    if request.body is None or _becomes_get(request.method, response.status):
        return first.headers.without(REQUEST_BODY_HEADERS - given.index.keys())
    own = given.get("content-type")
    return first.headers if own is None else first.headers.set("Content-Type", own)


def _given_again_abroad(request: Request, response: Response, location: Url) -> Headers:
    """What script gave, but for an `Authorization` that was removed; elsewhere, its Content-Type alone."""
    given = request.as_made.headers
    if request.mode == "no-cors" or _stays_home(request, location):
        comes_back = request.method == "GET" and response.status in (307, 308) and "content-type" in given
        return request.headers.set("Content-Type", given["content-type"]) if comes_back else request.headers
    return given if "authorization" in request.headers else given.without(CORS_NON_WILDCARD_REQUEST_HEADERS)


def _stays_home(request: Request, location: Url) -> bool:
    return request.response_tainting == "basic" and same_origin(request.origin, location.origin)


# Which headers a redirect starts from. AD-HOC: an engine may take those that script gave, each time anew.
REDIRECTED_HEADERS: dict[
    Literal["carried", "given-again", "given-again-abroad"],
    Callable[[Request, Response, Url], Headers],
] = {
    "carried": lambda request, response, location: request.headers,
    "given-again": _given_again,
    "given-again-abroad": _given_again_abroad,
}


def _would_again(request: Request, response: Response, profile: EngineProfile) -> bool:
    """AD-HOC: who starts from script's headers asks what this redirect makes of script's method, too."""
    if profile.redirect_headers != "given-again" or not request.hops:
        return False
    return _becomes_get(request.hops[0].method, response.status)


def _without_authorization(headers: Headers) -> Flow[Headers]:
    """Drop `Authorization`: a token meant for one origin is not for the next."""
    kept = headers.without(CORS_NON_WILDCARD_REQUEST_HEADERS)
    if kept is not headers:
        yield DROPS_AUTHORIZATION
    return kept
