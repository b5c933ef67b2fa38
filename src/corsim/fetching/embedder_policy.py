"""Embedder policies, as fetch uses them: https://html.spec.whatwg.org/multipage/browsers.html#coep."""

from __future__ import annotations

from corsim.engines import EngineProfile
from corsim.fetching.referrer import is_potentially_trustworthy, is_trustworthy_origin
from corsim.values.cookie import CookieReason
from corsim.values.embedder_policy import EmbedderPolicy
from corsim.values.environment import Environment
from corsim.values.origin import same_origin
from corsim.values.request import Request, redirect_taint


def effective_embedder_policy(request: Request, profile: EngineProfile) -> EmbedderPolicy:
    """Find the embedder policy of the page: none where it is not secure. AD-HOC: an engine may know fewer."""
    policy = request.client.embedder_policy
    if policy == "unsafe-none" or policy not in profile.embedder_policies:
        return "unsafe-none"
    return policy if _is_secure(request.client, profile) else "unsafe-none"


def _is_secure(page: Environment, profile: EngineProfile) -> bool:
    """Say whether others on the way can't have written the page, nor the one at the top."""
    # AD-HOC: an engine may look at the page alone.
    if profile.embedder_policy_on == "secure-urls":
        return is_potentially_trustworthy(page.creation_url)
    return is_trustworthy_origin(page.top_level_origin)


def embedder_policy_allows_credentials(request: Request, profile: EngineProfile) -> bool:
    """Check if Cross-Origin-Embedder-Policy allows credentials.

    https://fetch.spec.whatwg.org/#cross-origin-embedder-policy-allows-credentials
    """
    # 1. and 2. Who asks by CORS gets what it asks for.
    if request.mode != "no-cors":
        return True
    # 3. and 4. Here every request has a page; policies but this one leave credentials alone.
    if effective_embedder_policy(request, profile) != "credentialless":
        return True
    # 5. Home they go, if redirects between other origins have led there; by the letter only then.
    # AD-HOC: to an engine it is the other way round, so that what never left home has them.
    is_tainted = redirect_taint(request) != "same-origin"
    may_go_home = is_tainted == (profile.credentialless_home == "tainted")
    # 6. Nowhere else.
    return may_go_home and same_origin(request.origin, request.url.origin)


def reason_without_credentials(request: Request, profile: EngineProfile) -> CookieReason:
    """Say what keeps the cookies of a request without credentials back: that it has none, or the page."""
    if request.credentials == "include" and not embedder_policy_allows_credentials(request, profile):
        return CookieReason.EMBEDDER_POLICY
    return CookieReason.OMITTED
