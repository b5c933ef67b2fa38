"""The report of `--corsim-report`, as JSON, Markdown or JUnit XML."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from xml.etree import ElementTree

from corsim.testing.rows import row_title

SCHEMA_VERSION = 1

Tests = list[dict[str, Any]]

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_json(tests: Tests) -> str:
    """Write the report for programs; docs/pytest.md says what each key means."""
    return json.dumps({"schema_version": SCHEMA_VERSION, "tests": tests}, indent=2) + "\n"


def as_markdown(tests: Tests) -> str:
    """Write the report for people: all tests in a table, then what script could not use."""
    lines = ["# What browsers made of it", "", "| test | outcome | fetches | not ok |", "|---|---|---|---|"]
    for test in tests:
        bad = len(_not_ok(test))
        lines.append(f"| {_cell(test['test'])} | {test['outcome']} | {test['fetch_count']} | {bad or ''} |")
    for test in tests:
        if _not_ok(test) or test["message"] is not None:
            lines += ["", f"## {_cell(test['test'])}: {test['outcome']}"]
            lines += ["", f"    {test['message']}"] if test["message"] is not None else []
            lines += [line for row in _not_ok(test) for line in _markdown_row(row)]
    return "\n".join(lines) + "\n"


def _not_ok(test: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for row in test["fetches"] if row["headline"] is not None]


def _cell(text: str) -> str:
    """Keep a test's name from being taken for Markdown."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", text)


def _markdown_row(row: dict[str, Any]) -> Iterator[str]:
    yield from ("", f"**{_cell(row_title(row))}**", "")
    # Four blanks make it text as it stands, whatever is in it.
    parts = [*row["console"], row["headline"], f"Fix: {row['fix']}"]
    yield from (f"    {line}" for part in parts for line in part.splitlines())


def as_junit(tests: Tests) -> str:
    """Write the report as JUnit XML: the properties of each test case are its fetches."""
    failed = sum(test["outcome"] == "failed" for test in tests)
    root = ElementTree.Element("testsuites")
    suite = ElementTree.SubElement(
        root, "testsuite", name="corsim", tests=str(len(tests)), failures=str(failed)
    )
    for test in tests:
        file, _, name = test["test"].partition("::")
        where = file.removesuffix(".py").replace("/", ".")
        case = ElementTree.SubElement(suite, "testcase", classname=_xml(where), name=_xml(name))
        properties = ElementTree.SubElement(case, "properties")
        for key, value in properties_of(test["fetches"]):
            ElementTree.SubElement(properties, "property", name=key, value=_xml(value))
        if test["message"] is not None:
            ElementTree.SubElement(case, "failure", message=_xml(test["message"]))
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, "unicode")}\n'


def properties_of(rows: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Write fetches as JUnit properties; names repeat, one `corsim.fetch` a fetch."""
    for row in rows:
        yield "corsim.fetch", row_title(row)
        yield from (("corsim.console", line) for line in row["console"])
        if row["fix"] is not None:
            yield "corsim.cause", row["headline"]
            yield "corsim.fix", row["fix"]


def _xml(text: str) -> str:
    """Show what XML can't hold as Python would write it."""
    return _NOT_IN_XML.sub(lambda found: ascii(found.group())[1:-1], text)


WRITERS: dict[str, Callable[[Tests], str]] = {".json": as_json, ".md": as_markdown, ".xml": as_junit}
"""How a report is written, by the end of its file's name."""
