"""The page of defects in published servers, made from the tests that find them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import attrs

TESTS = Path(__file__).parent.parent / "tests" / "published"

INTRODUCTION = """\
# What published servers get wrong

<!-- Made by docs/generate.py from tests/published: change those, not this page. -->

Each of these was found the way you would find it in your own app: a page is opened, it fetches, and
what it can't do (or what a stranger can) is looked at. `make frameworks` looks again, with the releases
that are current then, and says so when one has mended a defect. Some are by design and documented; a
person with a red console line meets them all the same.

## Test yours for them

Take what applies. `app` is your own, and these are the pages that may and may not use it.

```python
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"], allow_methods=["*"])


@app.get("/items")
def items() -> list[str]:
    return ["a book"]
```

```python
from corsim import Browser

API, PAGE = "https://api.example.com", "https://app.example.com"
LOOKALIKES = [
    "null",  # a sandboxed frame, anybody's
    "http://app.example.com",  # who is in the same network
    "https://app.example.com:8443",
    "https://app.example.co",  # an origin is compared whole,
    "https://app.example.com.evil.test",  # and not at its beginning,
    "https://evilapp.example.com",  # nor at its end,
    "https://appxexample.com",  # and a dot in it is a dot
]

with Browser() as browser:
    browser.serve(API, app)
    page = browser.open(PAGE)

    # What is allowed works, and says what went wrong when something else does.
    assert page.fetch(f"{API}/items").ok
    assert page.fetch(f"{API}/items", method="PUT").status == 405
    assert page.fetch(f"{API}/itmes").status == 404
    assert page.fetch(f"{API}/itmes", method="DELETE").status == 404

    # Nobody else gets in, with cookies or without.
    for origin in LOOKALIKES:
        stranger = browser.open(origin)
        assert not stranger.fetch(f"{API}/items").readable, origin
        assert not stranger.fetch(f"{API}/items", credentials="include").readable, origin

    # What a cache in between may give to anybody is the same for everybody.
    answers = [browser.open(origin).fetch(f"{API}/items").exchanges[-1].response for origin in (PAGE, "null")]
    assert all("Origin" in (answer.headers.get("Vary") or "") for answer in answers)
```

The last check is for an app whose answers differ from origin to origin. One that says `*` to all needs
no `Vary`.
"""


@attrs.frozen
class Found:
    """A test of a defect, as its source has it."""

    package: str
    version: str
    thread: str
    what: str
    path: Path
    line: int

    @property
    def row(self) -> str:
        """One row of the package's table."""
        link = f"[{self.version}](../tests/published/{self.path.name}#L{self.line})"
        return f"| {self.what} | {link} | {self.thread} |"


def published_page() -> str:
    """Write the page: how to test, then a table for each package."""
    page = [INTRODUCTION]
    head = ["| what happens | seen in | reported as |", "| --- | --- | --- |"]
    rows: dict[str, list[str]] = {}
    for found in defects():
        rows.setdefault(found.package, []).append(found.row)
    for package, table in sorted(rows.items(), key=lambda item: item[0].lower()):
        page += [f"## {package}", "", *head, *table, ""]
    return "\n".join(page)


def defects() -> Iterator[Found]:
    """Read every test that `published` marks; importing it would need the frameworks."""
    for path in sorted(TESTS.glob("test_*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                yield from (_found(node, mark, path) for mark in node.decorator_list if _is_mark(mark))


def _is_mark(mark: ast.expr) -> bool:
    return isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name) and mark.func.id == "published"


def _found(node: ast.FunctionDef, mark: ast.expr, path: Path) -> Found:
    assert isinstance(mark, ast.Call)
    package, version = (ast.literal_eval(argument) for argument in mark.args)
    named = {keyword.arg: ast.literal_eval(keyword.value) for keyword in mark.keywords}
    what = " ".join((ast.get_docstring(node) or "").split())
    return Found(package, version, named.get("thread", ""), what, path, node.lineno)
