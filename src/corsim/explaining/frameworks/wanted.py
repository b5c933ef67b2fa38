"""What a fix needs of a server, as a policy that any CORS layer can be given."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import attrs

from corsim.explaining.facts import split_list
from corsim.explaining.fixing.edits import ResponseEdit
from corsim.fetching.flow import Exchange
from corsim.values.headers import Headers
from corsim.values.methods import is_token

if TYPE_CHECKING:
    from corsim.explaining.explanation import Fix


@attrs.frozen
class Needs:
    """The origin that a server has to allow, and all that it has to say beside it."""

    origin: str
    methods: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()
    with_credentials: bool = False
    is_preflighted: bool = False

    def values(self) -> dict[str, str | None]:
        """Write them as a template takes them; None is what is not needed."""
        is_star = self.origin == "*"
        return {
            "origin": self.origin,
            "origins": _quoted([self.origin]),
            "named": None if is_star else _quoted([self.origin]),
            "star": "" if is_star else None,
            "vary": None if is_star else "",
            "credentials": "" if self.with_credentials else None,
            "preflight": "" if self.is_preflighted else None,
            **_lists("method", self.methods),
            **_lists("header", self.headers),
            "exposed": _quoted(self.exposed),
            "exposed_list": ", ".join(self.exposed) or None,
        }


def _lists(name: str, values: Sequence[str]) -> dict[str, str | None]:
    return {f"{name}s": _quoted(values), f"{name}_list": ", ".join(values) or None}


def _quoted(values: Sequence[str]) -> str | None:
    """Write strings as Python and JavaScript do alike."""
    return ", ".join(map(json.dumps, values)) or None


def needs_of(fix: Fix) -> Needs | None:
    """Find what a fix needs of the server whose answer it edits; None if no header of CORS is at stake."""
    edited = next((edit for edit in fix.edits if isinstance(edit, ResponseEdit) and _is_cors(edit)), None)
    if edited is None:
        return None
    exchanges = [one for one in fix.end.exchanges if _origin(one.request.url.href) == _origin(edited.url)]
    headers = [_headers(one) for one in exchanges]
    allowed = _all(headers, "access-control-allow-origin")
    if not allowed:
        return None
    asked = [one.request.headers for one in exchanges if one.is_preflight]
    return Needs(
        allowed[-1],
        _once(
            [*_all(headers, "access-control-allow-methods"), *_all(asked, "access-control-request-method")]
        ),
        _once(
            [*_all(headers, "access-control-allow-headers"), *_all(asked, "access-control-request-headers")]
        ),
        _once(_all(headers, "access-control-expose-headers")),
        "true" in _all(headers, "access-control-allow-credentials"),
        bool(asked),
    )


def _is_cors(edit: ResponseEdit) -> bool:
    named = any(header.name.lower().startswith("access-control-") for header in edit.headers)
    return edit.seen and (named or edit.status is not None)


def _origin(url: str) -> str:
    return "/".join(url.split("/")[:3])


def _headers(exchange: Exchange) -> Headers:
    return Headers() if exchange.response is None else exchange.response.headers


def _all(lists: Iterable[Headers], name: str) -> list[str]:
    return [value for headers in lists for value in split_list(headers.get(name, ""))]


def _once(values: Iterable[str]) -> tuple[str, ...]:
    """Keep each name once, whatever its letters; what is no name could break out of a template."""
    names = [value for value in values if is_token(value)]
    return tuple({name.lower(): name for name in reversed(names)}.values())[::-1]
