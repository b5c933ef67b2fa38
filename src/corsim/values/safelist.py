"""Header safelists: https://fetch.spec.whatwg.org/#terminology-headers."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Literal, TypeAlias

import attrs

from corsim.values.headers import Headers, Pair, byte_lowercase, get_decode_and_split
from corsim.values.methods import is_forbidden_method
from corsim.values.mime import parse_mime_type

_UNSAFE_BYTE = re.compile(r'[\x00-\x08\x0a-\x1f"():<>?@\[\\\]{}\x7f]')
_LANGUAGE = re.compile(r"[0-9A-Za-z *,\-.;=]*\Z")
_RANGE = re.compile(r"bytes=([0-9]+)-([0-9]*)\Z")
_LENIENT_RANGE = re.compile(r"bytes=\+?([0-9]+)-\+?([0-9]*)\Z", re.IGNORECASE)
_EMPTY_END = re.compile(r";.*;[\t ]*\Z")
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


RangeReading: TypeAlias = Literal["digits", "63-bits", "64-bits", "lenient-64-bits"]
ContentTypeReading: TypeAlias = Literal["mime-type", "one-plain-type"]


@attrs.frozen(eq=False)
class Safelist:
    """What makes a request header safe; the defaults are the standard's.

    Engines know more names, read some values otherwise, and count otherwise: see `EngineProfile`.
    """

    also_safe: frozenset[str] = frozenset()
    bytes_beyond_ascii: Literal["safe", "unsafe"] = "safe"
    content_type_reading: ContentTypeReading = "mime-type"
    range_reading: RangeReading = "digits"
    total: int | None = MAX_SAFELISTED_TOTAL
    names: Literal["set", "list"] = "set"


STANDARD = Safelist()


def _safe_bytes(value: str, safelist: Safelist) -> bool:
    return has_unsafe_byte(value) is None and (safelist.bytes_beyond_ascii == "safe" or value.isascii())


def _safe_language(value: str, _: Safelist) -> bool:
    return _LANGUAGE.match(value) is not None


def _safe_content_type(value: str, safelist: Safelist) -> bool:
    if not _safe_bytes(value, safelist):
        return False
    # AD-HOC: an engine may take a comma for the beginning of another type, and trip over an empty end.
    if safelist.content_type_reading == "one-plain-type" and ("," in value or _EMPTY_END.search(value)):
        return False
    mime_type = parse_mime_type(value)
    return mime_type is not None and mime_type.essence in _SAFELISTED_ESSENCES


def _safe_range(value: str, safelist: Safelist) -> bool:
    """A single range with a start, as a media element would ask for it."""
    pattern, largest = _RANGES[safelist.range_reading]
    match = pattern.match(value)
    if match is None or (match[2] and _greater(match[1], match[2])):
        return False
    return largest is None or not any(_greater(digits, largest) for digits in match.groups())


# AD-HOC: an engine may overlook capitals and a plus, and read no number of more than so many bits.
_RANGES: dict[RangeReading, tuple[re.Pattern[str], str | None]] = {
    "digits": (_RANGE, None),
    "63-bits": (_RANGE, str(2**63 - 2)),
    "64-bits": (_RANGE, str(2**64 - 1)),
    "lenient-64-bits": (_LENIENT_RANGE, str(2**64 - 1)),
}


def _greater(one: str, other: str) -> bool:
    """Compare two decimal numbers of any length by their digits."""
    one, other = one.lstrip("0"), other.lstrip("0")
    return (len(one), one) > (len(other), other)


_RULES: dict[str, Callable[[str, Safelist], bool]] = {
    "accept": _safe_bytes,
    "accept-language": _safe_language,
    "content-language": _safe_language,
    "content-type": _safe_content_type,
    "range": _safe_range,
}


def _matching(pattern: str) -> Callable[[str], bool]:
    return lambda value: re.fullmatch(pattern, value, re.IGNORECASE) is not None


# AD-HOC: names that are safe only where a safelist's `also_safe` has them, with what their values look like.
_CLIENT_HINTS: dict[str, Callable[[str], bool]] = {
    **dict.fromkeys(("device-memory", "downlink", "dpr"), _matching(r"[0-9]+(\.[0-9]+)?")),
    **dict.fromkeys(("rtt", "viewport-width", "width"), _matching(r"[0-9]+")),
    "ect": _matching(r"slow-2g|[234]g"),
    "intervention": lambda value: True,
    "save-data": _matching(r"on"),
}


def is_cors_safelisted_request_header(name: str, value: str, safelist: Safelist = STANDARD) -> bool:
    """Say whether a header may go cross-origin unasked.

    >>> is_cors_safelisted_request_header("Content-Type", "text/plain;charset=utf-8")
    True
    >>> is_cors_safelisted_request_header("Content-Type", "application/json")
    False
    """
    if len(value) > MAX_SAFELISTED_VALUE:
        return False
    lower = byte_lowercase(name)
    if lower in safelist.also_safe:
        return _CLIENT_HINTS[lower](value)
    rule = _RULES.get(lower)
    return rule is not None and rule(value, safelist)


def is_no_cors_safelisted_request_header(name: str, value: str, safelist: Safelist = STANDARD) -> bool:
    """Say whether a `no-cors` request may carry a header."""
    lower = byte_lowercase(name)
    return lower in NO_CORS_SAFELISTED_REQUEST_HEADERS and is_cors_safelisted_request_header(
        lower, value, safelist
    )


def is_forbidden_request_header(name: str, value: str, also_forbidden: frozenset[str] = frozenset()) -> bool:
    """Say whether a header is the browser's own, so that script's attempt is ignored."""
    lower = byte_lowercase(name)
    if lower in FORBIDDEN_REQUEST_HEADERS or lower in also_forbidden or lower.startswith(("proxy-", "sec-")):
        return True
    return lower in _METHOD_OVERRIDES and any(map(is_forbidden_method, get_decode_and_split(value)))


def unsafe_request_header_names(headers: Headers, safelist: Safelist = STANDARD) -> tuple[str, ...]:
    """List the names that need a preflight's leave: lower case, unique, sorted.

    https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names

    >>> unsafe_request_header_names(Headers({"X-B": "1", "Accept": "*/*", "x-a": "2"}))
    ('x-a', 'x-b')
    """
    return _unsafe_names(headers.pairs, safelist)


@lru_cache(maxsize=4096)
def _unsafe_names(pairs: tuple[Pair, ...], safelist: Safelist) -> tuple[str, ...]:
    unsafe: list[str] = []
    potentially_unsafe: list[str] = []
    size = 0
    for name, value in pairs:
        lower = byte_lowercase(name)
        if is_cors_safelisted_request_header(lower, value, safelist):
            potentially_unsafe.append(lower)
            size += len(value)
        else:
            unsafe.append(lower)
    if safelist.total is not None and size > safelist.total:
        unsafe += potentially_unsafe
    # AD-HOC: an engine may name a header as often as script gave it.
    return tuple(sorted(unsafe if safelist.names == "list" else set(unsafe)))
