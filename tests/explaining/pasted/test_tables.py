"""The tables: every row is reached, every name in them is known, and nothing in them is unused."""

from __future__ import annotations

import re
from string import Formatter
from typing import Any

import pytest

from corsim import Reason, explain
from corsim.engines import ENGINES
from corsim.explaining.console.book import book
from corsim.explaining.pasted.found import Found
from corsim.explaining.pasted.meanings import meanings, suspects
from corsim.explaining.pasted.terms import Terms
from corsim.explaining.pasted.wordings import elsewhere_rows, old_rows

SAMPLES = {
    "url": "https://api.example/x", "redirected_from": "https://api.example/old", "page": "https://app.example/",
    "origin": "https://app.example", "location": "https://api.example/next", "status": "404", "kind": "fetch",
    "words": "text/html", "subject": "x-token", "decoded_subject": "https://b.example", "scheme": "ftp",
    "space": "local", "error": "NEW_ONE", "host": "127.0.0.1", "cookie": "session", "header": "x-token",
}  # fmt: skip
PRINTED = {reason for name in ENGINES[1:] for row in book(name).rows for reason in row.reasons if row.lines}


def written(row: dict[str, Any]) -> list[str]:
    return [line.format_map(SAMPLES) for line in row["lines"]]


@pytest.mark.parametrize("row", old_rows(), ids=[row["lines"][0][:50] for row in old_rows()])
def test_an_old_wording_is_read(row: dict[str, Any]) -> None:
    """Each line of a row leads to the row's reasons, to all of them if no value tells otherwise."""
    for line in written(row):
        reading = explain(line)
        assert reading.verdict == "Says too little" if row.get("vague") else reading.reasons, line
        if not row.get("vague"):
            assert set(reading.reasons) <= set(map(Reason, row["reasons"])), line
        assert set(row.get("engines", ())) <= set(reading.engines), line
        assert row["seen"]


@pytest.mark.parametrize("row", elsewhere_rows(), ids=[row["lines"][0][:50] for row in elsewhere_rows()])
def test_what_is_no_cors_is_told_apart(row: dict[str, Any]) -> None:
    """Each line of a row names its mechanism, or one that is named more exactly."""
    for line in written(row):
        reading = explain(line)
        assert reading.mechanism == row["mechanism"], line
        assert row["seen"]


def test_every_reason_that_is_printed_has_a_meaning() -> None:
    """No engine prints a line for a reason that could not be explained."""
    assert set(meanings()) == PRINTED


def test_every_suspect_is_suspected() -> None:
    """Each suspect stands behind a reason, but for the two of lines about nothing that was refused."""
    suspected = {each for meaning in meanings().values() for each in meaning.suspects}
    others = {name for name, each in suspects().items() if each not in suspected}
    assert others == {"error-status", "star-will-not-cover"}
    assert all(each.tell for name, each in suspects().items() if name not in others | ALWAYS_ALONE)


ALWAYS_ALONE = {"malformed-methods", "malformed-headers", "lower-case", "answer-header"}
"""What a line's own values tell, so that there is nothing to look for."""


def test_every_term_is_used_and_known() -> None:
    """What texts name is a term, and each term is named by a text, or by another term."""
    texts = [meaning.happened for meaning in meanings().values()]
    texts += [text for each in suspects().values() for text in (each.says, each.fix, each.tell)]
    texts += [row[name] for row in elsewhere_rows() for name in ("says", "fix")]
    named = {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}
    terms = {name.removeprefix("_") for name, value in vars(Terms).items() if isinstance(value, property)}
    assert named <= terms
    assert terms - named - {"allowed", "parsed"} <= {"who"}


def test_every_condition_is_a_property() -> None:
    """What a suspect depends on is a property of what was found, and each such property is asked for."""
    asked = {name for each in suspects().values() for name in each.when}
    own = {name for name, value in vars(Found).items() if isinstance(value, property)}
    assert asked <= own
    assert own - asked <= {"is_redirected", "is_file", "is_http"}


def test_nothing_is_said_twice() -> None:
    """No wording stands in two rows of the same table."""
    for rows in (old_rows(), elsewhere_rows()):
        lines = [re.sub(r"\W", "", line).lower() for row in rows for line in row["lines"]]
        assert sorted(lines) == sorted(set(lines))
