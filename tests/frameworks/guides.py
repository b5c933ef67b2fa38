"""Follow a guide: write its files, and run pytest wherever it shows what pytest prints.

`make guides` renews what they show, after corsim has changed its words; it leaves the rest alone.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from difflib import get_close_matches
from pathlib import Path

import attrs
from pages import blocks

GUIDES = sorted(Path(__file__).parents[2].glob("docs/guides/[!R]*.md"))
# Of all plugins here ours alone, which is what a reader has and takes half the time.
PYTEST = (
    sys.executable,
    "-m",
    "pytest",
    "-q",
    "--color=no",
    "-p",
    "no:cacheprovider",
    "-p",
    "corsim.pytest_plugin",
)
VARIABLES = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COLUMNS": "80"}
ELLIPSIS = "..."


@attrs.frozen
class Printed:
    """What a guide shows of a run of pytest, and what the run came to."""

    shown: str
    status: int
    lines: list[str]


def follow(guide: Path, directory: Path, node_modules: Path | None = None) -> list[Printed]:
    """Run pytest as often as the guide does, each time with the files as they are by then.

    Each run has a directory of its own in `directory`, so that they can go on at once. What npm
    has installed is lent from `node_modules`.
    """
    files: dict[str, str] = {}
    runs: list[tuple[str, Path]] = []
    for name, text in blocks(guide):
        if name == "pytest":
            place = directory / str(len(runs))
            _write(files, place, node_modules)
            runs.append((text, place))
        else:
            files[name] = text
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda run: _printed(*run), runs))


def _write(files: dict[str, str], place: Path, node_modules: Path | None) -> None:
    place.mkdir()
    for name, text in {**files, "pytest.ini": "[pytest]\n"}.items():
        (place / name).write_text(text, "utf-8")
    if node_modules is not None:
        (place / "node_modules").symlink_to(node_modules)


def _printed(shown: str, place: Path) -> Printed:
    run = subprocess.run(PYTEST, cwd=place, env=os.environ | VARIABLES, capture_output=True, timeout=120)
    return Printed(shown, run.returncode, run.stdout.decode().splitlines())


def npm_install(guide: Path, directory: Path) -> Path | None:
    """Install what a guide has npm install, if anything, and return where."""
    command = re.search(r"^npm install .*$", guide.read_text("utf-8"), re.MULTILINE)
    if command is None:
        return None
    subprocess.run([*command[0].split(), "--prefix", str(directory), "--no-audit", "--no-fund"], check=True)
    return directory / "node_modules"


def renewed(printed: Printed) -> str:
    """Put what was printed in the place of each line shown: the likeliest one after the line before."""
    lines: list[str] = []
    at = 0
    for line in printed.shown.splitlines():
        if line != ELLIPSIS:
            found = get_close_matches(line, printed.lines[at:], n=1, cutoff=0.5)
            if not found:
                raise SystemExit(f"nothing like {line!r} is printed any more, after {lines!r}")
            line = found[0].rstrip()
            at = printed.lines.index(found[0], at) + 1
        lines.append(line)
    return "".join(f"{line}\n" for line in lines)


def renew(guide: Path) -> None:
    """Show in a guide what pytest prints today."""
    with tempfile.TemporaryDirectory() as directory:
        page = guide.read_text("utf-8")
        for printed in follow(guide, Path(directory), npm_install(guide, Path(directory))):
            page = page.replace(printed.shown, renewed(printed), 1)
        guide.write_text(page, "utf-8")


if __name__ == "__main__":
    for each in GUIDES:
        renew(each)
