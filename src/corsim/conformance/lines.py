"""The header lines of a case's answers as they are written, white space and all.

A loaded `Response` has its values trimmed, as every parser of HTTP does. The browser's
parser is part of what is judged here, so the lines are read again from the file.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import tomli

from corsim.cases import Case, spec_cases_directory
from corsim.cases.reading import At, header
from corsim.values.headers import HTTP_WHITESPACE, Pair


def lines_of(case: Case) -> tuple[tuple[Pair, ...], ...]:
    """List the lines of every answer of a case; of a case that has no file, as they were loaded."""
    loaded = tuple(row.response.headers.pairs if row.response else () for row in case.servers)
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
    rows = tomli.loads(file.read_text("utf-8")).get("server", [])
    return tuple(tuple(header(value, At(file.name)) for value in row.get("headers", [])) for row in rows)
