"""What the plugin costs where nobody uses it: it is loaded in every run, before coverage is measured."""

from __future__ import annotations

import json

import pytest

import corsim.pytest_plugin

from .conftest import Run

# All of it, about 400 lines: nothing of what a browser is, no attrs, no event loop.
AT_THE_START = {
    "corsim",
    "corsim.pytest_plugin",
    "corsim.pytest_plugin.listening",
    "corsim.testing",
    "corsim.testing.each_engine",
    "corsim.testing.recorder",
    "corsim.watching",
}

LOADED = """
    import json, sys

    def test_it(): pass

    def test_that_fails():
        assert 1 == 2

    def test_in_the_end():
        ours = ("corsim", "attr", "ada_url", "rpds")
        names = [name for name in sys.modules if name.partition(".")[0] in ours]
        print("LOADED", json.dumps(names))
"""


def test_unused_it_loads_next_to_nothing(run: Run, pytester: pytest.Pytester) -> None:
    """A run without `cors_browser` loads a few small modules, also when tests fail."""
    pytester.makepyfile(LOADED)
    result = pytester.runpytest_subprocess(
        "-s", "-p", "no:hypothesispytest", "-p", "no:cacheprovider", "-p", "no:anyio", "-p", "no:asyncio"
    )
    result.assert_outcomes(passed=2, failed=1)
    line = next(line for line in result.outlines if "LOADED " in line)
    assert set(json.loads(line.partition("LOADED ")[2].rstrip("."))) == AT_THE_START


def test_nested_runs_have_their_own_ears(run: Run) -> None:
    """A run inside of a run neither forgets the outer one's fetches nor goes on listening."""
    from corsim.watching import WATCHERS

    before = list(WATCHERS)
    run("def test_it(page): page().fetch(API)")
    assert before == WATCHERS


def test_the_plugin_names_all_its_hooks() -> None:
    """What pytest calls is spelled as pytest spells it: a misspelt hook would never run."""
    from _pytest import hookspec

    for plugin in (corsim.pytest_plugin, corsim.pytest_plugin.listening.Listening):
        hooks = [name for name in vars(plugin) if name.startswith("pytest_")]
        assert hooks
        assert all(hasattr(hookspec, name) for name in hooks)
