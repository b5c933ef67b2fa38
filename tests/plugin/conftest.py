"""A project of its own for each test, in which pytest runs as it does at a user's."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

import hypothesis.strategies  # noqa: F401
import pytest

# Loaded before any inner run: what a run imports is forgotten with it, and would be loaded each time.
import corsim.browser
import corsim.explaining.console
import corsim.pytest_plugin.failures
import corsim.pytest_plugin.gathering
import corsim.pytest_plugin.hiding
import corsim.servers.asgi
import corsim.servers.function  # noqa: F401

SERVING = """
    import pytest
    from corsim import Browser, Response

    API, APP = "https://api.example", "https://app.example"

    @pytest.fixture
    def page(cors_browser):
        def serving(*headers, status=200):
            cors_browser.serve(API, lambda request: Response(status, headers, b"[]"))
            return cors_browser.open(APP)
        return serving

    ANY = ("Access-Control-Allow-Origin", "*")
"""

Run = Callable[..., pytest.RunResult]


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Run pytest on a test module, after `SERVING`; its arguments follow."""
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")

    def run_it(module: str, *args: str, apart: bool = False) -> pytest.RunResult:
        pytester.makepyfile(textwrap.dedent(SERVING) + textwrap.dedent(module))
        call = pytester.runpytest_subprocess if apart else pytester.runpytest_inprocess
        return call("-p", "no:cacheprovider", "-p", "no:hypothesispytest", *args)

    return run_it
