"""What in a page's own headers does not do what it looks like: browsers pass it over in silence."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from corsim.engines import EngineProfile
from corsim.explaining.facts import Facts
from corsim.fetching.embedder_policy import effective_embedder_policy
from corsim.values.content_security_policy import Sources, directives_of, host_source, scheme_source
from corsim.values.environment import REFERRER_POLICIES
from corsim.values.headers import Headers
from corsim.values.request import Request

CSP, COEP = "Content-Security-Policy", "Cross-Origin-Embedder-Policy"

_OF_SOURCES = frozenset(
    {"child-src", "connect-src", "default-src", "font-src", "frame-src", "img-src", "manifest-src"}
    | {"media-src", "object-src", "script-src", "script-src-elem", "script-src-attr", "style-src"}
    | {"style-src-elem", "style-src-attr", "worker-src", "base-uri", "form-action", "frame-ancestors"}
)
_KNOWN = _OF_SOURCES | {
    "block-all-mixed-content", "fenced-frame-src", "plugin-types", "prefetch-src", "report-to", "report-uri",
    "require-sri-for", "require-trusted-types-for", "sandbox", "trusted-types", "upgrade-insecure-requests",
    "webrtc",
}  # fmt: skip
_KEYWORDS = frozenset(
    {"none", "self", "unsafe-inline", "unsafe-eval", "strict-dynamic", "unsafe-hashes", "report-sample"}
    | {"wasm-unsafe-eval", "unsafe-allow-redirects", "inline-speculation-rules", "trusted-types-eval"}
    | {"report-sha256", "report-sha384", "report-sha512", "unsafe-webtransport-hashes"}
)
_PREFIXES = ("'nonce-", "'sha256-", "'sha384-", "'sha512-")


def page_policies(facts: Facts) -> Iterator[str]:
    """Say of each part of a page's policies that counts for nothing that it does, once each."""
    request = facts.result.request
    if request is None or not request.client.headers.pairs:
        return
    client = request.client
    yield from _reported_only(client.headers)
    for value in client.headers.get_all(CSP):
        for policy in value.split(","):
            yield from _of_a_policy(policy)
    yield from _embedder_policy(request, facts.result.fetch.profile)
    yield from _referrer_policy(client.headers)


def _reported_only(headers: Headers) -> Iterator[str]:
    for name in (CSP, COEP):
        if f"{name}-Report-Only" in headers:
            yield f"{name}-Report-Only blocks nothing: it only reports."


def _of_a_policy(policy: str) -> Iterator[str]:
    """Walk over one policy, directive by directive."""
    if not policy.isascii():
        yield f"A directive of {CSP} with a character beyond ASCII is passed over."
    names: set[str] = set()
    for name, sources in directives_of(policy):
        if name in names:
            yield f"Of two {name} in one {CSP} the first counts."
        elif name not in _KNOWN:
            meant = get_close_matches(name, sorted(_KNOWN), 1, 0.8)
            yield f"No browser knows {name} in {CSP}{f': it is called {meant[0]}' if meant else ''}."
        elif name in _OF_SOURCES:
            yield from _of_sources(name, sources)
        names.add(name)


def _of_sources(name: str, sources: Sources) -> Iterator[str]:
    for source in sources:
        word = source.strip("'").lower()
        if source.lower() in _KEYWORDS:
            yield f"{source} in {name} is the name of a host: the keyword is '{word}', with quotes."
        elif word == "none" and len(sources) > 1:
            yield f"'none' in {name} counts only where it stands alone."
        elif not _is_source(source, word):
            yield f"{source} in {name} is no source that a browser understands, and matches nothing."


def _is_source(source: str, word: str) -> bool:
    quoted = len(source) > 2 and source.startswith("'") and source.endswith("'")
    if quoted:
        return word in _KEYWORDS or source.lower().startswith(_PREFIXES)
    return scheme_source(source) is not None or host_source(source) is not None


def _embedder_policy(request: Request, profile: EngineProfile) -> Iterator[str]:
    value, policy = request.client.headers.get(COEP.lower()), request.client.embedder_policy
    if value in (None, "unsafe-none"):
        return
    if policy == "unsafe-none":
        why = "it is not well-formed, or not known"
    elif policy not in profile.embedder_policies:
        why = "it is not known here"
    elif effective_embedder_policy(request, profile) == "unsafe-none":
        why = "the page is not secure"
    else:
        return
    yield f"{COEP}: {value} counts for nothing, since {why}."


def _referrer_policy(headers: Headers) -> Iterator[str]:
    value = headers.get("referrer-policy", "")
    words = [word.strip().lower() for word in value.split(",")]
    if value and not any(word in REFERRER_POLICIES[1:] for word in words):
        known = ", ".join(REFERRER_POLICIES[1:])
        yield f"Referrer-Policy: {value} counts for nothing: browsers know {known}."
