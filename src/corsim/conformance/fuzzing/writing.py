"""A finding as the TOML file of a case: what the browser did stands in it as what is expected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import tomli_w

from corsim.cases import Case, FetchGiven, Mismatch
from corsim.cases.model import FOLDERS
from corsim.cases.run import replay
from corsim.conformance.comparing import SeenFetch
from corsim.conformance.fuzzing.campaign import Finding, Findings
from corsim.conformance.fuzzing.drawing import Document
from corsim.conformance.fuzzing.simulated import PROVES, document_of
from corsim.engines import profile
from corsim.result import Result
from corsim.values.decision import Decision


def write_findings(findings: Findings, directory: Path) -> list[Path]:
    """Write each finding as a case of its own, in the folder of the step that it is about."""
    return [_write(findings, finding, directory) for finding in findings.found]


def _write(findings: Findings, finding: Finding, directory: Path) -> Path:
    step = _step(finding, findings.engine)
    folder = next(name for name, anchors in FOLDERS.items() if step.partition(" ")[0] in anchors)
    file = directory / folder / f"{findings.engine}-{findings.seed}-{finding.numbers[0]}.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(tomli_w.dumps(written(findings, finding, step)), "utf-8")
    return file


def written(findings: Findings, finding: Finding, step: str = PROVES) -> Document:
    """Make the document of a case that expects what the browser did."""
    row, engine = finding.minimal, f"{findings.engine} {findings.version}"
    document = document_of(row.case)
    fetches = [
        {**_tidy(fetch), "expect": _expected(f"fetch {number}", row.mismatches, seen, given, row.case)}
        for number, (fetch, seen, given) in enumerate(
            zip(document["fetch"], row.fetches, row.case.fetches, strict=True), 1
        )
    ]
    servers = [_tidy(answer) for answer in document["server"]]
    return {
        "title": f"In {engine}, number {finding.numbers[0]} of seed {findings.seed}: {finding.signature}",
        "proves": step,
        "story": f"Seen {len(finding.numbers)} times in {findings.count}. Expected is what {engine} did.",
        "seen": [engine],
        "fetch": fetches,
        **({"server": servers} if servers else {}),
    }


def _expected(
    where: str, mismatches: Sequence[Mismatch], seen: SeenFetch, given: FetchGiven, case: Case
) -> Document:
    """Write down the requests and the result, and all else that came out otherwise."""
    number = int(where.partition(" ")[2]) - 1
    simulated = case.expect[number].result
    # XMLHttpRequest doesn't say of what type a response is.
    readable = simulated if simulated in ("basic", "cors") else "cors"
    expected: Document = {"sent": list(seen.sent), "result": seen.result or readable}
    for row in mismatches:
        if row.where == where and row.what in ("status", "url", "redirected", "headers", "body"):
            value = getattr(seen, row.what)
            expected[row.what] = list(value) if isinstance(value, tuple) else value
    requests = dict(_requests(where, mismatches, seen))
    return expected | ({"request": requests} if requests else {})


def _requests(where: str, mismatches: Sequence[Mismatch], seen: SeenFetch) -> Iterator[tuple[str, Document]]:
    for number, request in enumerate(seen.requests, 1):
        rows = [row for row in mismatches if row.where == f"{where} request {number}"]
        names = {str(row.expected).partition(": ")[0].lower() for row in rows if row.what != "body"}
        has = [f"{name}: {value}" for name, value in request.pairs if name.lower() in names]
        lacks = sorted(names - {name.lower() for name, _ in request.pairs})
        body = [request.body] if any(row.what == "body" for row in rows) else []
        found: dict[str, Any] = {"has": has, "lacks": lacks, **({"body": body[0]} if body else {})}
        if rows:
            yield str(number), {key: value for key, value in found.items() if value or key == "body"}


def _tidy(row: Document) -> Document:
    """Write headers in one piece where that says the same."""
    if "headers" not in row:
        return row
    return row | {"headers": [_header(name, value) for name, value in row["headers"]]}


def _header(name: str, value: str) -> str | list[str]:
    plain = name and ": " not in name and value and value == value.strip()
    return f"{name}: {value}" if plain else [name, value]


def _step(finding: Finding, engine: str) -> str:
    """Find the step at which the simulator refused, or the last that it told of."""
    where = finding.minimal.mismatches[0].where.split(" ")
    results = replay(finding.minimal.case, profile(engine))
    result: Result = results[int(where[1]) - 1 if len(where) > 1 else 0]
    decisions = [turn for turn in result.trace if isinstance(turn, Decision)]
    if result.blocked is not None:
        return result.blocked.step.id
    known = frozenset().union(*FOLDERS.values())
    ids = [row.step.id for row in decisions if row.step.id.partition(" ")[0] in known]
    return ids[-1] if ids else PROVES
