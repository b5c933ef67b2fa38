"""Campaigns: a simulator that is wrong about its browser is found out, in the smallest cases."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import attrs

from corsim.cases import load_cases, run_case
from corsim.conformance.fuzzing.campaign import Findings
from corsim.conformance.fuzzing.reporting import case_lines, findings_as_json
from corsim.conformance.fuzzing.simulated import document_of
from corsim.conformance.fuzzing.writing import write_findings
from corsim.engines import profile

from .given import FIREFOX, FakeCampaign

EXPECTED = profile("firefox")
COVERS = attrs.evolve(EXPECTED, wildcard_covers_authorization=not EXPECTED.wildcard_covers_authorization)


def run(campaign: FakeCampaign, count: int = 600, most: int = 6) -> Findings:
    return asyncio.run(campaign.run(count, most))


FOUND = run(FakeCampaign(FIREFOX, seed=3, really=COVERS))


def test_agreement() -> None:
    """Where the profile is right, nothing is found."""
    findings = run(FakeCampaign(FIREFOX, really=EXPECTED), 200)
    assert (findings.agreed, findings.disagreed, findings.found) == (200, {}, [])


def test_one_wrong_fact_is_found_and_made_small() -> None:
    """A fact that is wrong gives few findings, and the smallest case holds little else."""
    assert FOUND.disagreed
    assert FOUND.agreed + len(FOUND.disagreed) == 600
    smallest = min((document_of(row.minimal.case) for row in FOUND.found), key=lambda row: len(str(row)))
    [fetch] = smallest["fetch"]
    assert [name.lower() for name, _ in fetch["headers"]] == ["authorization"]
    assert set(fetch) <= {"page", "url", "headers", "method"}
    assert [row["on"].split(" ")[0] for row in smallest["server"]] == ["OPTIONS"]


def test_everything_is_accounted_for() -> None:
    """Each disagreement is one of a finding's, or is said not to have been shrunk."""
    counted = {number for row in FOUND.found for number in row.numbers} | set(FOUND.left)
    assert counted == set(FOUND.disagreed)
    unshrunk = run(FakeCampaign(FIREFOX, seed=3, really=COVERS), most=0)
    assert (unshrunk.found, set(unshrunk.left)) == ([], set(unshrunk.disagreed))


def test_findings_are_written_as_cases(tmp_path: Path) -> None:
    """A finding becomes a file that loads, is the same exchange, and expects what the browser did."""
    files = write_findings(FOUND, tmp_path)
    cases = {case.path: case for case in load_cases(tmp_path)}
    assert len(cases) == len(files) == len(FOUND.found)
    for file, finding in zip(files, FOUND.found, strict=True):
        case = cases[file.relative_to(tmp_path).with_suffix("").as_posix()]
        assert case.fetches == finding.minimal.case.fetches
        assert case.servers == finding.minimal.case.servers
        assert case.seen == ("firefox 1.5",)
        assert run_case(case, COVERS, engine="firefox").ok
        assert not run_case(case, EXPECTED).ok


def test_the_report() -> None:
    """The JSON has the numbers, and every finding with its case; people get it line by line."""
    report = json.loads(json.dumps(findings_as_json(FOUND)))
    assert report["counts"]["disagree"] == len(FOUND.disagreed)
    assert report["findings"][0]["case"] == document_of(FOUND.found[0].minimal.case)
    assert report["findings"][0]["mismatches"][0]["where"].startswith("fetch 1")
    first, *_ = case_lines(FOUND.found[0].minimal.case)
    assert first.startswith("fetch  https://")
