"""The marker `cors`, and in which engines a test runs."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from corsim.engines import ENGINES

if TYPE_CHECKING:
    from corsim.browser import Browser

KNOWN = ", ".join(map(repr, ENGINES))


def is_parametrized(item: pytest.Item) -> bool:
    """Say whether a test's author already chose the engines, with `parametrize(..., indirect=True)`."""
    names = [mark.args[0] for mark in item.iter_markers("parametrize") if mark.args]
    given = [part.strip() for name in names for part in (name.split(",") if isinstance(name, str) else name)]
    return "cors_browser" in given


def engines_of(item: pytest.Item) -> list[str]:
    """List the engines of a test: those of the nearest marker, or else of the setting."""
    mark = item.get_closest_marker("cors")
    if mark is None:
        return _checked(item.config.getini("cors_engines"), "the setting cors_engines")
    if mark.args or set(mark.kwargs) != {"engines"}:
        given = ", ".join(
            [*map(repr, mark.args), *(f"{name}={value!r}" for name, value in mark.kwargs.items())]
        )
        raise _usage(
            f"{item.name} is marked with cors({given}): write @pytest.mark.cors(engines=['chromium']), "
            f"with some of {KNOWN}, and nothing else"
        )
    return _checked(mark.kwargs["engines"], f"cors(engines=...), the mark of {item.name},")


def _checked(engines: Any, where: str) -> list[str]:
    names = [engines] if isinstance(engines, str) else engines
    if not isinstance(names, (list, tuple)) or not names:
        raise _usage(f"{where} takes one engine or a list of them, out of {KNOWN}: not {engines!r}")
    for name in names:
        if name not in ENGINES:
            raise _usage(f"{where} names {name!r}, which is no engine: take some of {KNOWN}")
    if len({*names}) < len(names):
        raise _usage(f"{where} names an engine twice: {names!r}")
    return list(names)


def _usage(message: str) -> Exception:
    return pytest.Collector.CollectError(message)


def single_engine(item: pytest.Item) -> str:
    """Choose the engine where pytest can't run a test several times; there must be one only."""
    try:
        engines = engines_of(item)
    except pytest.Collector.CollectError as error:
        pytest.fail(str(error), pytrace=False)
    if len(engines) > 1:
        pytest.fail(
            "cors_browser would run this test once in each of "
            f"{', '.join(engines)}, and pytest can't do that for methods of unittest.TestCase, nor by "
            "request.getfixturevalue: mark it with @pytest.mark.cors(engines='chromium'), or decorate the "
            "method with @corsim.testing.in_each_engine, which hands it a browser",
            pytrace=False,
        )
    return engines[0]


@contextmanager
def closed_in_its_loop(browser: Browser, item: Any) -> Iterator[None]:
    """Let an async test close its browser while its event loop still runs: apps end where they began."""
    test = getattr(item, "obj", None)
    if not inspect.iscoroutinefunction(test):
        yield
        return

    @functools.wraps(test)
    async def closing(*args: Any, **kwargs: Any) -> Any:
        async with browser:
            return await test(*args, **kwargs)

    item.obj = closing
    try:
        yield
    finally:
        item.obj = test
