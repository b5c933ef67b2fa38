"""The verdicts as JSON for programs, and as the stamps that lie beside the cases."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from corsim.cases import Mismatch
from corsim.conformance.comparing import SeenFetch
from corsim.conformance.judging import Judgement, Kind, Verdict

SCHEMA_VERSION = 1
KINDS: tuple[Kind, ...] = ("agrees", "disagrees", "unanswered", "not replayed")


def today() -> str:
    """Write the date of a run."""
    return datetime.now(UTC).date().isoformat()


def judgement_as_json(judgement: Judgement, date: str) -> dict[str, Any]:
    """Turn a judgement into what `json.dumps` takes."""
    return {
        "schema_version": SCHEMA_VERSION,
        "engine": judgement.engine,
        "version": judgement.version,
        "user_agent": judgement.agent,
        "command": judgement.command,
        "date": date,
        "counts": counts(judgement),
        "cases": [_verdict(row) for row in judgement.verdicts],
    }


def counts(judgement: Judgement) -> dict[str, int]:
    """Count the verdicts by kind, and those that took a second try."""
    by_kind: dict[str, int] = {kind: len(judgement.of(kind)) for kind in KINDS}
    return {**by_kind, "flaky": sum(row.flaky for row in judgement.verdicts)}


def _verdict(row: Verdict) -> dict[str, Any]:
    return {
        "case": row.case.path,
        "title": row.case.title,
        "verdict": row.kind,
        "reason": row.reason,
        "flaky": row.flaky,
        "mismatches": [_mismatch(item) for item in row.mismatches],
        "fetches": [_fetch(fetch) for fetch in row.fetches],
    }


def _mismatch(item: Mismatch) -> dict[str, Any]:
    return {"where": item.where, "what": item.what, "expected": item.expected, "seen": item.got}


def _fetch(fetch: SeenFetch) -> dict[str, Any]:
    return {
        "result": fetch.result,
        "status": fetch.status,
        "url": fetch.url,
        "redirected": fetch.redirected,
        "headers": fetch.headers,
        "body": fetch.body,
        "error": fetch.error,
        "console": fetch.console,
        "requests": [
            {"method": row.method, "url": row.url, "headers": row.pairs, "body": row.body}
            for row in fetch.requests
        ],
    }


def stamp(judgement: Judgement, file: Path, date: str) -> None:
    """Write down in which version each case was seen to hold; cases that were not run keep theirs."""
    known = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    runs, cases = known.get("runs", {}), known.get("cases", {})
    run = {"version": judgement.version, "date": date, **counts(judgement)}
    runs[judgement.engine] = run
    for row in judgement.verdicts:
        versions = cases.setdefault(row.case.path, {})
        if row.kind == "agrees":
            versions[judgement.engine] = judgement.version
        else:
            versions.pop(judgement.engine, None)
    told = {path: dict(sorted(versions.items())) for path, versions in sorted(cases.items()) if versions}
    text = json.dumps({"runs": dict(sorted(runs.items())), "cases": told}, indent=1)
    file.write_text(text + "\n", "utf-8")
