"""Somebody who reads a fix, and types in what it says: a server that answers as told, a page that asks so."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import attrs

from corsim import Browser, Exchange, Request, Response, Result
from corsim.values.url import Url

_ANSWER = re.compile(
    r"(?:On the answer to|From the answer to|Answer|Then) (?P<preflight>the preflight )?"
    r"(?P<method>\S+) (?P<url>\S+?)(?: with status (?P<status>\d+))?(?:,? without (?P<less>[\w, -]+?))?"
    r"(?:,? and|, send|, take out (?P<out>[\w, -]+)\.|\.|"
    r" goes out; nobody has seen its answer yet, and it needs)$"
)
_PAGE: tuple[tuple[str, str], ...] = (
    (r"In the page call (\S+) itself(?: \(.*\))?\.", "url"),
    (r"In the page write method: '(\S+)'\. .*", "method"),
    (r"In the page take out mode: '.*'\.", "mode"),
    (r"In the page leave out redirect: '.*'\.", "redirect"),
    (r"In the page take (\S+) out of the request: .*", "header"),
    (r"In the page send the body as (\S+), .*", "content_type"),
    (r"In the page write credentials: '(include)'\.", "credentials"),
    (r"In the page write xhr.withCredentials = (true)\.", "with_credentials"),
    (r"If no cookies are needed, leave out credentials: 'include' in the page\.", "credentials"),
    (r"If no cookies are needed, leave out withCredentials in the page\.", "with_credentials"),
)
_DEFAULTS = {"mode": "cors", "redirect": "follow", "credentials": "same-origin"}


@attrs.define
class Typed:
    """What a reader changes: of each answer its status and headers, of the page its arguments."""

    page: dict[str, Any] = attrs.field(factory=dict)
    answers: dict[tuple[str, str, bool], Callable[[Response], Response]] = attrs.field(factory=dict)
    new: set[tuple[str, str, bool]] = attrs.field(factory=set)


def read(text: str, result: Result) -> Typed:
    """Read a fix line by line; a line that no reader would understand is a failure."""
    typed, lines = Typed(), text.split("\n")
    while lines:
        line = lines.pop(0)
        headers = []
        while lines and lines[0].startswith("  "):
            headers.append(lines.pop(0).strip().partition(": ")[::2])
        found = _ANSWER.fullmatch(line)
        if found is None:
            assert not headers, line
            _read_of_the_page(line, typed)
            continue
        place = (found["method"], found["url"])
        own = result.request is not None and result.request.method == "OPTIONS"
        is_preflight = bool(found["preflight"]) or (found["method"] == "OPTIONS" and not own)
        if line.startswith("Then "):
            typed.new.add((*place, is_preflight))
        less = {name.strip().lower() for name in (found["less"] or found["out"] or "").split(",")}
        typed.answers[*place, is_preflight] = _editing(found["status"], headers, less)
    return typed


def _read_of_the_page(line: str, typed: Typed) -> None:
    for pattern, option in _PAGE:
        found = re.fullmatch(pattern, line)
        if found is not None:
            said = found[1] if found.re.groups else None
            typed.page[option] = {"true": True, None: _DEFAULTS.get(option, False)}.get(said, said)
            return
    raise AssertionError(f"nobody knows what to do of {line!r}")


def _editing(
    status: str | None, headers: list[tuple[str, str]], less: set[str]
) -> Callable[[Response], Response]:
    def edit(response: Response) -> Response:
        changed = response.headers.without(less)
        for name, value in headers:
            add = name == "Vary" and "vary" in changed
            changed = changed.combined(name, value) if add else changed.set(name, value)
        return Response(int(status) if status else response.status, changed, response.body)

    return edit


def followed(
    result: Result,
    text: str,
    engine: str,
    place: dict[str, Any],
    call: dict[str, Any],
    before: Sequence[Exchange] = (),
) -> Result:
    """Make a call again in a new browser, with the answers seen, and all done that the text says.

    `before` is what was seen earlier still, such as a preflight that is remembered.
    """
    typed = read(text, result)
    asked: dict[Any, int] = {}

    def server(request: Request) -> Response:
        same = [
            one for one in (*before, *result.exchanges) if _key(one.request) == _key(request) and one.response
        ]
        number = asked[_key(request)] = asked.get(_key(request), -1) + 1
        response = Response(204 if request.is_preflight else 200)
        if same and _key(request) not in typed.new:
            response = same[min(number, len(same) - 1)].response or response
        edit = typed.answers.get((request.method, request.url.href, request.is_preflight))
        return response if edit is None else edit(response)

    browser = Browser(engine)
    urls = [one.request.url for one in result.exchanges]
    for origin in _origins(result, typed, urls):
        browser.serve(origin, server)
    arguments = {**call, **{key: typed.page[key] for key in typed.page if key in _CALLED}}
    pairs = list(arguments.get("headers", ()).items() if isinstance(arguments.get("headers"), dict)
                 else arguments.get("headers", ()))  # fmt: skip
    if "header" in typed.page:
        pairs = [pair for pair in pairs if pair[0].lower() != typed.page["header"]]
    if "content_type" in typed.page:
        pairs = [pair for pair in pairs if pair[0].lower() != "content-type"]
        pairs.append(("Content-Type", typed.page["content_type"]))
    arguments["headers"] = pairs
    page = browser.open(**place)
    return page.xhr(**arguments) if result.api == "xhr" else page.fetch(**arguments)


_CALLED = frozenset({"url", "method", "mode", "redirect", "credentials", "with_credentials"})


def _key(request: Request) -> tuple[str, str, bool]:
    return request.method, request.url.href, request.is_preflight


def _origins(result: Result, typed: Typed, urls: list[Url]) -> set[str]:
    from corsim.values.url import parse_url

    texts = [*(url.href for url in urls), *(place[1] for place in typed.answers), typed.page.get("url", "")]
    texts += [] if result.request is None else [result.request.url.href]
    answers = [one.response for one in result.exchanges if one.response is not None]
    texts += [location for answer in answers for location in answer.headers.get_all("location")]
    return {parsed.origin.serialized for text in texts if (parsed := parse_url(text)) and parsed.is_http}
