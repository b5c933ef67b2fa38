"""Which fetches a test made: the part of the plugin that is there in every run."""

from __future__ import annotations

import sys
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

from corsim.testing.recorder import Recorder

if TYPE_CHECKING:
    from pluggy import Result


class Listening:
    """Hears of each fetch of the test that runs; one for each run, since runs can be nested."""

    def __init__(self) -> None:
        self.recorder = Recorder()
        self.recorder.watch()
        self.told: dict[tuple[str, str], str] = {}

    def stop(self) -> None:
        """Hear no more."""
        self.recorder.stop()

    def pytest_runtest_logstart(self) -> None:
        """Forget what the test before fetched; a test that is skipped has no setup of ours, and has this."""
        self.recorder.forget()

    # AD-HOC: the older kind of wrapper, which every pytest knows.
    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, Result[Any], None]:
        """Put the cause into a failure."""
        failed = call.excinfo is not None or getattr(
            item, "_excinfo", None
        )  # unittest hands its own over later
        if not failed or "corsim.browser" not in sys.modules:
            yield
            return
        from corsim.pytest_plugin.hiding import hide_own_frames

        hide_own_frames()
        report = (yield).get_result()
        if report.failed and call.excinfo is not None and self.recorder.count:
            from corsim.pytest_plugin.failures import put_into

            put_into(report, call.excinfo.value, self.recorder, self.told)
