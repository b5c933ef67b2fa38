"""Fetch metadata: https://w3c.github.io/webappsec-fetch-metadata/#fetch-integration."""

from __future__ import annotations

from typing import Literal, TypeAlias

from corsim.engines import EngineProfile
from corsim.fetching.cookies import SITES
from corsim.fetching.referrer import is_potentially_trustworthy
from corsim.values.headers import Pair
from corsim.values.origin import same_origin
from corsim.values.partition import same_site
from corsim.values.request import Request, is_redirect_tainted

Relation: TypeAlias = Literal["same-origin", "same-site", "cross-site"]


def fetch_metadata_headers(request: Request, profile: EngineProfile) -> tuple[Pair, ...]:
    """Append the Fetch metadata headers for a request: on whose behalf, how, and what for.

    https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-append-the-fetch-metadata-headers-for-a-request
    """
    # 1. Who could read along could write along, too.
    if not is_potentially_trustworthy(request.url):
        # AD-HOC: an engine's preflights say it all the same.
        speaks = request.is_preflight and profile.preflight_metadata == "mode-everywhere"
        return (("Sec-Fetch-Mode", "cors"),) if speaks else ()
    # AD-HOC: an engine takes them for script's, and drops those with a cors request that leaves an origin.
    if profile.moved_metadata == "dropped" and _loses_it(request):
        return ()
    if request.mode == "websocket":
        return _of_a_socket(request, profile)
    # 2. to 4. A request of script's own has the empty destination.
    said = (
        ("Sec-Fetch-Dest", request.destination or "empty"),
        ("Sec-Fetch-Mode", request.mode),
        ("Sec-Fetch-Site", relation(request, profile)),
    )
    # AD-HOC: an engine may speak of cookies, too.
    return said if profile.storage_access == "unsaid" else (*said, *storage_access_header(request, profile))
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


def storage_access_header(request: Request, profile: EngineProfile) -> tuple[Pair, ...]:
    """Say it, in an engine that does."""
    astray = profile.storage_access == "said-until-astray" and is_redirect_tainted(request)
    access = None if astray else storage_access(request, profile)
    return () if access is None else (("Sec-Fetch-Storage-Access", access),)


def storage_access(request: Request, profile: EngineProfile) -> Literal["none", "inactive", "active"] | None:
    """Say how an engine treats the cookies of a request that it takes for a third party's; None for others.

    https://privacycg.github.io/storage-access-headers/#sec-fetch-storage-access-header
    """
    if request.credentials != "include" or request.is_preflight:
        return None
    compare, client = SITES[profile.same_site_reading], request.client
    top = client.top_level_origin
    is_at_home = compare(request.url.origin, top)
    if is_at_home and compare(client.origin, top):
        return None
    if profile.third_party_cookies == "allowed":
        return "active"
    return "inactive" if is_at_home else "none"


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
    # AD-HOC: to an engine whatever has been redirected on this machine is either at home or a stranger.
    if (
        found == "same-site"
        and len(request.url_list) > 1
        and profile.redirected_site == "never-same-site-here"
    ):
        host = request.url.host or ""
        return "cross-site" if host == "localhost" or host.endswith(".localhost") else found
    return found


def _loses_it(request: Request) -> bool:
    """Say whether a redirect has taken it away, or whether it is a preflight's that began without."""
    if request.is_preflight:
        return not is_potentially_trustworthy(request.url_list[0])
    return has_just_moved(request)


def has_just_moved(request: Request) -> bool:
    """Say whether a redirect has just led a cors request to another origin."""
    if not request.hops or request.mode != "cors":
        return False
    return not same_origin(request.hops[-1].url.origin, request.url.origin)
