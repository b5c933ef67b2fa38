"""What the headers of the page itself have refused: its Content-Security-Policy, its embedder policy."""

from __future__ import annotations

from corsim.explaining.facts import Facts, Tell, Words
from corsim.explaining.reasons.request import after, as_web_socket, target
from corsim.fetching.content_security_policy import effective_directive
from corsim.values.decision import Reason
from corsim.values.request import Request
from corsim.values.url import parse_url


def _content_security_policy(facts: Facts) -> Words:
    request = facts.result.request
    assert request is not None
    url = as_web_socket(target(facts)) if request.mode == "websocket" else target(facts)
    return Words(
        f"the {facts.page} came with Content-Security-Policy: {facts.subject}, and that does not list "
        f"{url}{after(facts)}. The browser asks nothing that the page's own policy does not list. "
        "This is not CORS.",
        "A page asks only for what every Content-Security-Policy that it was delivered with allows.",
        f"Where the page itself is served, write in its Content-Security-Policy\n  "
        f"{_mended(facts.subject, url, request)}\nThe server that is asked has no say in it.",
    )


def _mended(directive: str, url: str, request: Request) -> str:
    """Write a directive with the URL's origin, or its scheme, added."""
    name, *sources = directive.split(" ")
    if name == "default-src":
        name = effective_directive(request).removesuffix("-elem")
    parsed = parse_url(url)
    new = url
    if parsed is not None:
        has_host = parsed.is_http or parsed.scheme in ("ws", "wss")
        new = parsed.origin.serialized if has_host else f"{parsed.scheme}:"
    return " ".join((name, *(source for source in sources if source.lower() != "'none'"), new))


def _embedder_policy(facts: Facts) -> Words:
    wanted = (
        "that nothing is loaded without CORS unless its Cross-Origin-Resource-Policy lets it"
        if facts.subject == "require-corp"
        else "that nothing is loaded with credentials and without CORS unless its "
        "Cross-Origin-Resource-Policy lets it"
    )
    said = facts.headers.get("cross-origin-resource-policy")
    lacks = (
        f"with Cross-Origin-Resource-Policy: {said}, which no browser knows"
        if said
        else "without a Cross-Origin-Resource-Policy"
    )
    return Words(
        f"{facts.where} was answered {lacks}, and the {facts.page} came with "
        f"Cross-Origin-Embedder-Policy: {facts.subject}, which says {wanted}. This is not CORS.",
        "With an embedder policy a page holds only what says that it may be embedded, or what CORS lets it.",
    )


WORDS: dict[Reason, Tell] = {
    Reason.CONTENT_SECURITY_POLICY: _content_security_policy,
    Reason.EMBEDDER_POLICY: _embedder_policy,
}
"""For each reason that lies in the page's own headers, what there is to say of it."""
