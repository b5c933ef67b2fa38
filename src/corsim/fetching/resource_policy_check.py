"""Cross-origin resource policy check.

https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header
"""

from __future__ import annotations

from corsim.values.decision import Decision, Reason
from corsim.values.origin import OpaqueOrigin, Origin, same_origin
from corsim.values.partition import schemelessly_same_site
from corsim.values.request import Request
from corsim.values.response import Response
from corsim.values.spec import RESOURCE_POLICY_CHECK

ALLOWED = Decision(RESOURCE_POLICY_CHECK["5"], "no policy keeps the response from this origin")

_POLICIES = frozenset({"same-origin", "same-site", "cross-origin"})


def resource_policy_check(request: Request, response: Response) -> Decision:
    """Decide whether the page may hold an opaque `response` at all.

    https://fetch.spec.whatwg.org/#cross-origin-resource-policy-internal-check
    """
    # 1. OUT OF SCOPE: navigations.
    # 2. Two lines make one value, which then is none of the three.
    value = response.headers.index.get("cross-origin-resource-policy")
    # 3. Whatever is not one of the three, in this case, is no policy.
    policy = value if value in _POLICIES else None
    # 4. OUT OF SCOPE: embedder policies; a page without one is "unsafe-none".
    # 5. Each policy has its own idea of near.
    origin, target = request.origin, request.url.origin
    if policy == "same-origin" and not same_origin(origin, target):
        return _blocked("same-origin")
    if policy == "same-site" and not _near(origin, target):
        return _blocked("same-site")
    return ALLOWED


def _near(origin: Origin, target: Origin) -> bool:
    """Same site, and not an insecure page holding a secure resource."""
    if isinstance(origin, OpaqueOrigin) or isinstance(target, OpaqueOrigin):
        return False
    secure_enough = origin.scheme == "https" or target.scheme != "https"
    return schemelessly_same_site(origin, target) and secure_enough


def _blocked(policy: str) -> Decision:
    return Decision(RESOURCE_POLICY_CHECK["5"], "blocked", Reason.RESOURCE_POLICY, policy)
