"""Fetch metadata: https://w3c.github.io/webappsec-fetch-metadata/#fetch-integration."""

from __future__ import annotations

from typing import Literal, TypeAlias

from corsim.engines import EngineProfile
from corsim.fetching.referrer import is_potentially_trustworthy
from corsim.values.headers import Pair
from corsim.values.origin import same_origin
from corsim.values.partition import same_site
from corsim.values.request import Request

Relation: TypeAlias = Literal["same-origin", "same-site", "cross-site"]


def fetch_metadata_headers(request: Request, profile: EngineProfile) -> tuple[Pair, ...]:
    """Append the Fetch metadata headers for a request: on whose behalf, how, and what for.

    https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-append-the-fetch-metadata-headers-for-a-request
    """
    # 1. Who could read along could write along, too.
    if not is_potentially_trustworthy(request.url):
        return ()
    # AD-HOC: an engine takes them for script's, and drops those with a cors request that leaves an origin.
    if profile.moved_metadata == "dropped" and has_just_moved(request):
        return ()
    if request.mode == "websocket":
        return _of_a_socket(request, profile)
    # 2. to 4. A request of script's own has the empty destination.
    return (
        ("Sec-Fetch-Dest", request.destination or "empty"),
        ("Sec-Fetch-Mode", request.mode),
        ("Sec-Fetch-Site", relation(request, profile)),
    )
    # 5. OUT OF SCOPE: Sec-Fetch-User is a navigation's.


def _of_a_socket(request: Request, profile: EngineProfile) -> tuple[Pair, ...]:
    """AD-HOC: of a WebSocket an engine may tell nothing, or name a destination that Fetch does not know."""
    if profile.socket_metadata == "none":
        return ()
    return (
        ("Sec-Fetch-Dest", "websocket" if profile.socket_metadata == "named" else "empty"),
        ("Sec-Fetch-Mode", request.mode),
        ("Sec-Fetch-Site", relation(request, profile)),
    )


def relation(request: Request, profile: EngineProfile) -> Relation:
    """Say how far from the page the whole chain of redirects has led.

    https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-set-site
    """
    # 3. At first it is at home.
    found: Relation = "same-origin"
    # 4. OUT OF SCOPE: navigations.
    # 5. The farthest place counts, and what was left behind is not forgotten.
    # AD-HOC: but by the preflights of an engine.
    forgets = request.is_preflight and profile.preflight_site == "of-the-url"
    for url in request.url_list[-1:] if forgets else request.url_list:
        if same_origin(url.origin, request.origin):
            continue
        if not same_site(request.origin, url.origin):
            return "cross-site"
        found = "same-site"
    # AD-HOC: to an engine whatever has been redirected is either at home or a stranger.
    if found == "same-site" and len(request.url_list) > 1 and profile.redirected_site == "never-same-site":
        return "cross-site"
    return found


def has_just_moved(request: Request) -> bool:
    """Say whether a redirect has just led a cors request to another origin."""
    if not request.hops or request.mode != "cors":
        return False
    return not same_origin(request.hops[-1].url.origin, request.url.origin)
