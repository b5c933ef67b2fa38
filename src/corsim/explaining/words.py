"""An explanation in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corsim.explaining.causes import Cause
from corsim.explaining.diagnosis import diagnose
from corsim.explaining.explanation import Explanation, Fix
from corsim.explaining.facts import Facts
from corsim.explaining.fixing.configured import nearest
from corsim.explaining.fixing.edits import ResponseEdit
from corsim.explaining.fixing.instructions import named, proof
from corsim.explaining.fixing.proving import is_mended, otherwise
from corsim.explaining.fixing.remedies import ALLOW, CREDENTIALS, REMEDIES
from corsim.explaining.fixing.ways import fixes
from corsim.explaining.frameworks import snippet_of
from corsim.explaining.notes import ENGINE_NAMES, notes
from corsim.explaining.origins import differences, marked
from corsim.explaining.reasons import OUTCOMES, REASONS
from corsim.explaining.reasons.outcomes import verdict
from corsim.explaining.reasons.sharing import signs_of_a_cors_layer
from corsim.values.decision import Reason

if TYPE_CHECKING:
    from corsim.result import Result


def explain_result(result: Result, framework: str | None = None) -> Explanation:
    """Explain a result: the cause, the rule behind it, and what to change.

    `framework` is the one in whose words to tell it; by default the one that is recognised.
    Raises `InvalidInput` for one that is not known.
    """
    facts = Facts(result)
    words = (REASONS[facts.reason] if result.blocked else OUTCOMES[result.type])(facts)
    cause = diagnose(facts)
    found = fixes(facts, cause)
    snippet = snippet_of(facts, cause, found, framework)
    meant = _meant(facts)
    noted = (*words.notes, *_careful(found), *_lenient(result), *notes(facts))
    headline = f"{verdict(result)}: {words.headline}"
    lines = [
        headline,
        *_marked(facts, meant),
        *_rule_lines(facts, words.rule),
        *_fix_lines(facts, words.fix, found, cause),
        *([] if snippet is None else snippet.lines()),
        *(f"Note: {note}" for note in noted),
    ]
    return Explanation(
        "\n".join(lines),
        headline=headline,
        cause=cause,
        reason=facts.reason if result.blocked else None,
        step=facts.decision.step if result.blocked else None,
        rule=words.rule,
        advice=words.fix,
        fixes=found,
        diff=differences(facts.origin, meant) if meant else (),
        error=None if facts.exchange is None else facts.exchange.error,
        framework=None if snippet is None or snippet.framework is None else snippet.framework.name,
        snippet="" if snippet is None else snippet.code,
        notes=noted,
    )


def _rule_lines(facts: Facts, rule: str) -> list[str]:
    if facts.result.blocked is None:
        return [f"Rule: {rule}"]
    return [f"Rule: {rule}", f"      {facts.decision.step}, {facts.decision.step.url}"]


def _marked(facts: Facts, meant: str) -> tuple[str, ...]:
    """Write two origins one above the other, with a mark where they part."""
    if not meant or facts.origin == "null":
        return ()
    return marked(facts.origin, meant, ALLOW if meant == facts.subject else "on the list")


_UNPROVEN = "Not proven: no header, status or option that was tried makes this very fetch pass."


def _careful(found: tuple[Fix, ...]) -> tuple[str, ...]:
    """Warn where a fix would be dangerous in the hands of a server that lets everybody in."""
    edits = [edit for fix in found for edit in fix.edits if isinstance(edit, ResponseEdit) and edit.seen]
    if not any(header.name == CREDENTIALS for edit in edits for header in edit.headers):
        return ()
    return (
        f"Send {CREDENTIALS} to origins on a list alone: a server that says it to whoever asks lets "
        "every page in, with the user's cookies.",
    )


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


def _meant(facts: Facts) -> str:
    """Find the origin that was let in where another was meant: in the answer, or on the server's list."""
    if facts.result.blocked is None:
        return ""
    if facts.reason is Reason.ALLOW_ORIGIN_MISMATCH:
        return facts.subject
    missing = facts.reason is Reason.ALLOW_ORIGIN_MISSING
    return nearest(facts) if missing and signs_of_a_cors_layer(facts) else ""


def _fix_lines(facts: Facts, advice: str, found: tuple[Fix, ...], cause: Cause | None) -> list[str]:
    """Write the first fix and the others, and in which engines they were tried."""
    if not found:
        tried = facts.result.blocked is not None and facts.reason in REMEDIES
        return [f"Fix: {advice or 'none was found.'}", *([_UNPROVEN] if tried else [])]
    proofs = [proof(fix, cause, alone=True) for fix in found]
    if len(set(proofs)) == 1 and len(found) > 1:
        proofs = ["" for _ in found[1:]] + [proof(found[0], cause, alone=False)]
    lines = [f"Fix: {advice}\n{found[0]}" if advice else f"Fix: {found[0]}", proofs[0]]
    for other, proven in zip(found[1:], proofs[1:], strict=True):
        lines += [f"Or: {other}", proven]
    return list(filter(None, lines))
