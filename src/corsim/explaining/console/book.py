"""A book: everything that one engine prints, read from its TOML file when first needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, TypeAlias

import attrs
import tomli

from corsim.engines import EngineName
from corsim.values.decision import Reason


def _listed(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _reasons(value: str | Sequence[str]) -> tuple[Reason, ...]:
    return tuple(map(Reason, _listed(value)))


Conditions: TypeAlias = Mapping[str, str | bool | int | Sequence[str]]
"""Properties of a scene, each with the value that it must have, or the values that will do."""


@attrs.frozen
class Phrase:
    """Words that stand where a template names them, if every condition in `when` holds."""

    text: str
    when: Conditions = attrs.field(factory=dict)


@attrs.frozen
class Row:
    """What is printed of fetches that end for one of `reasons`, and that meet every condition in `when`.

    No reason at all is a fetch that is not refused. `cases` are spec cases in which a browser
    was seen to print this; where none can be replayed, `evidence` says how it was seen.
    """

    lines: tuple[str, ...] = attrs.field(converter=tuple)
    reasons: tuple[Reason, ...] = attrs.field(default=(), converter=_reasons, alias="reason")
    when: Conditions = attrs.field(factory=dict)
    cases: tuple[str, ...] = attrs.field(default=(), converter=_listed, alias="case")
    evidence: str = ""


@attrs.frozen
class Book:
    """The lines of one engine, as they were seen in `version`.

    `ignored_headers` are printed for each `{header}` that script may not set, `covered_authorization` for
    each `{covered_url}` whose preflight let `Authorization` through by `*` alone, `rows` at the end,
    and after them what an element adds, `refused_elements`.
    `beside` are the beginnings, with `*` for anything, of lines that other parts of the browser
    print about a fetch, such as those for cookies; corsim prints none of these.
    """

    version: str
    rows: tuple[Row, ...]
    phrases: Mapping[str, tuple[Phrase, ...]] = attrs.field(factory=dict)
    covered_authorization: tuple[Phrase, ...] = ()
    ignored_headers: tuple[Phrase, ...] = ()
    refused_elements: tuple[Phrase, ...] = ()
    beside: tuple[str, ...] = ()
    known_headers: tuple[str, ...] = ()

    def rows_about(self, reason: Reason | None) -> list[Row]:
        """List the rows about a reason, or about fetches that are not refused, in order."""
        return [row for row in self.rows if (reason in row.reasons if reason else not row.reasons)]


@lru_cache(maxsize=3)
def book(engine: EngineName) -> Book:
    """Load the book of `chromium`, `firefox` or `webkit`."""
    data = tomli.loads(files(__package__).joinpath(f"{engine}.toml").read_text("utf-8"))
    return Book(
        version=data["version"],
        rows=tuple(Row(**row) for row in data["row"]),
        phrases={name: _phrases(rows) for name, rows in data["phrases"].items()},
        covered_authorization=_phrases(data.get("covered_authorization", [])),
        ignored_headers=_phrases(data.get("ignored_header", [])),
        refused_elements=_phrases(data.get("refused_element", [])),
        beside=tuple(data["beside"]),
        known_headers=tuple(data.get("known_headers", ())),
    )


def _phrases(rows: str | list[dict[str, Any]]) -> tuple[Phrase, ...]:
    return (Phrase(rows),) if isinstance(rows, str) else tuple(Phrase(**row) for row in rows)
