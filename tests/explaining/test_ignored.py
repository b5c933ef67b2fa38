"""What script gave and the browser dropped is named."""

from __future__ import annotations

import pytest

from corsim import Browser, Policy

APP, API = "https://app.example.com", "https://api.example.com"


def explained(**options: object) -> str:
    browser = Browser()
    browser.serve(API, Policy(origins="*", headers="*"))
    page = browser.open(APP)
    return page.fetch(f"{API}/", **options).explain()  # type: ignore[arg-type]  # options of all kinds


@pytest.mark.parametrize(
    ("options", "note"),
    [
        ({"headers": {"Cookie": "a=b", "Origin": APP}}, "ignored what script gave for Cookie, Origin: they"),
        ({"headers": {"X-A": "1"}, "mode": "no-cors"}, "ignored what script gave for X-A: only safelisted"),
    ],
)
def test_dropped_headers_are_named(options: dict[str, object], note: str) -> None:
    """A forbidden header, or one that no-cors does not take, vanishes in a browser; not here."""
    assert note in explained(**options)


def test_nothing_is_said_of_headers_that_go_along() -> None:
    """A header that is sent needs no note."""
    assert "ignored" not in explained(headers={"X-A": "1"})


def test_xhr_too() -> None:
    """`setRequestHeader()` ignores the browser's own names as `fetch()` does."""
    browser = Browser()
    browser.serve(API, Policy(origins="*"))
    result = browser.open(APP).xhr(f"{API}/", headers={"Host": "elsewhere.example"})
    assert "ignored what script gave for Host" in result.explain()
