"""Nothing goes out unasked, and the cache saves requests without changing what may be read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st

from corsim import Browser, Exchange, Policy, Response
from corsim.engines import SPEC, EngineProfile
from corsim.values.headers import Headers
from corsim.values.methods import SAFELISTED_METHODS
from corsim.values.origin import same_origin
from corsim.values.safelist import Safelist, unsafe_request_header_names
from properties.support import API, APP, Server, Situation, calls, places, seen, situations, start

# What the browser itself adds to a request as it goes out; script's own can't be told from the last two.
ADDED = {"content-length", "origin", "referer", "accept-encoding", "host", "cookie"}
ADDED |= {"sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site", "sec-fetch-storage-access"}
CACHING = {"cache-control", "pragma"}


def asked_leave_for(exchange: Exchange, safelist: Safelist) -> tuple[str | None, frozenset[str]]:
    """The method, if it is unsafe, and the unsafe header names that a sent request needs leave for."""
    request = exchange.request
    headers = as_judged(request.headers) if safelist.names == "list" else request.headers
    names = set(unsafe_request_header_names(headers, safelist)) - ADDED
    if request.cache != "default" or "if-none-match" in request.as_made.headers:
        names -= CACHING
    return None if request.method in SAFELISTED_METHODS else request.method, frozenset(names)


def as_judged(headers: Headers) -> Headers:
    """Take apart what Firefox judges apart, and merges when it sends it."""
    return Headers([(name, piece) for name, value in headers.pairs for piece in value.split(", ")])


def tokens(response: Response, name: str) -> list[str]:
    return [token.strip(" \t") for token in response.headers.get(name, "").split(",")]


def gives_leave(
    preflight: Exchange, what: str, header: str, credentials: str, profile: EngineProfile
) -> bool:
    """Judge by the letter, with code of its own, whether a preflight's answer allows a token."""
    covered = what != "authorization" or profile.wildcard_covers_authorization
    response = preflight.response
    if response is None or not 200 <= response.status <= 299:
        return False
    listed = tokens(response, header)
    if header.endswith("headers"):
        listed, what = [token.lower() for token in listed], what.lower()
    return what in listed or ("*" in listed and credentials != "include" and covered)


def may_share(preflight: Exchange, exchange: Exchange) -> bool:
    """Say whether a preflight's leave can count for a request: same URL, site, and origin as given.

    Firefox's preflights say the page's origin where a redirect made the request's `null`.
    """
    one, other = preflight.request, exchange.request
    if one.url != other.url or one.client.network_partition_key != other.client.network_partition_key:
        return False
    own = other.origin.serialized  # a GET in no-cors mode goes without the header
    return one.headers["origin"] in (other.headers.get("origin", own), own)


def unasked(exchanges: Iterable[Exchange], profile: EngineProfile = SPEC) -> list[str]:
    """List what went to another origin without an earlier preflight to the same URL that allowed it.

    What needs one is for the engine's safelist to say.
    """
    earlier: list[Exchange] = []
    found = []
    for exchange in exchanges:
        request = exchange.request
        if exchange.is_preflight:
            earlier.append(exchange)
            continue
        if request.response_tainting == "basic":
            assert same_origin(request.url.origin, request.origin)
            continue
        method, names = asked_leave_for(exchange, profile.safelist)
        asked = [one for one in earlier if may_share(one, exchange)]
        needs = [("access-control-allow-headers", name) for name in sorted(names)]
        needs += [] if method is None else [("access-control-allow-methods", method)]
        for header, token in needs:
            if not any(gives_leave(one, token, header, request.credentials, profile) for one in asked):
                found.append(f"{request!r} used {token!r}, which {header} never allowed")
    return found


@given(situations())
def test_nothing_unsafe_goes_cross_origin_unasked(situation: Situation) -> None:
    """Whatever is sent with a method or header that needs leave was preflighted, now or earlier."""
    # Upload listeners force preflights whose answer may leave the method out: the standard says so.
    if any(options.get("upload_listener") for _, options in (*situation.before, situation.call)):
        return
    browser, page = situation.opened()
    exchanges: list[Exchange] = []
    for call in (*situation.before, situation.call):
        exchanges += start(page, call).run().exchanges
        browser.clock.advance(1)
    assert unasked(exchanges, browser.profile) == []


# Few methods, few names and one URL, so that what is cached often almost covers the next request.
CLOSE_CALLS = st.fixed_dictionaries(
    {"url": st.just(f"{API}/")},
    optional={
        "method": st.sampled_from(("PUT", "PATCH")),
        "headers": st.dictionaries(st.sampled_from(("X-A", "Authorization")), st.just("1")),
        "credentials": st.just("include"),
    },
)


@given(
    st.sampled_from(("spec", "chromium", "firefox", "webkit")),
    st.builds(
        Policy,
        origins=st.just([APP]),
        methods=st.lists(st.sampled_from(("PUT", "PATCH")), unique=True),
        headers=st.lists(st.sampled_from(("X-A", "Authorization")), unique=True),
        credentials=st.booleans(),
        max_age=st.just(600),
    ),
    st.lists(CLOSE_CALLS, min_size=2, max_size=6),
)
def test_what_is_cached_covers_no_more_than_was_allowed(
    engine: str, policy: Server, made: list[dict[str, Any]]
) -> None:
    """Request after request to one URL, each goes out only with what some preflight allowed."""
    browser = Browser(engine)
    browser.serve(API, policy)
    page = browser.open(APP)
    exchanges: list[Exchange] = []
    for options in made:
        exchanges += page.fetch(**options).exchanges
    assert unasked(exchanges, browser.profile) == []


@given(situations())
def test_no_cors_requests_are_simple(situation: Situation) -> None:
    """In no-cors mode nothing unsafe is ever sent, and nobody is asked."""
    browser, page = situation.opened()
    result = page.fetch(**{**_fetch_options(situation), "mode": "no-cors"})
    # An engine that keeps whatever type a body brings is known for it, and a case shows it.
    known = {"content-type"} if browser.profile.no_cors_body_type == "kept" else set()
    for exchange in result.exchanges:
        assert not exchange.is_preflight
        # At home, script's guard has the same rules, but nothing has to be proved.
        assert exchange.request.method in SAFELISTED_METHODS
        assert not asked_leave_for(exchange, browser.profile.safelist)[1] - CACHING - known


def _fetch_options(situation: Situation) -> dict[str, Any]:
    options = dict(situation.call[1])
    options.pop("with_credentials", None)
    options.pop("upload_listener", None)
    return options


@attrs.frozen
class Fixed:
    """A server with one answer to every preflight and one to every other request."""

    preflight: Response
    actual: Response

    def __call__(self, request: Any) -> Response:
        return self.preflight if request.method == "OPTIONS" and request.is_preflight else self.actual


def fixed_servers() -> st.SearchStrategy[Server]:
    """Draw servers whose preflight answer names methods and headers, and no `*`."""
    origins = st.sampled_from((APP, APP, "null", "https://elsewhere.example"))
    names = st.lists(
        st.sampled_from(("X-A", "authorization", "Content-Type", "x-csrf-token", "Range", "accept"))
    )
    methods = st.lists(st.sampled_from(("PUT", "DELETE", "PATCH", "patch", "!")))
    preflight = st.fixed_dictionaries(
        {
            "Access-Control-Allow-Origin": origins,
            "Access-Control-Allow-Methods": methods.map(", ".join),
            "Access-Control-Allow-Headers": names.map(", ".join),
        },
        optional={
            "Access-Control-Allow-Credentials": st.just("true"),
            "Access-Control-Max-Age": st.sampled_from(("0", "600", "-1", "99999999")),
        },
    )
    actual = st.fixed_dictionaries(
        {"Access-Control-Allow-Origin": origins | st.just("*")},
        optional={"Access-Control-Allow-Credentials": st.just("true"), "X-A": st.just("1")},
    )
    return st.builds(
        Fixed,
        st.builds(Response, st.sampled_from((200, 204, 299, 301, 404)), preflight),
        st.builds(Response, st.sampled_from((200, 204, 404)), actual, st.just(b"hello")),
    )


@given(
    st.sampled_from(("spec", "chromium", "firefox", "webkit")),
    fixed_servers(),
    places(),
    st.lists(st.sampled_from((0, 0, 5, 600)), min_size=4, max_size=4),
    st.lists(CLOSE_CALLS.map(lambda options: ("fetch", options)), min_size=1, max_size=4),
    calls(st.just(f"{API}/")) | CLOSE_CALLS.map(lambda options: ("fetch", options)),
)
def test_a_warm_cache_changes_what_is_sent_but_not_what_is_read(
    engine: str, server: Server, place: dict[str, Any], pauses: list[int], before: list[Any], call: Any
) -> None:
    """With one fixed preflight answer without `*`, earlier fetches change nothing that script sees."""
    warm = Browser(engine)
    warm.serve(API, server)
    page = warm.open(**place)
    for earlier, pause in zip(before, pauses, strict=False):
        start(page, earlier).run()
        warm.clock.advance(pause)
    cold = Browser(engine)
    cold.serve(API, server)
    with_cache = start(page, call).run()
    without = start(cold.open(**place), call).run()
    assert seen(with_cache) == seen(without)
    assert _actual(with_cache.exchanges) == _actual(without.exchanges)
    assert len(with_cache.exchanges) <= len(without.exchanges)


def _actual(exchanges: Iterable[Exchange]) -> list[tuple[str, object]]:
    return [(one.request.method, one.request.headers.raw) for one in exchanges if not one.is_preflight]
