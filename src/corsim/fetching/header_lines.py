"""Header lines, as an engine writes and reads them.

The standard has none of this: to it a header list goes out and comes in byte for byte. All of it is AD-HOC.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

import attrs

from corsim.engines import EngineProfile
from corsim.values.headers import Headers, Pair, byte_lowercase
from corsim.values.request import Request
from corsim.values.response import NetworkError, Response

# Headers of which an engine that merges equal names takes one: the last that script gives, the first that
# a server sends.
SINGLETONS = frozenset(
    {
        "authorization",
        "content-disposition",
        "content-length",
        "from",
        "host",
        "if-modified-since",
        "if-unmodified-since",
    }
    | {"location", "max-forwards", "proxy-authorization", "referer", "strict-transport-security"}
    | {"user-agent"}
)


def written(request: Request, profile: EngineProfile) -> Headers:
    """Write script's headers as the engine sends them."""
    headers = _without_outer_space(request.headers)
    if profile.equal_names == "merged":
        headers = _merged_for_sending(request, headers)
    if profile.range_sent == "as-parsed" and request.method == "GET" and request.cache != "no-store":
        headers = _with_range_written_anew(headers)
    if profile.header_bytes == "utf-8":
        headers = Headers.of(tuple((name, _in_utf_8(value)) for name, value in headers.pairs))
    return headers


def _without_outer_space(headers: Headers) -> Headers:
    """Leave out what no receiver takes for part of a value, and what joining equal names may leave behind."""
    if not any(value[-1:] in (" ", "\t") for _, value in headers.pairs):
        return headers
    return Headers.of(tuple((name, value.rstrip(" \t")) for name, value in headers.pairs))


def _merged_for_sending(request: Request, headers: Headers) -> Headers:
    """Make one header of equal names: an empty value wipes out those before it."""
    if len(headers.index) == len(headers.pairs):
        return headers
    merged: dict[str, Pair] = {}
    for name, value in headers.pairs:
        lower = byte_lowercase(name)
        spelling, so_far = merged.get(lower, (name, ""))
        if lower == "content-type" and lower in merged and request.body is not None and not request.hops:
            continue  # the body is described once
        joined = value and so_far and lower not in SINGLETONS and lower != "content-type"
        merged[lower] = spelling, f"{so_far}, {value}" if joined else value
    return Headers.of(tuple(merged.values()))


_CONDITIONS = frozenset({"if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since"})
_RANGES = re.compile(r"[ \t]*bytes[ \t]*=(.*)", re.IGNORECASE)
_BOUNDS = re.compile(r"[ \t]*(\+?[0-9]*)[ \t]*-[ \t]*([+-]?[0-9]*)[ \t]*")
_LARGEST = 2**63 - 1


def _with_range_written_anew(headers: Headers) -> Headers:
    """Parse the one range there is, and write what it means; leave what can't be parsed."""
    value = headers.index.get("range")
    if value is None or not _CONDITIONS.isdisjoint(headers.index):
        return headers
    ranges = _RANGES.fullmatch(value)
    pieces = [piece for piece in ranges[1].split(",") if piece.strip()] if ranges else []
    bounds = _BOUNDS.fullmatch(pieces[0]) if len(pieces) == 1 else None
    parsed = None if bounds is None else _range(bounds[1], bounds[2])
    return headers if parsed is None else headers.set("Range", f"bytes={parsed}")


def _range(first: str, last: str) -> str | None:
    """Write a range as numbers; a last byte below zero is as good as none."""
    numbers = [int(text) if text.strip("+-") else None for text in (first, last)]
    start, end = numbers
    if any(number is not None and number >= _LARGEST for number in numbers) or (
        start is None and end is None
    ):
        return None
    if start is None:
        return f"-{end}" if end is not None and end > 0 else None
    if end is None or end < 0:
        return f"{start}-" if end in (None, -1) else None
    return f"{start}-{end}" if start <= end else None


def _in_utf_8(value: str) -> str:
    return value if value.isascii() else value.encode("utf-8").decode("latin-1")


def read(request: Request, response: Response, profile: EngineProfile) -> Response:
    """Read a response's header lines as the engine does."""
    headers = READ[profile.header_lines](response.headers)
    if headers is not response.headers and request.response_tainting == "cors":
        headers = _with_origins_counted(headers, response.headers)
    if headers is not response.headers and request.initiator_type == "fetch":
        headers = _without_line_breaks(headers)
    return response if headers is response.headers else attrs.evolve(response, headers=headers)


def _trimmed_names(headers: Headers) -> Headers:
    """Take a name with white space behind it for the name."""
    if not any(name[-1] in "\t " for name, _ in headers.pairs):
        return headers
    return Headers.of(tuple((name.rstrip("\t "), value) for name, value in headers.pairs))


def _merged(headers: Headers) -> Headers:
    """Make one header of equal names: a line without a value counts for nothing."""
    if len(headers.index) == len(headers.pairs):
        return headers
    merged: dict[str, Pair] = {}
    for name, value in headers.pairs:
        lower = byte_lowercase(name)
        spelling, so_far = merged.get(lower, (name, ""))
        if not so_far:
            merged[lower] = spelling, value
        elif (value or lower in _BETWEEN) and lower not in SINGLETONS:
            merged[lower] = spelling, f"{so_far}{_BETWEEN.get(lower, ', ')}{value}"
    return Headers.of(tuple(merged.values()))


_BETWEEN = {"content-type": ",", "www-authenticate": "\n", "proxy-authenticate": "\n", "set-cookie": "\n"}


def _without_line_breaks(headers: Headers) -> Headers:
    """Leave out what merging has made of lines that can't stand in one: no `Headers` takes that."""
    broken = {name for name, value in headers.index.items() if "\n" in value}
    return headers.without(broken) if broken else headers


def _with_origins_counted(merged: Headers, headers: Headers) -> Headers:
    """Let two lines that allow an origin be two to the CORS check, if they are spelled like this."""
    values = [value for name, value in headers.pairs if name == _COUNTED]
    return merged.set(_COUNTED, ", ".join(values).rstrip()) if len(values) > 1 else merged


_COUNTED = "Access-Control-Allow-Origin"


def _repaired(headers: Headers) -> Headers:
    """Put U+FFFD, as the bytes of its UTF-8, for each byte that is part of no UTF-8."""
    if all(value.isascii() for _, value in headers.pairs):
        return headers
    return Headers.of(tuple((name, _repaired_value(value)) for name, value in headers.pairs))


def _repaired_value(value: str) -> str:
    text = value.encode("latin-1").decode("utf-8", "surrogateescape")
    text = re.sub("[\udc80-\udcff]", "\ufffd", text)
    return text.encode("utf-8").decode("latin-1")


READ: dict[Literal["as-sent", "trimmed-names", "merged", "repaired"], Callable[[Headers], Headers]] = {
    "as-sent": lambda headers: headers,
    "trimmed-names": _trimmed_names,
    "merged": _merged,
    "repaired": _repaired,
}


def after_misdirection(
    first: Response, again: Response | NetworkError, profile: EngineProfile
) -> Response | NetworkError:
    """Let what comes on a new connection have the Content-Type of both answers, if the engine does so."""
    if profile.misdirected_type == "own" or isinstance(again, NetworkError):
        return again
    types = [response.headers.get("content-type") for response in (first, again)]
    if None in types:
        return again
    return attrs.evolve(again, headers=again.headers.set("Content-Type", ",".join(filter(None, types))))


def conflict(response: Response, profile: EngineProfile) -> str | None:
    """Find what makes a response useless as a whole: two Locations, where they have to be one."""
    if profile.equal_locations != "one" or "location" not in response.headers.index:
        return None
    values = response.headers.get_all("location")
    return f"two Locations: {', '.join(values)}" if len(set(values)) > 1 else None
