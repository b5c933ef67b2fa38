"""The results that a failing statement is about: those it names, and those it fetched."""

from __future__ import annotations

import ast
import traceback
import types
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import attrs

from corsim.machine import Fetch
from corsim.result import Result
from corsim.testing.own_code import function_around, header_of, is_own, statement_at
from corsim.testing.recorder import Recorder

_SEARCHED = 100  # elements of a list of results


@attrs.frozen
class Suspicion:
    """What a failing statement is about: the `results` it names, and the `words` in which it does.

    `denies` is whether it says `not`: then what it didn't expect is a result that is ok.
    """

    results: tuple[Result, ...] = ()
    words: frozenset[str] = frozenset()
    denies: bool = False


def suspicion(error: BaseException, recorder: Recorder) -> Suspicion:
    """Find what a failure is about, in the innermost of the user's lines that is about any result."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]  # of tasks that failed together, the first
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        filename = frame.f_code.co_filename
        statement = statement_at(filename, line) if is_own(filename) else None
        if statement is None:
            continue
        nodes = list(_reaching(statement, filename, line))
        named = list(_named(nodes, frame))
        made = recorder.made_at((filename, number) for number in _lines(nodes))
        results = {id(result): result for result in [*named, *_of_one_browser(made, named)]}
        if results:
            words = _words(nodes)
            return Suspicion(tuple(results.values()), words, _denies(statement) or "assertFalse" in words)
    return Suspicion()


def _of_one_browser(made: list[Result], named: list[Result]) -> list[Result]:
    """Leave out what the same lines fetched before, where they run again with a new browser each time."""
    browsers = [browser_of(result) for result in named or made[-1:]]
    return [result for result in made if any(browser_of(result) is browser for browser in browsers)]


def browser_of(result: Result) -> object:
    """Find the browser in which a result came about."""
    return result.fetch._world if isinstance(result.fetch, Fetch) else None


def _denies(statement: ast.stmt) -> bool:
    return any(isinstance(node, ast.Not) for node in header_of(statement))


def _reaching(statement: ast.stmt, filename: str, line: int) -> Iterator[ast.AST]:
    """Walk a statement, the conditions under which it is reached, and what made the names they read."""
    function = function_around(filename, line)
    earlier = [] if function is None else [node for node in ast.walk(function) if hasattr(node, "lineno")]
    conditions = [
        node.test for node in earlier
        if isinstance(node, ast.If) and node.lineno < statement.lineno <= (node.end_lineno or 0)
    ]  # fmt: skip
    nodes = [*header_of(statement), *(inner for test in conditions for inner in ast.walk(test))]
    yield from nodes
    wanted = _names(nodes)
    for node in sorted(earlier, key=lambda node: -node.lineno):
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            stored = _names(inner for target in targets for inner in ast.walk(target))
            if node.lineno < statement.lineno and stored & wanted:
                value = list(ast.walk(node.value))
                wanted |= _names(value)
                yield from value


def _lines(nodes: Iterable[ast.AST]) -> set[int]:
    """Gather the lines on which expressions stand: a call may have been made from any of its own."""
    spans = (range(node.lineno, (node.end_lineno or 0) + 1) for node in nodes if isinstance(node, ast.expr))
    return {line for span in spans for line in span}


def _names(nodes: Iterable[ast.AST]) -> set[str]:
    return {node.id for node in nodes if isinstance(node, ast.Name)}


def _words(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """Gather the attributes that are read, and the strings, in lower case."""
    found = set()
    for node in nodes:
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value.lower())
    return frozenset(found)


def _named(nodes: list[ast.AST], frame: types.FrameType) -> Iterator[Result]:
    """Look up the names, and the attributes of what they name."""
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    for name in sorted(_names(nodes)):
        value = frame.f_locals.get(name, frame.f_globals.get(name))
        yield from _results_in(value)
        own = {} if _is_a(value, types.ModuleType, type, Result, Fetch) else _attributes_of(value)
        for attribute in sorted(attributes & own.keys()):
            yield from _results_in(own[attribute])


def _attributes_of(value: Any) -> dict[str, Any]:
    """Read an object's attributes; a proxy may raise whatever it likes, and then has none."""
    with suppress(Exception):
        own = value.__dict__
        return own if _is_a(own, dict) else {}
    return {}


def _is_a(value: Any, *kinds: type) -> bool:
    """Do as `isinstance`, without asking the value itself: a proxy may have nobody to ask."""
    return issubclass(type(value), kinds)


def _results_in(value: Any) -> Iterator[Result]:
    """List the results that a value is, or holds."""
    if _is_a(value, Result):
        yield value
    elif _is_a(value, Fetch):
        if value.done:
            yield value.result
    elif _is_a(value, list, tuple, dict):
        elements = list(value.values() if _is_a(value, dict) else value)[-_SEARCHED:]
        yield from (element for element in elements if _is_a(element, Result))
