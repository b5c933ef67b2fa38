"""The `Origin` header: https://fetch.spec.whatwg.org/#origin-header."""

from __future__ import annotations

from corsim.engines import SPEC, EngineProfile
from corsim.fetching.fetch_metadata import storage_access
from corsim.fetching.referrer import is_potentially_trustworthy
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
    silent = request.method in ("GET", "HEAD") and not _carries_on(request, profile)
    if silent and not _is_said_of_element(request, profile):
        if not _is_said_for_access(request, profile):
            return None
        return "null" if _is_hidden(request, profile) else serialize_request_origin(request)
    # 4.1. But outside cors mode the referrer policy may hide it.
    if request.mode != "cors" and _is_hidden(request, profile):
        return "null"
    # AD-HOC: an engine's beacons may first be from where a document was loaded, whoever that is now.
    strays = request.initiator_type == "beacon" and request.client.is_opaque and not request.hops
    if strays and profile.beacon_origin == "of-its-url":
        return request.client.creation_url.origin.serialized
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


def _is_said_of_element(request: Request, profile: EngineProfile) -> bool:
    """AD-HOC: an engine may have an element say who asks wherever it asks by CORS."""
    return profile.element_origin == "said" and request.destination != "" and request.mode == "cors"


def _is_said_for_access(request: Request, profile: EngineProfile) -> bool:
    """AD-HOC: an engine has a request say who asks where its cookies could be asked for."""
    if profile.storage_access == "unsaid" or not is_potentially_trustworthy(request.as_made.url):
        return False
    # What was said at first may be said to the end, or as long as it holds.
    hops = (request.as_made,) if profile.storage_access == "said" else (*request.hops, request)
    return all(storage_access(hop, profile) == "inactive" for hop in hops)


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
