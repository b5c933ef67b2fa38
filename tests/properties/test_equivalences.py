"""One algorithm, however it is driven: sync or async, by a function or by an ASGI app."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import attrs
from hypothesis import given
from hypothesis import strategies as st

from corsim import Browser, Headers, Page, Policy, Request, Response, Result
from corsim.strategies import policies
from properties.support import (
    APP,
    SERVED,
    Situation,
    by_request,
    calls,
    outcome,
    places,
    seen,
    situations,
    start,
)


def asynchronous(server: Callable[[Request], Response]) -> Callable[[Request], Awaitable[Response]]:
    """The same server, as an async function that gives way once."""

    async def serve(request: Request) -> Response:
        await asyncio.sleep(0)
        return server(request)

    return serve


def call_sync(page: Page, call: tuple[str, dict[str, Any]]) -> Result:
    return page.fetch(**call[1]) if call[0] == "fetch" else page.xhr(**call[1])


def call_async(page: Page, call: tuple[str, dict[str, Any]]) -> Awaitable[Result]:
    return page.fetch_async(**call[1]) if call[0] == "fetch" else page.xhr_async(**call[1])


def all_sync(situation: Situation, server: Callable[[Request], Any]) -> list[object]:
    browser, page = situation.opened(server)
    with browser:
        done = [outcome(call_sync(page, call)) for call in (*situation.before, situation.call)]
        return [done, repr(browser.preflight_cache)]


def all_async(situation: Situation, server: Callable[[Request], Any]) -> list[object]:
    async def main() -> list[object]:
        browser, page = situation.opened(server)
        async with browser:
            calls_made = (*situation.before, situation.call)
            done = [outcome(await call_async(page, call)) for call in calls_made]
            return [done, repr(browser.preflight_cache)]

    return asyncio.run(main())


@given(situations())
def test_sync_equals_async(situation: Situation) -> None:
    """Four ways to drive it, sync and async calls of sync and async servers, end alike."""
    server = by_request(situation.choices)
    expected = all_sync(situation, server)
    assert all_async(situation, server) == expected
    assert all_sync(situation, asynchronous(server)) == expected
    assert all_async(situation, asynchronous(server)) == expected


@given(situations())
def test_a_sync_call_works_inside_a_running_loop(situation: Situation) -> None:
    """Where a loop runs already, as in Jupyter, sync calls of async servers end alike."""
    server = by_request(situation.choices)

    async def main() -> list[object]:
        return all_sync(situation, asynchronous(server))

    assert asyncio.run(main()) == all_sync(situation, server)


@attrs.frozen
class Asked:
    """As much of a request as a policy reads."""

    method: str
    headers: Headers


def asgi_app(policy: Policy, hosts: list[str]) -> Callable[[Any, Any, Any], Awaitable[None]]:
    """The policy as an ASGI app, which notes the hosts that it was called by."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        headers = Headers(scope["headers"])
        hosts.append(f"{scope['scheme']}://{headers['host']}")
        asked = Asked(scope["method"], headers)
        response = policy(cast(Request, asked))
        await send(
            {"type": "http.response.start", "status": response.status, "headers": response.headers.raw}
        )
        half = len(response.body) // 2
        await send({"type": "http.response.body", "body": response.body[:half], "more_body": True})
        await send({"type": "http.response.body", "body": response.body[half:]})

    return app


@given(places(), policies(origin=st.just(APP)), st.lists(calls(), min_size=1, max_size=3))
def test_an_asgi_app_equals_a_function(
    place: dict[str, Any], policy: Policy, made: list[tuple[str, dict[str, Any]]]
) -> None:
    """The same policy as a function and as an ASGI app: same exchanges, same results; Host is the URL's."""
    hosts: list[str] = []
    one, other = Browser(), Browser()
    for origin in SERVED:
        one.serve(origin, policy)
        other.serve(origin, asgi_app(policy, hosts))
    page, twin = one.open(**place), other.open(**place)
    with one, other:
        for call in made:
            hosts.clear()
            expected, result = start(page, call).run(), start(twin, call).run()
            assert outcome(result) == outcome(expected)
            assert hosts == [str(exchange.request.url.origin) for exchange in result.exchanges]


@given(situations())
def test_the_same_twice_is_the_same(situation: Situation) -> None:
    """Nothing is random: two browsers in the same situation end alike."""
    (_, one), (_, other) = situation.started(), situation.started()
    assert seen(one.run()) == seen(other.run())
