"""Mixed Content: https://w3c.github.io/webappsec-mixed-content/#algorithms."""

from __future__ import annotations

import re

from corsim.engines import EngineProfile
from corsim.fetching.referrer import is_potentially_trustworthy, is_trustworthy_origin
from corsim.values.address_space import is_local_name
from corsim.values.environment import Environment
from corsim.values.origin import TupleOrigin
from corsim.values.request import Request
from corsim.values.url import parse_url

_IP_ADDRESS = re.compile(r"\[.*\]|\d+(\.\d+){3}")


UPGRADED: frozenset[str] = frozenset({"image", "audio", "video"})
"""What goes over https instead of not at all, by its destination."""


def upgraded(request: Request, profile: EngineProfile) -> Request:
    """Upgrade a mixed content request to a potentially trustworthy URL, if appropriate.

    https://w3c.github.io/webappsec-mixed-content/#upgrade-algorithm
    """
    # 1.4. and 1.5. Script's own requests are none of these. OUT OF SCOPE: srcset and <picture>.
    if request.destination not in UPGRADED or not is_mixed_content(request, profile):
        return request
    # 1.2. The name of a certificate is no number.
    if _IP_ADDRESS.fullmatch(request.url.host or ""):
        return request
    # 2.
    url = parse_url(request.url.href.replace("http:", "https:", 1))
    return request if url is None else request.but(url_list=(*request.url_list[:-1], url))


def is_mixed_content(request: Request, profile: EngineProfile) -> bool:
    """Say whether fetching a request is blocked as mixed content.

    https://w3c.github.io/webappsec-mixed-content/#should-block-fetch
    """
    # 1.2. What nobody on the way can read or write is fine.
    # AD-HOC: to an engine nothing is, but what is encrypted, and images and media on this machine.
    if request.url.scheme != "http":
        return False
    shows = request.destination in UPGRADED and not request.hops
    exempt = profile.mixed_content_exempts == "loopback" or shows
    if exempt and is_potentially_trustworthy(request.url):
        return False
    # AD-HOC: what is known to be near is asked, as Local Network Access has it.
    if profile.local_network != "open" and _is_near(request):
        return False
    # 1.4. A navigation leaves the page.
    if request.mode == "navigate":
        return False
    # 1.1. And so is everything to a page that is no better itself.
    # 1.3. OUT OF SCOPE: a user who allows it.
    return prohibits_mixed_content(request.client, profile)


def _is_near(request: Request) -> bool:
    """Say whether script, or the host's name, says that the server is on the user's network or machine."""
    return request.target_address_space in ("local", "loopback") or is_local_name(request.url.host or "")


def prohibits_mixed_content(page: Environment, profile: EngineProfile) -> bool:
    """Say whether a page prohibits mixed security contexts.

    https://w3c.github.io/webappsec-mixed-content/#categorize-settings-object
    """
    # AD-HOC: an engine goes by the schemes of the URLs, whatever it trusts and whoever has an origin.
    if profile.mixed_content_on == "https-pages":
        top = page.top_level_origin
        return page.creation_url.scheme == "https" or (isinstance(top, TupleOrigin) and top.scheme == "https")
    # 1. and 2. By its own origin, or by that of the page it is in.
    return is_trustworthy_origin(page.origin) or is_trustworthy_origin(page.top_level_origin)
