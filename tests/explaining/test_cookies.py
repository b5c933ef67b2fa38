"""What explain() says of cookies."""

from __future__ import annotations

import pytest

from corsim import Browser, Response
from corsim.explaining.causes import Cause
from corsim.explaining.cookies import _NOT_SENT, _NOT_STORED
from corsim.explaining.explanation import Explanation
from corsim.values.cookie import CookieReason

APP, FAR = "https://app.example.com", "https://far.example"
CORS = (("Access-Control-Allow-Origin", APP), ("Access-Control-Allow-Credentials", "true"))


def explained(
    *cookies: str, status: int = 200, answer: tuple[str, ...] = (), engine: str = "spec", **options: str
) -> Explanation:
    """A fetch from APP to a foreign server, in a browser with some cookies of that server."""
    browser = Browser(engine)
    headers = [*CORS, *(("Set-Cookie", line) for line in answer)]
    browser.serve(FAR, lambda request: Response(status, headers))
    for line in cookies:
        browser.cookies.set(FAR, line)
    options.setdefault("credentials", "include")
    return browser.open(APP).fetch(f"{FAR}/me", **options).explain()  # type: ignore[arg-type]


def test_every_reason_has_words() -> None:
    """Each reason is told of a cookie that was not sent, or of a line that was ignored."""
    assert {*_NOT_SENT, *_NOT_STORED} == set(CookieReason)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("sid=1; SameSite=Lax; Secure", "The cookie sid was not sent because SameSite=Lax"),
        ("sid=1; SameSite=Strict; Secure", "The cookie sid was not sent because SameSite=Strict"),
        ("sid=1", "says nothing of SameSite, which is as good as Lax"),
    ],
)
def test_same_site(line: str, why: str) -> None:
    """CORS passed, and the cookie stayed at home: the cause, the reason, and what would mend it."""
    text = explained(line)
    assert why in text.headline
    assert text.cause is Cause.COOKIES_HELD_BACK
    assert text.rule.startswith("CORS passed.")
    assert "have it set with SameSite=None; Secure" in text


def test_third_party() -> None:
    """Where third-party cookies are blocked, it says so."""
    text = explained("sid=1; SameSite=None; Secure", status=401, engine="chromium")
    assert text.startswith("Readable, but not ok: this is not CORS")
    assert "third-party cookies are blocked here" in text
    assert text.cause is Cause.COOKIES_HELD_BACK


def test_without_credentials() -> None:
    """A 401 without credentials names the cookie that script left behind, and the fix is tried."""
    text = explained("sid=1; SameSite=None; Secure", status=401, credentials="same-origin")
    assert "The cookie sid was not sent because script did not ask for credentials: 'include'" in text
    assert "In the page write credentials: 'include'." in text
    fine = explained("sid=1; SameSite=None; Secure", credentials="same-origin")
    assert (fine.cause, fine.notes) == (None, ())


def test_nothing_is_missing() -> None:
    """Where all cookies went along there is nothing to say."""
    text = explained("sid=1; SameSite=None; Secure")
    assert (text.cause, "cookie" in text.lower()) == (None, False)


def test_what_a_response_could_not_set() -> None:
    """A line that was ignored is named; a malformed one is a note, and no cause."""
    text = explained(answer=("sid=1; SameSite=Lax; Secure",))
    assert "Set-Cookie was ignored for sid: SameSite=Lax" in text.headline
    malformed = explained(answer=("a=\x01", "b=2; SameSite=None"))
    assert malformed.cause is None
    assert malformed.notes == (
        "Set-Cookie was ignored for a: there is a control character in it.",
        "Set-Cookie was ignored for b: SameSite=None needs Secure beside it.",
    )


def test_a_blocked_fetch_has_notes_too() -> None:
    """What was held back may be why the server left its headers out."""
    browser = Browser()
    browser.serve(FAR, lambda request: Response(401))
    browser.cookies.set(FAR, "sid=1; SameSite=Lax; Secure")
    text = browser.open(APP).fetch(f"{FAR}/me", credentials="include").explain()
    assert any(note.startswith("The cookie sid was not sent") for note in text.notes)
