"""Content Security Policy, as fetch uses it: https://w3c.github.io/webappsec-csp/#fetch-integration."""

from __future__ import annotations

import re
from urllib.parse import unquote, unquote_to_bytes

from corsim.engines import EngineProfile
from corsim.fetching.referrer import is_potentially_trustworthy
from corsim.values.content_security_policy import HostSource, Sources, host_source, scheme_source
from corsim.values.origin import DEFAULT_PORTS, Origin, TupleOrigin
from corsim.values.request import Request
from corsim.values.url import Url, parse_url

FALLBACKS = {
    "connect-src": ("connect-src", "default-src"),
    "font-src": ("font-src", "default-src"),
    "img-src": ("img-src", "default-src"),
    "media-src": ("media-src", "default-src"),
    "script-src-elem": ("script-src-elem", "script-src", "default-src"),
    "style-src-elem": ("style-src-elem", "style-src", "default-src"),
    "worker-src": ("worker-src", "child-src", "script-src", "default-src"),
    "form-action": ("form-action",),
}
"""For each effective directive those that stand in for it, the first that a policy has."""

_EFFECTIVE = {
    "audio": "media-src",
    "font": "font-src",
    "image": "img-src",
    "script": "script-src-elem",
    "sharedworker": "worker-src",
    "style": "style-src-elem",
    "video": "media-src",
    "worker": "worker-src",
}
_IP_ADDRESS = re.compile(r"\[.*\]|\d+(\.\d+){3}")
_SECURER = {("http", "https"), ("ws", "wss"), ("ws", "http"), ("ws", "https"), ("wss", "https")}


def upgraded_by_policy(request: Request, profile: EngineProfile) -> Request:
    """Upgrade a request to a potentially trustworthy URL, if appropriate.

    https://w3c.github.io/webappsec-upgrade-insecure-requests/#upgrade-request
    """
    # 1. OUT OF SCOPE: the header of navigations. 2. Of navigations there are only forms, which are upgraded.
    # 3. and 4. If the page's policy says so.
    policies = request.client.policies
    if request.url.scheme != "http" or not any(
        "upgrade-insecure-requests" in policy.directives for policy in policies
    ):
        return request
    # AD-HOC: an engine may leave what is on this machine as it is, unless a redirect has led there.
    if profile.upgrade_exempts == "loopback" or (profile.upgrade_exempts != "nothing" and not request.hops):
        if is_potentially_trustworthy(request.url):
            return request
    # 5. Only the scheme changes: a port that was written stays.
    url = parse_url(request.url.href.replace("http:", "https:", 1))
    return request if url is None else request.but(url_list=(*request.url_list[:-1], url))


def blocking_directive(request: Request, profile: EngineProfile) -> str | None:
    """Say which directive blocks a request, as its policy has it; None if none does.

    https://w3c.github.io/webappsec-csp/#should-block-request, and of a form
    https://w3c.github.io/webappsec-csp/#should-block-navigation-request.
    """
    effective = effective_directive(request)
    # AD-HOC: an engine may lose sight of a form once it was sent.
    if effective == "form-action" and request.hops and profile.form_action_asked == "once":
        return None
    # 3. Every policy has to let it through.
    for policy in request.client.policies:
        name = next((name for name in FALLBACKS[effective] if name in policy.directives), None)
        if name is not None and not _allows(request, effective, policy.directives[name], profile):
            return policy.written(name)
    return None


def effective_directive(request: Request) -> str:
    """Get the effective directive for a request: https://w3c.github.io/webappsec-csp/#effective-directive-for-a-request.

    AD-HOC: by the letter a navigation would be a matter of `connect-src`, too; the Fetch Standard's table of
    destinations leaves it to HTML, which asks of a form for its `form-action` alone.
    """
    if request.mode == "navigate":
        return "form-action"
    return _EFFECTIVE.get(request.destination, "connect-src")


def _allows(request: Request, effective: str, sources: Sources, profile: EngineProfile) -> bool:
    """Run the pre-request check of a directive. OUT OF SCOPE: nonces and digests, which no element has."""
    # https://w3c.github.io/webappsec-csp/#script-pre-request 1.3. AD-HOC: our scripts are made by script.
    if effective in ("script-src-elem", "worker-src") and "'strict-dynamic'" in map(str.lower, sources):
        return True
    return matches_source_list(
        request.url, sources, request.client.creation_url.origin, request.redirect_count, profile
    )


def matches_source_list(
    url: Url, sources: Sources, self_origin: Origin, redirect_count: int, profile: EngineProfile
) -> bool:
    """Say whether a URL matches one of the expressions; `'none'` by itself is no expression that any matches.

    https://w3c.github.io/webappsec-csp/#match-url-to-source-list
    """
    return any(_matches(url, source, self_origin, redirect_count, profile) for source in sources)


def _matches(
    url: Url, expression: str, self_origin: Origin, redirect_count: int, profile: EngineProfile
) -> bool:
    """Match one expression: https://w3c.github.io/webappsec-csp/#match-url-to-source-expression."""
    own_scheme = self_origin.scheme if isinstance(self_origin, TupleOrigin) else ""
    # 1. A star is the web, and whatever is of the page's own scheme. AD-HOC: WebSockets are of the web.
    if expression == "*" and (url.is_http or url.scheme in (own_scheme, "ws", "wss")):
        return True
    # 2. A scheme.
    scheme = scheme_source(expression)
    if scheme is not None:
        return _scheme_matches(scheme, url.scheme)
    # 3. Hosts. 3.2. Without a scheme they are as secure as the page, or securer.
    # AD-HOC: an engine may pass over a query.
    cut = profile.csp_queries == "cut-off"
    host = host_source(expression.partition("?")[0] if cut else expression)
    if host is not None:
        scheme = host.scheme or own_scheme
        is_near = _scheme_matches(scheme, url.scheme) and _port_matches(host.port, scheme, url, profile)
        return is_near and _host_source_matches(host, url, redirect_count, profile)
    # 4. The page's own origin.
    return expression.lower() == "'self'" and _is_self(url, self_origin)


def _scheme_matches(scheme: str, actual: str) -> bool:
    """Say whether a scheme is the one that is named, or a securer form of it."""
    return scheme == actual or (scheme, actual) in _SECURER


def _host_source_matches(source: HostSource, url: Url, redirect_count: int, profile: EngineProfile) -> bool:
    # 3.1. and 3.3. The host.
    if not url.host or not _host_matches(source.host, url.host, profile):
        return False
    # 3.6. The path, which a page must not learn of a redirect.
    return not source.path or redirect_count > 0 or _path_matches(source.path, url.path, profile)


def _port_matches(port: str | None, scheme: str, url: Url, profile: EngineProfile) -> bool:
    """Match a port; none is that of the URL's own scheme: https://w3c.github.io/webappsec-csp/#match-ports."""
    # 2.
    if port == "*":
        return True
    number, default = None if port is None else int(port), DEFAULT_PORTS.get(url.scheme)
    # AD-HOC: to an engine a securer scheme has other ports, and only the default ones go together.
    if scheme != url.scheme and profile.csp_securer_ports == "default":
        return url.port is None and number in (None, default, DEFAULT_PORTS.get(scheme))
    # 3. to 5.
    return number == url.port or (url.port is None and number == default)


def _host_matches(pattern: str, host: str, profile: EngineProfile) -> bool:
    """Match a host: https://w3c.github.io/webappsec-csp/#match-hosts."""
    # 1. An address is none. AD-HOC: to an engine it is a name like any other.
    if profile.csp_addresses == "never" and _IP_ADDRESS.fullmatch(host):
        return False
    # 2. and 3. A star stands for all, or for one name or more below a host.
    if pattern == "*":
        return True
    return host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern


def _path_matches(pattern: str, path: str, profile: EngineProfile) -> bool:
    """Match a path, or, where the pattern ends in a slash, how it begins.

    https://w3c.github.io/webappsec-csp/#match-paths
    """
    # AD-HOC: to an engine a slash is a slash, however it was written.
    if profile.csp_paths == "as-a-whole":
        pattern, path = unquote(pattern), unquote(path)
    # 3. to 7. As many pieces, or more behind a slash.
    pieces, given = pattern.split("/"), path.split("/")
    if pattern.endswith("/"):
        pieces, given = pieces[:-1], given[: len(pieces) - 1] if len(given) >= len(pieces) else []
    # 8. Piece by piece, whatever is percent-encoded.
    return list(map(unquote_to_bytes, pieces)) == list(map(unquote_to_bytes, given))


def _is_self(url: Url, self_origin: Origin) -> bool:
    # 4.1. The very origin.
    if url.origin == self_origin:
        return True
    # 4.2. The same host, by a securer scheme, at the same port or at the ports that go without saying.
    if not isinstance(self_origin, TupleOrigin) or url.host != self_origin.host:
        return False
    same_port = (url.port or DEFAULT_PORTS.get(url.scheme)) == (
        self_origin.port or DEFAULT_PORTS[self_origin.scheme]
    )
    both_default = url.port is None and self_origin.port is None
    securer = url.scheme in ("https", "wss") or (self_origin.scheme == "http" and url.scheme == "ws")
    return (same_port or both_default) and securer
