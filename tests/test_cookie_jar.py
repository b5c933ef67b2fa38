"""`browser.cookies`, `page.cookie` and logins, as a person uses them."""

from __future__ import annotations

import pytest

from corsim import Browser, InvalidInput, Response
from corsim.values.cookie import Cookie, CookieReason, Ignored

APP, API = "https://app.example.com", "https://api.example.com"


def test_listing() -> None:
    """Cookies are listed by domain and name, with what they say of themselves; expired ones are not."""
    browser = Browser()
    browser.cookies.set(APP, "z=1; Domain=example.com; SameSite=Lax")
    browser.cookies.set(APP, "gone=1; Max-Age=5")
    browser.cookies.set(API, "a=1; Secure; HttpOnly; Max-Age=60; Path=/v1")
    browser.clock.advance(5)
    assert repr(browser.cookies).splitlines() == [
        "<cookies:",
        "  a=1 for api.example.com/v1, Secure, HttpOnly, for 55 s",
        "  z=1 for example.com/, and below, SameSite=Lax",
        ">",
    ]
    assert [cookie.name for cookie in browser.cookies] == ["a", "z"]
    browser.cookies.clear()
    assert (len(browser.cookies), repr(browser.cookies)) == (0, "<cookies: none>")


def test_a_partition_is_shown() -> None:
    """A partitioned cookie says under which pages it is kept."""
    browser = Browser()
    browser.cookies.set(APP, "a=1; Secure; Partitioned")
    assert "under https://example.com alone" in repr(browser.cookies)


@pytest.mark.parametrize(
    ("url", "line", "reason"),
    [
        (APP, "a=1; SameSite=None", "samesite-none-without-secure"),
        (APP, "a=1; Domain=other.example", "domain"),
        ("http://app.example.com", "a=1; Secure", "secure"),
        (APP, "__Host-a=1", "prefix"),
    ],
)
def test_a_line_that_sets_nothing_is_refused(url: str, line: str, reason: str) -> None:
    """A cookie that the caller sets must be one; the message says why it is none."""
    with pytest.raises(InvalidInput, match=f"sets no cookie at {url}: {reason}"):
        Browser().cookies.set(url, line)


def test_odd_input() -> None:
    """What is no URL, no line, no policy and no username is refused, with the value."""
    browser = Browser()
    with pytest.raises(InvalidInput, match="can't set a cookie at 'app'"):
        browser.cookies.set("app", "a=1")
    with pytest.raises(TypeError, match="5"):
        browser.cookies.set(APP, 5)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="'some' is no policy"):
        Browser(third_party_cookies="some")  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="can't log in to 'ftp://x'"):
        browser.log_in("ftp://x", "u", "p")
    with pytest.raises(InvalidInput, match="colon"):
        browser.log_in(APP, "u:v", "p")
    with pytest.raises(TypeError, match=r"document\.cookie"):
        browser.open(APP).set_cookie(b"a=1")  # type: ignore[arg-type]


def test_document_cookie() -> None:
    """Script sees what is not HttpOnly, and writes over no such cookie."""
    browser = Browser()
    page = browser.open(f"{APP}/a/page")
    browser.cookies.set(APP, "sid=1; HttpOnly")
    browser.cookies.set(APP, "b=2")
    made = page.set_cookie("c=3")
    assert isinstance(made, Cookie)
    assert (made.path, page.cookie) == ("/a", "c=3; b=2")
    refused = page.set_cookie("sid=2; Path=/")
    assert isinstance(refused, Ignored)
    assert refused.reason is CookieReason.HTTP_ONLY


def test_a_page_without_an_origin_has_no_cookies() -> None:
    """A sandboxed page reads and writes none."""
    browser = Browser()
    browser.cookies.set(APP, "a=1")
    page = browser.open(APP, sandbox=True)
    assert (page.cookie, page.set_cookie("b=2"), len(browser.cookies)) == ("", None, 1)


def test_another_engine_keeps_the_cookies() -> None:
    """A fork of another profile has the cookies that there were, and its own idea of them."""
    browser = Browser()
    browser.cookies.set(APP, "a=1")
    assert len(browser.fork(profile=Browser("webkit").profile).cookies) == 1


def test_dates_are_those_of_today() -> None:
    """An app's `Expires` counts from the day on which the browser was made."""
    browser = Browser()
    browser.serve(
        APP, lambda request: Response(200, [("Set-Cookie", "a=1; Expires=Sat, 01 Jan 2000 00:00:00 GMT")])
    )
    browser.open(APP).fetch("/")
    assert len(browser.cookies) == 0
