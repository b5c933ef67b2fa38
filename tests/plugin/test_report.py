"""`--corsim-report`: what the tests fetched, as JSON, Markdown or JUnit XML."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import pytest

from .conftest import Run

MODULE = """
    def test_just_before_a_skipped_one(page):
        assert not page().fetch(API).ok

    @pytest.mark.skip
    def test_skipped(page): pass

    def test_good(page):
        assert page(ANY).fetch(API).ok

    def test_refused(page):
        assert not page().fetch(API, method="PUT").ok

    @pytest.mark.cors(engines="firefox")
    def test_bad_and_odd(page):
        result = page(("Access-Control-Allow-Origin", "https://app.example/")).fetch(API)
        assert result.ok, "a \\x1b[31m `|` *name*"

    @pytest.mark.xfail
    @pytest.mark.cors(engines="spec")
    def test_expected(page):
        assert page().fetch(API).ok

    @pytest.mark.cors(engines="spec")
    def test_given_up(page):
        page(ANY).fetch(API)
        pytest.skip("later")

    def test_without_a_browser(): pass
"""


@pytest.mark.parametrize("args", [(), ("-n", "1")], ids=["alone", "xdist"])
def test_json(run: Run, pytester: pytest.Pytester, args: tuple[str, ...]) -> None:
    """Every fetch of every test with its verdict, reason, console and fix; workers bring theirs."""
    result = run(MODULE, "--corsim-report=reports/report.json", *args, apart=bool(args))
    result.assert_outcomes(passed=10, failed=1, skipped=4, xfailed=1)
    result.stdout.fnmatch_lines(["CORS report: *report.json (12 fetches in 12 tests, 8 blocked)"])
    report = json.loads((pytester.path / "reports/report.json").read_text("utf-8"))
    assert report["schema_version"] == 1
    tests = {test["test"].partition("::")[2]: test for test in report["tests"]}
    good, refused = tests["test_good[webkit]"], tests["test_refused[chromium]"]
    assert (good["outcome"], good["engines"], good["fetch_count"]) == ("passed", ["webkit"], 1)
    assert good["fetches"][0]["verdict"] == "readable"
    assert good["fetches"][0]["fix"] is None
    fetch = refused["fetches"][0]
    assert fetch["blocked"]["reason"] == "allow-origin-missing"
    assert fetch["requests"][0]["method"] == "OPTIONS"
    assert fetch["requests"][0]["preflight"]
    assert "has been blocked by CORS policy" in fetch["console"][0]
    assert "Access-Control-Allow-Origin: https://app.example" in fetch["fix"]
    assert tests["test_bad_and_odd[firefox]"]["outcome"] == "failed"
    assert tests["test_bad_and_odd[firefox]"]["message"].startswith("Blocked: the answer to GET https://api")
    assert good["message"] is None
    assert tests["test_expected[spec]"]["outcome"] == "xfailed"
    assert tests["test_given_up[spec]"]["outcome"] == "skipped"
    result.stdout.fnmatch_lines(["E  * Blocked: *", "*- CORS -*", "firefox: fetch GET *", "Fix: *"])


def test_markdown(run: Run, pytester: pytest.Pytester) -> None:
    """A table of the tests, and below it what script could not use; names are no markup."""
    run(MODULE, "--corsim-report=report.md")
    text = (pytester.path / "report.md").read_text("utf-8")
    assert "\n| test\\_markdown.py::test\\_good\\[webkit\\] | passed | 1 |  |\n" in text
    assert "\n| test\\_markdown.py::test\\_bad\\_and\\_odd\\[firefox\\] | failed | 1 | 1 |\n" in text
    assert "\n    Cross-Origin Request Blocked: The Same Origin Policy disallows" in text
    assert "\n    Fix: " in text
    assert "## test\\_markdown.py::test\\_good" not in text


def test_junit(run: Run, pytester: pytest.Pytester) -> None:
    """One test case a test, its fetches as properties."""
    run(MODULE, "--corsim-report=report.XML")
    root = ElementTree.parse(pytester.path / "report.XML").getroot()
    suite = root[0]
    assert (suite.attrib["tests"], suite.attrib["failures"]) == ("12", "1")
    cases = {case.attrib["name"]: case for case in suite}
    properties = [tuple(prop.attrib.values()) for prop in cases["test_refused[webkit]"][0]]
    names = [name for name, _ in properties]
    assert names == ["corsim.fetch", "corsim.console", "corsim.console", "corsim.cause", "corsim.fix"]
    assert properties[0][1] == (
        "webkit: fetch PUT https://api.example/ from https://app.example: blocked, "
        "allow-origin-missing (CORS check 2)"
    )
    failure = cases["test_bad_and_odd[firefox]"].find("failure")
    assert failure is not None
    assert "https://app.example/" in failure.attrib["message"]


def test_a_failure_is_not_laid_at_a_fetch_that_was_meant(run: Run, pytester: pytest.Pytester) -> None:
    """What a failed test says is its own first line, whatever it fetched."""
    run(
        """
        @pytest.mark.cors(engines="spec")
        def test_it(page):
            assert not page().fetch(API).ok
            assert 1 == 2
        """,
        "--corsim-report=report.xml",
    )
    (case,) = ElementTree.parse(pytester.path / "report.xml").getroot()[0]
    failure = case.find("failure")
    assert failure is not None
    assert failure.attrib["message"] == "assert 1 == 2"


def test_what_xml_cannot_hold(run: Run, pytester: pytest.Pytester) -> None:
    """A control character in a header's value does not spoil the file."""
    run(
        """
        def test_it(page):
            page(("Access-Control-Allow-Origin", "\\x0b")).fetch(API)
        """,
        "--corsim-report=report.xml",
    )
    assert len(ElementTree.parse(pytester.path / "report.xml").getroot()[0]) == 3


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("report.html", "name a file that ends in .json, .md (Markdown) or .xml (JUnit)"),
        ("report", "name a file that ends in .json"),
        ("tox.ini/report.json", "can't be written: "),
        ("", "name a file that ends in .json"),
    ],
)
def test_a_file_that_can_not_be_written_is_refused_at_once(run: Run, name: str, complaint: str) -> None:
    """Before any test runs, with the name and what would be right."""
    result = run("def test_it(page): pass", f"--corsim-report={name}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert f"ERROR: --corsim-report={name or '.'}: {complaint}" in result.stderr.str()
    assert "Traceback" not in result.stderr.str()


def test_an_empty_run(run: Run, pytester: pytest.Pytester) -> None:
    """Without a fetch there is a report still, that says so."""
    run("def test_it(): pass", "--corsim-report=report.json")
    empty: dict[str, Any] = {"schema_version": 1, "tests": []}
    assert json.loads((pytester.path / "report.json").read_text("utf-8")) == empty
