"""The notes: what is worth knowing, however a fetch ended."""

from __future__ import annotations

import pytest

from corsim import Browser, Response
from corsim.engines import ENGINES, profile
from corsim.explaining import explain_result
from corsim.explaining.notes import ENGINE_NAMES, enumerated
from explaining.support import ALLOW, API, PAGE, run

METHODS = ("Access-Control-Allow-Methods", "PUT")


def remembered(max_age: str, engine: str = "spec") -> str:
    """Say what is noted of a Max-Age."""
    preflight = Response(204, [ALLOW, METHODS, ("Access-Control-Max-Age", max_age)])
    return "\n".join(explain_result(run(ALLOW, method="PUT", preflight=preflight, engine=engine)).notes)


@pytest.mark.parametrize("value", ["600s", "-1", "", "600, 600"])
def test_a_max_age_that_is_no_number(value: str) -> None:
    """A Max-Age that can't be read is shown, with the five seconds that are taken for it."""
    said = remembered(value)
    assert (f"Access-Control-Max-Age: {value} is no whole number of seconds" in said) == bool(value)
    assert ("5 seconds" in said) == bool(value)


def test_a_max_age_that_is_cut() -> None:
    """An engine's limit is named with the engine; the standard has none."""
    assert "Access-Control-Max-Age: 86400 is cut to 7200 seconds by Chromium." in remembered(
        "86400", "chromium"
    )
    assert "cut to 600 seconds by WebKit" in remembered("86400", "webkit")
    assert remembered("86400") == ""
    assert remembered("600", "chromium") == ""


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ([("Accept", "a" * 129)], "accept (its value has 129 bytes, more than 128)"),
        ([("Accept", "a(b")], "accept: a(b (its value contains the byte `(`)"),
        ([("Accept", "a\x01b")], "accept (its value contains the byte 0x01)"),
        ([("Accept", "a" * 120)] * 9, "accept (the safelisted values have 1080 bytes together"),
        ([("Accept-Language", "de_CH")], "accept-language: de_CH (its value contains the byte `_`)"),
        ([("Content-Language", "d'")], "content-language: d' (its value contains the byte `'`)"),
        ([("Content-Type", "application/json")], "content-type: application/json (only application/x-www-"),
        ([("Content-Type", 'text/plain;charset="a"')], "its value contains the byte `\"`"),
        ([("Range", "bytes=-5")], "range: bytes=-5 (a range needs a start"),
        ([("Range", "bytes=9-5")], "range: bytes=9-5 (the range ends before it starts)"),
        ([("Range", "bytes=0-1,4-5")], "(only one range goes unasked"),
        ([("X-Token", "(")], "the request header x-token."),
    ],
)  # fmt: skip
def test_why_a_safelisted_header_was_asked_for(headers: list[tuple[str, str]], said: str) -> None:
    """A header that could go unasked is told with what is wrong with its value, or with their sum."""
    words = explain_result(run(preflight=Response(204, [ALLOW]), headers=headers))
    assert said in words.notes[-1]


@pytest.mark.parametrize(
    ("page", "url", "noted"),
    [
        (PAGE, "http://api.example/me", True),
        (PAGE, f"{API}/me", False),
        (PAGE, "http://localhost:8000/me", False),
        (PAGE, "http://127.0.0.1/me", False),
        ("http://app.example", "http://api.example/me", False),
    ],
)
@pytest.mark.parametrize("mode", ["cors", "no-cors"])
def test_mixed_content(page: str, url: str, noted: bool, mode: str) -> None:
    """From an https: page a URL that could be overheard is blocked, and told apart from CORS."""
    browser = Browser()
    for headers in ([("Access-Control-Allow-Origin", "*")], []):
        browser.serve(url.removesuffix("/me"), lambda _, headers=headers: Response(200, headers))
        said = browser.open(page).fetch(url, mode=mode).explain()
        assert (f"{url} is http:" in said and "This is not CORS." in said) == noted


def test_mixed_content_after_a_redirect() -> None:
    """A redirect down to http: is told with where it came from."""
    browser = Browser()
    browser.serve(API, lambda _: Response(302, [ALLOW, ("Location", "http://api.example/b")]))
    browser.serve("http://api.example", lambda _: Response(200))
    said = browser.open(PAGE).fetch(f"{API}/a").explain()
    assert f"http://api.example/b, to which {API}/a redirected, is http:" in said


def test_an_expose_list_that_is_malformed() -> None:
    """A malformed list is named as such, and what should be sent instead is a list of names."""
    expose = ("Access-Control-Expose-Headers", "X A, X-B")
    words = explain_result(run(ALLOW, expose, ("X-A", "1"), ("X-B", "2")))
    assert "Access-Control-Expose-Headers: X A, X-B is malformed: 'X A' is no name" in words.headline
    line = words.fix.split("\n  ")[1]
    assert line == "Access-Control-Expose-Headers: X-B, X-A"
    name, _, value = line.partition(": ")
    again = run(ALLOW, (name, value), ("X-A", "1"), ("X-B", "2"))
    assert {"x-a", "x-b"} <= set(again.headers)


def test_who_is_lenient_on_authorization() -> None:
    """`*` does not cover Authorization; the engines where it does are named, as their profiles have it."""
    star = Response(204, [ALLOW, ("Access-Control-Allow-Headers", "*")])
    words = run(ALLOW, preflight=star, headers={"Authorization": "Bearer t"}).explain()
    lenient = [ENGINE_NAMES[name] for name in ENGINES if profile(name).wildcard_covers_authorization]
    assert "never covers Authorization" in words.headline
    assert "Access-Control-Allow-Headers: *, authorization" in words.fix
    assert words.notes[0] == f"{enumerated(lenient)} let this pass today; the standard does not."


@pytest.mark.parametrize(
    ("body", "said"),
    [(b"Not you.\nmore", "It says: Not you."), (b"<html>", ""), (b"\xff\xfe", ""), (b"a\x07", "")],
)
def test_a_body_is_quoted_only_if_it_can_be_read(body: bytes, said: str) -> None:
    """A line of text is quoted; HTML, bytes and control characters are not."""
    text = run(method="PUT", preflight=Response(403, {}, body)).explain()
    assert said in text
    assert ("It says" in text) == bool(said)
