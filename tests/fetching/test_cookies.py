"""Cookies of a fetch: what goes along, what is kept, and what the exchange tells of both."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from corsim import Browser, Page, Request, Response, Result
from corsim.values.cookie import CookieReason
from fetching.support import API, APP, MINE, OTHER

FOR_ALL = "SameSite=None; Secure"


def serve(*lines: str, headers: Iterable[tuple[str, str]] = tuple(MINE.items())) -> Response:
    """An answer that may be read with credentials, and sets cookies."""
    return Response(200, [*headers, *(("Set-Cookie", line) for line in lines)])


def opened(answer: Response, engine: str = "spec", **options: str) -> tuple[Browser, Page]:
    """A browser, and a page of APP in it, beside an API that always answers alike."""
    browser = Browser(engine, **options)  # type: ignore[arg-type]  # a policy
    for origin in (API, APP, OTHER):
        browser.serve(origin, lambda request: answer)
    return browser, browser.open(APP)


def reasons(result: Result) -> dict[str, str]:
    """Why each cookie was held back from the last request."""
    return {held.cookie.name: held.reason for held in result.exchanges[-1].held_back}


def test_an_exchange_tells_of_its_cookies() -> None:
    """What was sent and held back, what was stored and ignored: each with the cookie and the reason."""
    browser, page = opened(serve(f"a=1; {FOR_ALL}", "b=2; SameSite=Strict; Secure", "c=\x01"))
    first = page.fetch(API, credentials="include").exchanges[0]
    assert [cookie.name for cookie in first.stored] == ["a", "b"]
    assert [str(ignored) for ignored in first.ignored] == ["c: control-character"]
    browser.cookies.set(API, "d=4; Path=/deep")
    again = page.fetch(API, credentials="include")
    assert again.exchanges[0].request.headers["cookie"] == "a=1; b=2"
    assert reasons(again) == {"d": CookieReason.PATH}
    assert reasons(page.fetch(API)) == {"a": "credentials-mode", "b": "credentials-mode", "d": "path"}


def test_the_server_sees_them_and_script_does_not() -> None:
    """`Cookie` is what the app gets; `Set-Cookie` is nothing that script sees."""
    seen: list[str | None] = []

    def app(request: Request) -> Response:
        seen.append(request.headers.get("cookie"))
        return serve("a=1")

    browser = Browser()
    browser.serve(APP, app)
    page = browser.open(APP)
    results = [page.fetch("/"), page.fetch("/")]
    assert seen == [None, "a=1"]
    assert all("set-cookie" not in result.headers for result in results)


def test_expiry_is_on_the_virtual_clock() -> None:
    """A cookie goes along until its time is over, and not after."""
    browser, page = opened(serve("a=1; Max-Age=60"))
    page.fetch("/")
    browser.cookies.set(APP, "b=2")
    browser.clock.advance(59)
    browser.serve(APP, lambda request: Response())
    assert page.fetch("/").exchanges[0].request.headers["cookie"] == "a=1; b=2"
    browser.clock.advance(1)
    result = page.fetch("/")
    assert result.exchanges[0].request.headers["cookie"] == "b=2"
    assert reasons(result) == {"a": CookieReason.EXPIRED}


def test_two_fetches_under_way_see_each_others_cookies() -> None:
    """What one fetch has stored goes along with the next request of another."""
    _, page = opened(serve())
    one, other = page.start(f"{APP}/one"), page.start(f"{APP}/other")
    one.step(), other.step()
    while one.pending is None:
        one.step()
    one.reply(Response(200, [("Set-Cookie", "a=1")]))
    while not one.done:
        one.step()
    while other.pending is None:
        other.step()
    assert other.pending.headers["cookie"] == "a=1"


def test_a_fork_has_cookies_of_its_own() -> None:
    """A fork of a fetch is told the same cookies, and what it stores stays with it."""
    browser, page = opened(serve())
    browser.cookies.set(APP, "a=1")
    fetch = page.start(f"{APP}/")
    fetch.run()
    browser.cookies.clear()
    fork = fetch.fork(reply=Response(200, [("Set-Cookie", "b=2")]))
    assert fork.exchanges[0].request.headers["cookie"] == "a=1"
    assert len(browser.cookies) == 0


@pytest.mark.parametrize(
    ("policy", "sent", "stored"),
    [
        ("allowed", "a=1", True),
        ("blocked", None, False),
        ("not-stored", "a=1", False),
        ("partitioned", None, True),
    ],
)
def test_third_party_policies(policy: str, sent: str | None, stored: bool) -> None:
    """A foreign cookie for all sites is sent and stored as the policy has it."""
    browser, page = opened(serve(f"b=2; {FOR_ALL}"), third_party_cookies=policy)
    browser.cookies.set(OTHER, f"a=1; {FOR_ALL}")
    exchange = page.fetch(OTHER, credentials="include").exchanges[0]
    assert exchange.request.headers.get("cookie") == sent
    assert bool(exchange.stored) is stored
    assert {held.reason for held in exchange.held_back} <= {CookieReason.THIRD_PARTY}


def test_partitions() -> None:
    """Where cookies are partitioned, each page's site has its own, and home has none of them."""
    browser, page = opened(serve(f"a=1; {FOR_ALL}"), engine="firefox")
    page.fetch(OTHER, credentials="include")
    again = page.fetch(OTHER, credentials="include")
    assert again.exchanges[0].request.headers["cookie"] == "a=1"
    elsewhere = browser.open("https://else.example").fetch(OTHER, credentials="include")
    assert reasons(elsewhere) == {"a": CookieReason.PARTITIONED}
    assert reasons(browser.open(OTHER).fetch("/")) == {"a": CookieReason.PARTITIONED}


def test_logins() -> None:
    """A login goes wherever credentials do; never with a preflight, nor where script says who asks."""
    seen: dict[str, str | None] = {}

    def app(request: Request) -> Response:
        seen[request.method] = request.headers.get("authorization")
        allow = [("Access-Control-Allow-Methods", "PUT"), ("Access-Control-Allow-Headers", "authorization")]
        return Response(200, [*MINE.items(), *allow])

    browser = Browser()
    browser.serve(API, app)
    browser.log_in(f"{API}/login", "Aladdin", "open sesame")
    page, basic = browser.open(APP), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
    page.fetch(API)
    assert seen == {"GET": None}
    page.fetch(API, method="PUT", credentials="include")
    assert seen == {"GET": None, "OPTIONS": None, "PUT": basic}
    page.fetch(API, headers={"Authorization": "Bearer t"}, credentials="include")
    assert seen["GET"] == "Bearer t"
    browser.open(API).fetch("/")
    assert seen["GET"] == basic


@pytest.mark.parametrize(
    "domain", ["api.example.com", ".api.example.com", "API.Example.COM", "example.com", ""]
)
def test_domains_above_a_host(domain: str) -> None:
    """A host may set cookies for itself and for the domains above it."""
    browser = Browser()
    browser.cookies.set(API, f"a=1; Domain={domain}")
    assert len(browser.cookies) == 1


@pytest.mark.parametrize(
    ("domain", "reason"),
    [
        *((name, "domain") for name in ("u@api.example.com", "api.example.com#x", "api.example.com:443")),
        *((name, "domain") for name in ("..example.com", "ap%69.example.com", "b\xfccher.example", "a b")),
        ("com", "public-suffix"),
    ],
)
def test_other_domains(domain: str, reason: str) -> None:
    """What is no host, or another's, or everybody's, sets nothing."""
    _, page = opened(Response(200, [("Set-Cookie", f"a=1; Domain={domain}")]))
    (ignored,) = page.fetch(API, credentials="include").exchanges[0].ignored
    assert ignored.reason == reason
