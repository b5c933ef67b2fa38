"""Cookies of a case while it is replayed: below its prefix, and told from those of all others.

A cookie knows no port, so what keeps two replays apart is the path: `Path=/a` becomes `Path=/PREFIX/a`,
and a cookie that names no path gets the prefix with the URL that sets it. Those whose name begins with
`__Host-` must say `Path=/`; such names are therefore given to one case each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corsim.cases import Case
from corsim.conformance.loopback import Mapping
from corsim.values.headers import Pair

_ATTRIBUTE = re.compile(
    r"(?P<start>;\s*)(?P<name>domain|path)(?P<equals>\s*=\s*)(?P<value>[^;]*)", re.IGNORECASE
)


def keeps_cookies(case: Case) -> bool:
    """Say whether a case is about cookies: its servers set some, and it looks at what is sent."""
    asked = [
        header.lower()
        for expect in (*case.expect, *(expect for row in case.differences for expect in row.expect))
        for _, request in expect.request
        for header in (*request.has, *request.lacks)
    ]
    return bool(_lines(case)) and any(header.partition(":")[0] == "cookie" for header in asked)


def mapped(line: str, mapping: Mapping) -> str:
    """Map the hosts and the path of a `Set-Cookie`."""
    if line.lstrip().lower().startswith("__host-"):
        return line

    def place(match: re.Match[str]) -> str:
        is_path = match["name"].lower() == "path"
        value = _path(match["value"], mapping) if is_path else mapping.to_host(match["value"])
        return f"{match['start']}{match['name']}{match['equals']}{value}"

    return _ATTRIBUTE.sub(place, line)


def _path(path: str, mapping: Mapping) -> str:
    if not path.startswith("/"):
        return path
    return mapping.prefix + ("" if path.strip() == "/" else path)


def own(case: Case, pairs: tuple[Pair, ...]) -> tuple[Pair, ...]:
    """Leave of a request's `Cookie` what the servers of the case have set, if anything."""
    names = {_name(line.partition(";")[0]) for line in _lines(case)}
    return tuple(_kept(pairs, names))


def _kept(pairs: tuple[Pair, ...], names: set[str]) -> Iterator[Pair]:
    for name, value in pairs:
        if name.lower() == "cookie":
            value = "; ".join(pair for pair in value.split("; ") if _name(pair) in names)
        if value or name.lower() != "cookie":
            yield name, value


def _name(pair: str) -> str:
    """Find by what a cookie is known: its name, or what a server would take for one."""
    return pair.strip().lstrip("=").partition("=")[0].strip()


def _lines(case: Case) -> list[str]:
    answers = [row.response for row in case.servers if row.response is not None]
    return [line for answer in answers for line in answer.headers.get_all("Set-Cookie")]
