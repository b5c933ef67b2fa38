"""The headers of a case's page, in the names of this machine.

A policy that would keep out the runner's own scripts lets them in by a nonce, which no element of a case has.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from corsim.cases import PageGiven
from corsim.conformance.loopback import Mapping
from corsim.values.content_security_policy import Sources, directives_of, host_source
from corsim.values.headers import Pair
from corsim.values.origin import DEFAULT_PORTS

_OF_SCRIPTS = ("script-src-elem", "script-src", "default-src")
NONCE = "'nonce-corsim'"


def mapped_page_headers(page: PageGiven, mapping: Mapping) -> list[Pair]:
    """Write the headers of a page as they are sent."""
    return [(name, _mapped(name, value, page, mapping)) for name, value in page.headers]


def _mapped(name: str, value: str, page: PageGiven, mapping: Mapping) -> str:
    if name.lower() not in ("content-security-policy", "content-security-policy-report-only"):
        return value
    scheme = urlsplit(page.url).scheme
    return ",".join(_mapped_policy(policy, scheme, mapping) for policy in value.split(","))


def _mapped_policy(policy: str, scheme: str, mapping: Mapping) -> str:
    """Map one policy, word by word, and let in the runner's scripts where it speaks of scripts."""
    directives = list(directives_of(policy))
    of_scripts = next((name for name in _OF_SCRIPTS if name in dict(directives)), None)
    written, done = [], False
    for name, sources in directives:
        words = list(sources)
        if name != "sandbox":
            words = [word for source in sources for word in mapped_source(source, scheme, mapping)]
        if name == of_scripts and not done:
            words, done = [*words, NONCE], True
        written.append(" ".join((name, *words)))
    return "; ".join(written)


def mapped_source(source: str, page_scheme: str, mapping: Mapping) -> Sources:
    """Map a source expression: a host to where it is here, and by each scheme that it stands for."""
    found = host_source(source)
    if source == "*" or (found is None and ".example" not in source):
        return (source,)
    if found is None:
        return (mapping.to_url(source),)
    start, host = "" if found.scheme is None else f"{found.scheme}://", mapping.to_host(found.host)
    path = f"{mapping.prefix}{found.path}" if found.path else ""
    if found.port == "*":
        return (f"{start}{host}:*{path}",)
    scheme = found.scheme or page_scheme
    # Without a port it is that of the URL's scheme, and that may be the securer one.
    schemes = (scheme, "https") if scheme == "http" and found.port is None else (scheme,)
    ports = [mapping.to_port(one, int(found.port or DEFAULT_PORTS[one])) for one in schemes]
    return tuple(f"{start}{host}:{port}{path}" for port in ports)
