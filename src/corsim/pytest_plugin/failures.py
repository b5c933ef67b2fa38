"""What a failing test says: the cause on its first line, and below it a section with the rest."""

from __future__ import annotations

from typing import Any, TypeAlias

import pytest

from corsim.testing.recorder import Recorder
from corsim.testing.telling import NETWORK, Story, tell
from corsim.values.errors import error_text

TITLE = "CORS"

Told: TypeAlias = dict[tuple[str, str], str]  # a test's name and what was told of it, to where it stands


def put_into(report: pytest.TestReport, error: BaseException, recorder: Recorder, told: Told) -> None:
    """Put into the report of a failure what it has to do with the fetches of its test.

    What was `told` of the same test in another engine is not told again.
    """
    try:
        story = tell(error, recorder)
    except Exception as mistake:  # noqa: BLE001  # ours must not end a test run
        story = Story("", f"corsim could not tell what this has to do with CORS: {error_text(mistake)}")
    if story is None:
        return
    if story.headline:
        _put_first(report.longrepr, story.headline)
    section = _told_once(report.nodeid, story.section, told)
    add_section = getattr(report.longrepr, "addsection", None)
    if add_section is not None:
        add_section(TITLE, section)  # so it is in JUnit files and in editors too
    else:
        report.sections.append((TITLE, section))


def _told_once(nodeid: str, section: str, told: Told) -> str:
    """Leave out what stands above, in another engine's failure of this test; consoles differ, and stay."""
    head, mark, rest = section.partition(f"\n{NETWORK}\n")
    first = told.setdefault((nodeid.partition("[")[0], rest), nodeid)
    if not mark or first == nodeid:
        return section
    return f"{head}\nNetwork, cause and fix are those of {first.rpartition('::')[2]}, above."


def _put_first(failure: Any, headline: str) -> None:
    """Put a line before the first that tells of the exception, and into the summary, unless it is there.

    What pytest makes of an exception has had these names for many years, and promises none of
    them: where one is missing, the section has the line too.
    """
    crash = getattr(failure, "reprcrash", None)
    if crash is not None and headline not in crash.message.partition("\n")[0]:
        crash.message = f"{headline}\n{crash.message}"
    entries = getattr(getattr(failure, "reprtraceback", None), "reprentries", ())
    lines = getattr(entries[-1], "lines", None) if entries else None
    if isinstance(lines, list):
        at = next((index for index, line in enumerate(lines) if line.startswith("E ")), None)
        if at is None:
            lines.insert(0, f"{headline}\n")  # --tb=native has no such mark
        elif headline not in lines[at]:
            indent = lines[at][1:][: len(lines[at][1:]) - len(lines[at][1:].lstrip())]
            lines.insert(at, f"E{indent}{headline}")
