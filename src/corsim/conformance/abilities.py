"""Finding out what a browser can do, and giving it cookies: answers of the runner's own.

A frame over https asks them before any case is handed out. That it runs shows that the
certificate is trusted; the rest is what policies outside Fetch decide: mixed content, and
cookies of servers that are foreign to the page at the top.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from corsim.conformance.loopback import World
from corsim.conformance.server import Answer, RawRequest
from corsim.values.headers import Pair

PLANTING = "/__cookie__"
"""Below a replay's prefix: whoever asks for this gets a cookie that goes wherever the case does."""

_COOKIE = "corsim=planted"


def probes(world: World) -> dict[str, Any]:
    """Tell the runner's page what to try; nothing where there are no certificates."""
    if not world.secure_ports:
        return {}
    return {
        "page": world.secure_url("/__corsim__/probe.html"),
        "insecure": f"http://api.{world.domain}:{world.ports[0]}/__corsim__/probe",
        "cookies": world.secure_url("/__corsim__/probe", host="api"),
    }


def probed(raw: RawRequest) -> Answer:
    """Say whether a cookie came along, and set it."""
    lines = (
        ("Access-Control-Allow-Origin", raw.header("origin")),
        ("Access-Control-Allow-Credentials", "true"),
    )
    answer = planted("/__corsim__/probe")
    return Answer(200, (*lines, *answer.lines), b"cookie" if is_planted(raw.pairs) else b"here")


def kept(raw: RawRequest) -> Answer:
    """Give something to keep and to ask about, and say whether that is what happens."""
    lines = (("Cache-Control", "no-cache"), ("ETag", '"kept"'))
    return Answer(200, lines, b"asked about" if raw.header("if-none-match") else b"here")


def planted(path: str) -> Answer:
    """Set a cookie for a path that goes wherever credentials do."""
    return Answer(200, (("Set-Cookie", f"{_COOKIE}; Path={path}; Secure; SameSite=None"),))


def is_planted(pairs: Sequence[Pair]) -> bool:
    """Say whether a request carries the cookie."""
    return any(name.lower() == "cookie" and _COOKIE in value for name, value in pairs)
