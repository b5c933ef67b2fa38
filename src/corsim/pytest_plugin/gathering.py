"""What each test fetched, brought together in the process that reports: `--corsim-report`."""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from corsim.pytest_plugin.writing import WRITERS
from corsim.testing.recorder import Recorder
from corsim.testing.rows import fetch_row

if TYPE_CHECKING:
    from pluggy import Result

# A test has several reports; the gravest says how it ended. "rerun" is pytest-rerunfailures'.
_GRAVITY = ("rerun", "passed", "skipped", "xfailed", "failed")


class Gathering:
    """The plugin behind `--corsim-report`; refuses at the start what it could not write at the end.

    A test's rows travel on its last report, as text: so they come from a worker of pytest-xdist
    just as from this process.
    """

    def __init__(self, config: pytest.Config, recorder: Recorder) -> None:
        self._recorder = recorder
        self._reports = not hasattr(config, "workerinput")  # a worker only sends what it has
        self._outcomes: dict[str, str] = {}
        self._messages: dict[str, str] = {}
        self._tests: dict[str, dict[str, Any]] = {}
        self._path = _writable(Path(config.getoption("corsim_report")), self._reports).absolute()

    @pytest.hookimpl(hookwrapper=True, trylast=True)
    def pytest_runtest_makereport(self, call: pytest.CallInfo[None]) -> Generator[None, Result[Any], None]:
        """Give the rows of a test that is over to its last report."""
        report = (yield).get_result()
        if call.when == "teardown" and self._recorder.count:
            report.corsim = json.dumps(row_of_test(self._recorder))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the rows off a report, and remember how its test ended."""
        outcome = "xfailed" if report.outcome == "skipped" and hasattr(report, "wasxfail") else report.outcome
        so_far = self._outcomes.get(report.nodeid, outcome)
        self._outcomes[report.nodeid] = max(so_far, outcome, key=_GRAVITY.index)
        if report.failed:
            self._messages.setdefault(report.nodeid, _first_line(report.longrepr))
        rows = getattr(report, "corsim", None)
        if rows is not None:
            self._tests[report.nodeid] = json.loads(rows)

    def pytest_sessionfinish(self) -> None:
        """Write the report."""
        if not self._reports:
            return
        tests = [
            {"test": name, "outcome": self._outcomes[name], "message": self._messages.get(name), **row}
            for name, row in self._tests.items()
        ]
        try:
            self._path.write_text(WRITERS[self._path.suffix.lower()](tests), "utf-8")
        except OSError as error:
            pytest.exit(f"--corsim-report: {error}", returncode=pytest.ExitCode.INTERNAL_ERROR)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say where the report is, and what is in it."""
        rows = [row for test in self._tests.values() for row in test["fetches"]]
        count = sum(test["fetch_count"] for test in self._tests.values())
        blocked = sum(row["verdict"] == "blocked" for row in rows)
        terminalreporter.write_line(
            f"CORS report: {self._path} ({count} fetches in {len(self._tests)} tests, {blocked} blocked)"
        )


def row_of_test(recorder: Recorder) -> dict[str, Any]:
    """Make the row of one test of what it fetched."""
    rows = [fetch_row(result) for result in recorder.results()]
    return {
        "engines": sorted({row["engine"] for row in rows}),
        "fetch_count": recorder.count,
        "fetches": rows,
    }


def _first_line(failure: Any) -> str:
    """Take the line that names the cause of a failure."""
    return str(getattr(getattr(failure, "reprcrash", None), "message", failure)).partition("\n")[0]


def _writable(path: Path, really: bool) -> Path:
    """Refuse a file that can't be written, or that is of no kind we write."""
    if path.suffix.lower() not in WRITERS:
        raise pytest.UsageError(
            f"--corsim-report={path}: name a file that ends in .json, .md (Markdown) or .xml (JUnit)"
        )
    if really:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.open("a").close()
        except OSError as error:
            raise pytest.UsageError(f"--corsim-report={path}: can't be written: {error.strerror}") from error
    return path
