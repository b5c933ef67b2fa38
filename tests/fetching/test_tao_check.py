"""corsim.fetching.tao_check."""

from __future__ import annotations

import pytest

from corsim import Response
from fetching.support import ANY, API, APP, fetched, redirect, steps


@pytest.mark.parametrize(
    ("url", "value", "step"),
    [
        (API, "*", "4"), (API, "x, *", "4"), (API, APP, "5"), (API, f"https://b.example, {APP}", "5"),
        (API, None, "8"), (API, "https://b.example", "8"), (API, '"*"', "8"), (APP, None, "7"),
        (APP, "x", "7"),
    ],
)  # fmt: skip
def test_who_sees_the_timing(url: str, value: str | None, step: str) -> None:
    """Any origin, this origin, the same origin, or nobody: each at its step."""
    headers = {**ANY, **({} if value is None else {"Timing-Allow-Origin": value})}
    assert f"concept-tao-check {step}" in steps(fetched(Response(200, headers), url))


def test_what_one_hop_hides_stays_hidden() -> None:
    """A later hop can't show the timing of a chain that an earlier one hid."""
    answers = {f"{API}/": redirect("/x"), f"{API}/x": Response(200, {**ANY, "Timing-Allow-Origin": "*"})}
    found = [step for step in steps(fetched(answers)) if "tao" in step]
    assert found == ["concept-tao-check 8", "concept-tao-check 2"]
