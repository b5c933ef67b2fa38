"""Whatever a caller passes, the refusal is corsim's own: no traceback comes from inside."""

from __future__ import annotations

import contextlib
import linecache
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corsim import (
    Blob,
    Browser,
    CorsimError,
    Fetch,
    Form,
    Headers,
    NotServed,
    Params,
    Policy,
    Response,
)
from corsim.strategies import header_names, header_values, malformed_responses, methods, urls
from properties.support import API, APP


class Odd:
    """An object of nobody's type, whose attributes are no help."""

    __hash__ = None  # type: ignore[assignment]  # as a list's

    def __repr__(self) -> str:
        return "<odd>"


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.sampled_from((10**400, -1, 0, 200, 2**63)),
    st.floats(), st.sampled_from((1.5, float("nan"), float("inf"), 1e308)),
    st.text(st.characters(), max_size=6),
    st.sampled_from(("\ud800", "\u20ac", "caf\xe9", "\x00", "a:b", "*")),
    st.binary(max_size=4), st.builds(Odd), st.just(object), st.just(len), st.just(lambda: None),
    st.complex_numbers(), st.just(Headers), st.just(Response), st.just(Response(200)), st.just(Headers()),
    st.just(Blob(b"")),
)  # fmt: skip
NEAR = st.one_of(urls(odd=True), methods(odd=True), header_names(odd=True), header_values(odd=True))
ANYTHING = st.recursive(
    SCALARS | NEAR,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.tuples(inner, inner), st.dictionaries(st.text(max_size=3),
        inner, max_size=2),
        st.lists(st.tuples(inner, inner), max_size=2), st.sets(st.text(max_size=2), max_size=2),
    ),
    max_leaves=5,
)  # fmt: skip


def answering(response: Response) -> Callable[[Any], Response]:
    return lambda request: response


def page_of(server: Callable[[Any], Response]) -> Any:
    browser = Browser()
    browser.serve(API, server)
    return browser.open(APP)


SHARED = answering(Response(200, {"Access-Control-Allow-Origin": "*", "X-A": "1"}, b"hi"))


def waiting(**options: Any) -> Fetch:
    fetch: Fetch = page_of(SHARED).start(f"{API}/", **options)
    while fetch.pending is None:
        fetch.step()
    return fetch


def finished() -> Fetch:
    fetch: Fetch = page_of(SHARED).start(f"{API}/")
    fetch.run()
    return fetch


def fetch_door(name: str, **fixed: Any) -> Callable[[Any], object]:
    return lambda value: page_of(SHARED).fetch(**{"url": f"{API}/", **fixed, name: value})


def xhr_door(name: str, **fixed: Any) -> Callable[[Any], object]:
    return lambda value: page_of(SHARED).xhr(**{"url": f"{API}/", **fixed, name: value})


DOORS: dict[str, Callable[[Any], object]] = {
    "Browser(engine)": Browser,
    "serve(origin)": lambda value: Browser().serve(value, SHARED),
    "serve(app)": lambda value: Browser().serve(API, value),
    "open(url)": lambda value: Browser().open(value),
    "open(sandbox)": lambda value: Browser().open(APP, sandbox=value),
    "open(embedder)": lambda value: Browser().open(APP, embedder=value),
    "open(referrer_policy)": lambda value: Browser().open(APP, referrer_policy=value),
    "open(headers)": lambda value: Browser().open(APP, headers=value),
    "open(headers values)": lambda value: Browser().open(APP, headers={"Content-Security-Policy": value}),
    "clock.advance(seconds)": lambda value: Browser().clock.advance(value),
    "Browser.fork(state)": lambda value: Browser().fork(value) if value is None else None,
    "fetch(url)": fetch_door("url"),
    "fetch(method)": fetch_door("method"),
    "fetch(headers)": fetch_door("headers"),
    "fetch(headers) in no-cors": fetch_door("headers", mode="no-cors"),
    "fetch(headers values)": lambda value: fetch_door("headers")([("X-A", value), (value, "1")]),
    "fetch(body)": fetch_door("body", method="POST"),
    "fetch(mode)": fetch_door("mode"),
    "fetch(credentials)": fetch_door("credentials"),
    "fetch(redirect)": fetch_door("redirect"),
    "fetch(cache)": fetch_door("cache"),
    "fetch(referrer)": fetch_door("referrer"),
    "fetch(referrer_policy)": fetch_door("referrer_policy"),
    "xhr(url)": xhr_door("url"),
    "xhr(method)": xhr_door("method"),
    "xhr(headers)": xhr_door("headers"),
    "xhr(body)": xhr_door("body", method="POST"),
    "xhr(body) with a type": xhr_door(
        "body", method="POST", headers={"Content-Type": "text/plain;charset=x"}
    ),
    "xhr(with_credentials)": xhr_door("with_credentials"),
    "xhr(upload_listener)": xhr_door("upload_listener"),
    "Response(status)": Response,
    "Response(headers)": lambda value: Response(200, value),
    "Response(body)": lambda value: Response(200, (), value),
    "Response(status_text)": lambda value: Response(200, (), b"", value),
    "Headers(init)": Headers,
    "Headers(values)": lambda value: Headers([("X-A", value), (value, "1")]),
    "headers.get(name)": lambda value: Headers({"X-A": "1"}).get(value),
    "name in headers": lambda value: value in Headers({"X-A": "1"}),
    "headers == other": lambda value: Headers({"X-A": "1"}) == value,
    "Policy(origins)": lambda value: Policy(origins=value),
    "Policy(methods)": lambda value: Policy(origins="*", methods=value),
    "Policy(headers)": lambda value: Policy(origins="*", headers=value),
    "Policy(expose)": lambda value: Policy(origins="*", expose=value),
    "Policy(credentials)": lambda value: Policy(origins=[APP], credentials=value),
    "Policy(max_age)": lambda value: Policy(origins="*", max_age=value),
    "Policy(answer)": lambda value: Policy(origins="*", answer=value),
    "Policy.allows(origin)": lambda value: Policy(origins="*").allows(value),
    "Blob(data)": lambda value: page_of(SHARED).fetch(f"{API}/", method="POST", body=Blob(value)),
    "Blob(type)": lambda value: page_of(SHARED).fetch(f"{API}/", method="POST", body=Blob(b"", value)),
    "Form(entries)": lambda value: page_of(SHARED).fetch(f"{API}/", method="POST", body=Form(value)),
    "Params(entries)": lambda value: page_of(SHARED).fetch(f"{API}/", method="POST", body=Params(value)),
    "reply(response)": lambda value: waiting().reply(value),
    "fork(reply)": lambda value: waiting().fork(reply=value),
    "fork(exchange)": lambda value: waiting().fork(reply=Response(200), exchange=value),
    "fork(exchange) of a finished one": lambda value: finished().fork(reply=Response(200), exchange=value),
    "rewind(turns)": lambda value: waiting().rewind(value),
    "rewind(turns) of a finished one": lambda value: finished().rewind(value).run(),
}
"""Every way in, as a function of one value of any kind."""


def complaint(error: BaseException) -> str | None:
    """Say what is wrong with an exception, or None if it is one of ours, made for the reader."""
    if isinstance(error, CorsimError):
        return None if str(error) else "it says nothing"
    if not isinstance(error, TypeError):
        return f"a {type(error).__name__} came through"
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    assert trace is not None
    line = linecache.getline(trace.tb_frame.f_code.co_filename, trace.tb_lineno)
    return None if line.lstrip().startswith("raise ") else f"nobody meant to raise it: {line.strip()}"


def raised(door: str, value: object) -> str | None:
    """Go through a door, and say what is wrong with the exception, if there is one and it is not ours."""
    try:
        DOORS[door](value)
    except Exception as error:  # noqa: BLE001  # that none but ours come through is what is tested
        wrong = complaint(error)
        return None if wrong is None else f"{door} with {value!r:.80}: {wrong}: {error}"
    return None


@pytest.mark.parametrize("door", DOORS)
@given(value=ANYTHING)
def test_any_object_is_taken_or_refused_in_words(door: str, value: object) -> None:
    """A value of any type is taken, or refused with a CorsimError or a TypeError raised on purpose."""
    assert raised(door, value) is None


# What a strategy finds only now and then.
FOUND: list[tuple[str, object]] = [
    ("serve(origin)", []), ("serve(origin)", 5), ("serve(origin)", None), ("Browser(engine)", []),
    ("clock.advance(seconds)", 10**400), ("fetch(url)", []), ("fetch(method)", []), ("fetch(mode)", {}),
    ("xhr(url)", []), ("Response(body)", "\ud800"), ("headers.get(name)", "\u20ac"), ("headers.get(name)", 5),
    ("name in headers", "\u20ac"), ("Policy(origins)", 5), ("Policy(origins)", [5]), ("Policy(methods)", [5]),
    ("Policy(methods)", None), ("Policy(headers)", [b"x"]), ("Policy(max_age)", "5"), ("Policy(answer)", 5),
    ("Blob(data)", 5), ("Blob(data)", "text"), ("Blob(type)", 5), ("fork(exchange)", "0"),
    ("fork(exchange)", 1.5),
    ("rewind(turns)", "1"), ("rewind(turns)", 1.5), ("rewind(turns) of a finished one", 1.5),
    ("rewind(turns) of a finished one", None), ("fetch(url)", "blob:" * 5000),
    ("serve(origin)", "blob:" * 5000),
    ("Policy(origins)", [[]]), ("Response(status_text)", 5), ("fetch(referrer)", "blob:" * 5000),
    ("Policy(max_age)", 1.5), ("Policy(max_age)", float("nan")),
]  # fmt: skip


@pytest.mark.parametrize(("door", "value"), FOUND, ids=[f"{door} {value!r:.12}" for door, value in FOUND])
def test_found_once(door: str, value: object) -> None:
    """Each of these a strategy has found, or might have; each is taken, or refused in words."""
    assert raised(door, value) is None


@given(malformed_responses(), methods(odd=True), urls(odd=True), st.sampled_from(("cors", "no-cors")))
def test_no_response_is_too_odd(response: Response, method: str, url: str, mode: str) -> None:
    """Whatever a server answers, and whatever URL and method script asks for, the end is a Result."""
    browser = Browser()
    for origin in (API, APP):
        browser.serve(origin, answering(response))
    page = browser.open(APP)
    with contextlib.suppress(NotServed):
        result = page.fetch(url, method=method, mode=mode)
        assert result.readable or result.body == b""
