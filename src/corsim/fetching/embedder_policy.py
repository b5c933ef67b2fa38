"""What a page's Cross-Origin-Embedder-Policy is to an engine, and what it takes from requests."""

from __future__ import annotations

from corsim.engines import EngineProfile
from corsim.values.embedder_policy import EmbedderPolicy
from corsim.values.origin import same_origin
from corsim.values.request import Request, redirect_taint


def effective_embedder_policy(request: Request, profile: EngineProfile) -> EmbedderPolicy:
    """Find the embedder policy of the page. AD-HOC: an engine may know of none, or of fewer."""
    policy = request.client.embedder_policy
    return policy if policy in profile.embedder_policies else "unsafe-none"


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
