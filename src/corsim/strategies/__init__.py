"""Hypothesis strategies: what pages ask and what servers answer, thickest where the rules have edges.

Needs Hypothesis, which `pip install corsim[hypothesis]` brings.

    asking       origins urls methods header_names header_values request_headers bodies
                 fetch_requests xhr_requests pages opaque_pages
    answering    policies responses malformed_responses

>>> from hypothesis import given
>>> from corsim import Browser
>>> from corsim.strategies import fetch_requests, policies
>>> @given(fetch_requests(url="https://api.example.com/"), policies())
... def test_that_nothing_blocked_has_a_body(options, policy):
...     browser = Browser()
...     browser.serve("https://api.example.com", policy)
...     result = browser.open("https://app.example.com").fetch(**options)
...     assert result.readable or result.body == b""
>>> test_that_nothing_blocked_has_a_body()
"""

try:
    import hypothesis  # noqa: F401
except ImportError as error:  # pragma: no cover — the test suite has it
    raise ImportError("corsim.strategies needs Hypothesis: pip install corsim[hypothesis]") from error

from corsim.strategies.answering import malformed_responses, policies, responses
from corsim.strategies.asking import (
    bodies,
    fetch_requests,
    header_names,
    header_values,
    methods,
    opaque_pages,
    origins,
    pages,
    request_headers,
    urls,
    xhr_requests,
)

__all__ = [
    "bodies",
    "fetch_requests",
    "header_names",
    "header_values",
    "malformed_responses",
    "methods",
    "opaque_pages",
    "origins",
    "pages",
    "policies",
    "request_headers",
    "responses",
    "urls",
    "xhr_requests",
]
