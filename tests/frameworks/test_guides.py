"""Each guide is followed to the letter: what it shows red is red and says that, and its mend is green."""

from __future__ import annotations

import os
import re
import shutil
from importlib.metadata import requires, version
from pathlib import Path

import pytest
from pages import first_missing

from frameworks.guides import GUIDES, Printed, follow, npm_install, renewed

MAX_LINES = 110
COMMANDS = {"express": "npm", "nginx": "nginx"}  # which a guide needs beside Python's packages


@pytest.mark.frameworks
@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_a_guide_comes_true(guide: Path, tmp_path: Path) -> None:
    """What pytest prints is what the guide shows, but for `...`: first red, and in the end green."""
    needs(guide)
    runs = follow(guide, tmp_path, npm_install(guide, tmp_path))
    assert [run.status for run in runs] == [pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.OK]
    assert [first_missing(run.shown, run.lines) for run in runs] == [None, None]


def needs(guide: Path) -> None:
    """Skip a guide to something else than Python where that is not installed; in CI it has to be."""
    command = COMMANDS.get(guide.stem)
    if command is not None and shutil.which(command) is None:
        (pytest.fail if "CI" in os.environ else pytest.skip)(f"{guide.name} needs {command}")


@pytest.mark.frameworks
def test_what_a_guide_installs_is_what_is_tested() -> None:
    """Each package that pip is told to install is one that is here, by the same name."""
    for guide in GUIDES:
        packages = re.findall(r"^pip install (.*)$", guide.read_text("utf-8"), re.MULTILINE)
        names = [name.strip('"').partition("[")[0] for line in packages for name in line.split()]
        assert names[0] == "corsim"
        assert all(version(name) for name in names)
    assert any(
        "extra == 'pytest'" in need or 'extra == "pytest"' in need for need in requires("corsim") or ()
    )


def test_the_guides_are_listed_and_short() -> None:
    """README.md there has a line for each, and none is longer than a screen or two."""
    listed = re.findall(
        r"^\* \[.*\]\((\w+\.md)\): ", (GUIDES[0].parent / "README.md").read_text("utf-8"), re.MULTILINE
    )
    assert sorted(listed) == [guide.name for guide in GUIDES]
    for guide in GUIDES:
        assert len(guide.read_text("utf-8").splitlines()) <= MAX_LINES, guide.name


def test_renewing_keeps_what_is_left_out() -> None:
    """A line gives way to the one that is most like it, further down; `...` stays."""
    shown = "FF\n...\nE   Blocked: no header\n...\nFix: send it\n"
    lines = ["FF", "a", "E   Blocked: no such header", "", "Fix: send that"]
    assert renewed(Printed(shown, 1, lines)) == "FF\n...\nE   Blocked: no such header\n...\nFix: send that\n"
    assert first_missing(renewed(Printed(shown, 1, lines)), lines) is None
