"""What a page sees of how a fetch took its time: https://w3c.github.io/resource-timing/#dom-performanceresourcetiming.

Times themselves are not simulated, only which of them a page may see.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from corsim.fetching.filtered_response import FilteredResponse
from corsim.fetching.flow import Exchange
from corsim.fetching.tao_check import FAILED_EARLIER, NOT_ALLOWED
from corsim.values.decision import Decision
from corsim.values.response import NetworkError
from corsim.values.spec import TAO_CHECK

OF_THE_WAY = (
    "redirectStart", "redirectEnd", "workerStart", "domainLookupStart", "domainLookupEnd", "connectStart",
    "connectEnd", "secureConnectionStart", "requestStart", "firstInterimResponseStart",
    "finalResponseHeadersStart", "responseStart", "nextHopProtocol", "serverTiming", "transferSize",
)  # fmt: skip
"""What `Timing-Allow-Origin` shows: of these nothing is seen without it, but by the page's own origin."""

OF_THE_RESPONSE = ("encodedBodySize", "decodedBodySize", "responseStatus", "contentType")
"""What is seen of every response that script may read, whatever `Timing-Allow-Origin` says."""


@attrs.frozen
class Timing:
    """What a `PerformanceResourceTiming` tells of a fetch.

    `shown` is whether the timing allow check passed on the whole way; `hidden` names the attributes that are
    0 or empty for the page, whatever happened. `decision` is the check that failed, or the last that passed.
    """

    shown: bool
    hidden: tuple[str, ...]
    decision: Decision | None = None


def timing_of(
    trace: Iterable[Decision | Exchange], response: FilteredResponse | NetworkError
) -> Timing | None:
    """Tell what a page sees of a fetch; None for one that never came to the network."""
    turns = tuple(trace)
    if not any(isinstance(turn, Exchange) for turn in turns):
        return None
    checks = [turn for turn in turns if isinstance(turn, Decision) and turn.step.algorithm is TAO_CHECK]
    failed = next((check for check in checks if check in (NOT_ALLOWED, FAILED_EARLIER)), None)
    unread = isinstance(response, NetworkError) or response.type in ("opaque", "opaqueredirect")
    shown = bool(checks) and failed is None and not isinstance(response, NetworkError)
    hidden = (() if shown else OF_THE_WAY) + (OF_THE_RESPONSE if unread else ())
    return Timing(shown, hidden, failed or (checks[-1] if checks else None))
