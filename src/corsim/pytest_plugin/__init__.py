"""The pytest plugin: the fixture `cors_browser`, failures that name their cause, and `--corsim-report`.

    listening   which fetches a test made
    engines     the marker `cors`, and in which engines a test runs
    failures    what a failing test says
    hiding      which frames it does not show
    gathering   what each test fetched, brought together from all workers
    writing     the report as JSON, Markdown or JUnit XML

It is loaded at the start of every test run, also where nobody tests CORS, and before coverage
is measured. So it loads nothing of corsim's rooms, which the first test that asks for a browser
does; and it names nothing that only a new pytest has.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from corsim.pytest_plugin.listening import Listening

if TYPE_CHECKING:
    from corsim.browser import Browser


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option and the setting."""
    group = parser.getgroup("corsim", "CORS, as browsers see it (corsim)")
    group.addoption(
        "--corsim-report",
        metavar="FILE",
        help="Write what the tests fetched and what browsers made of it, to FILE.json, FILE.md or FILE.xml.",
    )
    parser.addini(
        "cors_engines",
        "The engines in which tests with cors_browser run, unless they are marked with cors(engines=...).",
        type="args",
        default=["chromium", "firefox", "webkit"],
    )


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker, begin to listen, and refuse a report that could not be written."""
    config.addinivalue_line(
        "markers",
        "cors(engines): run with cors_browser in these engines: 'chromium', 'firefox', 'webkit', "
        "or 'spec' for the standard itself.",
    )
    listening = Listening()
    config.pluginmanager.register(listening, "corsim-listening")
    config.add_cleanup(listening.stop)
    if config.getoption("corsim_report") is not None:
        from corsim.pytest_plugin.gathering import Gathering

        config.pluginmanager.register(Gathering(config, listening.recorder), "corsim-report")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that has `cors_browser` once in each of its engines."""
    if "cors_browser" in metafunc.fixturenames:
        from corsim.pytest_plugin.engines import engines_of, is_parametrized

        if not is_parametrized(metafunc.definition):
            metafunc.parametrize("cors_browser", engines_of(metafunc.definition), indirect=True)


@pytest.fixture
def cors_browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """Give a new browser, in each engine in turn; it is closed when the test is over."""
    from corsim.browser import Browser
    from corsim.pytest_plugin.engines import closed_in_its_loop, single_engine

    engine = getattr(request, "param", None) or single_engine(request.node)
    with Browser(engine) as browser, closed_in_its_loop(browser, request.node):
        yield browser
