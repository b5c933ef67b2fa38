"""The schema and the loader: two descriptions of one format, held against each other."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
import tomli

from corsim.cases import load_cases, parse_case, parse_table, spec_cases_directory
from corsim.cases.load import case_files
from corsim.cases.model import Outcome
from corsim.cases.rules import RULES
from corsim.values.errors import InvalidCase

DIRECTORY = spec_cases_directory()
SCHEMA: dict[str, Any] = json.loads(DIRECTORY.joinpath("schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
FILES = [pytest.param(path, file, id=path) for path, file in case_files()]

CASE = """
title = "A title"
proves = "concept-cors-check 4"
[[fetch]]
page = "https://app.example"
url = "https://api.example/me"
headers = ["X-A: 1", ["X-B", { repeat = "b", times = 3 }]]
body = { blob = "x", type = "a/b" }
[[server]]
on = "GET https://api.example/me"
headers = ["Access-Control-Allow-Origin: *"]
[expect]
sent = ["GET https://api.example/me"]
result = "cors"
[expect.request.1]
has = ["Origin"]
[engine.chromium]
quirk = "cache_unit"
result = "opaque"
"""
TABLE = """
table = "bad-port"
title = "A title"
proves = "bad-port"
rows = [{ url = "http://api.example:1/", bad = true }]
"""

MUTATIONS: dict[str, tuple[str, list[Any], Any]] = {
    "an unknown key": (CASE, ["titel"], "x"),
    "no title": (CASE, ["title"], None),
    "an empty title": (CASE, ["title"], " "),
    "a title that is a number": (CASE, ["title"], 1),
    "a step without an anchor": (CASE, ["proves"], "4"),
    "no step at all": (CASE, ["proves"], []),
    "no fetch": (CASE, ["fetch"], []),
    "a fetch without a page": (CASE, ["fetch", 0, "page"], None),
    "a page that is a number": (CASE, ["fetch", 0, "page"], 1),
    "an unknown option": (CASE, ["fetch", 0, "priority"], "high"),
    "an unknown door": (CASE, ["fetch", 0, "api"], "pigeon"),
    "a mode of XMLHttpRequest": (CASE, ["fetch", 0, "api"], "xhr+mode"),
    "credentials by boolean": (CASE, ["fetch", 0, "with_credentials"], True),
    "a time without a unit": (CASE, ["fetch", 0, "after"], "601"),
    "a time that is a number": (CASE, ["fetch", 0, "after"], 601),
    "a tab of number 0": (CASE, ["fetch", 0, "tab"], 0),
    "an unknown page policy": (CASE, ["fetch", 0, "page_referrer_policy"], "never"),
    "a header without a colon": (CASE, ["fetch", 0, "headers", 0], "X-A"),
    "a header of three parts": (CASE, ["fetch", 0, "headers", 0], ["X-A", "1", "2"]),
    "a repetition without times": (CASE, ["fetch", 0, "headers", 1, 1, "times"], None),
    "a body of two kinds": (CASE, ["fetch", 0, "body", "bytes"], "x"),
    "a body of no kind": (CASE, ["fetch", 0, "body"], {}),
    "a type without a blob": (CASE, ["fetch", 0, "body", "blob"], None),
    "a body beyond bytes": (CASE, ["server", 0, "body"], "\u20ac"),
    "a server for no request": (CASE, ["server", 0, "on"], None),
    "a server for a path": (CASE, ["server", 0, "on"], "GET /me"),
    "a status of 100": (CASE, ["server", 0, "status"], 100),
    "a status that is text": (CASE, ["server", 0, "status"], "200"),
    "a status that is true": (CASE, ["server", 0, "status"], True),
    "an unknown result": (CASE, ["expect", "result"], "error"),
    "no result": (CASE, ["expect", "result"], None),
    "nothing sent": (CASE, ["expect", "sent"], None),
    "something sent without a URL": (CASE, ["expect", "sent", 0], "GET"),
    "request 0": (CASE, ["expect", "request", "0"], {}),
    "a request by name": (CASE, ["expect", "request", "first"], {}),
    "an unknown expectation": (CASE, ["expect", "request", "1", "hasnt"], []),
    "an unknown reason": (CASE, ["because"], {"reason": "because"}),
    "an unknown engine": (CASE, ["engine", "gecko"], {"quirk": "cache_unit"}),
    "the standard as an engine": (CASE, ["engine", "spec"], {"quirk": "cache_unit"}),
    "an unknown quirk": (CASE, ["engine", "chromium", "quirk"], "name"),
    "no quirk": (CASE, ["engine", "chromium", "quirk"], None),
    "a difference that is the same as another": (CASE, ["engine", "chromium", "same_as"], "webkit"),
    "an order of nothing": (CASE, ["order"], []),
    "an order with a fetch 0": (CASE, ["order"], [0]),
    "a version without an engine": (CASE, ["seen"], ["156"]),
    "an unknown table": (TABLE, ["table"], "ports"),
    "an unknown key of a table": (TABLE, ["story"], "x"),
    "a table without rows": (TABLE, ["rows"], []),
    "a row of another table": (TABLE, ["rows", 0, "header"], "X-A: 1"),
    "a row without what is given": (TABLE, ["rows", 0, "url"], None),
    "a row without what is expected": (TABLE, ["rows", 0, "bad"], None),
    "a cell of the wrong type": (TABLE, ["rows", 0, "bad"], "yes"),
    "an empty because of a row": (TABLE, ["rows", 0, "because"], ""),
}


def parse(data: dict[str, Any]) -> None:
    """Read a document as the loader does."""
    (parse_table if "table" in data else parse_case)("folder/slug", data)


def mutated(source: str, path: list[Any], value: Any) -> dict[str, Any]:
    """Change one place of a document; None takes it away."""
    data: Any = copy.deepcopy(tomli.loads(source))
    if value == "xhr+mode":
        data["fetch"][0] |= {"api": "xhr", "mode": "cors"}
        return dict(data)
    place = data
    for key in path[:-1]:
        place = place[key]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return dict(data)


def test_the_schema_is_one() -> None:
    """`schema.json` is a JSON Schema of draft 2020-12."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(("path", "file"), FILES)
def test_every_file_matches_the_schema(path: str, file: Path) -> None:
    """Every file matches the schema."""
    errors = [error.message for error in VALIDATOR.iter_errors(tomli.loads(file.read_text("utf-8")))]
    assert errors == [], path


@pytest.mark.parametrize("source", [CASE, TABLE])
def test_both_take_what_is_right(source: str) -> None:
    """The documents that are mutated below are right to begin with."""
    data = tomli.loads(source)
    VALIDATOR.validate(data)
    parse(data)


@pytest.mark.parametrize("name", MUTATIONS)
def test_both_refuse_what_is_wrong(name: str) -> None:
    """What the schema refuses the loader refuses, and its message names the file."""
    data = mutated(*MUTATIONS[name])
    assert not VALIDATOR.is_valid(data)
    with pytest.raises(InvalidCase, match=r"^folder/slug\.toml: "):
        parse(data)


def test_a_refusal_names_the_key() -> None:
    """A refusal names the very key at fault."""
    with pytest.raises(InvalidCase, match=r"folder/slug\.toml: server\.1\.status must be a status"):
        parse(mutated(*MUTATIONS["a status of 100"]))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"order": [2]}, "order names fetch 2 of 1"),
        ({"expect": None}, r"fetch\.1\.expect is missing"),
        ({"engine": {"webkit": {"same_as": "firefox"}}}, "names an engine whose differences are not written"),
        ({"engine": {"webkit": {"quirk": "cache_unit", "fetch": {"2": {}}}}}, "is one of 1 fetches"),
    ],
)
def test_the_loader_refuses_what_no_schema_can(change: dict[str, Any], complaint: str) -> None:
    """Where one key has to fit another, the loader refuses what the schema lets pass."""
    data = {key: value for key, value in {**tomli.loads(CASE), **change}.items() if value is not None}
    with pytest.raises(InvalidCase, match=complaint):
        parse(data)


def test_what_is_no_toml_is_refused(tmp_path: Path) -> None:
    """A file that is no TOML is refused by name."""
    (tmp_path / "cors_check").mkdir()
    (tmp_path / "cors_check" / "broken-file.toml").write_text("title =")
    with pytest.raises(InvalidCase, match=r"cors_check/broken-file\.toml: is no TOML"):
        load_cases(tmp_path)


def test_schema_and_rules_have_the_same_columns() -> None:
    """Each rule's columns are those of its row in the schema."""
    for name, rule in RULES.items():
        row = SCHEMA["$defs"][f"row-{name}"]
        assert set(row["properties"]) == {*rule.given, *rule.expect, "because"}
        assert tuple(row["required"]) == rule.required
    assert {name for name in SCHEMA["$defs"] if name.startswith("row-")} == {f"row-{name}" for name in RULES}


def test_schema_and_model_have_the_same_results() -> None:
    """The schema knows the results that the model knows."""
    assert tuple(SCHEMA["$defs"]["expect"]["properties"]["result"]["enum"]) == get_args(Outcome)


def test_importing_reads_nothing() -> None:
    """Importing `corsim.cases` opens no case, and needs no jsonschema."""
    code = (
        "import sys; opened = []\n"
        "sys.addaudithook(lambda name, args: opened.append(str(args[0])) if name == 'open' else None)\n"
        "import corsim.cases\n"
        "assert not [name for name in opened if 'spec_cases' in name], opened\n"
        "assert 'jsonschema' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
