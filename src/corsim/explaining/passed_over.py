"""What servers and pages say that browsers pass over in silence, since it is not well-formed."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from corsim.explaining.facts import Facts
from corsim.values.cookie import unread_attributes
from corsim.values.headers import HTTP_TAB_OR_SPACE, Headers, byte_lowercase, get_decode_and_split
from corsim.values.integrity import ALGORITHMS, parse_metadata
from corsim.values.request import Request
from corsim.values.url import parse_url

CORP, NOSNIFF, TAO = "Cross-Origin-Resource-Policy", "X-Content-Type-Options", "Timing-Allow-Origin"

_POLICIES = ("same-origin", "same-site", "cross-origin")
_ATTRIBUTES = (
    "Domain", "Expires", "HttpOnly", "Max-Age", "Partitioned", "Path", "Priority", "SameSite", "Secure",
)  # fmt: skip
_NAMES = {byte_lowercase(name): name for name in _ATTRIBUTES}
_WELL_FORMED = {
    "samesite": "None, Lax or Strict",
    "max-age": "a whole number of seconds",
    "expires": "a date such as Wed, 21 Oct 2026 07:28:00 GMT",
    "path": "a path that begins with /",
}
_OF_PAGES = ("Content-Security-Policy", "Cross-Origin-Embedder-Policy", "Referrer-Policy")
_FORMER = {
    "x-content-security-policy": _OF_PAGES[0],
    "x-webkit-csp": _OF_PAGES[0],
    "feature-policy": "Permissions-Policy",
}
_ALIKE = 0.9


def passed_over(facts: Facts) -> Iterator[str]:
    """Say what was not well-formed, and what it would be if it were; each is said once."""
    answers = [exchange.response.headers for exchange in facts.result.exchanges if exchange.response]
    for headers in answers:
        yield from _of_an_answer(headers)
    for exchange in facts.result.exchanges:
        if not exchange.is_preflight and exchange.response is not None:
            for line in exchange.response.headers.get_all("set-cookie"):
                yield from _of_a_cookie(line)
    if facts.result.request is not None:
        yield from _of_a_request(facts.result.request)


def _of_an_answer(headers: Headers) -> Iterator[str]:
    policy = headers.get(CORP.lower())
    if policy is not None and policy not in _POLICIES:
        yield f"{CORP}: {policy} is none that a browser knows: take same-origin, same-site or cross-origin."
    options = headers.get(NOSNIFF.lower())
    if options is not None and byte_lowercase(get_decode_and_split(options)[0]) != "nosniff":
        yield f"{NOSNIFF}: {options} counts for nothing: its one value is nosniff."
    timing = headers.get(TAO.lower(), "")
    for origin in get_decode_and_split(timing) if timing else ():
        if origin not in ("*", "null") and not _is_origin(origin):
            yield f"{TAO}: {origin} names no page: an origin is written as https://app.example.com."


def _is_origin(text: str) -> bool:
    parsed = parse_url(text)
    return parsed is not None and parsed.origin.serialized == text


def _of_a_cookie(line: str) -> Iterator[str]:
    name = line.partition(";")[0].partition("=")[0].strip(HTTP_TAB_OR_SPACE)
    for attribute, value in unread_attributes(line):
        said = f"{_NAMES.get(attribute, attribute)}{f'={value}' if value else ''}"
        if attribute in _WELL_FORMED:
            right = _WELL_FORMED[attribute]
            yield f"Set-Cookie of {name} says {said}, which counts for nothing: take {right}."
        else:
            meant = get_close_matches(attribute, _NAMES, 1, 0.6)
            yield (
                f"Set-Cookie of {name} says {said}, which no browser knows"
                f"{f': it is called {_NAMES[meant[0]]}' if meant else ''}."
            )


def _of_a_request(request: Request) -> Iterator[str]:
    if request.integrity and not parse_metadata(request.integrity):
        yield (
            f"integrity: {request.integrity} names no digest that a browser knows, so nothing was checked: "
            f"take {', '.join(ALGORITHMS)} and base64, as in sha384-..."
        )
    known = {byte_lowercase(name): name for name in _OF_PAGES}
    for name, _ in request.client.headers.pairs:
        lower = byte_lowercase(name)
        meant = get_close_matches(lower, known, 1, _ALIKE)
        right = _FORMER.get(lower) or (known[meant[0]] if meant and lower not in known else None)
        if right is not None:
            yield f"No browser reads {name}, which the page came with: it is called {right}."
