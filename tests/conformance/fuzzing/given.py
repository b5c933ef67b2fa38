"""A browser that is a simulator of its own, so that a campaign needs no real one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import attrs

from corsim.cases import Case
from corsim.cases.run import compare, observed, replay
from corsim.conformance.browsers import Browser
from corsim.conformance.comparing import SeenFetch
from corsim.conformance.fuzzing.campaign import Campaign
from corsim.conformance.judging import Judgement, Verdict
from corsim.conformance.session import SeenRequest
from corsim.engines import EngineProfile
from corsim.result import Result


def verdict(case: Case, really: EngineProfile) -> Verdict:
    """Hold a case against a browser that behaves as a profile says."""
    results = replay(case, really)
    rows = enumerate(zip(case.expect, results, strict=True), 1)
    differing = tuple(item for number, row in rows for item in compare(f"fetch {number}", *row))
    kind: Any = "disagrees" if differing else "agrees"
    return Verdict(case, kind, "", differing, tuple(map(_seen, results)))


def _seen(result: Result) -> SeenFetch:
    requests = tuple(
        SeenRequest(0, row.request.method, str(row.request.url), row.request.headers.pairs, "")
        for row in result.exchanges
    )
    return SeenFetch(**{**observed(result), "requests": requests})


@attrs.frozen
class FakeCampaign(Campaign):
    """A campaign whose browser behaves as `really` says, which is not what is expected of it."""

    really: EngineProfile = attrs.field(factory=EngineProfile)

    async def _judge(
        self, cases: Sequence[Case], told: Callable[[Verdict], None], second_try: bool
    ) -> Judgement:
        verdicts = tuple(verdict(case, self.really) for case in cases)
        for row in verdicts:
            told(row)
        return Judgement(self.browser.engine, self.browser.version, "", verdicts)


FIREFOX = Browser("firefox", ("firefox",), "1.5")
