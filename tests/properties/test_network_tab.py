"""The network tab of any fetch, written as text."""

from __future__ import annotations

from hypothesis import given

from corsim.explaining.network import network_lines
from properties.support import Situation, situations


@given(situations())
def test_every_exchange_is_there(situation: Situation) -> None:
    """Each request has its line, carets stand once at most and below a token, and all can be printed."""
    _, fetch = situation.started()
    result = fetch.run()
    lines = network_lines(result)
    requests = [line for line in lines if not line.startswith(" ")]
    sent = [f"{exchange.request.method} {exchange.request.url}" for exchange in result.exchanges]
    assert [line.removesuffix("  (preflight)") for line in requests] == sent
    carets = [index for index, line in enumerate(lines) if line.strip().startswith("^")]
    assert len(carets) <= (result.blocked is not None)
    for at in carets:
        start, end = lines[at].index("^"), lines[at].rindex("^") + 1
        assert lines[at - 1][start:end].strip() == lines[at - 1][start:end] != ""
    assert all(line.isprintable() for line in lines)
