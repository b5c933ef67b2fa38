"""The export: it holds to its schema, and from it every case can be put together again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from corsim.api.bodies import Blob, Form, Params, Stream
from corsim.cases import (
    Because,
    Case,
    EngineDifference,
    Expect,
    ExpectRequest,
    FetchGiven,
    PageGiven,
    ServerAnswer,
    load_cases,
    load_tables,
    spec_cases_directory,
)
from corsim.cli import main
from corsim.conformance.export import exported
from corsim.conformance.replayable import reason_not_asked
from corsim.values.decision import Reason
from corsim.values.response import Response

SCHEMA: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "docs" / "export.schema.json").read_text("utf-8")
)
Json = dict[str, Any]


@pytest.fixture(scope="module")
def document() -> Json:
    """The whole export, through JSON and back."""
    read: Json = json.loads(json.dumps(exported()))
    return read


def test_the_schema(document: Json) -> None:
    """The export is what `docs/export.schema.json` says, which refuses keys that it does not know."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    for key in ("cases", "tables"):
        spoiled = {**document, key: [{**document[key][0], "unknown": 1}]}
        assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(spoiled)


def test_a_recount(document: Json) -> None:
    """As many cases and tables as there are files, in the order of their paths; rows are not lost."""
    top = spec_cases_directory()
    files = {file.relative_to(top).with_suffix("").as_posix() for file in top.glob("*/*.toml")}
    cases, tables = ([row["id"] for row in document[key]] for key in ("cases", "tables"))
    assert {*cases, *tables} == files
    assert len(cases) + len(tables) == len(files)
    assert (cases, tables) == (sorted(cases), sorted(tables))
    rows = {row["id"]: len(row["rows"]) for row in document["tables"]}
    assert rows == {table.path: len(table.rows) for table in load_tables()}
    assert sum(row["not_replayed"] is not None for row in document["cases"]) == sum(
        reason_not_asked(case) is not None for case in load_cases()
    )


def test_every_case_comes_back(document: Json) -> None:
    """A reader of the document gets every case as the loader has it, up to who has seen it."""
    again = {row["id"]: _case(row) for row in document["cases"]}
    for case in load_cases():
        assert again[case.path] == case, case.path


def test_lines_are_raw(document: Json) -> None:
    """White space around a header's value is in the export, as it goes over the wire."""
    values = [
        value
        for row in document["cases"]
        for server in row["servers"]
        for _, value in (server["answer"] or {"headers": []})["headers"]
    ]
    assert any(value != value.strip() for value in values)
    assert all(char <= "\xff" for value in values for char in value)


# -- what a reader does ------------------------------------------------------------------


def _case(row: Json) -> Case:
    pages = [PageGiven(**{**page, "headers": tuple(map(tuple, page["headers"]))}) for page in row["pages"]]
    return Case(
        row["id"], row["title"], tuple(row["proves"]),
        tuple(_fetch(fetch, pages) for fetch in row["fetches"]),
        tuple(map(_expect, row["expect"])),
        tuple(map(_server, row["servers"])),
        tuple(
            EngineDifference(name, tuple(told["quirks"]), tuple(map(_expect, told["expect"])))
            for name, told in row["engines"].items()
        ),
        tuple(value for move in row["order"] for value in move.values()),
        row["local_network"], tuple(row["places"].items()),
        row["story"],
    )  # fmt: skip


def _fetch(row: Json, pages: list[PageGiven]) -> FetchGiven:
    options = dict(row["options"])
    for name in {"headers", "fields"} & options.keys():
        options[name] = tuple(map(tuple, options[name]))
    if "protocols" in options:
        options["protocols"] = tuple(options["protocols"])
    if "body" in options:
        options["body"] = _body(options["body"])
    return FetchGiven(pages[row["page"]], row["url"], row["api"], row["after"], options)


def _body(row: Json) -> object:
    kind, value = row["kind"], row["value"]
    makers: dict[str, Any] = {
        "string": str, "form": Form, "params": Params,
        "stream": lambda text: Stream(text.encode("latin-1")),
        "bytes": lambda text: text.encode("latin-1"),
        "blob": lambda text: Blob(text.encode("latin-1"), row["type"]),
    }  # fmt: skip
    return makers[kind](value)


def _server(row: Json) -> ServerAnswer:
    answer = row["answer"]
    response = None
    if answer is not None:
        pairs = [(name, value) for name, value in answer["headers"]]
        response = Response(answer["status"], pairs, answer["body"].encode("latin-1"))
    accepts = answer is not None and answer["accepts"]
    return ServerAnswer(row["method"], row["url"], tuple(row["with"]), response, accepts)


def _expect(row: Json) -> Expect:
    told: Json = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    told["request"] = tuple((int(number), _request(fields)) for number, fields in row["request"].items())
    if "because" in row:
        because = dict(row["because"])
        if "reason" in because:
            because["reason"] = Reason(because["reason"])
        told["because"] = Because(**because)
    return Expect(**told)


def _request(row: Json) -> ExpectRequest:
    told: Json = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    return ExpectRequest(**told)


# -- from the command line ---------------------------------------------------------------


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["conformance", *arguments])


def test_to_a_file(tmp_path: Path, document: Json) -> None:
    """A file gets the whole document."""
    file = tmp_path / "cases.json"
    ran = run("--export", str(file))
    assert (ran.exit_code, ran.output) == (0, "")
    assert json.loads(file.read_text("utf-8")) == document


def test_to_standard_output() -> None:
    """`-` is standard output, and a glob picks cases, or tables."""
    ran = run("--export", "-", "--cases", "cors_check/a-wildcard-*")
    told = json.loads(ran.stdout)
    assert {row["id"].partition("/")[0] for row in told["cases"]} == {"cors_check"}
    assert told["tables"] == []
    assert len(json.loads(run("--export", "-", "--cases", "values/*").stdout)["tables"]) == len(load_tables())


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (("--export", "-", "--cases", "nothing/*"), 2, "matches no case"),
        (("--export", "-", "--json", "x"), 2, "judges nothing"),
        (("--export", "-", "--stamp"), 2, "judges nothing"),
        (("--export", "/no/such/place"), 3, "can't write '/no/such/place'"),
    ],
)
def test_refusals(arguments: tuple[str, ...], code: int, word: str) -> None:
    """What can't be exported is refused, with the reason."""
    ran = run(*arguments)
    assert ran.exit_code == code
    assert word in ran.output
