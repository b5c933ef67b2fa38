"""What is expected of each file: `expected.toml`, with a reason for every subtest that does not pass.

Only names and counts of web-platform-tests stand there; the reasons are ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import tomli
import tomli_w

from wpt.running import Outcome

PATH = Path(__file__).parent / "expected.toml"
KINDS = ("library", "optional", "checkout", "driver")
"""Whose a failure is: ours; nobody's, where standards leave it open; the older tests'; the driver's."""


@attrs.frozen
class Reason:
    """Why something does not pass: a kind, and a sentence."""

    kind: str
    why: str


@attrs.frozen
class Expected:
    """One file: how many subtests pass, and the reason of each that doesn't.

    `whole` is the reason of one that reports nothing.
    """

    passes: int = 0
    fails: Mapping[str, str] = attrs.field(factory=dict)
    whole: str = ""


@attrs.frozen
class Expectations:
    """All that is expected of one checkout."""

    commit: str
    reasons: Mapping[str, Reason]
    files: Mapping[str, Expected]


def load(path: Path = PATH) -> Expectations:
    """Read the expectations."""
    rows: dict[str, Any] = tomli.loads(path.read_text())
    reasons = {name: Reason(**row) for name, row in rows["reason"].items()}
    files = {name: _expected(row) for name, row in rows["file"].items()}
    return Expectations(rows["commit"], reasons, files)


def _expected(row: Mapping[str, Any]) -> Expected:
    fails = {name: reason for reason, names in row.get("fails", {}).items() for name in names}
    return Expected(row.get("passes", 0), fails, row.get("whole", ""))


def regressions(expected: Expected, outcome: Outcome) -> Iterator[str]:
    """Say what is worse than expected."""
    passed = sum(test.status == "PASS" for test in outcome.tests)
    if passed < expected.passes:
        yield f"{expected.passes} passed before, and now {passed}"
    for test in outcome.tests:
        if test.status != "PASS" and test.name not in expected.fails:
            yield f"{test.status} {test.name!r}: {test.message}"
    if not outcome.tests and not expected.whole:
        yield f"it reports nothing: {outcome.problem}"


def improvements(expected: Expected, outcome: Outcome) -> Iterator[str]:
    """Say what passes that was not expected to."""
    for test in outcome.tests:
        if test.status == "PASS" and test.name in expected.fails:
            yield f"passes now: {test.name!r} ({expected.fails[test.name]})"


def written(expectations: Expectations, outcomes: Mapping[str, Outcome]) -> str:
    """Write what has come about as what is expected from now on; a failure that is new has the reason "?"."""
    files = {path: _row(expected) for path, expected in expectations.files.items()}
    for path, outcome in outcomes.items():
        before = expectations.files.get(path, Expected())
        fails: dict[str, list[str]] = {}
        for test in outcome.tests:
            if test.status != "PASS":
                fails.setdefault(before.fails.get(test.name, "?"), []).append(test.name)
        passes = sum(test.status == "PASS" for test in outcome.tests)
        files[path] = _table(passes, "" if outcome.tests else before.whole or "?", fails)
    reasons = {name: attrs.asdict(reason) for name, reason in expectations.reasons.items()}
    return tomli_w.dumps(
        {"commit": expectations.commit, "reason": reasons, "file": dict(sorted(files.items()))}
    )


def _row(expected: Expected) -> dict[str, Any]:
    fails: dict[str, list[str]] = {}
    for name, reason in expected.fails.items():
        fails.setdefault(reason, []).append(name)
    return _table(expected.passes, expected.whole, fails)


def _table(passes: int, whole: str, fails: Mapping[str, list[str]]) -> dict[str, Any]:
    row: dict[str, Any] = {"passes": passes, "whole": whole, "fails": dict(fails)}
    return {name: value for name, value in row.items() if value not in ("", {})}
