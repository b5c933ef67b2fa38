"""The table of all reasons, and its two readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from corsim.explaining import (
    outcomes,
    preflight_reasons,
    redirect_reasons,
    request_reasons,
    script_reasons,
    sharing_reasons,
)
from corsim.explaining.facts import Explanation, Facts, Words
from corsim.explaining.notes import notes
from corsim.values.decision import Reason

if TYPE_CHECKING:
    from corsim.result import Result

REASONS: dict[Reason, Words] = {
    **script_reasons.WORDS,
    **request_reasons.WORDS,
    **sharing_reasons.WORDS,
    **preflight_reasons.WORDS,
    **redirect_reasons.WORDS,
}
"""For each reason, the function that says what happened, why, and what to change."""


def explanation(result: Result) -> Explanation:
    """Explain a result: its cause, the rule behind it, and what to change."""
    facts = Facts(result)
    if result.blocked is None:
        words = outcomes.OUTCOMES[result.type](facts)
        return attrs.evolve(words, notes=(*words.notes, *notes(facts)))
    words = REASONS[facts.reason](facts)
    return attrs.evolve(words, step=facts.decision.step, notes=(*words.notes, *notes(facts)))


def explain_result(result: Result) -> str:
    """Write an explanation out, the verdict first."""
    return f"{outcomes.verdict(result)}: {explanation(result)}"
