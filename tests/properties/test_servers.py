"""One policy, served in every way: what a page sees, and what went over the wire, are the same."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from servers.loopback import listening, saying

from corsim import Browser, Exchange, Headers, Policy, Request, Response, Result
from corsim.conformance.server import Answer, RawRequest
from corsim.strategies import policies
from properties.support import APP, SERVED, calls, places, seen, start, turns

# What our live server adds of its own accord: it says nothing of the policy.
FRAMING = frozenset({"content-length", "connection", "cache-control"})


@attrs.frozen
class Asked:
    """As much of a request as a policy reads."""

    method: str
    headers: Headers


def asked(policy: Policy, method: str, headers: Headers) -> Response:
    return policy(cast(Request, Asked(method, headers)))


Heard = list[tuple[str, str, str, bytes]]
"""What an app was told: method, scheme and host, target, body."""


def as_function(policy: Policy, heard: Heard) -> Callable[[Request], Response]:
    def serve(request: Request) -> Response:
        url = request.url
        heard.append((request.method, str(url.origin), url.target, request.body or b""))
        return policy(request)

    return serve


def as_asgi(policy: Policy, heard: Heard) -> Callable[[Any, Any, Any], Awaitable[None]]:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        headers = Headers(scope["headers"])
        query = scope["query_string"].decode()
        target = scope["raw_path"].decode() + (f"?{query}" if query else "")
        body = (await receive())["body"]
        heard.append((scope["method"], f"{scope['scheme']}://{headers['host']}", target, body))
        answer = asked(policy, scope["method"], headers)
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers.raw})
        half = len(answer.body) // 2
        await send({"type": "http.response.body", "body": answer.body[:half], "more_body": True})
        await send({"type": "http.response.body", "body": answer.body[half:]})

    return app


def as_wsgi(policy: Policy, heard: Heard) -> Callable[[Any, Any], Iterator[bytes]]:
    def app(environ: Any, start_response: Any) -> Iterator[bytes]:
        names = [name for name in environ if name.startswith("HTTP_")]
        headers = Headers([(name[5:].replace("_", "-"), environ[name]) for name in names])
        where = f"{environ['wsgi.url_scheme']}://{environ['HTTP_HOST']}"
        query = environ["QUERY_STRING"]
        target = environ["PATH_INFO"] + (f"?{query}" if query else "")
        heard.append((environ["REQUEST_METHOD"], where, target, environ["wsgi.input"].read()))
        answer = asked(policy, environ["REQUEST_METHOD"], headers)
        start_response(f"{answer.status} ", list(answer.headers.pairs))
        yield from (bytes([byte]) for byte in answer.body)

    return app


def as_live(policy: Policy, heard: Heard) -> Callable[[RawRequest], bytes]:
    def say(request: RawRequest) -> bytes:
        headers = Headers(request.pairs)
        where = f"{headers.get('x-forwarded-proto', 'http')}://{headers['host']}"
        heard.append((request.method, where, request.target, request.body))
        answer = asked(policy, request.method, headers)
        return Answer(answer.status, tuple(answer.headers.pairs), answer.body).bytes_for(request.method)

    return say


class Live:
    """A server that listens all through the tests, and says what it was last told to."""

    url = ""
    say: Callable[[RawRequest], bytes]


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    its = Live()
    with listening(saying(lambda request: its.say(request))) as its.url:
        yield its


def seen_and_sent(result: Result) -> tuple[object, ...]:
    """All that is to be the same, however the policy is served; a wire carries no control characters."""
    assume(not any("can't send" in str(one.error) for one in result.exchanges))
    return seen_but_framing(result), [wire(one) for one in result.exchanges], turns(result)


def seen_but_framing(result: Result) -> tuple[object, ...]:
    headers = tuple((name, value) for name, value in result.headers.items() if name not in FRAMING)
    _, ok, readable, status, _, url, redirected, _, _, body, *_ = seen(result)
    return result.type, ok, readable, status, url, redirected, headers, body, str(result.blocked)


def wire(one: Exchange) -> tuple[object, ...]:
    """What went over the wire, both ways, but for what a server adds."""
    assert one.response is not None
    headers = [pair for pair in one.response.headers.raw if pair[0].decode().lower() not in FRAMING]
    return one.request.method, str(one.request.url), one.request.headers.raw, one.request.body, headers


@contextmanager
def serving(place: dict[str, Any], app: Any) -> Iterator[Any]:
    with Browser() as browser:
        for origin in SERVED:
            browser.serve(origin, app)
        yield browser.open(**place)


@given(places(), policies(origin=st.just(APP)), st.lists(calls(), min_size=1, max_size=3))
def test_one_policy_in_every_way(
    live: Live, place: dict[str, Any], policy: Policy, made: list[tuple[str, dict[str, Any]]]
) -> None:
    """Function = ASGI = WSGI = live: same exchanges, same results, and the same told to the app."""
    heard: dict[str, Heard] = {"function": [], "asgi": [], "wsgi": [], "live": []}
    live.say = as_live(policy, heard["live"])
    apps = {
        "function": as_function(policy, heard["function"]),
        "asgi": as_asgi(policy, heard["asgi"]),
        "wsgi": as_wsgi(policy, heard["wsgi"]),
        "live": live.url,
    }
    ended: dict[str, list[object]] = {}
    for kind, app in apps.items():
        with serving(place, app) as page:
            ended[kind] = [seen_and_sent(start(page, call).run()) for call in made]
    for kind in apps:
        assert ended[kind] == ended["function"], kind
        assert heard[kind] == heard["function"], kind
