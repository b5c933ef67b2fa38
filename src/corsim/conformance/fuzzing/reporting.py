"""What a campaign found, for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from corsim.cases import Case
from corsim.conformance.fuzzing.campaign import Finding, Findings
from corsim.conformance.fuzzing.drawing import Document
from corsim.conformance.fuzzing.signatures import signature
from corsim.conformance.fuzzing.simulated import document_of
from corsim.conformance.judging import Verdict

SCHEMA_VERSION = 1


def case_lines(case: Case) -> Iterator[str]:
    """Write a case in few lines: who asks for what, and what is answered."""
    document = document_of(case)
    for fetch in document["fetch"]:
        yield " ".join(["fetch ", *_shown(fetch)])
    for answer in document["server"]:
        yield " ".join(["server", *_shown(answer)])


def _shown(row: Document) -> Iterator[str]:
    for key, value in row.items():
        if key == "headers":
            yield from (json.dumps(f"{name}: {text}", ensure_ascii=False) for name, text in value)
        elif key in ("on", "url"):
            yield str(value)
        elif (key, value) not in (("page", "https://app.example"), ("status", 200)):
            yield f"{key}={json.dumps(value)}"


def looks(rows: Mapping[int, Verdict]) -> list[tuple[str, list[int]]]:
    """Group disagreements by their signature, the commonest first."""
    groups: dict[str, list[int]] = {}
    for number, row in rows.items():
        groups.setdefault(signature(row.mismatches), []).append(number)
    return sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))


def findings_as_json(findings: Findings) -> dict[str, Any]:
    """Turn what was found into what `json.dumps` takes."""
    return {
        "schema_version": SCHEMA_VERSION,
        "engine": findings.engine,
        "version": findings.version,
        "seed": findings.seed,
        "counts": {
            "scenarios": findings.count,
            "agree": findings.agreed,
            "disagree": len(findings.disagreed),
            "unanswered": findings.unanswered,
            "not_replayed": findings.not_replayed,
            "flaky": findings.flaky,
        },
        "findings": [_finding(row) for row in findings.found],
        "not_shrunk": [{"signature": look, "numbers": numbers} for look, numbers in looks(findings.left)],
    }


def _finding(row: Finding) -> dict[str, Any]:
    return {
        "signature": row.signature,
        "numbers": row.numbers,
        "case": document_of(row.minimal.case),
        "mismatches": [
            {"where": item.where, "what": item.what, "expected": item.expected, "seen": item.got}
            for item in row.minimal.mismatches
        ],
    }
