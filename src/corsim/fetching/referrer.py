"""Referrer Policy, as fetch uses it: https://w3c.github.io/webappsec-referrer-policy/#algorithms."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Literal

from corsim.engines import SPEC, EngineProfile
from corsim.values.environment import REFERRER_POLICIES, Environment, ReferrerPolicy
from corsim.values.origin import OpaqueOrigin, Origin, same_origin
from corsim.values.partition import same_site, schemelessly_same_site
from corsim.values.request import Referrer
from corsim.values.response import Response
from corsim.values.url import Url

MAX_REFERRER = 4096  # characters; a longer one is cut to its origin
LOCAL_SCHEMES = frozenset({"about", "blob", "data"})
_LOOPBACK = re.compile(r"(127(\.[0-9]+){3}|\[::1\]|localhost|.*\.localhost)\.?\Z")


def is_potentially_trustworthy(url: Url) -> bool:
    """Say whether a URL is as good as encrypted: https://w3c.github.io/webappsec-secure-contexts/."""
    if url.scheme in ("https", "wss", "data", "file"):
        return True
    return url.is_http and url.host is not None and _LOOPBACK.match(url.host) is not None


def is_trustworthy_origin(origin: Origin) -> bool:
    """Say the same of an origin; an opaque one is not."""
    if isinstance(origin, OpaqueOrigin):
        return False
    return origin.scheme == "https" or _LOOPBACK.match(origin.host) is not None


@lru_cache(maxsize=8192)
def determine_referrer(
    client: Environment,
    referrer: Referrer,
    policy: ReferrerPolicy,
    url: Url,
    profile: EngineProfile = SPEC,
    by_script: bool = True,
) -> Referrer:
    """Determine what a request to `url` says of where it comes from: a URL, or "no-referrer".

    https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer
    """
    # 3. A document with an opaque origin keeps to itself.
    # AD-HOC: an engine may name the server that it came from, or where.
    hides = client.is_opaque and _HIDES[profile.opaque_referrer](by_script)
    if referrer == "no-referrer" or (referrer == "client" and hides):
        return "no-referrer"
    source = (client.referrer_source or client.creation_url) if referrer == "client" else referrer
    if source.scheme in LOCAL_SCHEMES:
        return "no-referrer"
    # 4. to 6. Without userinfo and fragment, and not at any length.
    full, short = source.without_credentials().without_fragment(), source.origin_only()
    if len(full.href) > MAX_REFERRER:
        full = short
    if referrer == "client" and client.is_opaque and profile.opaque_referrer != "url":
        full = short
    # AD-HOC: an engine may tell no other site more than that, whatever the policy allows.
    if trimmed(client, full, url, profile) != full:
        full = short
    # AD-HOC: or no more than by default.
    if profile.foreign_referrer == "by-default-policy" and policy in _RELAXED:
        policy = policy if same_site(full.origin, url.origin) else "strict-origin-when-cross-origin"
    # 8. Who gets which of the two is the policy's to say.
    # AD-HOC: an engine that names no more than the server of such a document takes it for nobody's.
    is_nobodys = client.is_opaque and profile.opaque_referrer == "by-elements"
    same = same_origin(full.origin, url.origin) and not is_nobodys
    downgrade = DOWNGRADE[profile.downgrade](full, url)
    if policy == "unsafe-url" or (same and policy in _FULL_TO_SAME_ORIGIN):
        return full
    if policy in ("no-referrer", "same-origin") or (downgrade and policy in _SILENT_ON_DOWNGRADE):
        return "no-referrer"
    return full if policy == "no-referrer-when-downgrade" else short


# AD-HOC: whether a document without an origin says nothing of where it comes from.
_HIDES: dict[Literal["none", "by-elements", "url"], Callable[[bool], bool]] = {
    "none": lambda by_script: True,
    "by-elements": lambda by_script: by_script,
    "url": lambda by_script: False,
}


def trimmed(client: Environment, referrer: Referrer, url: Url, profile: EngineProfile) -> Referrer:
    """AD-HOC: cut a referrer to what an engine tells other sites, whatever the policy allows."""
    if (
        isinstance(referrer, Url)
        and profile.foreign_referrer == "origin"
        and _is_foreign(client, referrer, url)
    ):
        return referrer.origin_only()
    return referrer


def _is_foreign(client: Environment, source: Url, url: Url) -> bool:
    """Say whether a URL is of another site than what asks for it, or than the page at the top."""
    top = client.top_level_origin
    return not same_site(source.origin, url.origin) or not schemelessly_same_site(top, url.origin)


def _trust_is_lost(source: Url, url: Url) -> bool:
    return is_potentially_trustworthy(source) and not is_potentially_trustworthy(url)


# AD-HOC: an engine may go by the scheme, whatever it trusts.
DOWNGRADE: dict[Literal["by-trust", "by-scheme"], Callable[[Url, Url], bool]] = {
    "by-trust": _trust_is_lost,
    "by-scheme": lambda source, url: source.scheme == "https" and url.scheme != "https",
}

_UNSAFE = frozenset({"unsafe-url", "no-referrer-when-downgrade"})
_RELAXED = _UNSAFE | {"origin-when-cross-origin"}
TRIMMED_ON_THE_WIRE: dict[Literal["by-policy", "by-default-policy", "origin"], frozenset[str]] = {
    "by-policy": frozenset(), "by-default-policy": _RELAXED, "origin": _UNSAFE
}  # fmt: skip
_FULL_TO_SAME_ORIGIN = frozenset(
    {"strict-origin-when-cross-origin", "same-origin", "origin-when-cross-origin"}
)
_SILENT_ON_DOWNGRADE = frozenset(
    {"strict-origin", "strict-origin-when-cross-origin", "no-referrer-when-downgrade"}
)


def referrer_policy_of(response: Response) -> ReferrerPolicy:
    """Parse a referrer policy from a `Referrer-Policy` header: the last word that is one.

    https://w3c.github.io/webappsec-referrer-policy/#parse-referrer-policy-from-header
    """
    words = response.headers.get("referrer-policy", "").split(",")
    known = [word.strip().lower() for word in words if word.strip().lower() in REFERRER_POLICIES[1:]]
    return known[-1] if known else ""  # type: ignore[return-value]  # it is one of the literals
