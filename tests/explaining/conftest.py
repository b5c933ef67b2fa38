"""Hypothesis as these tests run it: the same examples every time on CI, new ones at home."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "corsim",
    deadline=None,  # a busy machine is no bug
    max_examples=120,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("corsim")
