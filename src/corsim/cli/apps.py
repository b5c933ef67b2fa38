"""Apps by import string: `pkg.mod:attr`, or `https://origin=pkg.mod:attr`."""

from __future__ import annotations

import importlib
import re
import sys
import sysconfig
import traceback
from collections.abc import Iterable
from pathlib import Path

import click

from corsim.cli.errors import CouldNotTell
from corsim.explaining.facts import error_text
from corsim.values.url import parse_url

_NAME = r"[^\W\d]\w*(?:\.[^\W\d]\w*)*"
_STDLIB, _CORSIM = sysconfig.get_path("stdlib"), Path(__file__).parents[1]
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
        what = f"can't import {match['module']!r}: {error_text(error)}"
        raise CouldNotTell(f"{what}{_place(error)}") from error
    for part in match["attr"].split("."):
        if not hasattr(found, part):
            raise CouldNotTell(f"{match['module']!r} was imported, and has no {match['attr']!r}")
        found = getattr(found, part)
    return found


def _place(error: Exception) -> str:
    """Name the file and the line at which the user's own code failed, if it did."""
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        return f"\n  {error.filename}, line {error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if _is_the_users(frame.filename)]
    return f"\n  {own[-1].filename}, line {own[-1].lineno}: {own[-1].line}" if own else ""


def _is_the_users(file: str) -> bool:
    """Say whether a file is neither Python's, nor an installed package's, nor ours."""
    path = Path(file)
    if not path.is_file() or "site-packages" in path.parts or "dist-packages" in path.parts:
        return False
    return not any(path.is_relative_to(place) for place in (_STDLIB, _CORSIM))


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
