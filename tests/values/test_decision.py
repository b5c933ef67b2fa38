"""corsim.values.decision."""

from __future__ import annotations

from corsim import Decision, Reason
from corsim.values.spec import CORS_CHECK


def test_a_passing_decision_says_its_step() -> None:
    """Without a reason, a decision is its step and outcome."""
    decision = Decision(CORS_CHECK["3"], "any origin may read")
    assert str(decision) == "CORS check 3: any origin may read"
    assert (decision.reason, decision.subject) == (None, "")


def test_a_refusal_says_why() -> None:
    """With a reason, it says which, and about which token."""
    refused = Decision(CORS_CHECK["4"], "failure", Reason.ALLOW_ORIGIN_MISMATCH, "https://b.example")
    assert str(refused) == "CORS check 4: failure [allow-origin-mismatch 'https://b.example']"
    assert str(Decision(CORS_CHECK["2"], "failure", Reason.ALLOW_ORIGIN_MISSING)).endswith(
        "[allow-origin-missing]"
    )


def test_reasons_are_text() -> None:
    """A reason is its own name in lower case with hyphens."""
    for reason in Reason:
        assert reason == reason.name.lower().replace("_", "-")
