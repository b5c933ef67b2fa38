"""docs/explain.md shows what is printed, and names every cause."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

from corsim.explaining import Cause
from corsim.explaining.frameworks import frameworks

PAGE = Path(__file__).parents[2] / "docs" / "explain.md"


def test_what_the_page_shows_is_printed() -> None:
    """Each block of text is what the block of Python above it prints."""
    blocks = re.findall(r"```(python)?\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    scope: dict[str, object] = {}
    printed, shown = "", 0
    for kind, text in blocks:
        if not kind:
            assert text == printed
            shown += 1
            continue
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            exec(compile(text, str(PAGE), "exec"), scope)
        printed = output.getvalue()
    assert shown == 4


def test_the_page_names_every_cause_and_framework() -> None:
    """The table of causes is whole, and so is the list of frameworks."""
    text = PAGE.read_text("utf-8")
    assert re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE) == [cause.value for cause in Cause]
    assert all(f"`{name}`" in text for name in frameworks())
