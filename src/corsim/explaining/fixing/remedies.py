"""For each reason, the edits that take this one fault away, with the values of this very request.

What they uncover next is somebody else's to find: see `proving`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from corsim.engines import profile
from corsim.explaining.facts import Facts, split_list
from corsim.explaining.fixing.edits import Edit, HeaderEdit, RequestEdit, ResponseEdit
from corsim.explaining.notes import covers_authorization
from corsim.values.decision import Reason
from corsim.values.doors import Api
from corsim.values.headers import byte_lowercase
from corsim.values.methods import SAFELISTED_METHODS, byte_uppercase, is_token
from corsim.values.statuses import is_ok_status
from corsim.values.url import parse_url

ALLOW = "Access-Control-Allow-Origin"
CREDENTIALS = "Access-Control-Allow-Credentials"
METHODS = "Access-Control-Allow-Methods"
HEADERS = "Access-Control-Allow-Headers"
EXPOSE = "Access-Control-Expose-Headers"

UNANSWERED = (401, 403, 404, 405, 501)
"""Statuses by which a preflight is told that no CORS layer saw it."""

# What is left of an element that is no token once quotes, brackets and blanks are taken out.
_PIECE = re.compile(r"[!#$%&*+\-.^_`|~0-9A-Za-z]+")

# Where a redirect asks a person to log in.
_LOGIN = re.compile(r"log-?in|sign-?in|/sso\b|oauth|/auth\b|authorize|saml", re.IGNORECASE)

Remedy: TypeAlias = Callable[[Facts], Iterator[Edit]]


def remedies(facts: Facts) -> tuple[Edit, ...]:
    """Find the edits that take away what refused a fetch, or hid its answer; none if nothing can."""
    if facts.result.blocked is None:
        return (RequestEdit("mode", "cors"),) if facts.result.type == "opaque" else ()
    remedy = REMEDIES.get(facts.reason)
    return () if remedy is None else tuple(remedy(facts))


def answer(facts: Facts, *headers: HeaderEdit, status: int | None = None) -> ResponseEdit:
    """Edit the answer to the last request."""
    assert facts.exchange is not None
    request = facts.exchange.request
    return ResponseEdit(request.method, request.url.href, request.is_preflight, headers, status)


# -- the CORS check ----------------------------------------------------------------------------


def _sharing(facts: Facts) -> Iterator[Edit]:
    """Let the origin in, or say how the request comes by one that can be let in."""
    if facts.is_redirect and facts.reason is Reason.ALLOW_ORIGIN_MISSING:
        yield from _redirected(facts)
        return
    if facts.origin == "null" and facts.result.origin != "null":
        yield RequestEdit("url", facts.url)  # redirects have lost the origin; the last URL has it
        return
    starred = facts.headers.get(ALLOW.lower()) == "*" and facts.reason is not Reason.ALLOW_ORIGIN_WILDCARD
    wants_star = starred and not facts.with_credentials
    if facts.origin == "null" and facts.with_credentials:
        return
    status = 204 if facts.is_preflight and not is_ok_status(facts.status) else None
    if wants_star or facts.origin == "null":
        yield answer(facts, HeaderEdit(ALLOW, "*"), status=status)
        return
    varies = {name.lower() for name in split_list(facts.headers.get("vary", ""))}
    vary = [] if facts.is_preflight or varies & {"origin", "*"} else [HeaderEdit("Vary", "Origin", "append")]
    yield answer(facts, HeaderEdit(ALLOW, facts.origin), *vary, status=status)


def _credentials(facts: Facts) -> Iterator[Edit]:
    yield answer(facts, HeaderEdit(CREDENTIALS, "true"))


# -- the preflight -----------------------------------------------------------------------------


def _status(facts: Facts) -> Iterator[Edit]:
    if is_the_case_at_fault(facts):
        yield RequestEdit("method", byte_uppercase(facts.method))
    else:
        yield answer(facts, status=204)


def _methods(facts: Facts) -> Iterator[Edit]:
    if is_wrong_case(facts):
        yield RequestEdit("method", byte_uppercase(facts.method))
    else:
        yield answer(facts, HeaderEdit(METHODS, methods(facts)))


def _malformed_methods(facts: Facts) -> Iterator[Edit]:
    yield answer(facts, _list(METHODS, methods(facts)))


def _headers(facts: Facts) -> Iterator[Edit]:
    if facts.subject.startswith("access-control-"):
        yield RequestEdit("header", facts.subject)
    else:
        yield answer(facts, HeaderEdit(HEADERS, headers(facts)))


def _malformed_headers(facts: Facts) -> Iterator[Edit]:
    yield answer(facts, _list(HEADERS, headers(facts)))


def _list(name: str, value: str) -> HeaderEdit:
    """Set a list that was malformed, or take it out if nothing is left of it."""
    return HeaderEdit(name, value) if value else HeaderEdit(name, action="remove")


# -- redirects ---------------------------------------------------------------------------------


def is_login(url: str) -> bool:
    """Say whether a URL looks like the place where a person logs in.

    >>> is_login("https://app.example/accounts/login/?next=/me"), is_login("/me/")
    (True, False)
    """
    return _LOGIN.search(url.partition("?")[0]) is not None


def location(facts: Facts) -> str:
    """Find the URL that the last answer redirects to; empty if a page can't call it."""
    base = None if facts.exchange is None else facts.exchange.request.url
    found = facts.headers.get_all("location")
    url = parse_url(found[0], base) if len(found) == 1 else None
    return "" if url is None or url.includes_credentials or not url.is_http else url.href


def _redirected(facts: Facts) -> Iterator[Edit]:
    """Go where the redirect leads, unless that is a login: then say so in the status."""
    to = location(facts)
    no_location = HeaderEdit("Location", action="remove")
    if to and not is_login(to):
        yield RequestEdit("url", to)
    elif facts.is_preflight:
        yield answer(facts, no_location, status=204)
    else:
        yield answer(facts, no_location, HeaderEdit(ALLOW, facts.origin), status=401)


def _clean_location(facts: Facts) -> Iterator[Edit]:
    url = parse_url(facts.subject)
    if url is not None:
        yield answer(facts, HeaderEdit("Location", url.without_credentials().href))


def _one_location(facts: Facts) -> Iterator[Edit]:
    first = facts.headers.get_all("location")[:1]
    if first and parse_url(first[0], parse_url(facts.url)) is not None:
        yield answer(facts, HeaderEdit("Location", first[0]))


def _option(option: str, value: str) -> Remedy:
    def remedy(facts: Facts) -> Iterator[Edit]:
        yield RequestEdit(option, value)  # type: ignore[arg-type]

    return remedy


def _resource_policy(facts: Facts) -> Iterator[Edit]:
    yield answer(facts, HeaderEdit("Cross-Origin-Resource-Policy", "cross-origin"))


_TYPES: dict[Api, str] = {"script": "text/javascript", "stylesheet": "text/css"}


def _right_type(facts: Facts) -> Iterator[Edit]:
    if facts.result.api in _TYPES:
        yield answer(facts, HeaderEdit("Content-Type", _TYPES[facts.result.api]))


REMEDIES: dict[Reason, Remedy] = {
    Reason.SAME_ORIGIN_MODE: _option("mode", "cors"),
    Reason.NO_CORS_REDIRECT_MODE: _option("redirect", "follow"),
    Reason.ALLOW_ORIGIN_MISSING: _sharing,
    Reason.ALLOW_ORIGIN_MISMATCH: _sharing,
    Reason.ALLOW_ORIGIN_MULTIPLE: _sharing,
    Reason.ALLOW_ORIGIN_WILDCARD: _sharing,
    Reason.ALLOW_CREDENTIALS_NOT_TRUE: _credentials,
    Reason.PREFLIGHT_STATUS: _status,
    Reason.PREFLIGHT_REDIRECT: _redirected,
    Reason.ALLOW_METHODS_MALFORMED: _malformed_methods,
    Reason.ALLOW_HEADERS_MALFORMED: _malformed_headers,
    Reason.METHOD_NOT_ALLOWED: _methods,
    Reason.PRIVATE_NETWORK_NOT_ALLOWED: lambda facts: iter(
        (answer(facts, HeaderEdit("Access-Control-Allow-Private-Network", "true")),)
    ),
    Reason.HEADER_NOT_ALLOWED: _headers,
    Reason.REDIRECT_MODE_ERROR: _option("redirect", "follow"),
    Reason.REDIRECT_LOCATION_INVALID: _one_location,
    Reason.REDIRECT_WITH_CREDENTIALS: _clean_location,
    Reason.RESOURCE_POLICY: _resource_policy,
    Reason.EMBEDDER_POLICY: _resource_policy,
    Reason.OPAQUE_RESPONSE: _right_type,
    Reason.MIME_TYPE: _right_type,
    Reason.NOSNIFF: _right_type,
}
"""The reasons that an edit can take away; of the others there is only something to say."""


# -- what to list ------------------------------------------------------------------------------


def is_wrong_case(facts: Facts) -> bool:
    """Say whether the page writes a method otherwise than servers do, and no browser puts it right."""
    return byte_uppercase(facts.method) != facts.method


def is_the_case_at_fault(facts: Facts) -> bool:
    """Say whether it may be for such a method that a CORS layer refused a preflight by its status."""
    others = facts.error or facts.status in UNANSWERED or facts.status >= 500
    return is_wrong_case(facts) and not others and facts.method not in facts.allowed(METHODS.lower())


def methods(facts: Facts) -> str:
    """Write the list of methods, with the one that was asked for."""
    wanted = byte_uppercase(facts.method)
    kept = listed(facts, METHODS)
    if wanted not in kept:
        kept = [*(method for method in kept if byte_uppercase(method) != wanted), wanted]
    return ", ".join(kept)


def headers(facts: Facts) -> str:
    """Write the list of request headers, with those that were asked for and are missing."""
    kept = listed(facts, HEADERS)
    known = {byte_lowercase(name) for name in kept}
    return ", ".join([*kept, *(name for name in missing_headers(facts) if name not in known)])


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
    """List what a preflight asked for and its answer does not allow: the method, header names.

    A browser never looks for GET, HEAD and POST on the list; servers that refuse by a status do.
    """
    allowed = facts.allowed(METHODS.lower())
    is_listed = facts.method in allowed or "*" in allowed or not allowed or is_ok_status(facts.status)
    method = [] if is_listed and (facts.method in allowed or _allows_method(facts)) else [facts.method]
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
