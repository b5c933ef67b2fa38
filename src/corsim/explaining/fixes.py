"""What would have let the page through, with the values of this very request."""

from __future__ import annotations

import re

from corsim.engines import profile
from corsim.explaining.facts import Facts, lines
from corsim.explaining.notes import covers_authorization
from corsim.values.headers import byte_lowercase
from corsim.values.methods import SAFELISTED_METHODS, byte_uppercase, is_token
from corsim.values.statuses import is_ok_status

ALLOW = "Access-Control-Allow-Origin"
METHODS = "Access-Control-Allow-Methods"
HEADERS = "Access-Control-Allow-Headers"
STARLETTE = (
    "In FastAPI and Starlette these are allow_origins, allow_methods and allow_headers of CORSMiddleware."
)

# What is left of an element that is no token once quotes, brackets and blanks are taken out.
_PIECE = re.compile(r"[!#$%&*+\-.^_`|~0-9A-Za-z]+")


def send(facts: Facts) -> str:
    """Say which headers to send on the last answer, unless it is the page that should change."""
    lead = f"On {facts.answer}, send"
    if facts.is_preflight and not is_ok_status(facts.status):
        lead = f"Answer OPTIONS {facts.url} with status 204 and"
    return let_in(facts, facts.origin, lead, *_beside_the_origin(facts))


def let_in(facts: Facts, origin: str, lead: str, *others: str) -> str:
    """Write the headers that let an origin in, below a sentence: the one place that names an origin.

    It never names `null`; for that it says how to come by an origin.
    """
    if facts.headers.get(ALLOW.lower()) == "*" and not facts.with_credentials:
        return lines(lead, f"{ALLOW}: *", *(line for line in others if not line.startswith("Vary")))
    if origin != "null":
        return lines(lead, f"{ALLOW}: {origin}", *others)
    if facts.result.origin != "null":
        return (
            f"Call {facts.url} itself: a redirect from one foreign origin to another makes the browser "
            "send `Origin: null`. Don't allow `null`: anyone can send it."
        )
    public = "" if facts.with_credentials else f" If anyone may read the answer, send `{ALLOW}: *`."
    return (
        "Open the page over http: or https:, outside of a sandboxed frame, so that it has an origin. "
        f"Don't allow `null`: anyone can send it.{public}"
    )


def _beside_the_origin(facts: Facts) -> list[str]:
    """Write every other header that the last answer needs; a preflight's may lack several at once."""
    found = ["Access-Control-Allow-Credentials: true"] if facts.with_credentials else []
    return [*found, *preflight_headers(facts)] if facts.is_preflight else [*found, "Vary: Origin"]


def preflight_headers(facts: Facts) -> list[str]:
    """Write the lines that let this method and these request headers through, where they are lacking."""
    found = [] if _allows_method(facts) else [methods_line(facts)]
    return [*found, headers_line(facts)] if missing_headers(facts) else found


def right_case(facts: Facts) -> str:
    """Say how the page should write a method that no browser puts into capitals; empty if it has."""
    upper = byte_uppercase(facts.method)
    if upper == facts.method:
        return ""
    return (
        f"In the page write method: '{upper}'. Browsers put only DELETE, GET, HEAD, OPTIONS, POST and PUT "
        "into capitals, and methods are compared letter by letter."
    )


def methods_line(facts: Facts) -> str:
    """Write the list of methods, with the one that was asked for."""
    wanted = byte_uppercase(facts.method)
    kept = listed(facts, METHODS)
    if wanted not in kept:
        kept = [*(method for method in kept if byte_uppercase(method) != wanted), wanted]
    return f"{METHODS}: {', '.join(kept)}"


def headers_line(facts: Facts) -> str:
    """Write the list of request headers, with those that were asked for and are missing."""
    kept = listed(facts, HEADERS)
    known = {byte_lowercase(name) for name in kept}
    missing = [name for name in missing_headers(facts) if name not in known]
    return f"{HEADERS}: {', '.join([*kept, *missing])}"


def missing_headers(facts: Facts) -> list[str]:
    """List the request headers that were asked for and not allowed."""
    allowed = {byte_lowercase(name) for name in facts.allowed(HEADERS.lower())}
    covers = "*" in allowed and not facts.with_credentials
    covers_all = covers and covers_authorization(profile(facts.result.engine))
    return [
        name for name in facts.asked_headers
        if name not in allowed and not (covers_all or (covers and name != "authorization"))
    ]  # fmt: skip


def refused(facts: Facts) -> list[str]:
    """List what a preflight asked for and its answer does not allow: the method, header names."""
    allowed = facts.allowed(METHODS.lower())
    method = [] if facts.method in allowed or _allows_method(facts) else [facts.method]
    return [*method, *missing_headers(facts)]


def _allows_method(facts: Facts) -> bool:
    """Say whether the method is allowed, once the page writes it in the right case."""
    allowed = facts.allowed(METHODS.lower())
    covers = "*" in allowed and not facts.with_credentials
    known = facts.method in allowed or byte_uppercase(facts.method) in allowed
    return facts.method in SAFELISTED_METHODS or known or covers


def listed(facts: Facts, name: str) -> list[str]:
    """Keep what a list names already, or was meant to: without quotes, with commas for blanks."""
    found = [
        piece for value in facts.allowed(name.lower())
        for piece in ([value] if is_token(value) else _PIECE.findall(value))
    ]  # fmt: skip
    found = list(dict.fromkeys(found))
    return [value for value in found if value != "*"] if facts.with_credentials else found
