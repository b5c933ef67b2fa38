"""One test file, run in a world of its own."""

from __future__ import annotations

from urllib.parse import urlsplit

import attrs

from wpt.documents import html_rows, run_document, script_rows
from wpt.files import TestFile
from wpt.realm import Hanging, World
from wpt.server import Wpt

STATUSES = ("PASS", "FAIL", "TIMEOUT", "NOTRUN", "PRECONDITION_FAILED")
HARNESS = ("OK", "ERROR", "TIMEOUT", "PRECONDITION_FAILED")


@attrs.frozen
class Subtest:
    name: str
    status: str
    message: str = ""


@attrs.frozen
class Outcome:
    """What a file reported; `problem` is why it reported less than it should have."""

    tests: tuple[Subtest, ...]
    problem: str = ""
    log: tuple[str, ...] = ()


def run_file(wpt: Wpt, file: TestFile, engine: str = "spec") -> Outcome:
    """Run a test file, and gather what its subtests say."""
    world = World(wpt, engine)
    realm = world.open(file.url)
    try:
        if file.is_script:
            path = "/" + file.path.partition("?")[0]
            rows = script_rows(path, file.source)
        else:
            split = urlsplit(file.url)
            rows = html_rows(realm.page.fetch(f"{split.path}{'?' + split.query if split.query else ''}").text)
        run_document(realm, rows)
        world.loop.run(lambda: bool(world.reports))
    except Hanging:
        return Outcome((), "hangs", tuple(world.log))
    if not world.reports:
        return Outcome((), "no report", tuple(world.log))
    report = world.reports[0]
    tests = tuple(Subtest(test["name"], STATUSES[test["status"]], test["message"]) for test in report["tests"])
    problem = "" if report["status"] == 0 else f"harness: {HARNESS[report['status']]} {report['message']}"
    return Outcome(tests, problem, tuple(world.log))
