"""The two adapters of docs/conformance, and what docs/implementers.md says that they show.

`make adapters` installs and runs them. Where they are not installed the tests are skipped, except where
CI is set: there that is a failure.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from pathlib import Path

import pytest

from corsim.cases import load_cases
from corsim.conformance.commanding import CommandJudge
from corsim.conformance.judging import Judgement

DOCS = Path(__file__).parents[2] / "docs"
ADAPTERS = ("happy-dom", "jsdom")


def evidence(adapter: str) -> list[str]:
    """The cases that the table of an adapter's defects names."""
    text = (DOCS / "implementers.md").read_text("utf-8")
    section = re.split(r"^###? ", text.partition(f"\n### {adapter} ")[2], maxsplit=1, flags=re.MULTILINE)[0]
    return re.findall(r"`([a-z_]+/[a-z0-9-]+)`", section)


def judged(adapter: str, *paths: str) -> Judgement:
    """Put some cases to an adapter, or skip the test that needs it."""
    if shutil.which("npm") is None or not (DOCS / "conformance" / "node_modules" / adapter).is_dir():
        missing = f"{adapter} has to be installed: npm ci --prefix docs/conformance"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    cases = [case for case in load_cases() if case.path.startswith(paths)]
    command = ("npm", "run", "--silent", "--prefix", str(DOCS / "conformance"), adapter)
    return asyncio.run(CommandJudge(command, width=4).judge(cases))


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_the_evidence_exists(adapter: str) -> None:
    """Every case that is named as evidence is one, and none is named twice."""
    named = evidence(adapter)
    assert len(named) > 20
    assert sorted(set(named)) == sorted(named)
    assert {case.path for case in load_cases()} >= set(named)


@pytest.mark.node
@pytest.mark.parametrize("adapter", ADAPTERS)
def test_the_evidence_holds(adapter: str) -> None:
    """What the document says that an imitation does otherwise, it does."""
    named = evidence(adapter)
    found = {row.case.path: row.kind for row in judged(adapter, *named).verdicts}
    assert [path for path in named if found[path] not in ("disagrees", "unanswered")] == []


@pytest.mark.node
@pytest.mark.parametrize(
    ("adapter", "agent", "path"),
    [
        ("happy-dom", "HappyDOM/", "cors_preflight_fetch/a-preflight-of-status-"),
        ("jsdom", "jsdom/", "cors_check/"),
    ],
)
def test_they_get_much_right(adapter: str, agent: str, path: str) -> None:
    """The adapters say what their libraries do: where these do right, the cases agree."""
    judgement = judged(adapter, path)
    assert agent in judgement.agent
    agreeing, differing = len(judgement.of("agrees")), len(judgement.of("disagrees"))
    assert agreeing > 8
    assert differing < agreeing / 2
