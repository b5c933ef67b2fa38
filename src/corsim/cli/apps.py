"""Apps by import string: `pkg.mod:attr`, or `https://origin=pkg.mod:attr`."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from corsim.cli.errors import CouldNotTell
from corsim.values.url import parse_url

_NAME = r"[^\W\d]\w*(?:\.[^\W\d]\w*)*"
_IMPORT_STRING = re.compile(rf"(?P<module>{_NAME}):(?P<attr>{_NAME})\Z")


def split_app(option: str) -> tuple[str | None, str]:
    """Split `ORIGIN=pkg.mod:attr`; without an origin it is None."""
    origin, equals, name = option.rpartition("=")
    if not equals:
        return None, option
    url = parse_url(origin)
    if url is None or not url.is_http:
        raise click.BadParameter(f"{origin!r} in {option!r} is no origin such as https://api.example.com")
    return url.origin.serialized, name


def import_app(name: str) -> object:
    """Import what an import string names, from the current directory too."""
    match = _IMPORT_STRING.match(name)
    if match is None:
        raise click.BadParameter(f"{name!r} is no import string: write module:app, such as main:app")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        found: object = importlib.import_module(match["module"])
    except Exception as error:
        raise CouldNotTell(f"can't import {match['module']!r}: {type(error).__name__}: {error}") from error
    for part in match["attr"].split("."):
        if not hasattr(found, part):
            raise CouldNotTell(f"{match['module']!r} was imported, and has no {match['attr']!r}")
        found = getattr(found, part)
    return found


def apps_by_origin(options: Iterable[str], origin: str) -> dict[str, str]:
    """Say which origin each import string serves; without an origin of its own, `origin`."""
    served: dict[str, str] = {}
    for option in options:
        where, name = split_app(option)
        where = where or origin
        if where in served:
            raise click.BadParameter(f"two apps for {where}: {served[where]!r} and {name!r}")
        served[where] = name
    return served
