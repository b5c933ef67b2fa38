"""The page of what each engine prints, made from the books of lines and the cases that they name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from corsim.cases import Case, load_cases
from corsim.cases.run import replay
from corsim.engines import ENGINES, EngineName, profile
from corsim.explaining.console.book import Book, Conditions, Row, book
from corsim.explaining.console.lines import Telling, row_of
from corsim.explaining.console.scene import Scene
from corsim.explaining.notes import ENGINE_NAMES
from corsim.result import Result
from corsim.values.decision import Reason

REAL: tuple[EngineName, ...] = ENGINES[1:]

INTRODUCTION = """\
# What the engines print

<!-- Made by docs/generate.py from src/corsim/explaining/console/*.toml: change those, not this page. -->

`result.console` has the lines that an engine prints in its console, for the very fetch that was
simulated. They are data, as seen in {versions}.

Under each reason stand the lines of each engine, as it prints them in the case that is named, and in
which it was seen to; `corsim conformance --console` looks again. Where several rows are about one reason,
the first that applies is the one. A word in braces is filled in.

A line is the text of one message as the engine hands it out, without what a window puts around it
(`[Error]`, the script and its line). Of a request that they watched, Chromium's DevTools show
`GET https://api.example/me net::ERR_FAILED 200 (OK)` for `Failed to load resource: net::ERR_FAILED`;
Safari's inspector adds `Failed to load resource:` and the first line again. Over HTTP/2 a status has no
words: `404 ()`. Lines of other features, such as cookies, are not among them.
"""


def console_page() -> str:
    """Write the page: a section for each reason that any engine prints something of."""
    *most, last = (f"{ENGINE_NAMES[name]} {book(name).version}" for name in REAL)
    page = [INTRODUCTION.format(versions=f"{', '.join(most)} and {last}")]
    silent = [reason for reason in Reason if not any(_speaks(name, reason) for name in REAL)]
    for reason in (*(reason for reason in Reason if reason not in silent), None):
        page += [f"## {f'`{reason}`' if reason else 'Not refused'}", ""]
        for name in REAL:
            for row in book(name).rows_about(reason):
                page += _row(name, row, reason)
    page += ["## On the way", "", *_on_the_way(), "## Nothing", ""]
    page += ["Of these no engine prints anything, since script is told:"]
    page += [f"{', '.join(f'`{reason}`' for reason in silent)}."]
    return "\n".join(page) + "\n"


def _speaks(engine: EngineName, reason: Reason) -> bool:
    return any(row.lines for row in book(engine).rows_about(reason))


def _row(engine: EngineName, row: Row, reason: Reason | None) -> Iterator[str]:
    """Write what an engine prints, as it did in the first case that is of this reason."""
    path, lines = _example(engine, row, reason)
    link = f"[{path.rpartition('/')[2]}](../spec_cases/{path}.toml)" if path else ""
    seen = "; ".join(filter(None, (link, row.evidence)))
    if not row.lines:
        yield from (f"**{ENGINE_NAMES[engine]}**{_conditions(row.when)}: nothing. {seen}", "")
        return
    yield from (
        f"**{ENGINE_NAMES[engine]}**{_conditions(row.when)}: {seen}",
        "",
        "```text",
        *lines,
        "```",
        "",
    )


def _conditions(when: Conditions) -> str:
    return "".join(f", {_condition(name, value)}" for name, value in when.items())


def _condition(name: str, value: object) -> str:
    """Say a condition in the words of the property that it is about."""
    words = getattr(Scene, name).__doc__.partition(".")[0]
    if isinstance(value, bool):
        return f"{'if' if value else 'unless'} {words.removeprefix('Whether ')}"
    values = value if isinstance(value, list) else [value]
    return f"if {words[0].lower()}{words[1:]} is {' or '.join(f'`{word}`' for word in values)}"


@lru_cache(maxsize=1)
def _cases() -> dict[str, Case]:
    return {case.path: case for case in load_cases()}


def _example(engine: EngineName, row: Row, reason: Reason | None) -> tuple[str, tuple[str, ...]]:
    """Find a case of the row, and its lines there; without any, the row's templates."""
    # What can't be replayed in a browser may have a case for simulators.
    for path in row.cases or _cases():
        for result in replay(_cases()[path], profile(engine)):
            found = None if result.blocked is None else result.blocked.reason
            if found == reason and _is_told_by(result, row):
                return path, result.console
    return "", tuple(_spelled(book(engine), line) for line in row.lines)


def _is_told_by(result: Result, row: Row) -> bool:
    telling = Telling.of(result)
    return row_of(telling.page, telling.scene) is row


def _spelled(page: Book, template: str) -> str:
    """Put in the phrases that always stand there; a field and a choice keep their braces."""
    for name, phrases in page.phrases.items():
        if len(phrases) == 1 and not phrases[0].when and f"{{{name}}}" in template:
            return _spelled(page, template.replace(f"{{{name}}}", phrases[0].text))
    return template


def _on_the_way() -> Iterator[str]:
    for name in REAL:
        for phrase in (*book(name).ignored_headers, *book(name).covered_authorization):
            when = _conditions(phrase.when)
            yield from (f"**{ENGINE_NAMES[name]}**{when}:", "", "```text", phrase.text, "```", "")
