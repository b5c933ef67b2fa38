"""One test file, run in a world of its own, and in a process of its own: an engine may hang, or crash."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection

import attrs

from wpt.documents import delivered, html_rows, run_document, script_rows
from wpt.files import TestFile
from wpt.realm import Hanging, World
from wpt.server import Wpt

STATUSES = ("PASS", "FAIL", "TIMEOUT", "NOTRUN", "PRECONDITION_FAILED")
HARNESS = ("OK", "ERROR", "TIMEOUT", "PRECONDITION_FAILED")
PATIENCE = 60.0  # real seconds for one file


@attrs.frozen
class Subtest:
    """One subtest's name and what became of it."""

    name: str
    status: str
    message: str = ""


@attrs.frozen
class Outcome:
    """What a file reported; `problem` is why it reported less than it should have."""

    tests: tuple[Subtest, ...] = ()
    problem: str = ""
    log: tuple[str, ...] = ()


def run_file(wpt: Wpt, file: TestFile, engine: str = "spec") -> Outcome:
    """Run a test file, and gather what its subtests say."""
    world = World(wpt, engine)
    try:
        _open(world, file)
        world.loop.run(lambda: bool(world.reports))
    except Hanging:
        return Outcome((), "hangs", tuple(world.log))
    if not world.reports:
        return Outcome((), "no report", tuple(world.log))
    report = world.reports[0]
    tests = tuple(
        Subtest(test["name"], STATUSES[test["status"]], test["message"]) for test in report["tests"]
    )
    problem = "" if report["status"] == 0 else f"{HARNESS[report['status']]}: {report['message']}".strip()
    return Outcome(tests, problem, tuple(world.log))


def _open(world: World, file: TestFile) -> None:
    if file.is_script:
        run_document(world.open(file.url), script_rows("/" + file.path.partition("?")[0], file.source))
    else:
        got = delivered(world.browser.open(file.url).fetch(file.url), file.url)
        run_document(world.open(file.url, headers=got.headers), html_rows(got.html))


def run_all(
    wpt: Wpt, files: Sequence[TestFile], engine: str, at_once: int
) -> Iterator[tuple[TestFile, Outcome]]:
    """Run each file in a process of its own, some at once, and give the outcomes in order."""
    with ThreadPoolExecutor(at_once) as threads:
        yield from zip(files, threads.map(partial(_apart, wpt, engine=engine), files), strict=True)


def _apart(wpt: Wpt, file: TestFile, engine: str) -> Outcome:
    context = get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(theirs, wpt, file, engine), daemon=True)
    process.start()
    theirs.close()
    try:
        outcome: Outcome = ours.recv() if ours.poll(PATIENCE) else Outcome((), "hangs")
    except EOFError:
        outcome = Outcome((), "crashed")
    process.kill()
    process.join()
    return outcome


def _send(pipe: Connection, wpt: Wpt, file: TestFile, engine: str) -> None:
    try:
        outcome = run_file(wpt, file, engine)
    except Exception as error:  # noqa: BLE001 — a fault of the driver is an outcome, too
        outcome = Outcome((), f"driver: {error!r}")
    pipe.send(outcome)
