"""What marks a test as the known defect of a release."""

from __future__ import annotations

from importlib.metadata import version

import pytest
from _pytest.outcomes import Failed, XFailed
from published.defects import Mended, published

NOW = version("pytest")


def fails() -> None:
    raise AssertionError("blocked: allow-origin-missing")


def passes() -> None:
    pass


def test_a_defect_that_is_there_is_expected() -> None:
    with pytest.raises(XFailed, match=r"allow-origin-missing"):
        published("pytest", NOW, says="allow-origin-missing")(fails)()


def test_another_failure_is_a_failure() -> None:
    with pytest.raises(AssertionError, match=r"allow-origin-missing"):
        published("pytest", NOW, says="preflight-status")(fails)()


def test_a_defect_that_is_not_there_is_a_failure() -> None:
    with pytest.raises(Failed, match=r"does not have this defect"):
        published("pytest", NOW, says="blocked")(passes)()


def test_a_release_that_mends_it_is_told_of() -> None:
    with pytest.warns(Mended, match=r"was seen in 1\.0"):
        published("pytest", "1.0", says="blocked")(passes)()
