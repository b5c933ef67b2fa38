"""The results that a failing statement is about: those it names, and those it fetched."""

from __future__ import annotations

import ast
import traceback
import types
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from corsim.machine import Fetch
from corsim.result import Result
from corsim.testing.own_code import function_around, header_of, is_own, statement_at
from corsim.testing.recorder import Recorder

_SEARCHED = 100  # elements of a list of results


@attrs.frozen
class Suspicion:
    """What a failing statement is about: the `results` it names, and the `words` in which it does."""

    results: tuple[Result, ...] = ()
    words: frozenset[str] = frozenset()


def suspicion(error: BaseException, recorder: Recorder) -> Suspicion:
    """Find what a failure is about, in the innermost of the user's lines that is about any result."""
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        filename = frame.f_code.co_filename
        statement = statement_at(filename, line) if is_own(filename) else None
        if statement is None:
            continue
        nodes = list(_reaching(statement, filename, line))
        results = [*_named(nodes, frame), *recorder.made_at((filename, number) for number in _lines(nodes))]
        if results:
            return Suspicion(tuple({id(result): result for result in results}.values()), _words(nodes))
    return Suspicion()


def _reaching(statement: ast.stmt, filename: str, line: int) -> Iterator[ast.AST]:
    """Walk a statement, and the assignments above it in its function that made the names it reads."""
    nodes = list(header_of(statement))
    yield from nodes
    wanted = _names(nodes)
    function = function_around(filename, line)
    earlier = [] if function is None else [node for node in ast.walk(function) if hasattr(node, "lineno")]
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
        own = getattr(value, "__dict__", None)
        if isinstance(own, Mapping) and not isinstance(value, (types.ModuleType, type, Result, Fetch)):
            for attribute in sorted(attributes & own.keys()):
                yield from _results_in(own[attribute])


def _results_in(value: Any) -> Iterator[Result]:
    """List the results that a value is, or holds."""
    if isinstance(value, Result):
        yield value
    elif isinstance(value, Fetch):
        if value.done:
            yield value.result
    elif isinstance(value, (list, tuple, dict)):
        elements = list(value.values() if isinstance(value, dict) else value)[-_SEARCHED:]
        yield from (element for element in elements if isinstance(element, Result))
