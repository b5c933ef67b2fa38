"""Which files are the user's own, and which statement of them stands at a line."""

from __future__ import annotations

import ast
import linecache
import site
import sysconfig
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

_CORSIM = Path(__file__).resolve().parent.parent
_COMPOUND = ("body", "orelse", "finalbody", "handlers", "cases")


@cache
def _others() -> tuple[str, ...]:
    """Where Python and what is installed live, and corsim itself."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    folders = [sysconfig.get_path(name) for name in names]
    folders += [*site.getsitepackages(), site.getusersitepackages(), str(_CORSIM)]
    return tuple(f"{Path(folder).resolve().as_posix()}/" for folder in folders)


@lru_cache(maxsize=1000)
def is_own(filename: str) -> bool:
    """Say whether a file is the user's: neither Python's, nor installed, nor corsim's.

    >>> import json
    >>> is_own(json.__file__), is_own("/home/ada/shop/test_api.py"), is_own("<string>")
    (False, True, False)
    """
    return not filename.startswith("<") and not Path(filename).resolve().as_posix().startswith(_others())


def is_corsims(filename: str) -> bool:
    """Say whether a file is one of corsim's."""
    return Path(filename).resolve().is_relative_to(_CORSIM)


def statement_at(filename: str, line: int) -> ast.stmt | None:
    """Find the innermost statement at a line of a file; None without its source."""
    found = None
    for node in _statements(filename):
        if node.lineno <= line <= (node.end_lineno or node.lineno):
            found = node  # walked from the outside in, so the last one is the innermost
    return found


@lru_cache(maxsize=20)
def _statements(filename: str) -> tuple[ast.stmt, ...]:
    try:
        tree = ast.parse("".join(linecache.getlines(filename)))
    except (SyntaxError, ValueError):
        return ()
    return tuple(node for node in ast.walk(tree) if isinstance(node, ast.stmt))


def function_around(filename: str, line: int) -> ast.stmt | None:
    """Find the innermost function at a line of a file."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    around = [
        node for node in _statements(filename)
        if isinstance(node, functions) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]  # fmt: skip
    return around[-1] if around else None


def header_of(statement: ast.stmt) -> Iterator[ast.AST]:
    """Walk a statement without the statements in it: of a `with`, only its first line."""
    for name, value in ast.iter_fields(statement):
        if name not in _COMPOUND:
            for node in value if isinstance(value, list) else [value]:
                if isinstance(node, ast.AST):
                    yield from ast.walk(node)
