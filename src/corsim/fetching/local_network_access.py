"""Local Network Access: https://wicg.github.io/local-network-access/#fetching.

A draft beside the standard. Who is where is said by whoever serves; of a server of which nothing is said,
nothing is asked.
"""

from __future__ import annotations

import attrs

from corsim.engines import EngineProfile
from corsim.fetching.flow import Flow, Look
from corsim.fetching.referrer import is_potentially_trustworthy, is_trustworthy_origin
from corsim.values.address_space import AddressSpace
from corsim.values.decision import Decision, Reason
from corsim.values.environment import Environment
from corsim.values.origin import TupleOrigin, same_origin
from corsim.values.request import Request
from corsim.values.response import NetworkError
from corsim.values.spec import HTTP_NETWORK_FETCH

NO_LESS_PUBLIC = Decision(HTTP_NETWORK_FETCH["8.1"], "the server is no less public than the page")
ASKED = Decision(HTTP_NETWORK_FETCH["8.1"], "the server itself is asked whether it lets in public pages")
GRANTED = Decision(HTTP_NETWORK_FETCH["8.1"], "the user lets the page reach the local network")


@attrs.frozen
class Places:
    """Where a page and the server that it asks are; None is a server of which nothing was said."""

    page: AddressSpace
    server: AddressSpace | None


def local_network_access_check(request: Request, profile: EngineProfile) -> Flow[NetworkError | None]:
    """Decide whether a request may go to where its server is; None lets it go.

    https://wicg.github.io/local-network-access/#local-network-access-check
    """
    if profile.local_network == "open":
        return None
    # 1. Where the server is.
    page = request.client
    places: Places = yield Look("places", (page, request.url.origin))
    if places.server is None:
        return None
    # 2. A page that is sure of its server may ask it. 3. OUT OF SCOPE: requests of no page.
    if same_origin(request.origin, request.url.origin) and is_trustworthy_origin(request.origin):
        return None
    # 4. to 6.
    decision = judged(request, places, profile)
    yield decision
    return None if decision.reason is None else NetworkError(decision)


def judged(request: Request, places: Places, profile: EngineProfile) -> Decision:
    """Judge where a server is against where the page is, and what script said of it."""
    server = places.server
    assert server is not None
    # 4. What script said has to be so.
    if request.target_address_space not in ("", server):
        return _refused(Reason.ADDRESS_SPACE_MISMATCH, server)
    # 5. What is less public than the page is asked only by secure pages, and only with leave.
    # AD-HOC: what is on this machine counts for no less public than what is on its network.
    if server == "public" or places.page != "public":
        return NO_LESS_PUBLIC
    if not is_secure_context(request.client):
        return _refused(Reason.LOCAL_NETWORK_INSECURE, server)
    if profile.local_network == "denied":
        return _refused(Reason.LOCAL_NETWORK_DENIED, server)
    return ASKED if profile.local_network == "preflight" else GRANTED


def private_network_request(request: Request) -> Flow[Request]:
    """Find out whether a server has to let in public pages, and have the request say so.

    AD-HOC: Private Network Access, https://wicg.github.io/private-network-access/, which Local Network Access
    has replaced.
    """
    places: Places = yield Look("places", (request.client, request.url.origin))
    is_near = places.server not in (None, "public") and places.page == "public"
    is_sure = same_origin(request.origin, request.url.origin) and is_trustworthy_origin(request.origin)
    return request.but(asks_private_network=is_near and not is_sure)


def is_secure_context(page: Environment) -> bool:
    """Say whether a page is a secure context: https://html.spec.whatwg.org/#secure-context."""
    top = page.top_level_origin
    is_in_one = is_trustworthy_origin(top) if isinstance(top, TupleOrigin) else True
    return is_in_one and is_potentially_trustworthy(page.creation_url)


def _refused(reason: Reason, space: AddressSpace) -> Decision:
    return Decision(HTTP_NETWORK_FETCH["8.1"], "network error", reason, space)
