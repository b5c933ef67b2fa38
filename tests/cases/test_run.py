"""The runner: it sees whatever comes out otherwise, and says so readably."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
import tomli

from corsim.cases import Because, ExpectRequest, load_cases, load_tables, parse_case, run_case, run_row
from corsim.engines import profile
from corsim.values.decision import Reason
from corsim.values.errors import InvalidCase

CASES = {case.path: case for case in load_cases()}
PLAIN = CASES["main_fetch/a-plain-get-is-not-preflighted"]
REFUSED = CASES["cors_check/two-wildcards-are-none"]

WRONG: dict[str, dict[str, Any]] = {
    "sent": {"sent": ()},
    "result": {"result": "opaque"},
    "status": {"status": 201},
    "url": {"url": "https://api.example/other"},
    "redirected": {"redirected": True},
    "headers": {"headers": ("x-a: 1",)},
    "body": {"body": "other"},
    "because": {"because": Because(Reason.BAD_PORT)},
    "has": {"request": ((1, ExpectRequest(has=("Cookie",))),)},
    "lacks": {"request": ((1, ExpectRequest(lacks=("Origin: https://app.example",))),)},
    "request 2": {"request": ((2, ExpectRequest()),)},
    "credentials": {"request": ((1, ExpectRequest(credentials=True)),)},
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_expectation_is_reported(what: str) -> None:
    """Whatever a case expects wrongly is reported under its own name."""
    case = attrs.evolve(PLAIN, expect=(attrs.evolve(PLAIN.expect[0], **WRONG[what]),))
    report = run_case(case)
    assert [mismatch.what for mismatch in report.mismatches] == [what]
    assert what in str(report)


@pytest.mark.parametrize(
    ("what", "because"),
    [
        ("reason", Because(Reason.BAD_PORT)),
        ("subject", Because(subject="*")),
        ("step", Because(step="concept-cors-check 2")),
    ],
)
def test_a_wrong_because_is_reported(what: str, because: Because) -> None:
    """A wrong reason, subject or step is reported under its own name."""
    case = attrs.evolve(REFUSED, expect=(attrs.evolve(REFUSED.expect[0], because=because),))
    assert [mismatch.what for mismatch in run_case(case).mismatches] == [what]


def test_a_wrong_body_of_a_request_is_reported() -> None:
    """A wrong body on the wire is reported."""
    case = CASES["main_fetch/a-post-of-text-is-not-preflighted"]
    wrong = attrs.evolve(case.expect[0], request=((1, ExpectRequest(body="other")),))
    assert [row.what for row in run_case(attrs.evolve(case, expect=(wrong,))).mismatches] == ["body"]


def test_a_report_can_be_read() -> None:
    """A report names the case, the engine, what was expected, what came, and the whole trace."""
    case = attrs.evolve(PLAIN, expect=(attrs.evolve(PLAIN.expect[0], status=201),))
    assert str(run_case(case, profile("webkit"))).startswith(
        f"{PLAIN.path}: {PLAIN.title} [webkit]:\n  fetch 1 status:\n    expected 201\n    got      200\n"
        "  trace of fetch 1:\n"
    )
    assert str(run_case(PLAIN)) == f"{PLAIN.path}: {PLAIN.title} [spec]: ok"


def test_a_wrong_row_is_reported() -> None:
    """A row whose value comes out otherwise is reported with both values."""
    table = next(table for table in load_tables() if table.path == "values/bad-ports")
    [mismatch] = run_row(table, attrs.evolve(table.rows[0], expect={"bad": False})).mismatches
    assert (mismatch.what, mismatch.expected, mismatch.got) == ("bad", False, True)


def test_an_engine_without_a_section_is_held_to_the_standard() -> None:
    """A case expects of an engine what it expects of the standard, unless it has a section."""
    case = CASES["main_fetch/a-failed-answer-clears-the-cache"]
    assert case.expected("firefox") == case.expect
    assert case.expected("chromium") != case.expect


INTERLEAVED = """
title = "A title"
proves = "concept-cache-key"
order = [2, "5s", 1, 1, 1]
[[fetch]]
page = "https://app.example"
url = "https://api.example/a"
[fetch.expect]
sent = ["GET https://api.example/a"]
result = "cors"
[[fetch]]
page = "https://app.example"
url = "https://api.example/b"
[fetch.expect]
sent = ["GET https://api.example/b"]
result = "cors"
[[server]]
on = "GET https://api.example/a"
headers = ["Access-Control-Allow-Origin: *"]
[[server]]
on = "GET https://api.example/b"
headers = ["Access-Control-Allow-Origin: *"]
"""


def test_an_order_passes_over_what_is_over() -> None:
    """A number of a fetch that is over is passed over, so that engines may ask more or less."""
    assert run_case(parse_case("folder/slug", tomli.loads(INTERLEAVED))).ok


def test_no_connection_breaks_off_in_an_order() -> None:
    """An interleaved case can't have a connection that breaks off; it is refused by name."""
    data = tomli.loads(INTERLEAVED)
    data["server"][0]["fails"] = True
    with pytest.raises(InvalidCase, match="folder/slug"):
        run_case(parse_case("folder/slug", data))
