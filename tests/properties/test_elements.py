"""What holds of every element, whatever the servers answer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corsim import Browser, Response, Result
from corsim.engines import ENGINES
from properties.support import APP, SERVED, URLS, answers, by_request

ELEMENTS = ("image", "script", "stylesheet", "media")
engines = st.sampled_from(ENGINES)
choices = st.lists(answers(), min_size=1, max_size=4)
elements = st.sampled_from(ELEMENTS)


def asked(engine: str, replies: list[Response], element: str, url: str, *arguments: str) -> Result:
    """Have a page of ours ask for an element."""
    browser = Browser(engine)
    for origin in SERVED:
        browser.serve(origin, by_request(tuple(replies)))
    result: Result = getattr(browser.open(f"{APP}/"), element)(url, *arguments)
    return result


@given(engines, choices, elements, URLS, st.sampled_from([(), ("anonymous",), ("use-credentials",)]))
def test_no_element_asks_first(
    engine: str, replies: list[Response], element: str, url: str, state: tuple[str, ...]
) -> None:
    """No element ever sends a preflight; one without crossorigin says no origin, either."""
    result = asked(engine, replies, element, url, *state)
    assert {exchange.request.method for exchange in result.exchanges} <= {"GET"}
    if not state:
        assert not [row for row in result.exchanges if "origin" in row.request.headers]
        assert all(row.includes_credentials for row in result.exchanges)


@given(engines, choices, elements, URLS)
def test_an_anonymous_element_carries_credentials_home_only(
    engine: str, replies: list[Response], element: str, url: str
) -> None:
    """With crossorigin="anonymous" no credentials go to another origin."""
    for exchange in asked(engine, replies, element, url, "anonymous").exchanges:
        at_home = exchange.request.url.origin.serialized == APP
        assert at_home or not exchange.includes_credentials


@given(engines, choices, elements, URLS, st.sampled_from([(), ("anonymous",), ("use-credentials",)]))
def test_script_sees_no_more_than_an_event(
    engine: str, replies: list[Response], element: str, url: str, state: tuple[str, ...]
) -> None:
    """Nothing of an answer is read; with crossorigin nothing is tainted; what is refused does not load."""
    result = asked(engine, replies, element, url, *state)
    assert (result.readable, result.ok, result.status, result.url, result.body) == (False, False, 0, "", b"")
    assert dict(result.headers) == {}
    assert not (result.loaded and result.blocked)
    assert not (state and (result.tainted or result.muted_errors))


@given(engines, choices, URLS, st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2))
def test_a_form_is_never_stopped_by_cors(
    engine: str, replies: list[Response], url: str, fields: dict[str, str]
) -> None:
    """A form that posts arrives, with its origin and credentials, and its answer is not read."""
    browser = Browser(engine)
    for origin in SERVED:
        browser.serve(origin, by_request(tuple(replies)))
    result = browser.open(f"{APP}/").form(url, "post", fields)
    first = result.exchanges[0]
    assert (first.request.method, first.includes_credentials) == ("POST", True)
    assert "origin" in first.request.headers
    assert not result.readable
    assert not result.loaded
    reason = "" if result.blocked is None else str(result.blocked.reason)
    assert not reason or "redirect" in reason or "connection" in reason
