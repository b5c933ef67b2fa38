"""corsim.fetching.referrer."""

from __future__ import annotations

from typing import cast

import pytest

from corsim import Browser, Response
from corsim.fetching.referrer import determine_referrer
from corsim.values.environment import ReferrerPolicy
from corsim.values.url import parse_url
from fetching.support import API, APP, fetched, page, redirect

PLAIN = "http://api.example.com"
FULL, SHORT = f"{APP}/a?b", f"{APP}/"


@pytest.mark.parametrize(
    ("policy", "home", "away", "down"),
    [
        ("no-referrer", None, None, None),
        ("no-referrer-when-downgrade", FULL, FULL, None),
        ("same-origin", FULL, None, None),
        ("origin", SHORT, SHORT, SHORT),
        ("strict-origin", SHORT, SHORT, None),
        ("origin-when-cross-origin", FULL, SHORT, SHORT),
        ("strict-origin-when-cross-origin", FULL, SHORT, None),
        ("unsafe-url", FULL, FULL, FULL),
    ],
)
def test_policies(policy: str, home: str | None, away: str | None, down: str | None) -> None:
    """What the server at home, elsewhere, and without encryption is told; a fragment never."""
    opened = Browser().open(f"{FULL}#c").environment
    for url, expected in ((APP, home), (API, away), (PLAIN, down)):
        target = parse_url(url)
        assert target is not None
        told = determine_referrer(opened, "client", cast("ReferrerPolicy", policy), target)
        assert (None if told == "no-referrer" else str(told)) == expected, url


def test_the_pages_policy_is_the_default() -> None:
    """Where a request says nothing, the page's policy holds."""
    sent = page(Response(200), f"{APP}/a", referrer_policy="unsafe-url").fetch(API).exchanges[0].request
    assert sent.headers["referer"] == f"{APP}/a"


@pytest.mark.parametrize(
    ("referrer", "expected"),
    [
        ("", None),
        ("about:client", SHORT),
        ("/x", f"{APP}/x"),
        ("https://b.example/x", SHORT),
        ("data:,x", SHORT),
    ],
)
def test_script_may_choose_another(referrer: str, expected: str | None) -> None:
    """Script may give another URL of its own origin, or none; others are ignored."""
    sent = page(Response(200), f"{APP}/").fetch(APP, referrer=referrer).exchanges[0].request
    assert sent.headers.get("referer") == expected


def test_an_opaque_page_has_none() -> None:
    """A document with an opaque origin keeps to itself."""
    for options in ({"url": APP, "sandbox": True}, {"url": "data:text/html,"}):
        sent = page(Response(200), referrer_policy="unsafe-url", **options).fetch(API).exchanges[0].request
        assert "referer" not in sent.headers


def test_a_long_one_is_cut() -> None:
    """A URL of more than 4096 characters is cut to its origin."""
    for length, cut in ((4096, False), (4097, True)):
        url = f"{APP}/" + "a" * (length - len(SHORT))
        sent = page(Response(200), url).fetch(APP).exchanges[0].request
        assert sent.headers["referer"] == (SHORT if cut else url)


def test_a_redirect_may_change_the_policy() -> None:
    """The last policy that a redirect names and that is one holds for what follows."""
    for value, expected in (
        ("no-referrer", None),
        ("origin, oops", SHORT),
        ("oops", SHORT),
        ("NO-REFERRER", None),
    ):
        answers = {f"{API}/": redirect("/x", headers=[("Referrer-Policy", value)])}
        last = fetched(answers).exchanges[-1].request
        assert str(last.url) == f"{API}/x"
        assert last.headers.get("referer") == expected, value
