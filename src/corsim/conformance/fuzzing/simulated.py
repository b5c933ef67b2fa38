"""A document as a case, with what the simulator does under an engine's profile as its expectation."""

from __future__ import annotations

from typing import Any

import attrs

from corsim.cases import Case, Expect, ExpectRequest, parse_case
from corsim.cases.run import observed, replay
from corsim.conformance.cookies import keeps_cookies
from corsim.conformance.fuzzing.drawing import Document
from corsim.conformance.lines import WrittenCase
from corsim.engines import EngineProfile
from corsim.fetching.flow import Exchange
from corsim.result import Result
from corsim.values.request import Request

PROVES = "concept-fetch"

# Beside what script sets: what CORS is about, what a browser says of itself, and what a cache mode adds.
SAID_OF_ITSELF = frozenset(
    {"cookie", "referer", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "sec-fetch-user"}
    | {"sec-fetch-storage-access"}  # which is about cookies, and with them
)
WATCHED = SAID_OF_ITSELF | frozenset(
    {"origin", "access-control-request-method", "access-control-request-headers", "content-type", "accept"}
    | {"authorization", "range", "cache-control", "pragma", "if-none-match", "if-modified-since"}
    | {"if-match", "if-range", "if-unmodified-since"}
)
# Browsers write these by their own lights, whether script has asked for it or not.
THEIR_OWN = frozenset(
    {"host", "connection", "content-length", "accept-encoding", "priority", "te"}
    | {
        "transfer-encoding",
        "keep-alive",
        "upgrade-insecure-requests",
        "dnt",
        "sec-gpc",
        "origin-agent-cluster",
    }
)
# They have a value of their own where script gives none.
_DEFAULTED = frozenset({"accept-language", "user-agent"})
_UNKNOWN = {"sent": [], "result": "network error"}


def simulated_case(path: str, document: Document, profile: EngineProfile) -> Case:
    """Make a case of a document, and expect of it what the simulator does.

    Raises `InvalidCase` for a document that is no case.
    """
    fetches = [{**row, "expect": _UNKNOWN} for row in document["fetch"]]
    data: dict[str, Any] = {**document, "title": path, "proves": PROVES, "fetch": fetches}
    case = WrittenCase(**_fields(parse_case(path, data)), document=document)
    expect = tuple(map(expectation, case.fetches, replay(case, profile)))
    case = attrs.evolve(case, expect=expect)
    return case if keeps_cookies(case) else attrs.evolve(case, expect=tuple(map(_unheard, expect)))


def _unheard(expect: Expect) -> Expect:
    """Leave out how third parties are treated: where cookies are not the question they are let through."""
    rows = tuple(
        (
            number,
            attrs.evolve(
                row,
                has=tuple(line for line in row.has if not line.startswith("sec-fetch-storage-access")),
                lacks=tuple(name for name in row.lacks if name != "sec-fetch-storage-access"),
            ),
        )
        for number, row in expect.request
    )
    return attrs.evolve(expect, request=rows)


def document_of(case: Case) -> Document:
    """Give the document that a case was made of."""
    assert isinstance(case, WrittenCase)
    return dict(case.document)


def _fields(case: Case) -> dict[str, Any]:
    return {field.name: getattr(case, field.name) for field in attrs.fields(Case)}


def expectation(given: Any, result: Result) -> Expect:
    """Write down everything about a simulated fetch that a page and a server can see."""
    headers = given.options.get("headers", ())
    names = sorted(WATCHED | {_lower(name) for name, _ in headers if name and not _is_theirs(name)})
    if given.page.url == "null":  # the page that stands for it has an address
        names.remove("referer")
    requests = tuple(
        (number, _request_expectation(exchange, names)) for number, exchange in enumerate(result.exchanges, 1)
    )
    seen = dict(observed(result))
    if given.api == "font":
        seen["loaded"] = None  # that bytes are no font is beside the point
    return Expect(**seen, request=requests)


def _is_theirs(name: str) -> bool:
    return _lower(name) in THEIR_OWN or _lower(name).startswith("sec-ch")


def _lower(name: str) -> str:
    return name.lower()


def _request_expectation(exchange: Exchange, names: list[str]) -> ExpectRequest:
    request: Request = exchange.request
    has = [f"{name}: {value}" for name in names for value in request.headers.get_all(name)]
    lacks = [name for name in names if name not in request.headers and name not in _DEFAULTED]
    return ExpectRequest(tuple(has), tuple(lacks), (request.body or b"").decode("latin-1"))
