"""The guards of `Headers`: https://fetch.spec.whatwg.org/#headers-class."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from corsim.engines import SPEC, EngineProfile
from corsim.values.decision import Decision, Reason
from corsim.values.headers import HTTP_WHITESPACE, Headers, Pair, is_header_value
from corsim.values.methods import is_token
from corsim.values.safelist import (
    PRIVILEGED_NO_CORS_REQUEST_HEADERS,
    is_forbidden_request_header,
    is_no_cors_safelisted_request_header,
)
from corsim.values.spec import VALIDATE_HEADER

Guard: TypeAlias = Literal["request", "request-no-cors"]


def fill(pairs: Iterable[Pair], guard: Guard, profile: EngineProfile = SPEC) -> Headers | Decision:
    """Fill a request's headers with what script gave: some are dropped, a malformed one rejects."""
    headers = Headers()
    for name, raw in pairs:
        value = raw.strip(HTTP_WHITESPACE)
        valid = validate(name, value, profile)
        if isinstance(valid, Decision):
            return valid
        if valid:
            headers = append(headers, name, value, guard, profile)
    return headers


def validate(name: str, value: str, profile: EngineProfile = SPEC) -> bool | Decision:
    """Say whether a header may be set; a `Decision` is the `TypeError` that script gets.

    https://fetch.spec.whatwg.org/#headers-validate
    """
    # 1. Script is told of what could not be a header,
    if not is_token(name) or not is_header_value(value):
        return Decision(VALIDATE_HEADER["1"], "TypeError", Reason.INVALID_HEADER, f"{name}: {value}")
    # 2. OUT OF SCOPE: the guard "immutable", which is no request's.
    # 3. but not that a header is the browser's own.
    # 4. OUT OF SCOPE: the guard "response".
    # 5. The rest is script's to set.
    return not is_forbidden_request_header(name, value, profile.also_forbidden)


def append(headers: Headers, name: str, value: str, guard: Guard, profile: EngineProfile = SPEC) -> Headers:
    """Append a valid header, normalised already, if the guard lets it in.

    https://fetch.spec.whatwg.org/#concept-headers-append
    """
    # 1. and 2. `fill` has done.
    # AD-HOC: an engine may make one header of equal names, as XMLHttpRequest does.
    combines = profile.equal_names == "combined"
    extended = headers.combined(name, value) if combines else headers.appended((name, value))
    if guard == "request":
        return extended
    # 3. In no-cors mode it is the combined value that has to be safelisted.
    combined = f"{headers[name]}, {value}" if name in headers else value
    if not is_no_cors_safelisted_request_header(name, combined, profile.safelist):
        return headers
    # 4. and 5. A Range set by the browser would not survive script's touch.
    return extended.without(PRIVILEGED_NO_CORS_REQUEST_HEADERS)
