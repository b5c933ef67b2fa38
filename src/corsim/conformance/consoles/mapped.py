"""A case as the browser got it: with the hosts and paths of this machine.

Lines quote URLs, origins and values, and a value may be worth something else once it is mapped:
`app.example` is no URL, `app.localhost:40123` is. So the simulator is given the very names that
the browser saw, and what both print is compared as it is.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from typing import Any

import attrs

from corsim.cases import Case, FetchGiven, PageGiven, ServerAnswer
from corsim.conformance.page_headers import mapped_page_headers
from corsim.conformance.session import Replay


def mapped_case(replay: Replay) -> Case:
    """Write the case of a replay with the names of this machine."""
    return attrs.evolve(
        replay.case,
        fetches=tuple(_fetch(replay, number) for number in range(len(replay.case.fetches))),
        servers=tuple(_answer(replay, row) for row in replay.case.servers),
    )


def _fetch(replay: Replay, number: int) -> FetchGiven:
    given, mapping = replay.case.fetches[number], replay.mapping
    options: dict[str, Any] = dict(given.options)
    if "headers" in options:
        options["headers"] = tuple((name, mapping.to_value(value)) for name, value in options["headers"])
    if "referrer" in options:
        options["referrer"] = mapping.to_url(options["referrer"])
    return attrs.evolve(given, page=_page(replay, number), url=mapping.to_url(given.url), options=options)


def _page(replay: Replay, number: int) -> PageGiven:
    """Map a page; one without an address of its own stays what it is."""
    page = replay.case.fetches[number].page
    step: AnyMapping[str, Any] = replay.script["steps"][number]
    at = replay.script["pages"][step["page"]]["at"]
    embedder = page.embedder and replay.mapping.to_url(page.embedder)
    headers = tuple(mapped_page_headers(page, replay.mapping))
    worker = page.worker if page.worker in ("blob:", "data:") else replay.mapping.to_url(page.worker)
    return attrs.evolve(page, url=at or page.url, embedder=embedder, headers=headers, worker=worker)


def _answer(replay: Replay, row: ServerAnswer) -> ServerAnswer:
    mapping = replay.mapping
    having = tuple(map(mapping.to_value, row.having))
    response = row.response and attrs.evolve(
        row.response, headers=tuple(map(replay.mapped, row.response.headers.pairs))
    )
    return attrs.evolve(row, url=mapping.to_url(row.url), having=having, response=response)
