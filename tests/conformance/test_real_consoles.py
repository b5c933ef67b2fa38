"""Real consoles: what each browser prints of the cases that its book of lines names.

`make browsers` runs them, as it does the others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import attrs
import pytest
import tomli

from corsim.cases import Case, Expect, FetchGiven, load_cases, parse_case
from corsim.cases.run import observed, replay
from corsim.conformance.browsers import RealEngine
from corsim.conformance.judging import Judge
from corsim.conformance.replayable import reason_not_replayed
from corsim.engines import profile
from corsim.explaining.console.book import book
from corsim.values.decision import Reason

from .test_real_browsers import browser_of

MORE = sorted(Path(__file__).with_name("consoles").glob("*.toml"))
"""Fetches that no spec case makes, or that other runs leave out; expected is what the simulator does."""


def seen_cases(engine: RealEngine) -> list[Case]:
    """The cases that a book names and that can be replayed."""
    named = {path for row in book(engine).rows for path in row.cases}
    return [case for case in load_cases() if case.path in named and reason_not_replayed(case) is None]


def by_xhr(given: Case, engine: RealEngine) -> Case | None:
    """The same asked for by XMLHttpRequest, where that is refused for the same reasons."""
    fetches = [_by_xhr(fetch) for fetch in given.fetches]
    twin = attrs.evolve(given, path=f"{given.path}-by-xhr", fetches=tuple(filter(None, fetches)))
    reasons = _reasons(given, engine)
    return twin if None not in fetches and reasons and _reasons(twin, engine) == reasons else None


def _reasons(given: Case, engine: RealEngine) -> list[Reason | None]:
    """Why fetches are refused."""
    ends = [result.blocked for result in replay(given, profile(engine))]
    return [end.reason for end in ends if end is not None]


def _by_xhr(given: FetchGiven) -> FetchGiven | None:
    options = dict(given.options)
    credentials = options.pop("credentials", "same-origin")
    if given.api != "fetch" or options.keys() - {"method", "headers", "body"}:
        return None
    return attrs.evolve(given, api="xhr", options={**options, "with_credentials": credentials == "include"})


def assert_consoles(engine: RealEngine, cases: Sequence[Case]) -> None:
    """Replay cases with the console listened to; every one has to agree."""
    judgement = asyncio.run(Judge(browser_of(engine), console=True).judge(cases))
    told = [f"{row.case.path}: {row.reason} {row.mismatches}" for row in judgement.of("disagrees")]
    assert not told, "\n".join(told)
    assert len(judgement.of("agrees")) == len(cases)
    heard = [fetch.console for row in judgement.verdicts for fetch in row.fetches]
    assert None not in heard
    assert any(heard)


@pytest.mark.browsers
@pytest.mark.parametrize("engine", ["chromium", "firefox", "webkit"])
def test_what_a_book_says_was_seen_is_seen(engine: RealEngine) -> None:
    """Each case that a book names prints in the browser what the simulator says it does."""
    assert_consoles(engine, seen_cases(engine))


@pytest.mark.browsers
@pytest.mark.parametrize("engine", ["chromium", "firefox", "webkit"])
def test_xhr_prints_its_own(engine: RealEngine) -> None:
    """The refusals of these cases, asked for by XMLHttpRequest."""
    twins = [twin for given in seen_cases(engine) if (twin := by_xhr(given, engine)) is not None]
    assert len(twins) > 15
    assert_consoles(engine, twins)


def simulated(file: Path, engine: RealEngine) -> Case:
    """Fetches of a file as a case that expects what the simulator does under an engine's profile."""
    data = tomli.loads(file.read_text("utf-8"))
    data |= {"title": f"Consoles: {file.stem}", "proves": "concept-fetch"}
    for fetch in data["fetch"]:
        fetch["expect"] = {"sent": [], "result": "network error"}
    given = parse_case(f"api/consoles-{file.stem}", data)
    seen = map(observed, replay(given, profile(engine)))
    return attrs.evolve(given, expect=tuple(Expect(row["sent"], row["result"]) for row in seen))


@pytest.mark.browsers
@pytest.mark.parametrize("file", MORE, ids=lambda file: file.stem)
@pytest.mark.parametrize("engine", ["chromium", "firefox", "webkit"])
def test_more_consoles(engine: RealEngine, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Redirects, schemes, statuses, methods, headers and ports, each in several ways."""
    monkeypatch.setattr("corsim.conformance.judging.reason_not_replayed", lambda *_: None)
    assert_consoles(engine, [simulated(file, engine)])


CONNECTIONS = Path(__file__).with_name("consoles") / "broken" / "connections.toml"


@pytest.mark.browsers
@pytest.mark.parametrize("engine", ["chromium", "firefox", "webkit"])
def test_connections_that_break_off(engine: RealEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server hangs up. Browsers try again as often as they see fit, so only the consoles are compared."""
    monkeypatch.setattr("corsim.conformance.judging.reason_not_replayed", lambda *_: None)
    monkeypatch.setattr("corsim.conformance.judging.mismatches", lambda *_: ())
    assert_consoles(engine, [simulated(CONNECTIONS, engine)])
