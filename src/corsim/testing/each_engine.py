"""`unittest`, which knows no fixtures: a method that runs in each engine."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from corsim.watching import WATCHERS

__unittest = True  # unittest shows no frames of modules that have this

BROWSERS = ("chromium", "firefox", "webkit")


def in_each_engine(test: Callable[..., Any] | None = None, *, engines: Sequence[str] = BROWSERS) -> Any:
    """Run a method of a `unittest.TestCase` in each engine, as a subtest, with a new browser as its argument.

    Works for `async def` methods of an `IsolatedAsyncioTestCase` too, under unittest and
    under pytest. `engines` are those of `corsim.Browser`; an unknown one raises `InvalidInput`.

    >>> import unittest
    >>> from corsim import Policy
    >>> class Cors(unittest.TestCase):
    ...     @in_each_engine(engines=["firefox", "spec"])
    ...     def test_anyone_may_read(self, browser):
    ...         browser.serve("https://api.example", Policy(origins="*"))
    ...         result = browser.open("https://app.example").fetch("https://api.example/")
    ...         self.assertTrue(result.ok)
    >>> unittest.TextTestRunner(stream=__import__("io").StringIO()).run(Cors("test_anyone_may_read"))
    <unittest.runner.TextTestResult run=1 errors=0 failures=0>
    """
    if test is None:
        return functools.partial(in_each_engine, engines=engines)
    from corsim.engines import profile

    for engine in engines:
        profile(engine)  # refuses what is no engine, where it is written
    return _asynchronous(test, engines) if inspect.iscoroutinefunction(test) else _synchronous(test, engines)


def _synchronous(test: Callable[..., Any], engines: Sequence[str]) -> Callable[..., Any]:
    from corsim.browser import Browser

    @functools.wraps(test)
    def in_all(self: Any) -> None:
        for engine in engines:
            with self.subTest(engine=engine), Browser(engine) as browser, _noting_the_cause():
                test(self, browser)

    return in_all


def _asynchronous(test: Callable[..., Any], engines: Sequence[str]) -> Callable[..., Any]:
    from corsim.browser import Browser

    @functools.wraps(test)
    async def in_all(self: Any) -> None:
        for engine in engines:
            with self.subTest(engine=engine), _noting_the_cause():
                async with Browser(engine) as browser:
                    await test(self, browser)

    return in_all


@contextmanager
def _noting_the_cause() -> Iterator[None]:
    """Add to a failure what it has to do with its fetches, unless somebody listens who will say so."""
    if WATCHERS:
        yield
        return
    from corsim.testing.recorder import Recorder

    recorder = Recorder()
    recorder.watch()
    try:
        yield
    except Exception as error:
        from corsim.testing.telling import tell

        story = tell(error, recorder)
        if story is not None:
            error.add_note(f"{story.headline}\n{story.section}".strip())
        raise
    finally:
        recorder.stop()
