"""Cross-origin resource policy check.

https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header
"""

from __future__ import annotations

from corsim.engines import SPEC, EngineProfile
from corsim.fetching.embedder_policy import effective_embedder_policy, embedder_policy_allows_credentials
from corsim.values.decision import Decision, Reason
from corsim.values.embedder_policy import EmbedderPolicy
from corsim.values.origin import OpaqueOrigin, Origin, same_origin
from corsim.values.partition import registrable_domain, schemelessly_same_site
from corsim.values.request import Request
from corsim.values.response import Response
from corsim.values.spec import RESOURCE_POLICY_CHECK

ALLOWED = Decision(RESOURCE_POLICY_CHECK["5"], "no policy keeps the response from this origin")

_POLICIES = frozenset({"same-origin", "same-site", "cross-origin"})


def resource_policy_check(request: Request, response: Response, profile: EngineProfile = SPEC) -> Decision:
    """Decide whether the page may hold an opaque `response` at all.

    https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check
    """
    # 1. OUT OF SCOPE: navigations.
    # 3. What the response says for itself.
    check = _internal_check(request, response, "unsafe-none", profile)
    # 2. What the page has said of what it embeds; most say nothing.
    if check is not ALLOWED or request.client.embedder_policy == "unsafe-none":
        return check
    # 4. OUT OF SCOPE: policies that only report.
    # 5. to 7. What the page asks of it besides.
    return _internal_check(request, response, effective_embedder_policy(request, profile), profile)


def _internal_check(
    request: Request, response: Response, embedder_policy: EmbedderPolicy, profile: EngineProfile
) -> Decision:
    """Run the cross-origin resource policy internal check.

    https://fetch.spec.whatwg.org/#cross-origin-resource-policy-internal-check
    """
    # 1. OUT OF SCOPE: navigations.
    # 2. Two lines make one value, which then is none of the three.
    value = response.headers.index.get("cross-origin-resource-policy")
    # 3. Whatever is not one of the three, in this case, is no policy.
    policy = value if value in _POLICIES else None
    # 4. Without one, the page's embedder policy may take it for the narrowest.
    reason, subject = Reason.RESOURCE_POLICY, policy or ""
    if policy is None and embedder_policy != "unsafe-none":
        # AD-HOC: an engine may be content with any.
        is_silent = not value or profile.unknown_resource_policy == "none"
        if is_silent and _wants_leave(request, embedder_policy, profile):
            reason, subject, policy = Reason.EMBEDDER_POLICY, embedder_policy, "same-origin"
    # 5. Each policy has its own idea of near.
    origin, target = request.origin, request.url.origin
    if policy == "same-origin" and not same_origin(origin, target):
        return _blocked(reason, subject)
    if policy == "same-site" and not _near(origin, target, profile):
        return _blocked(reason, subject)
    return ALLOWED


def _wants_leave(request: Request, embedder_policy: EmbedderPolicy, profile: EngineProfile) -> bool:
    """Say whether a response without a policy needs one: always, or if it was asked for with credentials."""
    if embedder_policy == "require-corp":
        return True
    return request.credentials == "include" and embedder_policy_allows_credentials(request, profile)


def _near(origin: Origin, target: Origin, profile: EngineProfile) -> bool:
    """Same site, and not an insecure page holding a secure resource."""
    if isinstance(target, OpaqueOrigin):
        return False
    if isinstance(origin, OpaqueOrigin):
        # AD-HOC: an engine compares registrable domains, even where neither has one.
        has_none = target.scheme != "https" and registrable_domain(target.host) is None
        return profile.opaque_site == "of-hosts-without" and has_none
    secure_enough = origin.scheme == "https" or target.scheme != "https"
    return schemelessly_same_site(origin, target) and secure_enough


def _blocked(reason: Reason, policy: str) -> Decision:
    return Decision(RESOURCE_POLICY_CHECK["5"], "blocked", reason, policy)
