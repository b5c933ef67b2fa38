"""Which files of a checkout are tests, and at which URL each is opened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import attrs

from wpt.server import HOST

SUPPORT = ("resources", "support", "tools")


@attrs.frozen
class TestFile:
    """One test: its path in the checkout, and the URL of its document."""

    __test__ = False  # none of pytest's

    path: str
    url: str
    source: str

    @property
    def is_script(self) -> bool:
        return self.path.endswith(".js")


def files_under(checkout: Path, paths: Sequence[str]) -> Iterator[TestFile]:
    """Find the tests below some folders, in order."""
    for path in paths:
        root = checkout / path
        files = [root] if root.is_file() else sorted(root.rglob("*"))
        for file in files:
            relative = file.relative_to(checkout)
            if file.is_file() and not set(relative.parts[1:-1]) & set(SUPPORT):
                yield from _tests(file, str(relative))


def _tests(file: Path, relative: str) -> Iterator[TestFile]:
    if file.name.endswith((".any.js", ".window.js")):
        source = file.read_text(errors="replace")
    elif file.suffix in (".html", ".htm"):
        source = file.read_text(errors="replace")
        if "testharness.js" not in source:
            return
    else:
        return
    origin = f"http://{HOST}:8000"
    for flag, port in ((".https.", 8443), (".h2.", 9000)):
        if flag in file.name:
            origin = f"https://{HOST}:{port}"
    for variant in _variants(source):
        url = relative.replace(".any.js", ".any.html").replace(".window.js", ".window.html")
        yield TestFile(relative + variant, f"{origin}/{url}{variant}", source)


def _variants(source: str) -> list[str]:
    """Find the queries with which a test is to be opened, each a test of its own."""
    return _VARIANT.findall(source) or [""]


_VARIANT = re.compile(
    r"""(?:^// META: variant=|<meta name=["']?variant["']? content=["']?)([^"'\n>]*)""", re.MULTILINE
)
