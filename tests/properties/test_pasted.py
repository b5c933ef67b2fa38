"""Whatever an engine prints can be read back, and whatever somebody pastes can be answered."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from corsim import explain
from corsim.engines import ENGINES
from corsim.explaining.causes import Cause
from corsim.explaining.console.book import book
from corsim.values.statuses import REDIRECT_STATUSES
from properties.support import Situation, situations

PIECES = st.sampled_from([line for name in ENGINES[1:] for row in book(name).rows for line in row.lines])
NOISE = st.text(max_size=40) | st.sampled_from(["\n", " ", "'", "net::ERR_", "https://a.example/", "{", "…"])


@given(situations())
def test_what_is_printed_leads_back(situation: Situation) -> None:
    """The lines of a result, whichever it is, are read as what they were printed for."""
    _, fetch = situation.started()
    result = fetch.run()
    if not result.console:
        return
    reading = explain(result.console)
    assert result.engine in reading.engines
    if result.blocked is None:
        assert reading.verdict == "Not blocked"
    else:
        assert result.blocked.reason in reading.reasons


@given(st.lists(PIECES | NOISE, max_size=8).map("".join))
def test_whatever_is_pasted_is_answered(text: str) -> None:
    """No text is too odd: there is an answer, with something to say in its first line."""
    reading = explain(text)
    assert reading.headline.startswith(("Blocked: ", "Not CORS, but ", "Not blocked: ", "Could not tell: "))
    assert str(reading)
    assert repr(reading)


# A line that does not name the page's origin, or the one that was allowed, or what a preflight's error status
# was about, can't say which of these it was; one of them stands for all.
_ALIKE = {
    Cause.METHOD_NOT_ALLOWED: Cause.ORIGIN_MISMATCH,
    Cause.METHOD_IN_LOWER_CASE: Cause.ORIGIN_MISMATCH,
    Cause.HEADER_NOT_ALLOWED: Cause.ORIGIN_MISMATCH,
    Cause.PREFLIGHT_UNROUTED: Cause.ORIGIN_MISMATCH,
    Cause.INVALID_ALLOWED_ORIGIN: Cause.ORIGIN_MISMATCH,
    Cause.ORIGIN_LOST_BY_REDIRECT: Cause.NULL_ORIGIN,
}


@given(situations())
def test_the_cause_is_among_those_that_fit(situation: Situation) -> None:
    """What a result's own explanation says was the cause, its lines leave possible."""
    _, fetch = situation.started()
    result = fetch.run()
    if result.blocked is None or not result.console:
        return
    last = result.exchanges[-1].response if result.exchanges else None
    assume(last is None or last.status not in REDIRECT_STATUSES or "location" in last.headers)
    cause, causes = result.explain().cause, explain(result.console).causes
    assert cause is not None
    assert {cause, _ALIKE.get(cause)} & {*causes}
