"""An app by import string: `pkg.mod:app`, or `pkg.mod:factory()`."""

from __future__ import annotations

import importlib
import re
import sys
import sysconfig
import traceback
from pathlib import Path
from typing import Any

from corsim.values.errors import AppNotFound, InvalidInput, error_text

_NAME = r"[^\W\d]\w*(?:\.[^\W\d]\w*)*"
_IMPORT_STRING = re.compile(rf"(?P<module>{_NAME}):(?P<attr>{_NAME})(?P<call>\(\))?\Z")
_STDLIB, _CORSIM = sysconfig.get_path("stdlib"), Path(__file__).parents[1]


def import_app(name: str) -> Any:
    """Import what an import string names, from the current directory too; `()` calls it.

    Raises `InvalidInput` for what is no import string, `AppNotFound` for one that leads
    to no app.
    """
    match = _IMPORT_STRING.match(name)
    if match is None:
        raise InvalidInput(
            f"{name!r} is no import string: write module:app, such as 'main:app', or 'main:create_app()'"
        )
    found: Any = _module(match["module"])
    for part in match["attr"].split("."):
        if not hasattr(found, part):
            raise AppNotFound(f"{match['module']!r} was imported, and has no {match['attr']!r}")
        found = getattr(found, part)
    return _called(name, found) if match["call"] else found


def _module(name: str) -> Any:
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        return importlib.import_module(name)
    except Exception as error:
        raise AppNotFound(f"can't import {name!r}: {error_text(error)}{_place(error)}") from error


def _called(name: str, factory: Any) -> Any:
    if not callable(factory):
        raise AppNotFound(f"{name!r} can't be called: it is {factory!r}. Leave out the ()")
    try:
        return factory()
    except Exception as error:
        raise AppNotFound(f"{name} raised {error_text(error)}{_place(error)}") from error


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
