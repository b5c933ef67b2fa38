"""Content Security Policies, as a page's headers give them: https://w3c.github.io/webappsec-csp/.

What is malformed is left out here, as browsers leave it out; nothing is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TypeAlias

import attrs

from corsim.values.headers import Headers, byte_lowercase

ASCII_WHITESPACE = "\t\n\f\r "

_SCHEME = r"[A-Za-z][A-Za-z0-9+.-]*"
_SCHEME_SOURCE = re.compile(rf"({_SCHEME}):")
_HOST_SOURCE = re.compile(
    rf"(?:(?P<scheme>{_SCHEME})://)?"
    r"(?P<host>\*|(?:\*\.)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.?)"
    r"(?::(?P<port>[0-9]+|\*))?"
    r"(?P<path>/(?!/)[A-Za-z0-9._~!$&'()*+=:@%/-]*)?"
)

Sources: TypeAlias = tuple[str, ...]


@attrs.frozen
class HostSource:
    """An expression that names hosts: `scheme` and `port` are None, and `path` empty, where it has none."""

    scheme: str | None
    host: str
    port: str | None
    path: str


@attrs.frozen
class Policy:
    """One policy: its directives by name, each with the words of its value, in order."""

    directives: Mapping[str, Sources]

    def written(self, name: str) -> str:
        """Write a directive as it stands in a header."""
        return " ".join((name, *self.directives[name]))


@lru_cache(maxsize=256)
def parse_policy(serialized: str) -> Policy:
    """Parse a serialized CSP: https://w3c.github.io/webappsec-csp/#parse-serialized-policy.

    >>> dict(parse_policy("connect-src 'self' https:; ; CONNECT-SRC *").directives)
    {'connect-src': ("'self'", 'https:')}
    """
    directives: dict[str, Sources] = {}
    for name, sources in directives_of(serialized):
        # 3.5. Of two directives of one name the first counts.
        directives.setdefault(name, sources)
    return Policy(MappingProxyType(directives))


def directives_of(serialized: str) -> Iterator[tuple[str, Sources]]:
    """Split a serialized CSP into its directives, with those that are there twice."""
    # 3. At semicolons.
    for token in serialized.split(";"):
        # 3.1. and 3.2. What is empty, or not ASCII, is none.
        words = token.strip(ASCII_WHITESPACE)
        if words and words.isascii():
            # 3.3., 3.4. and 3.6. A name, in lower case, and words.
            name, *sources = re.split(f"[{ASCII_WHITESPACE}]+", words)
            yield byte_lowercase(name), tuple(sources)


def parse_policies(headers: Headers) -> tuple[Policy, ...]:
    """Parse a response's Content Security Policies, but for those that would only report.

    https://w3c.github.io/webappsec-csp/#parse-response-csp

    >>> [dict(policy.directives) for policy in parse_policies(Headers({"Content-Security-Policy": "a b, c"}))]
    [{'a': ('b',)}, {'c': ()}]
    """
    # 2. Each line is a list of policies. 2.2. One without directives is none.
    value = headers.index.get("content-security-policy")
    found = () if value is None else tuple(parse_policy(token) for token in value.split(","))
    return tuple(policy for policy in found if policy.directives)


def takes_the_origin(policy: Policy) -> bool:
    """Say whether a policy puts its page into a sandbox in which it has no origin."""
    words = policy.directives.get("sandbox")
    return words is not None and "allow-same-origin" not in map(byte_lowercase, words)


@lru_cache(maxsize=4096)
def scheme_source(expression: str) -> str | None:
    """Read an expression that is a scheme, such as `https:`: the scheme, or None."""
    match = _SCHEME_SOURCE.fullmatch(expression)
    return None if match is None else match[1].lower()


@lru_cache(maxsize=4096)
def host_source(expression: str) -> HostSource | None:
    """Read an expression that names hosts, or None.

    >>> host_source("https://*.example.com:8443/api/")
    HostSource(scheme='https', host='*.example.com', port='8443', path='/api/')
    """
    match = _HOST_SOURCE.fullmatch(expression)
    if match is None:
        return None
    scheme = match["scheme"]
    return HostSource(scheme and scheme.lower(), match["host"].lower(), match["port"], match["path"] or "")
