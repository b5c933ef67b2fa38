"""The frameworks, each by its name: one TOML file beside this one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import attrs
import tomli

from corsim.explaining.causes import Cause
from corsim.values.errors import InvalidInput, check_str

_VALUE = re.compile(r"\{\{(\w+)\}\}")


@attrs.frozen
class Place:
    """What to write, and `where`; `causes` are those for which it is written there and not elsewhere."""

    code: str
    where: str
    causes: frozenset[str] = attrs.field(default=(), converter=frozenset)

    def filled(self, values: Mapping[str, str | None]) -> str:
        """Fill the values in; a line with one that is None is left out.

        >>> Place("a({{x}})\\nb={{y}}\\n", "").filled({"x": "1", "y": None})
        'a(1)'
        """
        lines = []
        for line in self.code.strip("\n").split("\n"):
            found = [values[name] for name in _VALUE.findall(line)]
            if None not in found:
                lines.append(_VALUE.sub(lambda match: values[match[1]] or "", line))
        return "\n".join(lines)


@attrs.frozen
class Framework:
    """A framework: its name, by what it is recognised, and where its CORS is written.

    `modules` are those of an app's type; `server`, `powered_by` and `says` are patterns of the
    headers Server and X-Powered-By, and of the first line of a body. `is_proxy` is for what stands
    before the apps of others.
    """

    name: str
    places: tuple[Place, ...]
    modules: tuple[str, ...] = ()
    server: str = ""
    powered_by: str = ""
    says: str = ""
    is_proxy: bool = False

    def place(self, cause: Cause | None) -> Place:
        """Find where to write what mends a cause."""
        return next((place for place in self.places if cause in place.causes), self.places[0])


def _read(text: str) -> Framework:
    table: dict[str, Any] = tomli.loads(text)
    places = [Place(table.pop("code"), table.pop("where"))]
    if "outermost" in table:
        places.append(Place(**table.pop("outermost")))
    return Framework(places=tuple(places), modules=tuple(table.pop("modules", ())), **table)


@cache
def _loaded() -> dict[str, Framework]:
    found = [
        _read(file.read_text("utf-8")) for file in files(__package__).iterdir() if file.name.endswith(".toml")
    ]
    return {one.name.lower(): one for one in sorted(found, key=lambda one: one.name.lower())}


def frameworks() -> Mapping[str, Framework]:
    """List the frameworks by their names in lower case."""
    return _loaded()


def framework_named(name: str) -> Framework:
    """Find a framework by its name; raises `InvalidInput` for one that is not known.

    >>> framework_named("FastAPI").modules
    ('fastapi',)
    """
    check_str("framework", name)
    found = frameworks().get(name.lower())
    if found is None:
        raise InvalidInput(f"no words for the framework {name!r}: take one of {', '.join(frameworks())}")
    return found
