"""corsim.fetching.cors_preflight_cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from corsim import Browser, Policy, Request, Response
from fetching.support import API, APP, MINE, OTHER, allowing, lines

PREFLIGHTED, CACHED = ["OPTIONS", "PUT"], ["PUT"]


def browser(answer: Response | Callable[[Request], Response], engine: str = "spec") -> Browser:
    made = Browser(engine)
    made.serve(API, answer if not isinstance(answer, Response) else lambda request: answer)
    return made


def put(opened: Browser, page: str = APP, **options: Any) -> list[str]:
    result = opened.open(page).fetch(f"{API}/", **{"method": "PUT", **options})
    assert result.readable, result
    return [one.request.method for one in result.exchanges]


@pytest.mark.parametrize(
    ("max_age", "seconds"),
    [
        ("10", 10),
        (None, 5),
        ("-1", 5),
        ("junk", 5),
        ("0", 0),
        ("1, 2", 5),
        ("", 5),
        ("00010", 10),
        ("99999999", 99999999),
    ],
)
def test_max_age(max_age: str | None, seconds: int) -> None:
    """An entry lives for its max-age to the second, five seconds where that can't be read."""
    more = {} if max_age is None else {"max_age": max_age}
    opened = browser(allowing(allow_methods="PUT", **more))
    assert put(opened) == PREFLIGHTED
    if seconds:
        opened.clock.advance(seconds - 0.5)
        assert put(opened) == CACHED
        opened.clock.advance(0.5)
    assert put(opened) == PREFLIGHTED


@pytest.mark.parametrize(("engine", "limit"), [("chromium", 7200), ("firefox", 86400), ("webkit", 600)])
def test_engines_cut_the_max_age(engine: str, limit: int) -> None:
    """Each engine has its own limit, and the standard none."""
    opened = browser(allowing(allow_methods="PUT", max_age="10000000"), engine)
    put(opened)
    assert [row.seconds_left for row in opened.preflight_cache] == [limit]


def test_the_key_is_site_origin_and_url() -> None:
    """Another page, another top-level site and another URL know nothing of an entry."""
    opened = browser(allowing(allow_methods="PUT"))
    put(opened)
    assert put(opened) == CACHED
    assert put(opened, OTHER) == PREFLIGHTED
    framed = opened.open(APP, embedder=OTHER).fetch(f"{API}/", method="PUT")
    assert lines(framed)[0] == f"OPTIONS {API}/"
    assert lines(opened.open(APP).fetch(f"{API}/?x", method="PUT"))[0] == f"OPTIONS {API}/?x"


def test_entries_without_credentials_do_not_serve_requests_with_them() -> None:
    """What was allowed with credentials is allowed without, and not the other way round."""
    answer = Response(200, {**MINE, "Access-Control-Allow-Methods": "PUT"})
    opened = browser(answer)
    put(opened)
    assert put(opened, credentials="include") == PREFLIGHTED
    assert put(opened, credentials="include") == CACHED
    other = browser(answer)
    put(other, credentials="include")
    assert put(other) == CACHED


def test_names_add_up_in_the_standard_and_replace_each_other_elsewhere() -> None:
    """The standard keeps each allowed name by itself; Chromium and WebKit keep the last response whole."""

    def echoing(request: Request) -> Response:
        asked = request.headers.get("access-control-request-headers", "")
        return allowing(allow_headers=asked)

    for engine, expected in (("spec", 1), ("firefox", 1), ("chromium", 2), ("webkit", 2)):
        opened = browser(echoing, engine)
        page = opened.open(APP)
        for name in ("X-A", "X-B"):
            assert len(page.fetch(f"{API}/", headers={name: "1"}).exchanges) == 2
        assert len(page.fetch(f"{API}/", headers={"X-A": "1"}).exchanges) == expected, engine


def test_a_failed_answer_clears_the_entries() -> None:
    """In the standard, a network error after a preflight forgets what was allowed for the URL."""
    shared = True

    def serve(request: Request) -> Response:
        return Response(200) if request.method == "PUT" and not shared else allowing(allow_methods="PUT")

    opened = browser(serve)
    put(opened)
    assert len(opened.preflight_cache) == 1
    shared = False
    assert opened.open(APP).fetch(f"{API}/", method="PUT").blocked is not None
    assert len(opened.preflight_cache) == 0


def test_the_table_says_it_in_words() -> None:
    """The cache prints who may do what, where, and for how long."""
    opened = browser(Policy(origins=[APP], methods=["PUT"], headers=["X-A"], credentials=True, max_age=60))
    assert repr(opened.preflight_cache) == "<preflight cache: empty>"
    put(opened, credentials="include")
    text = repr(opened.preflight_cache)
    assert f"{APP} may use PUT at {API}/, with credentials for 60 s" in text
    assert f"{APP} may send x-a at {API}/" in text
    assert len(opened.preflight_cache) == 2


@pytest.mark.parametrize("engine", ["chromium", "firefox", "webkit"])
def test_the_table_holds_permissions_only(engine: str) -> None:
    """A response that allowed nothing by name counts where an engine holds it, but is no row of the table."""
    opened = browser(allowing(max_age="600"), engine)
    page = opened.open(APP)
    methods = [
        [
            one.request.method
            for one in page.xhr(f"{API}/", method="POST", body="x", upload_listener=True).exchanges
        ]
        for _ in range(2)
    ]
    assert methods == [["OPTIONS", "POST"], ["POST"]]
    assert repr(opened.preflight_cache) == "<preflight cache: empty>"
