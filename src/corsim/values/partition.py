"""Sites and network partition keys.

https://html.spec.whatwg.org/#sites and https://fetch.spec.whatwg.org/#network-partition-keys.
The public suffix list takes a while to load, so it is loaded when two hosts first need it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from corsim.values.origin import OpaqueOrigin, Origin, same_origin

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

Site: TypeAlias = tuple[str, str] | OpaqueOrigin

_IPV4 = re.compile(r"[0-9]+(\.[0-9]+){3}\Z")


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


@lru_cache(maxsize=4096)
def registrable_domain(host: str) -> str | None:
    """Find the registrable domain of a host; None for an IP address or a bare suffix.

    >>> registrable_domain("a.b.example.co.uk"), registrable_domain("127.0.0.1")
    ('example.co.uk', None)
    """
    if host.startswith("[") or _IPV4.match(host):  # the list would call 127.0.0.1 a name under 0.1
        return None
    domain: str | None = _suffixes().privatesuffix(host)
    return domain


def obtain_site(origin: Origin) -> Site:
    """Obtain the site of an origin: scheme and registrable domain, or the opaque origin itself."""
    if isinstance(origin, OpaqueOrigin):
        return origin
    return origin.scheme, registrable_domain(origin.host) or origin.host


def schemelessly_same_site(one: Origin, other: Origin) -> bool:
    """Say whether two origins are of one registrable domain, whatever their schemes."""
    if isinstance(one, OpaqueOrigin) or isinstance(other, OpaqueOrigin):
        return one is other
    if one.host == other.host:
        return True
    domain = registrable_domain(one.host)
    return domain is not None and domain == registrable_domain(other.host)


def same_site(one: Origin, other: Origin) -> bool:
    """Say whether two origins are of one site, scheme included."""
    if same_origin(one, other):
        return True
    if isinstance(one, OpaqueOrigin) or isinstance(other, OpaqueOrigin):
        return False
    return one.scheme == other.scheme and schemelessly_same_site(one, other)
