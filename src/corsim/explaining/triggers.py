"""Why a request header that could go unasked does not."""

from __future__ import annotations

import re

from corsim.values.headers import Headers
from corsim.values.safelist import (
    MAX_SAFELISTED_TOTAL,
    MAX_SAFELISTED_VALUE,
    has_unsafe_byte,
    is_cors_safelisted_request_header,
)

_NO_LANGUAGE_BYTE = re.compile(r"[^0-9A-Za-z *,\-.;=]")
_SAFELISTED_NAMES = ("accept", "accept-language", "content-language", "content-type", "range")
_SHOWN_VALUE = 60  # characters; a longer value is not repeated


def named_with_why(name: str, headers: Headers) -> str:
    """Name a header that needs leave; of a safelisted name, say what is wrong with its value.

    >>> named_with_why("x-token", Headers({"X-Token": "1"}))
    'x-token'
    >>> named_with_why("range", Headers({"Range": "bytes=-5"}))
    'range: bytes=-5 (a range needs a start, such as bytes=0-5)'
    """
    values = headers.get_all(name)
    if name not in _SAFELISTED_NAMES or not values:
        return name
    value = next((one for one in values if not is_cors_safelisted_request_header(name, one)), None)
    if value is None:
        return f"{name} ({_total(headers)})"
    shown = f"{name}: {value}" if len(value) <= _SHOWN_VALUE and value.isprintable() else name
    return f"{shown} ({_why(name, value)})"


def _total(headers: Headers) -> str:
    size = sum(
        len(value) for name, value in headers.pairs if is_cors_safelisted_request_header(name, value)
    )  # fmt: skip
    return f"the safelisted values have {size} bytes together, more than {MAX_SAFELISTED_TOTAL}"


def _why(name: str, value: str) -> str:
    if len(value) > MAX_SAFELISTED_VALUE:
        return f"its value has {len(value)} bytes, more than {MAX_SAFELISTED_VALUE}"
    if name == "range":
        return _why_range(value)
    if name in ("accept-language", "content-language"):
        found = _NO_LANGUAGE_BYTE.search(value)
        byte = found.group() if found else None
    else:
        byte = has_unsafe_byte(value)
    if byte is not None:
        return f"its value contains the byte {_shown(byte)}"
    return "only application/x-www-form-urlencoded, multipart/form-data and text/plain go unasked"


def _why_range(value: str) -> str:
    if value.startswith("bytes=-"):
        return "a range needs a start, such as bytes=0-5"
    if re.match(r"bytes=[0-9]+-[0-9]+\Z", value):
        return "the range ends before it starts"
    return "only one range goes unasked, such as bytes=0-5 or bytes=5-"


def _shown(byte: str) -> str:
    return f"`{byte}`" if "!" <= byte <= "~" else f"0x{ord(byte):02X}"
