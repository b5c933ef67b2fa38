"""`unittest.TestCase`, under pytest and without it."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from corsim import InvalidInput
from corsim.testing import in_each_engine

from .conftest import Run

CASES = """
    import unittest
    from corsim.testing import in_each_engine

    class Sync(unittest.TestCase):
        @in_each_engine
        def test_good(self, browser):
            browser.serve(API, lambda request: Response(200, [ANY]))
            self.assertTrue(browser.open(APP).fetch(API).ok)

        @in_each_engine(engines=["webkit", "spec"])
        def test_bad(self, browser):
            browser.serve(API, lambda request: Response())
            result = browser.open(APP).fetch(API)
            self.assertTrue(result.ok)

        @in_each_engine(engines=["spec"])
        def test_refused(self, browser):
            browser.serve(API, lambda request: Response(200, [ANY]))
            result = browser.open(APP).fetch(API)
            self.assertFalse(result.ok)

    class Async(unittest.IsolatedAsyncioTestCase):
        @in_each_engine
        async def test_async(self, browser):
            browser.serve(API, lambda request: Response())
            result = await browser.open(APP).fetch_async(API)
            self.assertEqual(result.status, 200)
"""


def test_under_pytest(run: Run) -> None:
    """Each engine is a subtest, and each failure is told with its own engine's fetch alone."""
    result = run(CASES)
    text = result.stdout.str()
    for engine in ("chromium", "firefox", "webkit"):
        assert text.count(f"\n{engine}: fetch GET https://api.example/ from https://app.example\n") >= 1
    result.stdout.fnmatch_lines([
        "*test_bad (engine='webkit')*",
        "E  * Blocked: GET https://api.example/ *",
        "webkit: fetch GET https://api.example/ from https://app.example",
        "*test_bad (engine='spec')*",
        "E  * Blocked: GET https://api.example/ *",
        "spec: fetch GET https://api.example/ from https://app.example",
        "E  * Readable: GET https://api.example/ *",
    ])  # fmt: skip
    assert "Also in this test" not in text
    assert 'each_engine.py", line' not in text


def test_without_pytest(run: Run, pytester: pytest.Pytester) -> None:
    """`python -m unittest` says the same, below the exception; the plugin is not there."""
    head = """
    from corsim import Response

    API, APP, ANY = "https://api.example", "https://app.example", ("Access-Control-Allow-Origin", "*")
    """
    (pytester.path / "test_cases.py").write_text(textwrap.dedent(head) + textwrap.dedent(CASES))
    ended = subprocess.run(
        [sys.executable, "-m", "unittest", "test_cases"], capture_output=True, text=True, cwd=pytester.path
    )
    text = ended.stderr
    assert "FAILED (failures=6)" in text
    assert (
        text.count("AssertionError: False is not true\nBlocked: GET https://api.example/ was answered") == 2
    )
    assert text.count("AssertionError: True is not false\nReadable: GET https://api.example/ answered") == 1
    assert text.count("AssertionError: 0 != 200\nBlocked: GET https://api.example/ was answered") == 3
    assert "firefox: fetch GET https://api.example/ from https://app.example\nConsole:\n" in text
    assert 'each_engine.py", line' not in text


def test_the_fixture_in_a_test_case(run: Run) -> None:
    """With one engine the fixture serves a TestCase; with several it says what to write."""
    result = run(
        """
        import unittest

        class Cases(unittest.TestCase):
            @pytest.fixture(autouse=True)
            def give_browser(self, cors_browser):
                self.browser = cors_browser

            @pytest.mark.cors(engines="webkit")
            def test_one(self):
                self.browser.serve(API, lambda request: Response())
                result = self.browser.open(APP).fetch(API)
                self.assertEqual(result.status, 200)

            def test_many(self): pass
        """
    )
    result.assert_outcomes(failed=1, errors=1)
    result.stdout.fnmatch_lines([
        "*decorate the method with @corsim.testing.in_each_engine*",
        "E  * Blocked: GET https://api.example/ *",
        "webkit: fetch GET https://api.example/ from https://app.example",
    ])  # fmt: skip


def test_an_unknown_engine_is_refused_where_it_is_written() -> None:
    """The decorator takes the engines of `Browser`."""
    with pytest.raises(InvalidInput, match="'chrome'"):
        in_each_engine(engines=["chrome"])(lambda self, browser: None)
