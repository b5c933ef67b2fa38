"""Print the first Python example of a page: `python docs/first_example.py README.md`."""

from __future__ import annotations

import re
import sys
from pathlib import Path


def first_example(page: Path) -> str:
    """Find the first fenced Python block of a Markdown page."""
    match = re.search(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    if match is None:
        raise SystemExit(f"{page} has no Python example")
    return match.group(1)


if __name__ == "__main__":
    print(first_example(Path(sys.argv[1])))
