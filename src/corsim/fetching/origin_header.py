"""The `Origin` header: https://fetch.spec.whatwg.org/#origin-header."""

from __future__ import annotations

from corsim.engines import SPEC, EngineProfile
from corsim.values.origin import TupleOrigin, same_origin
from corsim.values.request import Request, serialize_request_origin

_DOWNGRADE_SENSITIVE = frozenset(
    {"no-referrer-when-downgrade", "strict-origin", "strict-origin-when-cross-origin"}
)


def request_origin_header(request: Request, profile: EngineProfile = SPEC) -> str | None:
    """Find the value of the `Origin` header that a request carries, or None for none.

    https://fetch.spec.whatwg.org/#append-a-request-origin-header
    """
    # 1. and 2. What it would say is its serialized origin.
    # 3. A request that is checked says who asks, and one for a WebSocket, which the server alone can check.
    if request.response_tainting == "cors" or request.mode == "websocket":
        return serialize_request_origin(request)
    # 4. So does whatever may change something.
    if request.method in ("GET", "HEAD") and not _carries_on(request, profile):
        return "null" if _is_said_at_home(request, profile) else None
    # 4.1. But outside cors mode the referrer policy may hide it.
    if request.mode != "cors" and _is_hidden(request, profile):
        return "null"
    # AD-HOC: an engine may forget who began it all.
    if profile.no_cors_origin == "null-once-redirected" and _has_moved(request):
        return "null"
    return serialize_request_origin(request)


def _carries_on(request: Request, profile: EngineProfile) -> bool:
    """AD-HOC: an engine may let a GET say who asks because what was redirected to it did."""
    if profile.origin_after_redirect != "carried":
        return False
    for hop in reversed(request.hops):
        if not same_origin(hop.url.origin, request.url.origin):
            return False
        if hop.method not in ("GET", "HEAD"):
            return True
    return False


def _is_said_at_home(request: Request, profile: EngineProfile) -> bool:
    """AD-HOC: an engine may tell the very server of a document without an origin that it has none."""
    if profile.opaque_origin_said == "by-method" or not request.client.is_opaque:
        return False
    home = request.client.creation_url.origin
    stays = all(same_origin(url.origin, home) for url in request.url_list)
    return stays and request.mode == "no-cors" and request.credentials == "include"


def _has_moved(request: Request) -> bool:
    """Say whether a request outside cors mode has been redirected to another origin."""
    if request.mode == "cors":
        return False
    return any(not same_origin(url.origin, request.url_list[0].origin) for url in request.url_list)


def _is_hidden(request: Request, profile: EngineProfile) -> bool:
    """Say whether the referrer policy turns the origin into `null`."""
    # AD-HOC: an engine may hide nothing; or what script itself wants hidden, too.
    if profile.origin_hidden_by == "nothing":
        return False
    if profile.origin_hidden_by == "referrer" and request.referrer == "no-referrer":
        return True
    own, url = request.origin, request.url
    if request.referrer_policy == "no-referrer":
        return True
    if request.referrer_policy in _DOWNGRADE_SENSITIVE:
        return isinstance(own, TupleOrigin) and own.scheme == "https" and url.scheme != "https"
    return request.referrer_policy == "same-origin" and not same_origin(own, url.origin)
