"""The house rules that a reader relies on, held mechanically."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import corsim
from corsim.engines import ENGINES

SOURCE = Path(corsim.__file__).parent
MODULES = sorted(SOURCE.rglob("*.py"))

# Who may import whom: only what stands further up, or in the same row.
LAYERS = (
    ("watching",),
    ("values",),
    ("engines",),
    ("fetching",),
    ("api", "servers"),
    ("result", "explaining"),  # a result explains itself when asked to
    ("machine", "tables", "cookie_jar", "event_loop"),
    ("elements",),
    ("page", "memory"),
    ("browser",),
    ("cases",),
    ("conformance",),
    ("strategies",),
    ("demo",),
    ("testing",),
    ("cli", "__main__"),
    ("pytest_plugin",),
)
CORE = ("values", "engines", "fetching", "api", "machine", "result")
FORBIDDEN_IN_CORE = {"asyncio", "socket", "time", "random", "datetime", "threading", "os", "secrets", "uuid"}


def room(module: Path) -> str:
    """The package or module right below `corsim` that a file belongs to."""
    return module.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(module: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def ids(module: Path) -> str:
    """A readable test id."""
    return module.relative_to(SOURCE).as_posix()


@pytest.mark.parametrize("module", MODULES, ids=ids)
def test_imports_run_one_way(module: Path) -> None:
    """A module imports only from its own room and from those above it."""
    order = {name: level for level, names in enumerate(LAYERS) for name in names}
    own = room(module)
    if own == "__init__":
        return
    for name in imports(module):
        parts = name.split(".")
        if parts[0] != "corsim" or len(parts) == 1:
            continue
        other = parts[1]
        assert order[other] <= order[own], f"{own} imports {other}"


@pytest.mark.parametrize("module", MODULES, ids=ids)
def test_files_are_short(module: Path) -> None:
    """No file has more than 400 lines."""
    assert len(module.read_text("utf-8").splitlines()) <= 400


@pytest.mark.parametrize("module", MODULES, ids=ids)
def test_functions_are_short(module: Path) -> None:
    """No function has more than 45 lines, besides its docstring and its comments."""
    text = module.read_text("utf-8")
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
            body = lines[first.lineno - 1 : node.end_lineno]
            code = [line for line in body if line.strip() and not line.strip().startswith("#")]
            assert len(code) <= 45, f"{node.name} has {len(code)} lines"


@pytest.mark.parametrize("module", [path for path in MODULES if room(path) in CORE], ids=ids)
def test_the_core_knows_no_world(module: Path) -> None:
    """No clock, socket, event loop or randomness is imported where the algorithms live."""
    assert not {name.split(".")[0] for name in imports(module)} & FORBIDDEN_IN_CORE


@pytest.mark.parametrize(
    "module", [path for path in MODULES if room(path) in ("fetching", "machine")], ids=ids
)
def test_no_engine_is_named_in_the_algorithms(module: Path) -> None:
    """An engine's departures are facts of its profile; the algorithms never ask for its name."""
    text = module.read_text("utf-8").lower()
    assert not [name for name in (*ENGINES[1:], "chrome", "safari", "gecko") if name in text]


def test_only_one_place_waits_for_a_server() -> None:
    """One exchange is yielded in all the algorithms: the rest is pure."""
    texts = [path.read_text("utf-8") for path in (SOURCE / "fetching").glob("*.py")]
    assert not any("yield Exchange(" in text for text in texts)
    assert sum(text.count("yield exchange\n") for text in texts) == 1


def test_the_face_is_small_and_sorted() -> None:
    """`corsim` exports at most 25 names, in order, and each of them exists."""
    assert corsim.__all__ == sorted(corsim.__all__)
    assert len(corsim.__all__) <= 25
    assert all(hasattr(corsim, name) for name in corsim.__all__)
    assert sorted(name for names in corsim._HOMES.values() for name in names) == corsim.__all__


def test_importing_corsim_is_light() -> None:
    """`import corsim` loads no adapter, command line, test tool, event loop or suffix list."""
    heavy = [
        "asyncio",
        "click",
        "rich",
        "hypothesis",
        "pytest",
        "publicsuffixlist",
        "fastapi",
        "starlette",
        "jsonschema",
        "httpcore2",
        "anyio",
        "subprocess",
        "corsim.servers.asgi",
        "corsim.servers.wsgi",
        "corsim.servers.http",
        "corsim.servers.command",
        "corsim.servers.shared_cache",
        "corsim.servers.imported",
        "corsim.cli",
        "corsim.cases",
        "corsim.strategies",
        "corsim.explaining.words",
        "corsim.explaining.console",
        "corsim.explaining.pasted",
    ]
    code = f"import sys, corsim; print([name for name in {heavy!r} if name in sys.modules])"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert output.stdout.strip() == "[]"
