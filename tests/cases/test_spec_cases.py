"""Every case, in the standard and in every engine: `spec_cases/` is the oracle."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import attrs
import pytest

from corsim.cases import Case, EngineDifference, load_cases, run_case
from corsim.cases.model import FOLDERS
from corsim.engines import ENGINES, SPEC, EngineName, departures, profile

CASES = load_cases()
_HOST = re.compile(r"(?:https?|ftp)://(?:[^/@\s]*@)?(\[[^\]]*\]|[^/:?#\s,;\"]*)")
_NUMERIC_OR_LOCAL = re.compile(r"localhost|\[.*\]|[0-9.]+")


def runs() -> list[Any]:
    """Pair every case with the standard and with every engine."""
    return [pytest.param(case, engine, id=f"{case.path}[{engine}]") for case in CASES for engine in ENGINES]


def differences() -> list[Any]:
    """List every engine difference of every case."""
    return [
        pytest.param(case, difference, id=f"{case.path}[{difference.engine}]")
        for case in CASES
        for difference in case.differences
    ]


each_case = pytest.mark.parametrize("case", [pytest.param(case, id=case.path) for case in CASES])


@pytest.mark.parametrize(("case", "engine"), runs())
def test_the_case_holds(case: Case, engine: EngineName) -> None:
    """What a case expects comes out: in an engine without a section, the same as in the standard."""
    report = run_case(case, profile(engine))
    assert report.ok, str(report)


@pytest.mark.parametrize(("case", "difference"), differences())
def test_the_quirk_is_what_makes_the_difference(case: Case, difference: EngineDifference) -> None:
    """With the quirks of an engine, and nothing else of it, the standard differs as the engine does."""
    engine = profile(difference.engine)
    quirks = {name: getattr(engine, name) for name in difference.quirks}
    report = run_case(case, attrs.evolve(SPEC, **quirks), difference.engine)
    assert report.ok, str(report)


@pytest.mark.parametrize(("case", "difference"), differences())
def test_every_quirk_is_needed(case: Case, difference: EngineDifference) -> None:
    """A difference names no quirk that it does not need."""
    engine = profile(difference.engine)
    for left_out in difference.quirks:
        others = {name: getattr(engine, name) for name in difference.quirks if name != left_out}
        assert not run_case(case, attrs.evolve(SPEC, **others), difference.engine).ok


@pytest.mark.parametrize(("case", "difference"), differences())
def test_a_difference_is_one(case: Case, difference: EngineDifference) -> None:
    """An engine's section names facts of that engine's TOML, and expects something else."""
    assert set(difference.quirks) <= {row.field for row in departures(difference.engine)}
    assert difference.expect != case.expect


@each_case
def test_the_case_lies_where_it_belongs(case: Case) -> None:
    """A case lies in the folder of the section that it proves, under a slug of words."""
    folder, _, slug = case.path.partition("/")
    assert case.proves[0].partition(" ")[0] in FOLDERS[folder]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", slug)


@each_case
def test_every_host_is_reserved(case: Case) -> None:
    """No case names a host that somebody could own."""
    for host in hosts(case):
        assert host.endswith((".example", ".localhost")) or _NUMERIC_OR_LOCAL.fullmatch(host), host


@each_case
def test_a_network_error_has_a_reason(case: Case) -> None:
    """Where a case expects a network error, it says for which reason; and nowhere else."""
    for engine in ENGINES:
        for expect in case.expected(engine):
            refused = expect.because is not None and expect.because.reason is not None
            assert refused == (expect.result == "network error")


def test_titles_are_unique() -> None:
    """No two cases have the same title: each proves a fact of its own."""
    titles = [case.title for case in CASES]
    assert sorted(titles) == sorted(set(titles))


def hosts(case: Case) -> Iterator[str]:
    """List the hosts of every URL that a case writes, wherever it stands."""
    values = [fetch.url for fetch in case.fetches] + [server.url for server in case.servers]
    values += [text for fetch in case.fetches for text in (fetch.page.url, fetch.page.embedder or "")]
    for server in case.servers:
        if server.response is not None:
            values += [value for _, value in server.response.headers.pairs]
    for value in values:
        yield from (host for host in _HOST.findall(value) if host)
