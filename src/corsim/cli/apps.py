"""Who serves what: `pkg.mod:app`, `http://127.0.0.1:8000`, or `https://origin=` before either."""

from __future__ import annotations

from collections.abc import Iterable

import click

from corsim.values.url import parse_url


def split_app(option: str) -> tuple[str | None, str]:
    """Split `ORIGIN=APP`; without an origin it is None."""
    origin, equals, name = option.rpartition("=")
    if not equals:
        return None, option
    url = parse_url(origin)
    if url is None or not url.is_http:
        raise click.BadParameter(f"{origin!r} in {option!r} is no origin such as https://api.example.com")
    return url.origin.serialized, name


def apps_by_origin(options: Iterable[str], origin: str) -> dict[str, str]:
    """Say which origin each app serves; without an origin of its own, `origin`."""
    served: dict[str, str] = {}
    for option in options:
        where, name = split_app(option)
        where = where or origin
        if where in served:
            raise click.BadParameter(f"two apps for {where}: {served[where]!r} and {name!r}")
        served[where] = name
    return served
