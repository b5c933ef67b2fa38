"""The spec cases as one JSON document, for simulators in other languages.

Everything that a case says is in it, read and put together: an engine's expectations are whole,
`same_as` and `repeat` are written out, and header lines are as the files have them.
`docs/export.schema.json` says what it holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatch
from operator import attrgetter
from typing import Any

import attrs

from corsim.api.bodies import Blob, Form, Params, Stream
from corsim.cases import (
    Because,
    Case,
    Expect,
    FetchGiven,
    PageGiven,
    ServerAnswer,
    Table,
    load_cases,
    load_tables,
)
from corsim.conformance.lines import lines_of
from corsim.conformance.replayable import reason_not_asked
from corsim.conformance.script import body_of
from corsim.engines import ENGINES
from corsim.values.headers import Pair
from corsim.values.spec import SPEC_REVISION

FORMAT = 1
"""Rises whenever a reader of the document would have to change."""

STANDARD = f"whatwg/fetch@{SPEC_REVISION}"


def exported(globs: Sequence[str] = ("*",)) -> dict[str, Any]:
    """Write down all cases and tables whose path one of the globs matches, sorted by path."""

    def is_wanted(path: str) -> bool:
        return any(fnmatch(path, glob) for glob in globs)

    by_path = attrgetter("path")
    cases = [case_as_json(case) for case in sorted(load_cases(), key=by_path) if is_wanted(case.path)]
    tables = [_table(table) for table in sorted(load_tables(), key=by_path) if is_wanted(table.path)]
    return {
        "format": FORMAT,
        "standard": STANDARD,
        "engines": list(ENGINES[1:]),
        "cases": cases,
        "tables": tables,
    }


def case_as_json(case: Case) -> dict[str, Any]:
    """Write down one case."""
    pages = list(dict.fromkeys(given.page for given in case.fetches))
    lines = lines_of(case)
    return {
        "id": case.path,
        "title": case.title,
        "story": case.story,
        "proves": list(case.proves),
        "pages": [_page(page) for page in pages],
        "fetches": [_fetch(given, pages.index(given.page)) for given in case.fetches],
        "local_network": case.local_network,
        "places": dict(case.places),
        "order": [_move(move) for move in case.order],
        "servers": [_server(row, pairs) for row, pairs in zip(case.servers, lines, strict=True)],
        "expect": [_expect(expect) for expect in case.expect],
        "engines": {
            row.engine: {"quirks": list(row.quirks), "expect": [_expect(expect) for expect in row.expect]}
            for row in case.differences
        },
        "not_replayed": reason_not_asked(case),
    }


# -- given -------------------------------------------------------------------------------


def _page(page: PageGiven) -> dict[str, Any]:
    told = attrs.asdict(page, recurse=False)
    return told | {"headers": _pairs(page.headers)}


def _fetch(given: FetchGiven, page: int) -> dict[str, Any]:
    """Write down a call; an option that script does not give is left out."""
    options = {name: value for name, value in given.options.items() if name not in ("headers", "body")}
    if "headers" in given.options:
        options["headers"] = _pairs(given.options["headers"])
    options |= body_of(given.options)
    return {"page": page, "after": given.after, "api": given.api, "url": given.url, "options": options}


def _move(move: int | float) -> dict[str, Any]:
    return {"answer": move} if isinstance(move, int) else {"wait": move}


def _server(row: ServerAnswer, lines: tuple[Pair, ...]) -> dict[str, Any]:
    told = {"method": row.method, "url": row.url, "with": list(row.having)}
    if row.response is None:
        return {**told, "answer": None}
    body = row.response.body.decode("latin-1")
    answer = {"status": row.response.status, "headers": _pairs(lines), "body": body, "accepts": row.accepts}
    return {**told, "answer": answer}


def _pairs(pairs: tuple[Pair, ...]) -> list[list[str]]:
    return [[name, value] for name, value in pairs]


# -- expected ----------------------------------------------------------------------------


def _given_only(value: Any) -> dict[str, Any]:
    """Leave out what is not looked at: what is as it would be if nobody had said anything."""
    told = attrs.asdict(value, recurse=False)
    return {row.name: told[row.name] for row in attrs.fields(type(value)) if told[row.name] != row.default}


def _expect(expect: Expect) -> dict[str, Any]:
    told = {name: item for name, item in attrs.asdict(expect, recurse=False).items() if item is not None}
    told["request"] = {str(number): _lists(_given_only(row)) for number, row in expect.request}
    if expect.because is not None:
        told["because"] = _because(expect.because)
    return _lists(told)


def _because(because: Because) -> dict[str, Any]:
    return {name: str(item) for name, item in _given_only(because).items()}


def _lists(told: dict[str, Any]) -> dict[str, Any]:
    return {name: list(item) if isinstance(item, tuple) else item for name, item in told.items()}


# -- tables ------------------------------------------------------------------------------


def _table(table: Table) -> dict[str, Any]:
    return {
        "id": table.path,
        "rule": table.rule,
        "title": table.title,
        "proves": list(table.proves),
        "rows": [
            {"given": _cells(row.given), "expect": _cells(row.expect), "because": row.because}
            for row in table.rows
        ],
    }


def _cells(cells: Any) -> dict[str, Any]:
    """Write down the cells of a row, which hold what TOML holds, and bodies."""
    return {name: _cell(value) for name, value in cells.items()}


def _cell(value: Any) -> Any:
    if isinstance(value, (bytes, Blob, Form, Params, Stream)):
        return body_of({"body": value})["body"]
    return [_cell(item) for item in value] if isinstance(value, tuple) else value
