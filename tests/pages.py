"""Pages of the docs whose files are written and run, and whose output is what is printed then."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_BLOCK = re.compile(r"<!-- (?P<name>\S+) -->\n```\w*\n(?P<text>.*?)```\n", re.DOTALL)


def blocks(page: Path) -> Iterator[tuple[str, str]]:
    """The blocks of a page that have a name, in order; those named `pytest` show what it prints."""
    for found in _BLOCK.finditer(page.read_text("utf-8")):
        yield found["name"], found["text"]


def first_missing(text: str, printed: list[str]) -> str | None:
    """Find what of a text was not printed; lines follow each other, but where the text says `...`."""
    shown = "\n".join(line.strip("_ ") for line in printed) + "\n"
    for part in filter(None, re.split(r"^\.\.\.\n", text, flags=re.MULTILINE)):
        lines = "".join(f"{line.strip('_ ')}\n" for line in part.splitlines())
        before, found, shown = shown.partition(lines)
        if not found:
            return f"{lines!r} is not in {before!r}"
    return None
