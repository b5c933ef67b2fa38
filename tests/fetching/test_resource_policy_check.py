"""corsim.fetching.resource_policy_check."""

from __future__ import annotations

import pytest

from corsim import Response
from fetching.support import API, APP, OTHER, page

STEP = "cross-origin-resource-policy-internal-check 5"


@pytest.mark.parametrize(
    ("url", "policy", "blocked"),
    [
        (API, None, False), (API, "cross-origin", False), (API, "same-site", False),
        (API, "same-origin", True),
        (OTHER, "same-site", True), (OTHER, "same-origin", True), (OTHER, "Same-Origin", False),
        (OTHER, "x", False),
        (OTHER, "same-origin, same-origin", False), (OTHER, "", False),
    ],
)  # fmt: skip
def test_policies(url: str, policy: str | None, blocked: bool) -> None:
    """An opaque response may be held unless it says same-origin, or same-site, in these very words."""
    headers = {} if policy is None else {"Cross-Origin-Resource-Policy": policy}
    result = page(Response(200, headers)).fetch(url, mode="no-cors")
    assert result.type == ("error" if blocked else "opaque")
    if blocked:
        assert result.blocked is not None
        assert (result.blocked.step.id, result.blocked.reason) == (STEP, "resource-policy")
        assert result.blocked.subject == policy


def test_an_insecure_page_is_not_of_a_secure_site() -> None:
    """A page without encryption does not hold what is for the secure site only."""
    answer = Response(200, {"Cross-Origin-Resource-Policy": "same-site"})
    assert page(answer, "http://app.example.com").fetch(API, mode="no-cors").type == "error"


def test_an_opaque_page_is_of_no_site() -> None:
    """A sandboxed page is nobody's neighbour, not even its own server's."""
    answer = Response(200, {"Cross-Origin-Resource-Policy": "same-site"})
    assert page(answer, APP, sandbox=True).fetch(APP, mode="no-cors").type == "error"


def test_the_policy_is_not_for_cors() -> None:
    """A response that is shared by CORS is not asked."""
    headers = {"Cross-Origin-Resource-Policy": "same-origin", "Access-Control-Allow-Origin": "*"}
    assert page(Response(200, headers)).fetch(API).readable
