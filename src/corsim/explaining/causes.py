"""The causes behind what people call a CORS error, each with a name that stays.

A `Reason` is the rule that refused; a cause is what somebody did. One reason can have
several causes (no Access-Control-Allow-Origin: nothing configured, or a crash that lost
the headers), and some causes refuse nothing at all.
"""

from __future__ import annotations

from enum import StrEnum


class Cause(StrEnum):
    """What went wrong at the server, in the page, or somewhere between."""

    NO_CORS_HEADERS = "no-cors-headers"
    SERVER_ERROR = "server-error"
    PREFLIGHT_UNAUTHORIZED = "preflight-unauthorized"
    PREFLIGHT_UNROUTED = "preflight-unrouted"
    PREFLIGHT_REDIRECTED = "preflight-redirected"
    WILDCARD_WITH_CREDENTIALS = "wildcard-with-credentials"
    CREDENTIALS_NOT_ALLOWED = "credentials-not-allowed"
    HEADER_NOT_ALLOWED = "header-not-allowed"
    WILDCARD_WITHOUT_AUTHORIZATION = "wildcard-without-authorization"
    HEADERS_WILDCARD_WITH_CREDENTIALS = "headers-wildcard-with-credentials"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    METHOD_IN_LOWER_CASE = "method-in-lower-case"
    ORIGIN_MISMATCH = "origin-mismatch"
    TWO_ALLOWED_ORIGINS = "two-allowed-origins"
    INVALID_ALLOWED_ORIGIN = "invalid-allowed-origin"
    BODY_FORCES_PREFLIGHT = "body-forces-preflight"
    NULL_ORIGIN = "null-origin"
    ORIGIN_LOST_BY_REDIRECT = "origin-lost-by-redirect"
    REDIRECT_WITH_USERINFO = "redirect-with-userinfo"
    NO_CORS_MODE = "no-cors-mode"
    HEADER_NOT_EXPOSED = "header-not-exposed"
    EXPOSE_WILDCARD_WITH_CREDENTIALS = "expose-wildcard-with-credentials"
    COOKIES_HELD_BACK = "cookies-held-back"
    STALE_PREFLIGHT = "stale-preflight"
    NOT_CORS = "not-cors"
