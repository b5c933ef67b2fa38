"""What an engine prints of a result leads back to the result's reason."""

from __future__ import annotations

import pytest

from corsim import Result, explain
from corsim.cases import Case, load_cases
from corsim.cases.run import replay
from corsim.engines import ENGINES, EngineName, profile

CASES = load_cases()


def check(result: Result) -> None:
    """Read a result's console back, if anything was printed."""
    if not result.console:
        return
    reading = explain(result.console)
    assert result.engine in reading.engines
    if result.blocked is None:
        assert (reading.verdict, reading.reasons) == ("Not blocked", ())
    else:
        assert result.blocked.reason in reading.reasons
        assert reading.suspects


@pytest.mark.parametrize("engine", ENGINES[1:])
@pytest.mark.parametrize("case", CASES, ids=[case.path for case in CASES])
def test_every_case_leads_back(case: Case, engine: EngineName) -> None:
    """In every case, in every engine, the lines are read as what they were printed for."""
    for result in replay(case, profile(engine)):
        check(result)
