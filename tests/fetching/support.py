"""One fetch against fixed answers, for tests that look at single steps of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from corsim import Browser, Decision, Fetch, Page, Request, Response, Result

APP, API, OTHER = "https://app.example.com", "https://api.example.com", "https://other.example"
ANY = {"Access-Control-Allow-Origin": "*"}
MINE = {"Access-Control-Allow-Origin": APP, "Access-Control-Allow-Credentials": "true"}

Answers: TypeAlias = Mapping[str, Response] | Response


def server(answers: Answers) -> Callable[[Request], Response]:
    """Answer by "METHOD url", by URL, by method, or always alike; a miss is a bare 404."""

    def serve(request: Request) -> Response:
        if isinstance(answers, Response):
            return answers
        keys = (f"{request.method} {request.url}", str(request.url), request.method)
        return next((answers[key] for key in keys if key in answers), Response(404))

    return serve


def page(answers: Answers = Response(200), url: str = APP, engine: str = "spec", **options: Any) -> Page:  # noqa: B008
    """Open a page in a browser that serves three origins with fixed answers."""
    browser = Browser(engine)
    for origin in (APP, API, OTHER):
        browser.serve(origin, server(answers))
    return browser.open(url, **options)


def fetched(answers: Answers, url: str = f"{API}/", **options: Any) -> Result:
    """Fetch from a page of APP, by the standard."""
    return page(answers).fetch(url, **options)


def steps(fetch: Fetch | Result) -> list[str]:
    """The ids of the steps that were decided, in order."""
    return [turn.step.id for turn in fetch.trace if isinstance(turn, Decision)]


def why(result: Result) -> tuple[str, str, str] | None:
    """Where, why and about what a result was blocked."""
    if result.blocked is None or result.blocked.reason is None:
        return None
    return result.blocked.step.id, result.blocked.reason.value, result.blocked.subject


def lines(result: Result) -> list[str]:
    """What was sent, one line a request."""
    return [f"{one.request.method} {one.request.url}" for one in result.exchanges]


def redirect(to: str, status: int = 302, headers: Iterable[tuple[str, str]] = ()) -> Response:
    """A redirect that any origin may see."""
    return Response(status, [*ANY.items(), ("Location", to), *headers])


def allowing(**more: str) -> Response:
    """An answer that allows any origin, with other headers: `allow_methods="PUT"` and the like."""
    named = {f"Access-Control-{name.title().replace('_', '-')}": value for name, value in more.items()}
    return Response(204, {**ANY, **named})
