"""Origins: https://html.spec.whatwg.org/multipage/browsers.html#origin."""

from __future__ import annotations

from typing import TypeAlias

import attrs

DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}


@attrs.frozen(repr=False, cache_hash=True)
class TupleOrigin:
    """Scheme, host and port; the port is None where it is the scheme's default.

    >>> TupleOrigin("https", "app.example", None).serialized
    'https://app.example'
    """

    scheme: str
    host: str
    port: int | None
    serialized: str = attrs.field(init=False, eq=False)

    @serialized.default
    def _serialize(self) -> str:
        return f"{self.scheme}://{self.host}" + ("" if self.port is None else f":{self.port}")

    def __str__(self) -> str:
        return self.serialized

    def __repr__(self) -> str:
        return f"<origin {self.serialized}>"


@attrs.frozen(eq=False, repr=False)
class OpaqueOrigin:
    """An origin that is the same as nothing but itself, and always serializes to `null`."""

    serialized: str = attrs.field(default="null", init=False)

    def __str__(self) -> str:
        return self.serialized

    def __repr__(self) -> str:
        return "<opaque origin>"


Origin: TypeAlias = TupleOrigin | OpaqueOrigin


def same_origin(one: Origin, other: Origin) -> bool:
    """Say whether two origins are the same: https://html.spec.whatwg.org/#same-origin."""
    return one is other or one == other
