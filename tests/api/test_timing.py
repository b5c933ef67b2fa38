"""What a page sees of the timing of a fetch."""

from __future__ import annotations

import pytest

from corsim import Browser, Response, Result
from corsim.api.timing import OF_THE_RESPONSE, OF_THE_WAY

PAGE, API, OTHER = "https://app.example.com", "https://api.example.com", "https://other.example"
ALLOW = {"Access-Control-Allow-Origin": "*"}
SHOWN = {"Timing-Allow-Origin": "*"}


def asked(url: str, mode: str = "cors", **answers: Response) -> Result:
    """Fetch from servers, of which each origin has one answer."""
    browser = Browser()
    for origin, name in ((PAGE, "page"), (API, "api"), (OTHER, "other")):
        answer = answers.get(name, Response(404))
        browser.serve(origin, lambda request, answer=answer: answer)
    return browser.open(PAGE).fetch(url, mode=mode)


@pytest.mark.parametrize(
    ("headers", "mode", "shown", "hidden"),
    [
        (ALLOW, "cors", False, OF_THE_WAY),
        (ALLOW | SHOWN, "cors", True, ()),
        (ALLOW | {"Timing-Allow-Origin": f"{OTHER}, {PAGE}"}, "cors", True, ()),
        (ALLOW | {"Timing-Allow-Origin": OTHER}, "cors", False, OF_THE_WAY),
        ({}, "no-cors", False, OF_THE_WAY + OF_THE_RESPONSE),
        (SHOWN, "no-cors", True, OF_THE_RESPONSE),
        (SHOWN, "cors", False, OF_THE_WAY + OF_THE_RESPONSE),
    ],
    ids=["cors", "any", "listed", "another", "opaque", "opaque-any", "refused"],
)
def test_what_is_hidden(headers: dict[str, str], mode: str, shown: bool, hidden: tuple[str, ...]) -> None:
    """Timing-Allow-Origin shows the way, and reading the response what is of the response."""
    timing = asked(API, mode, api=Response(200, headers)).timing
    assert timing is not None
    assert (timing.shown, timing.hidden) == (shown, hidden)


def test_the_own_origin_is_shown() -> None:
    """A page sees all of its own server."""
    timing = asked(PAGE, page=Response(200)).timing
    assert timing is not None
    assert (timing.shown, timing.hidden) == (True, ())


@pytest.mark.parametrize(("first", "shown"), [(ALLOW, False), (ALLOW | SHOWN, True)])
def test_a_redirect_hides_it_for_good(first: dict[str, str], shown: bool) -> None:
    """Each answer on the way has to show its timing."""
    away = Response(302, first | {"Location": OTHER})
    timing = asked(API, api=away, other=Response(200, ALLOW | SHOWN)).timing
    assert timing is not None
    assert timing.shown is shown
    assert timing.decision is not None
    assert "hidden" in str(timing.decision) or shown


def test_what_was_never_sent_has_none() -> None:
    """A data: URL has no entry, nor has what was refused before anything was sent."""
    assert asked("data:,a").timing is None
    assert asked("https://api.example.com:25/").timing is None
