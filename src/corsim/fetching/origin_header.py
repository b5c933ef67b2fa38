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
    # 3. A request that is checked says who asks.
    if request.response_tainting == "cors":
        return serialize_request_origin(request)
    # 4. So does whatever may change something.
    if request.method in ("GET", "HEAD") and not _carries_on(request, profile):
        return None
    # 4.1. But outside cors mode the referrer policy may hide it.
    if request.mode != "cors" and profile.hides_origin and _is_hidden(request):
        return "null"
    return serialize_request_origin(request)


def _carries_on(request: Request, profile: EngineProfile) -> bool:
    """AD-HOC: an engine may let a GET say who asks because what was redirected to it did."""
    if profile.origin_after_redirect != "carried" or not request.hops:
        return False
    stayed = all(same_origin(url.origin, request.url.origin) for url in request.url_list)
    return stayed and request.hops[0].method not in ("GET", "HEAD")


def _is_hidden(request: Request) -> bool:
    """Say whether the referrer policy turns the origin into `null`."""
    own, url = request.origin, request.url
    if request.referrer_policy == "no-referrer":
        return True
    if request.referrer_policy in _DOWNGRADE_SENSITIVE:
        return isinstance(own, TupleOrigin) and own.scheme == "https" and url.scheme != "https"
    return request.referrer_policy == "same-origin" and not same_origin(own, url.origin)
