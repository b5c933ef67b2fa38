"""The console lines: every end of a fetch has its line in every engine's book, and the cases bear it out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache

import pytest

from corsim import Browser, Request, Response
from corsim.cases import Case, load_cases
from corsim.cases.run import replay
from corsim.engines import ENGINES, EngineName, profile
from corsim.explaining.console.book import Book, Phrase, Row, book
from corsim.explaining.console.lines import row_of
from corsim.explaining.console.scene import Scene
from corsim.result import Result
from corsim.values.decision import Reason

REAL: tuple[EngineName, ...] = ENGINES[1:]
NAME = re.compile(r"\{(\w+)\}")


@lru_cache(maxsize=1)
def cases() -> dict[str, Case]:
    return {case.path: case for case in load_cases()}


@lru_cache(maxsize=4096)
def results(path: str, engine: EngineName) -> tuple[Result, ...]:
    return replay(cases()[path], profile(engine))


def rows() -> Iterator[tuple[EngineName, Row]]:
    for engine in REAL:
        for row in book(engine).rows:
            yield engine, row


def chosen(result: Result) -> Row | None:
    page = book(result.engine)
    return row_of(page, Scene(result, page.known_headers))


@pytest.mark.parametrize("engine", REAL)
@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_is_in_every_book(engine: EngineName, reason: Reason) -> None:
    """The last row about a reason applies always, so no refusal goes without a word by mistake."""
    about = book(engine).rows_about(reason)
    assert about, f"say what {engine} prints of {reason}, or that it prints nothing"
    assert not about[-1].when
    assert all(row.when for row in about[:-1]), "a row behind one that always applies is never reached"


def test_every_row_has_been_seen() -> None:
    """A row names the cases that it was seen in, or says how else it was seen."""
    assert [row for _, row in rows() if bool(row.cases) == bool(row.evidence)] == []


@pytest.mark.parametrize(
    ("engine", "row"), list(rows()), ids=[f"{name}-{'/'.join(row.reasons)}" for name, row in rows()]
)
def test_a_rows_cases_lead_to_it(engine: EngineName, row: Row) -> None:
    """In each case that a row names, a fetch ends as the row says; each of its reasons is among them."""
    told = {path: [result for result in results(path, engine) if chosen(result) is row] for path in row.cases}
    assert [path for path, ends in told.items() if not ends] == []
    seen = {result.blocked.reason for ends in told.values() for result in ends if result.blocked}
    assert row.evidence or seen == set(row.reasons)


def names_used(page: Book) -> tuple[set[str], set[str]]:
    """The phrases and the properties of the scene that a book speaks of."""
    phrases = [phrase for rows in page.phrases.values() for phrase in rows]
    told: list[Phrase] = [
        *phrases,
        *page.covered_authorization,
        *page.ignored_headers,
        *page.refused_elements,
    ]
    templates = [*(phrase.text for phrase in told), *(line for row in page.rows for line in row.lines)]
    names = {name for template in templates for name in NAME.findall(template)}
    properties = {name for name in names if name not in page.phrases}
    properties |= {name for row in told for name in row.when}
    properties |= {name for row in page.rows for name in row.when}
    return names & set(page.phrases), properties


@pytest.mark.parametrize("engine", REAL)
def test_every_name_is_known(engine: EngineName) -> None:
    """A name in a template is a phrase, or a property of the scene; a condition is one too."""
    phrases, properties = names_used(book(engine))
    given = {"header", "covered_url"}
    assert [name for name in properties - given if not hasattr(Scene, name)] == []
    assert phrases == set(book(engine).phrases)


def test_every_property_is_used() -> None:
    """A scene has no property that no book speaks of."""
    used = set().union(*(names_used(book(engine))[1] for engine in REAL))
    own = {name for name, value in vars(Scene).items() if isinstance(value, (property, cached_property))}
    assert {name for name in own if not name.startswith("_")} - used == {"covered_urls"}


@pytest.mark.parametrize("engine", REAL)
def test_every_case_has_lines_that_can_be_written(engine: EngineName) -> None:
    """Whatever happens in a case, its lines are text, with every name filled in."""
    for path in cases():
        for result in results(path, engine):
            assert all(line == line.rstrip() and not NAME.search(line) for line in result.console)


def test_the_standard_prints_nothing() -> None:
    """The standard has no console."""
    refused = results("cors_check/a-response-without-the-header-fails", "spec")
    assert refused[0].blocked is not None
    assert refused[0].console == ()


def test_what_people_paste() -> None:
    """The lines of the most frequent mistake, in each engine, to the letter."""
    assert [results("cors_check/a-response-without-the-header-fails", name)[0].console for name in REAL] == [
        (
            "Access to fetch at 'https://api.example/me' from origin 'https://app.example' has been blocked "
            "by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
            "Failed to load resource: net::ERR_FAILED",
        ),
        (
            "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "
            "https://api.example/me. (Reason: CORS header ‘Access-Control-Allow-Origin’ missing). "
            "Status code: 200.",
        ),
        (
            "Origin https://app.example is not allowed by Access-Control-Allow-Origin. Status code: 200",
            "Fetch API cannot load https://api.example/me due to access control checks.",
        ),
    ]


def test_headers_that_script_may_not_set() -> None:
    """XMLHttpRequest says which headers it refused to take, as script wrote them; fetch() says nothing."""
    for engine, line in (
        ("chromium", 'Refused to set unsafe header "cookie"'),
        ("firefox", "Attempt to set a forbidden header was denied: cookie"),
        ("webkit", 'Refused to set unsafe header "cookie"'),
    ):
        with Browser(engine) as browser:
            browser.serve("https://app.example", lambda _: Response())
            page = browser.open("https://app.example")
            assert page.xhr("/me", headers={"cookie": "a=1"}).console == (line,)
            assert page.fetch("/me", headers={"cookie": "a=1"}).console == ()


def test_each_preflight_that_lets_authorization_through() -> None:
    """Firefox warns of every URL whose `*` covers Authorization, and of no other."""

    def server(request: Request) -> Response:
        headers = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*"}
        if request.url.path == "/listed":
            headers["Access-Control-Allow-Headers"] = "*, Authorization"
        elif request.method == "GET" and request.url.path == "/a":
            return Response(307, {**headers, "Location": "/b"})
        return Response(200, headers)

    with Browser("firefox") as browser:
        browser.serve("https://api.example", server)
        page = browser.open("https://app.example")
        token = {"Authorization": "Bearer x"}
        lines = page.fetch("https://api.example/a", headers=token).console
        assert [line.partition(" soon")[0].rpartition(" ")[2] for line in lines] == [
            "https://api.example/a", "https://api.example/b"
        ]  # fmt: skip
        assert page.fetch("https://api.example/listed", headers=token).console == ()


def test_bytes_above_ascii() -> None:
    """Chromium writes them as escapes, Firefox reads them as UTF-8."""
    for engine, said in (("chromium", "'\\u00FC'"), ("firefox", "‘\N{REPLACEMENT CHARACTER}’")):
        with Browser(engine) as browser:
            origin = {"Access-Control-Allow-Origin": b"\xfc"}
            browser.serve("https://api.example", lambda _, origin=origin: Response(headers=origin))
            assert said in browser.open("https://app.example").fetch("https://api.example/").console[0]


def test_webkit_names_the_headers_that_it_knows_first() -> None:
    """WebKit reports a header that it has a name for before the others, and under that name."""
    with Browser("webkit") as browser:
        browser.serve("https://api.example", lambda _: Response(headers={"Access-Control-Allow-Origin": "*"}))
        page = browser.open("https://app.example")
        known = page.fetch("https://api.example/", headers={"x-a": "1", "if-none-match": "2"})
        unknown = page.fetch("https://api.example/", headers={"x-b": "1", "X-a": "2"})
    assert (
        known.console[0]
        == "Request header field If-None-Match is not allowed by Access-Control-Allow-Headers."
    )
    assert unknown.console[0] == "Request header field x-b is not allowed by Access-Control-Allow-Headers."
