"""The cases leave nothing out: every reason, every step, every profile field."""

from __future__ import annotations

import attrs
import pytest

import corsim.fetching  # noqa: F401  # so that every algorithm has made its steps
from corsim.cases import Case, load_cases, run_case
from corsim.cases.run import replay
from corsim.engines import ENGINES, SPEC, EngineProfile, departures, profile
from corsim.values.decision import Decision, Reason
from corsim.values.spec import ALGORITHMS

CASES = load_cases()
FIELDS = [field.name for field in attrs.fields(EngineProfile) if field.name != "name"]


def decisions_of(case: Case) -> list[Decision]:
    """List every decision of a case, in the standard and in the engines that differ."""
    profiles = [SPEC, *(profile(row.engine) for row in case.differences)]
    results = [result for one in profiles for result in replay(case, one)]
    return [turn for result in results for turn in result.trace if isinstance(turn, Decision)]


@pytest.fixture(scope="module")
def decisions() -> list[Decision]:
    """Every decision of every case."""
    return [decision for case in CASES for decision in decisions_of(case)]


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_met(reason: Reason, decisions: list[Decision]) -> None:
    """Every reason to refuse is met in some case, and some case names it."""
    assert any(decision.reason is reason for decision in decisions)
    rows = [(case.expect, *(row.expect for row in case.differences)) for case in CASES]
    expects = [expect for row in rows for some in row for expect in some]
    named = {expect.because.reason for expect in expects if expect.because}
    assert reason in named


def test_every_step_is_met(decisions: list[Decision]) -> None:
    """Every step that the code decides is met in some case."""
    met = {decision.step.id for decision in decisions}
    decided = {step.id for algorithm in ALGORITHMS for step in algorithm.steps.values()}
    assert decided - met == set()


def test_what_a_case_proves_is_met() -> None:
    """A case that proves a step which the code decides meets that very step."""
    decided = {step.id for algorithm in ALGORITHMS for step in algorithm.steps.values()}
    missed = []
    for case in CASES:
        met = {decision.step.id for decision in decisions_of(case)}
        missed += [(case.path, step) for step in case.proves if step in decided and step not in met]
    assert missed == []


@pytest.mark.parametrize("name", FIELDS)
def test_every_profile_field_is_a_quirk(name: str) -> None:
    """Every field of a profile is, all by itself, the cause of a difference in some case."""
    alone = [row for case in CASES for row in case.differences if row.quirks == (name,)]
    assert alone


@pytest.mark.parametrize("name", FIELDS)
def test_a_single_field_makes_a_difference(name: str) -> None:
    """The standard with one field changed no longer does what some case expects of the standard."""
    found = [
        case.path
        for case in CASES
        for row in case.differences
        if name in row.quirks
        and not run_case(case, attrs.evolve(SPEC, **{name: getattr(profile(row.engine), name)}), "spec").ok
    ]
    assert found


@pytest.mark.parametrize("engine", ENGINES[1:])
def test_every_departure_of_an_engine_has_a_case(engine: str) -> None:
    """Each line of an engine's TOML is a quirk of that engine in some case."""
    quirks = {name for case in CASES if (row := case.difference(engine)) for name in row.quirks}
    assert {row.field for row in departures(engine)} - quirks == set()
