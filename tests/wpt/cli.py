"""`python -m wpt /path/to/checkout [path ...]`: run the tests, and compare with expected.toml."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from wpt.expectations import (
    KINDS,
    PATH,
    Expectations,
    Expected,
    improvements,
    load,
    regressions,
    written,
)
from wpt.files import TestFile, files_under
from wpt.running import Outcome, run_all
from wpt.server import Wpt

FOLDERS = ("cors", "fetch", "xhr")
UNKNOWN = "not known"


def main() -> None:
    """Run the command; the exit code is 1 where something is worse than expected."""
    options = _options()
    files = list(files_under(options.checkout, options.paths))
    expectations = load()
    counts: dict[str, Counter[str]] = {}
    outcomes: dict[str, Outcome] = {}
    worse = 0
    for file, outcome in run_all(Wpt(options.checkout.resolve()), files, options.engine, options.jobs):
        outcomes[file.path] = outcome
        expected = expectations.files.get(file.path, Expected())
        tally(counts.setdefault(folder_of(file), Counter()), expectations, expected, outcome)
        lines = list(regressions(expected, outcome)) if options.engine == "spec" else []
        worse += len(lines)
        better = improvements(expected, outcome) if options.engine == "spec" else iter(())
        for line in (*lines, *better, *(_told(outcome) if options.verbose else ())):
            print(f"{file.path}: {line}", flush=True)
    print(table(counts))
    if options.write:
        PATH.write_text(written(expectations, outcomes))
        print(f'wrote {PATH}: give each reason that is "?" another')
        return
    if options.engine != "spec":
        print(f"(with the profile of {options.engine}, of which nothing is expected)")
    sys.exit(1 if worse else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="wpt", description=__doc__)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("paths", nargs="*", default=FOLDERS)
    parser.add_argument("--engine", default="spec", choices=("spec", "chromium", "firefox", "webkit"))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--verbose", action="store_true", help="say what became of each subtest")
    parser.add_argument("--write", action="store_true", help="write what came about to expected.toml")
    return parser.parse_args()


def folder_of(file: TestFile) -> str:
    """Find the folder under which a file is counted: two levels deep where there are two."""
    parts = file.path.split("/")[:-1]
    return "/".join(parts[:2] if parts[:2] != ["fetch", "api"] else parts[:3])


def tally(counts: Counter[str], expectations: Expectations, expected: Expected, outcome: Outcome) -> None:
    """Count what passed, and what did not, by whose failure it is."""
    counts["files"] += 1
    if not outcome.tests:
        counts[_kind(expectations, expected.whole)] += 1
    for test in outcome.tests:
        passed = test.status == "PASS"
        counts["passed" if passed else _kind(expectations, expected.fails.get(test.name, ""))] += 1


def _kind(expectations: Expectations, reason: str) -> str:
    return expectations.reasons[reason].kind if reason in expectations.reasons else UNKNOWN


def table(counts: dict[str, Counter[str]]) -> str:
    """Write the figures, a folder a line."""
    columns = ("files", "passed", *KINDS, UNKNOWN)
    rows: list[tuple[str, ...]] = [("", *columns)]
    rows += [(folder, *(str(counts[folder][name] or "") for name in columns)) for folder in sorted(counts)]
    total: Counter[str] = sum(counts.values(), Counter())
    rows.append(("all", *(str(total[name]) for name in columns)))
    widths = [max(len(row[i]) for row in rows) for i in range(len(columns) + 1)]
    return "\n".join(_aligned(row, widths) for row in rows)


def _aligned(row: tuple[str, ...], widths: list[int]) -> str:
    return row[0].ljust(widths[0]) + "".join(
        cell.rjust(width + 2) for cell, width in zip(row[1:], widths[1:], strict=True)
    )


def _told(outcome: Outcome) -> Iterator[str]:
    if outcome.problem:
        yield outcome.problem
    for test in outcome.tests:
        yield f"{test.status} {test.name!r} {test.message}".rstrip()
    yield from outcome.log
