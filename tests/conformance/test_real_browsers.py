"""Real browsers: a slice of the cases in each of them.

`make browsers` runs them. Where a browser is not installed its tests are skipped, except where CI is
set: there that is a failure.
"""

from __future__ import annotations

import asyncio
import os
from functools import lru_cache

import pytest

from corsim.cases import load_cases
from corsim.conformance.browsers import Browser, BrowserMissing, RealEngine, find_browser
from corsim.conformance.fuzzing.campaign import Campaign
from corsim.conformance.judging import Judge
from corsim.conformance.replayable import MISSING

SLICE = (
    "cors_preflight_cache/",
    "resource_policy_check/",
    "tao_check/",
    # Over https, with cookies, with connections that break off, at ports that nobody may ask.
    "cors_check/the-port-of-the-page-counts",
    "http_network_or_cache_fetch/a-broken-connection",
    "http_network_or_cache_fetch/a-preflight-goes-without-credentials",
    "http_network_or_cache_fetch/credentials-",
    "main_fetch/a-bad-port-is-refused-",
    "main_fetch/another-scheme-is-another-origin",
)


@lru_cache(maxsize=3)
def browser_of(engine: RealEngine) -> Browser:
    """Find a browser, or skip the test that needs it."""
    try:
        return find_browser(engine)
    except BrowserMissing as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{engine} has to be here: {error}")
        pytest.skip(str(error))


@pytest.mark.browsers
@pytest.mark.parametrize("engine", ["chromium", "firefox", "webkit"])
def test_a_slice_agrees(engine: RealEngine) -> None:
    """Three folders of cases, and some of each other kind, hold in a real browser as they say."""
    cases = [case for case in load_cases() if case.path.startswith(SLICE)]
    judgement = asyncio.run(Judge(browser_of(engine)).judge(cases))
    assert judgement.agent
    told = {row.case.path: [str(item) for item in row.mismatches] for row in judgement.of("disagrees")}
    assert told == {}
    assert judgement.of("unanswered") == ()
    assert len(judgement.of("agrees")) > 75
    # What needs an ability is replayed: the browser trusts the certificate, keeps cookies, opens windows.
    assert not {row.reason for row in judgement.of("not replayed")} & {
        MISSING[ability] for ability in ("https", "cookies", "windows")
    }


@pytest.mark.browsers
@pytest.mark.parametrize("engine", ["chromium", "firefox", "webkit"])
def test_random_cases_agree(engine: RealEngine) -> None:
    """Of a few hundred random cases, hardly any comes out otherwise than the simulator says."""
    findings = asyncio.run(Campaign(browser_of(engine), seed=1).run(300, most=0))
    assert findings.agreed + len(findings.disagreed) + findings.not_replayed == 300
    assert findings.agreed >= 290, sorted(findings.disagreed)
