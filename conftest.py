"""Every example in README.md and docs/ is run, and Hypothesis takes the same examples every time on CI."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

collect_ignore = ["tests/frameworks/apps"]  # to be served, and importable where their frameworks are

pytest_plugins = ["pytester"]  # tests of the plugin run pytest inside of pytest

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()],
    patterns=["README.md", "docs/*.md"],
).pytest()

settings.register_profile(
    "corsim",
    deadline=None,  # a busy machine is no bug
    max_examples=120,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("corsim")
