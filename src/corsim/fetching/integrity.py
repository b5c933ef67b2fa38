"""Subresource Integrity, as main fetch applies it: https://fetch.spec.whatwg.org/#main-fetch."""

from __future__ import annotations

from corsim.fetching.filtered_response import FilteredResponse
from corsim.values.decision import Decision, Reason
from corsim.values.integrity import bytes_match
from corsim.values.request import Request
from corsim.values.spec import MAIN_FETCH

MATCHES = Decision(MAIN_FETCH["23"], "the body is the one that was meant")


def integrity_check(request: Request, response: FilteredResponse) -> Decision:
    """Decide whether a response has the body that whoever asked for it meant: main fetch 23."""
    # 23.2. A body that can't be seen can't be looked at.
    if response.type == "opaque":
        return Decision(MAIN_FETCH["23.2"], "network error", Reason.INTEGRITY, "opaque")
    if response.body_is_null:
        return Decision(MAIN_FETCH["23.2"], "network error", Reason.INTEGRITY)
    # 23.3. and 23.4.
    if bytes_match(response.internal.body, request.integrity):
        return MATCHES
    return Decision(MAIN_FETCH["23.3.1"], "network error", Reason.INTEGRITY, request.integrity)
