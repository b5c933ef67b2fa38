"""The table of all reasons, and what reads it: an explanation in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corsim.explaining import (
    outcomes,
    preflight_reasons,
    redirect_reasons,
    request_reasons,
    script_reasons,
    sharing_reasons,
)
from corsim.explaining.cookies import cookie_sentences
from corsim.explaining.diagnosis import diagnose
from corsim.explaining.explanation import Explanation, Fix
from corsim.explaining.facts import Facts, Tell
from corsim.explaining.instructions import named, proof
from corsim.explaining.notes import ENGINE_NAMES, notes
from corsim.explaining.origins import Difference, differences, marked
from corsim.explaining.proving import is_mended, otherwise
from corsim.explaining.ways import fixes
from corsim.values.decision import Reason

if TYPE_CHECKING:
    from corsim.result import Result

REASONS: dict[Reason, Tell] = {
    **script_reasons.WORDS,
    **request_reasons.WORDS,
    **sharing_reasons.WORDS,
    **preflight_reasons.WORDS,
    **redirect_reasons.WORDS,
}
"""For each reason, the function that says what happened, why, and what to look at."""


def explain_result(result: Result, framework: str | None = None) -> Explanation:
    """Explain a result: the cause, the rule behind it, and what to change.

    `framework` is the one in whose words to tell it; by default the one that is recognised.
    Raises `InvalidInput` for one that is not known.
    """
    facts = Facts(result)
    blocked = result.blocked
    words = (REASONS[facts.reason] if blocked else outcomes.OUTCOMES[result.type])(facts)
    cause = diagnose(facts)
    found = fixes(facts, cause)
    headline = f"{outcomes.verdict(result)}: {words.headline}"
    diff = _diff(facts)
    told = (*words.notes, *_lenient(result), *notes(facts), *cookie_sentences(facts))
    noted = tuple(note for note in dict.fromkeys(told) if note not in headline)
    step = None if blocked is None else blocked.step
    lines = [
        headline,
        *(marked(facts.origin, facts.subject) if diff and facts.subject else ()),
        f"Rule: {words.rule}",
    ]
    if step is not None:
        lines.append(f"      {step}, {step.url}")
    lines += _fix_lines(words.fix, found, cause is not None)
    lines += [f"Note: {note}" for note in noted]
    return Explanation(
        "\n".join(lines),
        headline=headline,
        cause=cause,
        reason=None if blocked is None else facts.reason,
        step=step,
        rule=words.rule,
        advice=words.fix,
        fixes=found,
        diff=diff,
        error=None if facts.exchange is None else facts.exchange.error,
        framework=None,
        snippet="",
        notes=noted,
    )


_UNPROVEN = "Not proven: no header, status or option that was tried makes this very fetch pass."


def _lenient(result: Result) -> tuple[str, ...]:
    """Name the engines that let the same exchange pass, where this one does not."""
    if result.blocked is None or not result.exchanges:
        return ()
    names = [name for name, end in otherwise(result).items() if _goes_further(end, result)]
    if not names:
        return ()
    strict = "the standard" if result.engine == "spec" else ENGINE_NAMES[result.engine]
    verb = "lets" if len(names) == 1 else "let"
    return (f"{named(names)} {verb} this pass today; {strict} does not.",)


def _goes_further(end: Result, result: Result) -> bool:
    """Say whether the same fetch in another engine passes, or goes on to a request that was not sent here."""
    here, there = ([one.request for one in each.exchanges] for each in (result, end))
    same = [(one.method, one.url) for one in here] == [(one.method, one.url) for one in there[: len(here)]]
    return is_mended(end) or (same and len(there) > len(here))


def _diff(facts: Facts) -> tuple[Difference, ...]:
    """Compare origins where they were compared, and were not the same."""
    if facts.result.blocked is None or facts.reason is not Reason.ALLOW_ORIGIN_MISMATCH:
        return ()
    return differences(facts.origin, facts.subject)


def _fix_lines(advice: str, found: tuple[Fix, ...], is_wrong: bool) -> list[str]:
    """Write the first fix and the others, and in which engines they were tried."""
    if not found:
        return [f"Fix: {advice or 'none was found.'}", *([_UNPROVEN] if is_wrong else [])]
    first, *others = found
    lines = [f"Fix: {advice}\n{first}" if advice else f"Fix: {first}", proof(first)]
    for other in others:
        text = str(other)
        lines.append(f"Or: {text}")
        if other.proven != first.proven:
            lines.append(proof(other))
    return lines
