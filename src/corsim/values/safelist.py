"""Header safelists: https://fetch.spec.whatwg.org/#terminology-headers."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from corsim.values.headers import Headers, Pair, byte_lowercase, get_decode_and_split
from corsim.values.methods import is_forbidden_method
from corsim.values.mime import parse_mime_type

_UNSAFE_BYTE = re.compile(r'[\x00-\x08\x0a-\x1f"():<>?@\[\\\]{}\x7f]')
_LANGUAGE = re.compile(r"[0-9A-Za-z *,\-.;=]*\Z")
_RANGE = re.compile(r"bytes=([0-9]+)-([0-9]*)\Z")
_SAFELISTED_ESSENCES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"})

CORS_NON_WILDCARD_REQUEST_HEADERS = frozenset({"authorization"})
PRIVILEGED_NO_CORS_REQUEST_HEADERS = frozenset({"range"})
NO_CORS_SAFELISTED_REQUEST_HEADERS = frozenset(
    {"accept", "accept-language", "content-language", "content-type"}
)
REQUEST_BODY_HEADERS = frozenset({"content-encoding", "content-language", "content-location", "content-type"})
CORS_SAFELISTED_RESPONSE_HEADERS = frozenset(
    {"cache-control", "content-language", "content-length", "content-type", "expires", "last-modified"}
    | {"pragma"}
)
FORBIDDEN_RESPONSE_HEADERS = frozenset({"set-cookie", "set-cookie2"})
FORBIDDEN_REQUEST_HEADERS = frozenset(
    {"accept-charset", "accept-encoding", "access-control-request-headers", "connection", "cookie"}
    | {"access-control-request-method", "content-length", "cookie2", "date", "dnt", "expect", "host"}
    | {"keep-alive", "origin", "referer", "set-cookie", "te", "trailer", "transfer-encoding", "upgrade"}
    | {"via"}
)
_METHOD_OVERRIDES = frozenset({"x-http-method", "x-http-method-override", "x-method-override"})

MAX_SAFELISTED_VALUE = 128  # bytes a value
MAX_SAFELISTED_TOTAL = 1024  # bytes of all safelisted values together


def has_unsafe_byte(value: str) -> str | None:
    """Find the first CORS-unsafe request-header byte of a value, or None."""
    match = _UNSAFE_BYTE.search(value)
    return match and match.group()


def _safe_content_type(value: str) -> bool:
    if has_unsafe_byte(value) is not None:
        return False
    mime_type = parse_mime_type(value)
    return mime_type is not None and mime_type.essence in _SAFELISTED_ESSENCES


def _safe_range(value: str) -> bool:
    """A single range with a start, as a media element would ask for it."""
    match = _RANGE.match(value)
    return match is not None and (not match[2] or not _greater(match[1], match[2]))


def _greater(one: str, other: str) -> bool:
    """Compare two decimal numbers of any length by their digits."""
    one, other = one.lstrip("0"), other.lstrip("0")
    return (len(one), one) > (len(other), other)


_RULES: dict[str, Callable[[str], bool]] = {
    "accept": lambda value: has_unsafe_byte(value) is None,
    "accept-language": lambda value: _LANGUAGE.match(value) is not None,
    "content-language": lambda value: _LANGUAGE.match(value) is not None,
    "content-type": _safe_content_type,
    "range": _safe_range,
}


def is_cors_safelisted_request_header(name: str, value: str) -> bool:
    """Say whether a header may go cross-origin unasked.

    >>> is_cors_safelisted_request_header("Content-Type", "text/plain;charset=utf-8")
    True
    >>> is_cors_safelisted_request_header("Content-Type", "application/json")
    False
    """
    rule = _RULES.get(byte_lowercase(name))
    return rule is not None and len(value) <= MAX_SAFELISTED_VALUE and rule(value)


def is_no_cors_safelisted_request_header(name: str, value: str) -> bool:
    """Say whether a `no-cors` request may carry a header."""
    lower = byte_lowercase(name)
    return lower in NO_CORS_SAFELISTED_REQUEST_HEADERS and is_cors_safelisted_request_header(lower, value)


def is_forbidden_request_header(name: str, value: str) -> bool:
    """Say whether a header is the browser's own, so that script's attempt is ignored."""
    lower = byte_lowercase(name)
    if lower in FORBIDDEN_REQUEST_HEADERS or lower.startswith(("proxy-", "sec-")):
        return True
    return lower in _METHOD_OVERRIDES and any(map(is_forbidden_method, get_decode_and_split(value)))


def unsafe_request_header_names(headers: Headers) -> tuple[str, ...]:
    """List the names that need a preflight's leave: lower case, unique, sorted.

    https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names

    >>> unsafe_request_header_names(Headers({"X-B": "1", "Accept": "*/*", "x-a": "2"}))
    ('x-a', 'x-b')
    """
    return _unsafe_names(headers.pairs)


@lru_cache(maxsize=4096)
def _unsafe_names(pairs: tuple[Pair, ...]) -> tuple[str, ...]:
    unsafe, potentially_unsafe, size = set(), set(), 0
    for name, value in pairs:
        lower = byte_lowercase(name)
        if is_cors_safelisted_request_header(lower, value):
            potentially_unsafe.add(lower)
            size += len(value)
        else:
            unsafe.add(lower)
    if size > MAX_SAFELISTED_TOTAL:
        unsafe |= potentially_unsafe
    return tuple(sorted(unsafe))
