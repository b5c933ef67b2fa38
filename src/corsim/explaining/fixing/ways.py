"""The fixes of a result: one that keeps what script asked for, and others that ask for less."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from corsim.explaining.causes import Cause
from corsim.explaining.explanation import Fix
from corsim.explaining.exposure import exposing, hidden_headers
from corsim.explaining.facts import Facts
from corsim.explaining.fixing import proving
from corsim.explaining.fixing.edits import Edit, HeaderEdit, RequestEdit
from corsim.explaining.fixing.instructions import written
from corsim.explaining.fixing.proving import Goal, Plan, is_mended
from corsim.explaining.fixing.remedies import answer, location, remedies
from corsim.explaining.fixing.saying import is_sayable
from corsim.result import Result
from corsim.values.decision import Reason

Edits = tuple[Edit, ...]

_BY_COOKIES = (
    Cause.WILDCARD_WITH_CREDENTIALS,
    Cause.CREDENTIALS_NOT_ALLOWED,
    Cause.HEADERS_WILDCARD_WITH_CREDENTIALS,
)


def fixes(facts: Facts, cause: Cause | None) -> tuple[Fix, ...]:
    """Find what mends a result, each tried in every engine; the one that asks for no less comes first."""
    plans: list[Plan] = []
    for first, reached in _ways(facts, cause):
        if not all(is_sayable(edit, facts.result) for edit in first):
            continue
        found = proving.plan(facts.result, remedies, first, reached)
        if found.edits and all(found.edits != known.edits for known in plans):
            plans.append(found)
    return tuple(
        Fix(plan.edits, plan.proven, written(plan.edits, facts.result), plan.end)
        for plan in plans
        if plan.end is not None
    )


def _ways(facts: Facts, cause: Cause | None) -> Iterator[tuple[Iterable[Edit], Goal]]:
    """List the edits to begin with, and what has to come of them."""
    if facts.result.blocked is None:
        yield from _of_an_outcome(facts, cause)
        return
    yield (), is_mended
    if cause in _BY_COOKIES:
        yield (RequestEdit("credentials", "same-origin"),), is_mended
    if facts.is_preflight and facts.is_redirect and location(facts):
        yield (answer(facts, HeaderEdit("Location", action="remove"), status=204),), is_mended
    if facts.is_preflight and facts.asked_headers == ["content-type"] and facts.method == "POST":
        yield (RequestEdit("content_type", "text/plain"),), is_mended
    if facts.reason in (Reason.RESOURCE_POLICY, Reason.EMBEDDER_POLICY):
        yield (RequestEdit("mode", "cors"),), is_mended


def _of_an_outcome(facts: Facts, cause: Cause | None) -> Iterator[tuple[Iterable[Edit], Goal]]:
    if cause is Cause.NO_CORS_MODE:
        yield (RequestEdit("mode", "cors"),), _is_readable
    elif cause in (Cause.HEADER_NOT_EXPOSED, Cause.EXPOSE_WILDCARD_WITH_CREDENTIALS):
        hidden = hidden_headers(facts)
        edit = answer(facts, HeaderEdit("Access-Control-Expose-Headers", exposing(facts)))
        yield (edit,), lambda end: all(name in end.headers for name in hidden)
        if cause is Cause.EXPOSE_WILDCARD_WITH_CREDENTIALS:
            goal: Goal = lambda end: all(name in end.headers for name in hidden)  # noqa: E731
            yield (RequestEdit("credentials", "same-origin"),), goal
    elif cause is Cause.COOKIES_HELD_BACK and not facts.with_credentials:
        yield (RequestEdit("credentials", "include"),), _sends_cookies


def _is_readable(result: Result) -> bool:
    return result.type in ("basic", "cors")


def _sends_cookies(result: Result) -> bool:
    return result.readable and result.exchanges[-1].includes_credentials
