"""Mixed Content: https://w3c.github.io/webappsec-mixed-content/#algorithms."""

from __future__ import annotations

from corsim.engines import EngineProfile
from corsim.fetching.referrer import is_potentially_trustworthy, is_trustworthy_origin
from corsim.values.environment import Environment
from corsim.values.origin import TupleOrigin
from corsim.values.request import Request


def is_mixed_content(request: Request, profile: EngineProfile) -> bool:
    """Say whether fetching a request is blocked as mixed content.

    https://w3c.github.io/webappsec-mixed-content/#should-block-fetch
    """
    # 1.2. What nobody on the way can read or write is fine.
    # AD-HOC: to an engine nothing is, but what is encrypted.
    if request.url.scheme != "http":
        return False
    if profile.mixed_content_exempts == "loopback" and is_potentially_trustworthy(request.url):
        return False
    # 1.1. And so is everything to a page that is no better itself.
    # 1.3. and 1.4. OUT OF SCOPE: a user who allows it, and navigations.
    return prohibits_mixed_content(request.client, profile)


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
