"""What is never sent or stored, whatever servers say and pages ask."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from corsim import Browser, Exchange, Request, Response, Result
from corsim.engines import ENGINES
from corsim.engines.cookie_facts import ThirdPartyCookies
from corsim.values.cookie import Cookie
from corsim.values.partition import same_site

APP, API = "https://app.shop.example", "https://api.shop.example"
FAR, NEAR = "https://far.example", "http://app.shop.example"
PLACES = (APP, API, FAR, NEAR)
NAMES = ("a", "b", "__Secure-c", "__Host-d", "")

WORDS = "Secure,HttpOnly,SameSite=None,SameSite=Lax,SameSite=Strict,Partitioned,Path=/,Path=/x,junk,\x01"
MORE = "Domain=shop.example,Domain=far.example,Max-Age=30,Max-Age=0"
ATTRIBUTES = st.lists(st.sampled_from([*WORDS.split(","), *MORE.split(",")]), max_size=4)
LINES = st.builds(
    lambda name, value, rest: "; ".join([f"{name}={value}", *rest]),
    st.sampled_from(NAMES), st.sampled_from("123"), ATTRIBUTES,
)  # fmt: skip
POLICIES = st.sampled_from(["allowed", "partitioned", "not-stored", "blocked", None])


@st.composite
def answers(draw: st.DrawFn) -> Response:
    """Draw an answer that shares with credentials, sets cookies, and now and then leads on."""
    lines = [("Set-Cookie", line) for line in draw(st.lists(LINES, max_size=3))]
    leads = draw(st.one_of(st.none(), st.none(), st.sampled_from(PLACES)))
    location = [("Location", f"{leads}/x")] if leads else []
    allow = [
        ("Access-Control-Allow-Origin", draw(st.sampled_from([APP, API, "null", "*"]))),
        ("Access-Control-Allow-Credentials", "true"), ("Access-Control-Allow-Methods", "PUT"),
    ]  # fmt: skip
    return Response(302 if leads else 200, [*allow, *lines, *location])


CALL = st.fixed_dictionaries(
    {
        "credentials": st.sampled_from(["omit", "same-origin", "include"]),
        "method": st.sampled_from(["GET", "POST", "PUT"]),
        "mode": st.sampled_from(["cors", "cors", "no-cors"]),
    }
).map(lambda call: call | ({"method": "GET"} if call["mode"] == "no-cors" else {}))
PLACE, PATH = st.sampled_from(PLACES), st.sampled_from(["/", "/x"])
CALLS = st.lists(st.tuples(PLACE, PLACE, PATH, CALL, st.integers(0, 40)), min_size=1, max_size=5)


def played(
    engine: str, policy: ThirdPartyCookies | None, choices: list[Response], calls: list[Any]
) -> tuple[Browser, list[Result]]:
    """Make the calls one after the other, with time between, against servers that answer in turn."""
    browser = Browser(engine, third_party_cookies=policy)
    served = 0

    def serve(request: Request) -> Response:
        nonlocal served
        served += 1
        return choices[served % len(choices)]

    for place in PLACES:
        browser.serve(place, serve)
    results = []
    for page, url, path, options, seconds in calls:
        browser.clock.advance(seconds)
        results.append(browser.open(page).fetch(f"{url}{path}", **options))
    return browser, results


PLAYS = st.builds(
    played, st.sampled_from(ENGINES), POLICIES, st.lists(answers(), min_size=1, max_size=4), CALLS
)


def exchanges(results: list[Result]) -> list[Exchange]:
    return [exchange for result in results for exchange in result.exchanges]


@given(PLAYS)
def test_a_preflight_carries_and_stores_nothing(play: tuple[Browser, list[Result]]) -> None:
    """No preflight has a cookie, and none that its answer sets is stored."""
    for exchange in exchanges(play[1]):
        if exchange.is_preflight:
            assert "cookie" not in exchange.request.headers
            assert (exchange.cookies, exchange.stored) == ((), ())


@given(PLAYS)
def test_without_credentials_nothing_is_sent_or_stored(play: tuple[Browser, list[Result]]) -> None:
    """`omit` sends none and stores none; nor does any request that includes no credentials."""
    for result in play[1]:
        for exchange in result.exchanges:
            asked = result.request.credentials if result.request else "omit"
            if asked == "omit" or not exchange.includes_credentials:
                assert "cookie" not in exchange.request.headers
                assert exchange.stored == ()


@given(PLAYS)
def test_what_is_sent_is_what_the_header_says(play: tuple[Browser, list[Result]]) -> None:
    """The header, the cookies that went along, and the order: by the lengths of their paths."""
    for exchange in exchanges(play[1]):
        text = "; ".join(cookie.pair for cookie in exchange.cookies)
        assert exchange.request.headers.get("cookie", "") == text
        lengths = [len(cookie.path) for cookie in exchange.cookies]
        assert lengths == sorted(lengths, reverse=True)
        kept = {id(held.cookie) for held in exchange.held_back}
        assert not kept & {id(cookie) for cookie in exchange.cookies}


def is_foreign(result: Result, exchange: Exchange) -> bool:
    """Say whether a request is of another site than the page."""
    assert result.request is not None
    return not same_site(result.request.client.origin, exchange.request.url.origin)


@given(PLAYS)
def test_strict_and_lax_cookies_stay_home(play: tuple[Browser, list[Result]]) -> None:
    """By the schemeful reading no Lax or Strict cookie goes to, or comes from, another site."""
    browser, results = play
    for result in results:
        for exchange in result.exchanges:
            if is_foreign(result, exchange) and browser.profile.same_site_reading == "schemeful":
                touched = (*exchange.cookies, *exchange.stored)
                assert all(cookie.same_site not in ("lax", "strict") for cookie in touched)


@given(PLAYS)
def test_blocked_third_parties_get_and_set_nothing(play: tuple[Browser, list[Result]]) -> None:
    """Where third-party cookies are blocked, only partitioned ones are sent to or stored for other sites."""
    browser, results = play
    if browser.profile.third_party_cookies != "blocked":
        return
    for result in results:
        for exchange in result.exchanges:
            if is_foreign(result, exchange) and browser.profile.same_site_reading == "schemeful":
                touched = (*exchange.cookies, *exchange.stored)
                assert all(cookie.partition is not None for cookie in touched)


@given(PLAYS)
def test_nothing_expired_is_sent(play: tuple[Browser, list[Result]]) -> None:
    """No cookie that is listed at the end has run out, and no two are the same."""
    browser, _ = play
    rows: list[Cookie] = list(browser.cookies)
    assert all(row.is_live(browser.clock.now) for row in rows)
    assert len({row.identity for row in rows}) == len(rows)


@given(PLAYS)
def test_promises_are_kept(play: tuple[Browser, list[Result]]) -> None:
    """Where prefixes count, a prefixed cookie is Secure, and a `__Host-` one is for its host alone."""
    browser, _ = play
    if browser.profile.cookie_prefixes == "ignored":
        return
    for row in browser.cookies:
        assert row.secure or not row.name.startswith("__")
        assert not row.name.startswith("__Host-") or (row.host_only and row.path == "/")


@given(PLAYS, st.data())
def test_a_replay_tells_the_same(play: tuple[Browser, list[Result]], data: st.DataObject) -> None:
    """A fork of a fetch has the same cookies, sent, held back, stored and ignored."""
    result = data.draw(st.sampled_from(play[1]))
    fork: Any = result.fetch.fork()  # type: ignore[attr-defined]  # the fetch itself
    told = [(row.cookies, row.held_back, row.stored, row.ignored) for row in result.exchanges]
    assert told == [(row.cookies, row.held_back, row.stored, row.ignored) for row in fork.exchanges]
