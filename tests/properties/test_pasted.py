"""Whatever an engine prints can be read back, and whatever somebody pastes can be answered."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corsim import explain
from corsim.engines import ENGINES
from corsim.explaining.console.book import book
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
    assert reading.headline.split(":")[0] in (
        "Blocked",
        "Not CORS, but",
        "Not blocked",
        "Could not tell",
    ) or (reading.verdict == "Not CORS")
    assert str(reading)
    assert repr(reading)
