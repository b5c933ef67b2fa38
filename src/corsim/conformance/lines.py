"""The header lines of a case's answers as they are written, white space and all.

A loaded `Response` has its values trimmed, as every parser of HTTP does. The browser's
parser is part of what is judged here, so the lines are read again from the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import attrs
import tomli

from corsim.cases import Case, spec_cases_directory
from corsim.cases.reading import At, header
from corsim.values.headers import HTTP_WHITESPACE, Pair


@attrs.frozen
class WrittenCase(Case):
    """A case that lies in no file, and what its file would say."""

    document: Mapping[str, Any] = attrs.field(factory=dict)


def lines_of(case: Case) -> tuple[tuple[Pair, ...], ...]:
    """List the lines of every answer of a case; of a case that has no file, as they were loaded."""
    loaded = tuple(row.response.headers.pairs if row.response else () for row in case.servers)
    if isinstance(case, WrittenCase):
        written = _lines(case.document, case.path)
    else:
        written = _written(spec_cases_directory() / f"{case.path}.toml")
    same = len(written) == len(loaded) and all(
        [(name, value.strip(HTTP_WHITESPACE)) for name, value in lines] == list(pairs)
        for lines, pairs in zip(written, loaded, strict=True)
    )
    return written if same else loaded


@lru_cache(maxsize=1024)
def _written(file: Path) -> tuple[tuple[Pair, ...], ...]:
    if not file.is_file():
        return ()
    return _lines(tomli.loads(file.read_text("utf-8")), file.name)


def _lines(document: Mapping[str, Any], name: str) -> tuple[tuple[Pair, ...], ...]:
    rows = document.get("server", [])
    return tuple(tuple(header(value, At(name)) for value in row.get("headers", [])) for row in rows)
