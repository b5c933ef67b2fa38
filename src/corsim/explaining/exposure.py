"""The response headers that were sent and that script can't see."""

from __future__ import annotations

from corsim.explaining.facts import Facts
from corsim.values.methods import is_token
from corsim.values.safelist import FORBIDDEN_RESPONSE_HEADERS

# A server or a proxy writes these for browsers and for each other; script has no use for them.
_PLUMBING = (
    "access-control-", "cross-origin-", "timing-allow-origin", "vary", "date", "server", "content-encoding",
    "connection", "keep-alive", "transfer-encoding", "via", "alt-svc", "strict-transport-security",
    "content-security-policy", "x-content-type-options", "x-frame-options", "x-xss-protection",
    "x-powered-by", "referrer-policy", "permissions-policy", "allow",
)  # fmt: skip


def hidden_headers(facts: Facts) -> list[str]:
    """List the response headers that were sent, and script can't see."""
    if facts.result.type != "cors":
        return []
    seen = facts.result.headers
    names = [name for name in dict.fromkeys(name for name, _ in facts.headers.pairs) if name not in seen]
    return [name for name in names if is_token(name) and not _is_plumbing(name.lower())]


def _is_plumbing(name: str) -> bool:
    return name.startswith(_PLUMBING) or name in FORBIDDEN_RESPONSE_HEADERS


def exposing(facts: Facts) -> str:
    """Write the list of headers to expose: those that are, and those that script can't see."""
    listed = [
        name for name in facts.allowed("access-control-expose-headers") if name != "*" and is_token(name)
    ]
    return ", ".join(dict.fromkeys([*listed, *hidden_headers(facts)]))
