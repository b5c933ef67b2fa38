"""The header lines that would have let the page through, with the values of this very request."""

from __future__ import annotations

from corsim.explain.facts import Facts, lines
from corsim.values.headers import byte_lowercase
from corsim.values.methods import SAFELISTED_METHODS, byte_uppercase, is_token

METHODS = "Access-Control-Allow-Methods"
HEADERS = "Access-Control-Allow-Headers"


def send(facts: Facts) -> str:
    """Say which headers to send on the last answer, unless it is the page that should change."""
    if facts.origin != "null":
        return lines(f"On {facts.answer}, send", *needed_headers(facts))
    if facts.result.origin != "null":
        return (
            f"Call {facts.url} itself: a redirect from one foreign origin to another makes the browser "
            "send `Origin: null`. Don't allow `null`: anyone can send it."
        )
    return (
        "Open the page over http: or https:, outside of a sandboxed frame, so that it has an origin. "
        "Don't allow `null`: anyone can send it."
    )


def needed_headers(facts: Facts) -> list[str]:
    """Write every header that the last answer needs; a preflight's may lack several at once."""
    found = sharing_headers(facts)
    return [*found, *preflight_headers(facts)] if facts.is_preflight else found


def sharing_headers(facts: Facts) -> list[str]:
    """Write the lines that let the page read; they vary with the origin."""
    headers = [f"Access-Control-Allow-Origin: {facts.origin}"]
    if facts.with_credentials:
        headers.append("Access-Control-Allow-Credentials: true")
    return headers if facts.is_preflight else [*headers, "Vary: Origin"]


def preflight_headers(facts: Facts) -> list[str]:
    """Write the lines that let this method and these request headers through, where they are lacking."""
    found = [] if _allows_method(facts) else [methods_line(facts)]
    return [*found, headers_line(facts)] if missing_headers(facts) else found


def methods_line(facts: Facts) -> str:
    """Write the list of methods, with the one that was asked for."""
    kept = _kept(facts, METHODS)
    wanted = byte_uppercase(facts.method)
    return f"{METHODS}: {', '.join([*kept, *([] if wanted in kept else [wanted])])}"


def headers_line(facts: Facts) -> str:
    """Write the list of request headers, with those that were asked for and are missing."""
    return f"{HEADERS}: {', '.join([*_kept(facts, HEADERS), *missing_headers(facts)])}"


def missing_headers(facts: Facts) -> list[str]:
    """List the request headers that were asked for and not allowed."""
    allowed = {byte_lowercase(name) for name in facts.allowed(HEADERS.lower())}
    covers = "*" in allowed and not facts.with_credentials
    return [
        name for name in facts.asked_headers
        if name not in allowed and not (covers and name != "authorization")
    ]  # fmt: skip


def _allows_method(facts: Facts) -> bool:
    allowed = facts.allowed(METHODS.lower())
    covers = "*" in allowed and not facts.with_credentials
    return facts.method in SAFELISTED_METHODS or facts.method in allowed or covers


def _kept(facts: Facts, name: str) -> list[str]:
    """Keep what the server allows already, as far as it means anything."""
    kept = [value for value in facts.allowed(name.lower()) if is_token(value)]
    return [value for value in kept if value != "*"] if facts.with_credentials else kept
