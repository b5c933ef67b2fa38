"""From a result to its cause: what somebody did, behind the rule that refused."""

from __future__ import annotations

from collections.abc import Callable

from corsim.explaining.causes import Cause
from corsim.explaining.cookies import lacks_cookies
from corsim.explaining.exposure import hidden_headers
from corsim.explaining.facts import Facts
from corsim.explaining.fixing.remedies import HEADERS, is_the_case_at_fault, is_wrong_case, refused
from corsim.explaining.reasons.sharing import refused_aloud, signs_of_a_cors_layer
from corsim.values.decision import Reason
from corsim.values.statuses import is_ok_status
from corsim.values.url import parse_url

_UNAUTHORIZED = (401, 403)
_UNROUTED = (404, 405, 501)
_REFUSED = (("request method", Cause.METHOD_NOT_ALLOWED), ("headers", Cause.HEADER_NOT_ALLOWED))


def diagnose(facts: Facts) -> Cause | None:
    """Name what is behind a result; None where nothing is wrong.

    >>> from corsim import Browser, Response
    >>> browser = Browser()
    >>> browser.serve("https://api.example", lambda request: Response(500))
    >>> result = browser.open("https://app.example").fetch("https://api.example/me")
    >>> result.blocked.reason.value, diagnose(Facts(result)).value
    ('allow-origin-missing', 'server-error')
    """
    if facts.result.blocked is None:
        return _of_an_outcome(facts)
    cause = CAUSES[facts.reason]
    return cause if isinstance(cause, Cause) else cause(facts)


def _of_an_outcome(facts: Facts) -> Cause | None:
    result = facts.result
    if result.api not in ("fetch", "xhr"):
        if result.loaded is False:
            return Cause.NOT_CORS
        return Cause.NO_CORS_MODE if result.tainted or result.muted_errors else None
    if result.type == "opaque":
        return Cause.NO_CORS_MODE
    if result.type == "opaqueredirect":
        return None
    if not result.ok and facts.exchange is not None:
        return Cause.COOKIES_HELD_BACK if lacks_cookies(facts) else Cause.NOT_CORS
    if hidden_headers(facts):
        starred = "*" in facts.allowed("access-control-expose-headers") and facts.with_credentials
        return Cause.EXPOSE_WILDCARD_WITH_CREDENTIALS if starred else Cause.HEADER_NOT_EXPOSED
    return Cause.COOKIES_HELD_BACK if lacks_cookies(facts) else None


def _without_an_origin(facts: Facts) -> Cause | None:
    """Tell a page that has no origin from a request that redirects have taken it from."""
    if facts.origin != "null":
        return None
    return Cause.NULL_ORIGIN if facts.result.origin == "null" else Cause.ORIGIN_LOST_BY_REDIRECT


def _missing(facts: Facts) -> Cause:
    if facts.is_preflight and facts.is_redirect:
        return Cause.PREFLIGHT_REDIRECTED
    failed = _failed(facts)
    if failed is not None:
        return failed
    aloud = refused_aloud(facts)
    if aloud:
        return next((cause for word, cause in _REFUSED if aloud.startswith(word)), Cause.ORIGIN_MISMATCH)
    if facts.is_preflight and facts.status in _UNAUTHORIZED and not signs_of_a_cors_layer(facts):
        return Cause.PREFLIGHT_UNAUTHORIZED
    if facts.is_preflight and facts.status in _UNROUTED:
        return Cause.PREFLIGHT_UNROUTED
    nobody = _without_an_origin(facts)
    if nobody is not None:
        return nobody
    if facts.is_remembered and is_ok_status(facts.status):
        return Cause.STALE_PREFLIGHT
    if signs_of_a_cors_layer(facts):
        return Cause.ORIGIN_MISMATCH
    return Cause.SERVER_ERROR if facts.status >= 400 else Cause.NO_CORS_HEADERS


def _failed(facts: Facts) -> Cause | None:
    unrouted = facts.is_preflight and facts.status in _UNROUTED
    return Cause.SERVER_ERROR if facts.error or (facts.status >= 500 and not unrouted) else None


def _mismatch(facts: Facts) -> Cause:
    if facts.is_remembered and facts.origin != "null":
        return Cause.STALE_PREFLIGHT
    is_origin = facts.subject == "null" or parse_url(facts.subject) is not None
    return _without_an_origin(facts) or (Cause.ORIGIN_MISMATCH if is_origin else Cause.INVALID_ALLOWED_ORIGIN)


def _preflight_status(facts: Facts) -> Cause:
    failed = _failed(facts)
    if failed is not None:
        return failed
    if facts.status in _UNAUTHORIZED:
        return Cause.PREFLIGHT_UNAUTHORIZED
    if facts.status in _UNROUTED:
        return Cause.PREFLIGHT_UNROUTED
    if is_the_case_at_fault(facts):
        return Cause.METHOD_IN_LOWER_CASE
    asked = refused(facts)
    if not asked:
        return Cause.PREFLIGHT_UNROUTED
    return Cause.METHOD_NOT_ALLOWED if facts.method in asked else Cause.HEADER_NOT_ALLOWED


def _method(facts: Facts) -> Cause:
    return Cause.METHOD_IN_LOWER_CASE if is_wrong_case(facts) else Cause.METHOD_NOT_ALLOWED


def _header(facts: Facts) -> Cause:
    if "*" in facts.allowed(HEADERS.lower()):
        if facts.with_credentials:
            return Cause.HEADERS_WILDCARD_WITH_CREDENTIALS
        return Cause.WILDCARD_WITHOUT_AUTHORIZATION
    return Cause.BODY_FORCES_PREFLIGHT if facts.subject == "content-type" else Cause.HEADER_NOT_ALLOWED


CAUSES: dict[Reason, Cause | Callable[[Facts], Cause]] = {
    **dict.fromkeys(Reason, Cause.NOT_CORS),
    Reason.NO_CORS_METHOD: Cause.NO_CORS_MODE,
    Reason.NO_CORS_REDIRECT_MODE: Cause.NO_CORS_MODE,
    Reason.ALLOW_ORIGIN_MISSING: _missing,
    Reason.ALLOW_ORIGIN_MISMATCH: _mismatch,
    Reason.ALLOW_ORIGIN_MULTIPLE: Cause.TWO_ALLOWED_ORIGINS,
    Reason.ALLOW_ORIGIN_WILDCARD: Cause.WILDCARD_WITH_CREDENTIALS,
    Reason.ALLOW_CREDENTIALS_NOT_TRUE: Cause.CREDENTIALS_NOT_ALLOWED,
    Reason.PREFLIGHT_STATUS: _preflight_status,
    Reason.PREFLIGHT_REDIRECT: Cause.PREFLIGHT_REDIRECTED,
    Reason.ALLOW_METHODS_MALFORMED: Cause.METHOD_NOT_ALLOWED,
    Reason.ALLOW_HEADERS_MALFORMED: Cause.HEADER_NOT_ALLOWED,
    Reason.METHOD_NOT_ALLOWED: _method,
    Reason.HEADER_NOT_ALLOWED: _header,
    Reason.REDIRECT_WITH_CREDENTIALS: Cause.REDIRECT_WITH_USERINFO,
}
"""The cause behind each reason, or a function that tells several apart; of the others, none is CORS."""
