"""Every example in README.md and docs/ is run: one that lies is a failing test."""

from __future__ import annotations

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

collect_ignore = ["tests/frameworks/apps"]  # to be served, and importable where their frameworks are

pytest_plugins = ["pytester"]  # tests of the plugin run pytest inside of pytest

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()],
    patterns=["README.md", "docs/*.md"],
).pytest()
