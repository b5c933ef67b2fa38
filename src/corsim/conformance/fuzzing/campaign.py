"""A campaign: from a seed to a list of findings, each the smallest case of its kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from random import Random
from typing import TypeAlias

import attrs

from corsim.cases import Case
from corsim.conformance.browsers import Browser
from corsim.conformance.fuzzing.drawing import Document, draw_document
from corsim.conformance.fuzzing.shrinking import shrink
from corsim.conformance.fuzzing.signatures import features, signature
from corsim.conformance.fuzzing.simulated import document_of, simulated_case
from corsim.conformance.fuzzing.surroundings import draw_surroundings
from corsim.conformance.judging import Judge, Judgement, Verdict, Where
from corsim.conformance.replayable import reason_not_replayed
from corsim.engines import EngineProfile, profile
from corsim.values.errors import InvalidCase

BATCH = 1000
"""Cases per launch. The preflight cache of Chromium may then lose one; the second try mends that."""

CHUNK = 4 * BATCH
"""Cases that are drawn, run and tried again together."""

WAVE = 24
"""Disagreements that are shrunk at once."""

Told: TypeAlias = Callable[[Verdict], None]
Draw: TypeAlias = Callable[[Random], Document]


def draw_all(random: Random) -> Document:
    """Draw a case of either kind."""
    return random.choice((draw_document, draw_surroundings))(random)


DRAWN: dict[str, Draw] = {"calls": draw_document, "surroundings": draw_surroundings, "all": draw_all}


@attrs.frozen
class Finding:
    """A kind of disagreement: its smallest case, and the numbers of all that look like it."""

    minimal: Verdict
    numbers: tuple[int, ...]

    @property
    def signature(self) -> str:
        """What differs, in a few words."""
        return signature(self.minimal.mismatches)


@attrs.define
class Findings:
    """What a campaign came to; the plain numbers count; `left` was not shrunk."""

    engine: str
    version: str
    seed: int
    count: int
    agreed: int = 0
    flaky: int = 0
    unanswered: int = 0
    not_replayed: int = 0
    disagreed: dict[int, Verdict] = attrs.field(factory=dict)
    found: list[Finding] = attrs.field(factory=list)
    left: dict[int, Verdict] = attrs.field(factory=dict)


@attrs.frozen
class Campaign:
    """Has one browser and its profile run random cases, and makes the disagreements small."""

    browser: Browser
    seed: int = 0
    timeout: float = 10.0
    told: Told = lambda _: None
    shrunk: Callable[[int], None] = lambda _: None
    draw: Draw = draw_all
    domain: str = "localhost"

    @property
    def profile(self) -> EngineProfile:
        """The profile that the browser is held against."""
        return profile(self.browser.engine)

    async def run(self, count: int, most: int) -> Findings:
        """Run scenarios 1 to `count`, and shrink at most `most` of those that disagree."""
        findings = Findings(self.browser.engine, self.browser.version, self.seed, count)
        for start in range(1, count + 1, CHUNK):
            cases = [self.case(number) for number in range(start, min(start + CHUNK, count + 1))]
            _add(findings, await self._judge(cases, self.told, second_try=True))
        await self._shrink(findings, most)
        return findings

    def case(self, number: int) -> Case:
        """Draw the case of a number: the same for the same seed, whatever was drawn before."""
        random = Random(f"{self.seed}/{number}")
        while True:  # until one comes that can be replayed
            case = simulated_case(f"fuzz/{number}", self.draw(random), self.profile)
            if self._can_be_replayed(case):
                return case

    def _can_be_replayed(self, case: Case) -> bool:
        """Say whether a case can be replayed: an image that goes over https instead has no server there."""
        places = {row.url for row in case.servers}
        sent = [line for expect in case.expect for line in expect.sent]
        upgraded = any(given.api == "image" for given in case.fetches) and any(
            line.partition(" ")[2] not in places for line in sent
        )
        return not upgraded and reason_not_replayed(case, domain=self.domain) is None

    async def _judge(self, cases: Sequence[Case], told: Told, second_try: bool) -> Judgement:
        judge = Judge(self.browser, timeout=self.timeout, batch=BATCH, keeps_pages=True, told=told)
        judge.where = Where(domain=self.domain)
        judge.second_try = second_try
        return await judge.judge(cases)

    async def ask(self, documents: Sequence[Document]) -> list[Verdict | None]:
        """Have documents run once each."""
        return await self._asked(documents, second_try=False)

    async def ask_twice(self, documents: Sequence[Document]) -> list[Verdict | None]:
        """Have documents run; those that disagree have done so twice."""
        return await self._asked(documents, second_try=True)

    async def _asked(self, documents: Sequence[Document], second_try: bool) -> list[Verdict | None]:
        cases = {}
        for number, document in enumerate(documents):
            try:
                case = simulated_case(f"fuzz/{number}", document, self.profile)
            except InvalidCase:
                continue
            if self._can_be_replayed(case):
                cases[number] = case
        if not cases:
            return [None] * len(documents)
        judgement = await self._judge(list(cases.values()), lambda _: None, second_try)
        differing = {row.case.path: row for row in judgement.of("disagrees")}
        return [differing.get(f"fuzz/{number}") for number in range(len(documents))]

    async def _minimal(self, given: Sequence[Verdict]) -> list[Verdict]:
        """Shrink, and see the smallest disagree twice more: where one does not, it is not made smaller."""
        smallest = await shrink(given, self.ask)
        seen = await self.ask_twice([document_of(row.case) for row in smallest])
        return [row or before for row, before in zip(seen, given, strict=True)]

    async def _shrink(self, findings: Findings, most: int) -> None:
        """Shrink one of each look, count those that have all it has, and go on with the others."""
        left = dict(findings.disagreed)
        while left and most > 0:
            chosen = _one_of_each(left, min(most, WAVE))
            most -= len(chosen)
            given = [left[number] for number in chosen]
            for number, minimal in zip(chosen, await self._minimal(given), strict=True):
                alike = {other for other in left if _is_like(left[other], minimal)} | {number}
                findings.found.append(Finding(minimal, tuple(sorted(alike))))
            for number in {number for finding in findings.found for number in finding.numbers}:
                left.pop(number, None)
            self.shrunk(len(chosen))
        findings.found = _merged(findings.found)
        findings.left = left


def _add(findings: Findings, judgement: Judgement) -> None:
    findings.agreed += len(judgement.of("agrees"))
    findings.unanswered += len(judgement.of("unanswered"))
    findings.not_replayed += len(judgement.of("not replayed"))
    findings.flaky += sum(row.flaky for row in judgement.verdicts)
    findings.disagreed |= {number_of(row): row for row in judgement.of("disagrees")}


def number_of(row: Verdict) -> int:
    """Give the number that a drawn case has."""
    return int(row.case.path.rpartition("/")[2])


def _one_of_each(left: dict[int, Verdict], most: int) -> list[int]:
    """Choose the smallest of each signature, the commonest signatures first."""
    looks: dict[str, list[int]] = {}
    for number, row in left.items():
        looks.setdefault(signature(row.mismatches), []).append(number)
    commonest = sorted(looks.values(), key=lambda numbers: (-len(numbers), numbers))
    return [
        min(numbers, key=lambda number: len(str(document_of(left[number].case))))
        for numbers in commonest[:most]
    ]


def _is_like(row: Verdict, minimal: Verdict) -> bool:
    """Say whether a disagreement looks the same, and has all that the smallest case needs."""
    same = signature(row.mismatches) == signature(minimal.mismatches)
    return same and features(document_of(minimal.case)) <= features(document_of(row.case))


def _merged(found: Sequence[Finding]) -> list[Finding]:
    """Put findings together whose smallest cases have the same look and features; the commonest first."""
    groups: dict[tuple[str, frozenset[str]], list[Finding]] = {}
    for finding in found:
        groups.setdefault((finding.signature, features(document_of(finding.minimal.case))), []).append(
            finding
        )
    merged = []
    for rows in groups.values():
        smallest = min(rows, key=lambda row: len(str(document_of(row.minimal.case))))
        counted = Counter(number for row in rows for number in row.numbers)
        merged.append(Finding(smallest.minimal, tuple(sorted(counted))))
    return sorted(merged, key=lambda row: (-len(row.numbers), row.numbers))
