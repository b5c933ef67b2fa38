"""docs/pytest.md and README's test: each is run as it stands, by pytest, and prints what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pages import blocks, first_missing

ROOT = Path(__file__).parents[2]
OPTIONS = ("-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest")


def test_the_page_says_what_pytest_prints(pytester: pytest.Pytester) -> None:
    """Files are written, pytest run on each; where the page shows output, it is that, but for `...`."""
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    written, seen = "", []
    for name, text in blocks(ROOT / "docs/pytest.md"):
        seen.append(name)
        if name != "pytest":
            (pytester.path / name).write_text(text, "utf-8")
            written = name
            if name not in ("conftest.py", "test_shop.py"):
                assert pytester.runpytest_inprocess(*OPTIONS, name).ret == pytest.ExitCode.OK
            continue
        printed = pytester.runpytest_inprocess(*OPTIONS, written)
        missing = first_missing(text, printed.outlines)
        assert missing is None
    assert seen == [
        "test_shop.py", "pytest", "conftest.py", "test_engines.py", "test_async.py", "test_cases.py"
    ]  # fmt: skip


def test_the_readmes_test_passes(pytester: pytest.Pytester) -> None:
    """It is a whole module, and passes in three engines."""
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    examples = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    (module,) = [text for text in examples if "cors_browser" in text]
    pytester.makepyfile(module)
    pytester.runpytest_inprocess(*OPTIONS).assert_outcomes(passed=3)
