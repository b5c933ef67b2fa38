"""The pytest plugin: the fixture `cors_browser`, failures that name their cause, and `--corsim-report`.

    engines     the marker `cors`, and in which engines a test runs
    failures    what a failing test says
    gathering   what each test fetched, brought together from all workers
    writing     the report as JSON, Markdown or JUnit XML

It is loaded at the start of every test run, so it loads nothing of corsim's rooms: the first
test that asks for a browser does.
"""

from __future__ import annotations

import inspect
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

from corsim.testing.recorder import Recorder

if TYPE_CHECKING:
    from corsim.browser import Browser

RECORDER = Recorder()


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
    RECORDER.watch()
    config.add_cleanup(RECORDER.stop)
    if config.getoption("corsim_report") is not None:
        from corsim.pytest_plugin.gathering import Gathering

        config.pluginmanager.register(Gathering(config, RECORDER), "corsim-report")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that has `cors_browser` once in each of its engines."""
    if "cors_browser" in metafunc.fixturenames:
        from corsim.pytest_plugin.engines import engines_of, is_parametrized

        if not is_parametrized(metafunc.definition):
            engines = engines_of(metafunc.definition)
            metafunc.parametrize("cors_browser", engines, indirect=True)


@pytest.fixture
def cors_browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """Give a new browser, in each engine in turn; it is closed when the test is over."""
    from corsim.browser import Browser
    from corsim.pytest_plugin.engines import single_engine

    with Browser(getattr(request, "param", None) or single_engine(request.node)) as browser:
        yield browser


def pytest_runtest_setup() -> None:
    """Forget what the test before fetched."""
    RECORDER.forget()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Close the browser of an async test while its event loop still runs: apps end where they began."""
    browser = getattr(item, "funcargs", {}).get("cors_browser")
    test = getattr(item, "obj", None)
    if browser is None or not inspect.iscoroutinefunction(test):
        return (yield)
    from corsim.pytest_plugin.engines import closing

    item.obj = closing(browser, test)  # type: ignore[attr-defined]  # pytest.Function has it
    try:
        return (yield)
    finally:
        item.obj = test  # type: ignore[attr-defined]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Put the cause into a failure, and what was fetched into the file of `--junitxml`."""
    if not RECORDER.count:
        return (yield)
    from corsim.pytest_plugin.failures import hide_own_frames, put_into

    if call.when == "teardown" and item.config.getoption("xmlpath", None):
        from corsim.pytest_plugin.gathering import junit_properties

        item.user_properties += junit_properties(RECORDER)
    hide_own_frames()
    report = yield
    if report.failed and call.excinfo is not None:
        put_into(report, call.excinfo.value, RECORDER)
    return report
