"""README's front door: what its first example prints is what stands below it."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"


def test_the_first_example_prints_what_readme_says() -> None:
    """The first block of Python, run as it stands, prints the block that follows it."""
    example, printed = re.findall(r"```(?:python)?\n(.*?)```", README.read_text("utf-8"), re.DOTALL)[:2]
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(example, str(README), "exec"), {})
    assert output.getvalue() == printed
