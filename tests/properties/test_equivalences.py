"""One algorithm, however it is driven: sync or async, inside a loop and out of one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from hypothesis import given

from corsim import Page, Request, Response, Result
from properties.support import (
    Situation,
    by_request,
    outcome,
    seen,
    situations,
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


@given(situations())
def test_the_same_twice_is_the_same(situation: Situation) -> None:
    """Nothing is random: two browsers in the same situation end alike."""
    (_, one), (_, other) = situation.started(), situation.started()
    assert seen(one.run()) == seen(other.run())
