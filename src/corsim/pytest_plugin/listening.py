"""Which fetches a test made: the part of the plugin that is there in every run."""

from __future__ import annotations

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

    def stop(self) -> None:
        """Hear no more."""
        self.recorder.stop()

    def pytest_runtest_setup(self) -> None:
        """Forget what the test before fetched."""
        self.recorder.forget()

    # AD-HOC: the older kind of wrapper, which every pytest knows.
    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, Result[Any], None]:
        """Put the cause into a failure."""
        if not self.recorder.count:
            yield
            return
        from corsim.pytest_plugin.failures import hide_own_frames, put_into

        hide_own_frames()
        report = (yield).get_result()
        if report.failed and call.excinfo is not None:
            put_into(report, call.excinfo.value, self.recorder)
