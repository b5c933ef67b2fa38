"""`corsim conformance`: replay the spec cases in a real browser, or put them to a command."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from corsim.cli.errors import CouldNotTell, NotInstalled
from corsim.cli.fuzzing import FuzzOptions, fuzz
from corsim.cli.implementers import check_options, command_judge, export_cases
from corsim.cli.network_tab import line, new_console
from corsim.engines import ENGINES, EngineName

if TYPE_CHECKING:
    from corsim.cases import Case
    from corsim.conformance.browsers import Browser, RealEngine
    from corsim.conformance.commanding import CommandJudge
    from corsim.conformance.judging import Judge, Judgement, Kind, Verdict

_STYLES: dict[Kind, str] = {
    "agrees": "green",
    "disagrees": "red",
    "unanswered": "yellow",
    "not replayed": "dim",
}


@click.command(short_help="Replay the spec cases in a real browser, or in your own fetch.")
@click.option("--browser", type=click.Choice(ENGINES[1:]), help="Launch a browser of this machine.")
@click.option("--url", "by_url", is_flag=True, help="Print a URL, and judge whichever browser opens it.")
@click.option("--command", metavar="LINE",
              help="Start a command, and put the cases to it by lines of JSON.")  # fmt: skip
@click.option("--export", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path), metavar="FILE",
              help="Write the cases as one JSON document; - is standard output.")  # fmt: skip
@click.option("--cases", "globs", multiple=True, metavar="GLOB",
              help="Which cases: 'cors_check/*'; all. Can be given several times.")  # fmt: skip
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write every verdict, and what was seen.")  # fmt: skip
@click.option("--timeout", default=10.0, type=click.FloatRange(min=0.1), metavar="SECONDS",
              help="How long one case may take, besides the time that it lets go by; 10.")  # fmt: skip
@click.option("--wait", default=30.0, type=click.FloatRange(min=0.0), metavar="SECONDS",
              help="How long a case may let time go by, which it does in earnest; 30.")  # fmt: skip
@click.option("--console", "with_console", is_flag=True,
              help="With --browser: judge what its console says too, one case at a time.")  # fmt: skip
@click.option("--stamp", "stamping", is_flag=True, help="Write what was seen to spec_cases/seen.json.")
@click.option("--engine", type=click.Choice(ENGINES),
              help="With --url: what the browser is, if its User-Agent misleads. "
                   "With --command: what it has to agree with; spec.")  # fmt: skip
@click.option("--width", default=1, type=click.IntRange(1, 64),
              help="With --command: how many cases it may have open at once; 1.")  # fmt: skip
@click.option("--bind", default="127.0.0.1", metavar="ADDRESS", help="With --url: listen here; 127.0.0.1.")
@click.option("--port", default=0, metavar="PORT", type=click.IntRange(0, 65500),
              help="With --url: listen on this port and the eight after it; any that are free.")  # fmt: skip
@click.option("--domain", default="localhost", metavar="NAME",
              help="With --url, --fuzz: a domain all of whose subdomains lead here; localhost.")  # fmt: skip
@click.option("--fuzz", "fuzzing", is_flag=True,
              help="With --browser: random cases, held against the simulator of that engine.")  # fmt: skip
@click.option("--seed", default=1, metavar="NUMBER", help="With --fuzz: the same seed, the same cases; 1.")
@click.option("--count", default=1000, metavar="NUMBER", type=click.IntRange(1),
              help="With --fuzz: how many; 1000.")  # fmt: skip
@click.option("--shrink", "most", default=48, metavar="NUMBER", type=click.IntRange(0),
              help="With --fuzz: how many of those that disagree are made small; 48.")  # fmt: skip
@click.option("--about", type=click.Choice(("calls", "surroundings", "all")), default="all",
              help="With --fuzz: calls and their answers, or cookies, schemes, frames; all.")  # fmt: skip
@click.option("--write", "directory", type=click.Path(file_okay=False, path_type=Path), metavar="DIRECTORY",
              help="With --fuzz: write each finding as a case.")  # fmt: skip
def conformance(
    browser: RealEngine | None, by_url: bool, command: str | None, export: Path | None,
    globs: tuple[str, ...], json_file: Path | None, timeout: float, wait: float, with_console: bool,
    stamping: bool, engine: EngineName | None, width: int, bind: str, port: int, domain: str,
    fuzzing: bool, seed: int, count: int, most: int, about: str, directory: Path | None,
) -> None:  # fmt: skip
    """Replay the spec cases with a real browser's fetch() and XMLHttpRequest, and compare.

    With --command it is an implementation of your own that is judged; docs/implementers.md says how.

    Exits with 0 if all cases that were replayed agree, 1 if one does not, 2 if the command line
    is wrong or the browser is not installed, and 3 if the browser did not start or left cases open.
    """
    if sum((browser is not None, by_url, command is not None, export is not None)) != 1:
        raise click.UsageError("say either --browser chromium|firefox|webkit, --url, --command or --export")
    if not by_url and (bind, port, domain if not fuzzing else "localhost") != ("127.0.0.1", 0, "localhost"):
        raise click.UsageError("--bind, --port and --domain go with --url")
    if browser is None and with_console:
        raise click.UsageError("--console goes with --browser")
    check_options(command, export, json_file, stamping=stamping, engine=engine, by_url=by_url, width=width)
    if fuzzing:
        options = FuzzOptions(seed, count, most, timeout, json_file, directory, about, domain)
        _fuzz(browser, bool(globs) or stamping, options)
    # Here, because the other commands need neither the cases nor an event loop.
    from corsim.cases import spec_cases_directory
    from corsim.conformance.judging import Judge, Where
    from corsim.conformance.reporting import judgement_as_json, stamp, today

    if export is not None:
        export_cases(export, globs)
        return
    cases = _chosen(globs)
    judge: Judge | CommandJudge
    if command is not None:
        judge = command_judge(command, engine or "spec", width, timeout)
    else:
        real = None if engine == "spec" else engine
        judge = Judge(_found(browser), real, Where(bind, port, domain), timeout, wait, with_console)
    console = new_console()
    judgement = _judge_live(console, judge, cases)
    if json_file is not None:
        json_file.write_text(json.dumps(judgement_as_json(judgement, today()), indent=1) + "\n", "utf-8")
    if stamping:
        stamp(judgement, spec_cases_directory() / "seen.json", today())
    _print(console, judgement)
    click.get_current_context().exit(_exit_code(judgement))


def _fuzz(browser: RealEngine | None, has_others: bool, options: FuzzOptions) -> None:
    found = _found(browser)
    if found is None or has_others:
        raise click.UsageError("--fuzz goes with --browser, and with neither --cases nor --stamp")
    click.get_current_context().exit(fuzz(found, options))


def _chosen(globs: tuple[str, ...]) -> tuple[Case, ...]:
    from corsim.cases import load_cases

    cases = load_cases()
    for glob in globs:
        if not any(fnmatch(case.path, glob) for case in cases):
            raise click.BadParameter(f"{glob!r} matches no case: try 'cors_check/*'", param_hint="--cases")
    return tuple(case for case in cases if any(fnmatch(case.path, glob) for glob in globs or "*"))


def _found(engine: RealEngine | None) -> Browser | None:
    from corsim.conformance.browsers import BrowserMissing, find_browser

    try:
        return None if engine is None else find_browser(engine)
    except BrowserMissing as error:
        raise NotInstalled(str(error)) from error


def _judge_live(console: Console, judge: Judge | CommandJudge, cases: Sequence[Case]) -> Judgement:
    """Judge, and show how far it is; disagreements are shown as they are found."""
    import asyncio

    from corsim.conformance.commanding import CommandFailed
    from corsim.conformance.judging import BrowserDidNotStart, Judge
    from corsim.conformance.talking import CommandMissing

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(judge.name, total=len(cases))

        def told(row: Verdict) -> None:
            progress.advance(task)
            if console.is_terminal and row.kind in ("disagrees", "unanswered"):
                progress.console.print(Text(f"{row.kind}: {row.case.path}", _STYLES[row.kind]))

        judge.told = told
        if isinstance(judge, Judge) and judge.browser is None:
            judge.opened = lambda url: line(console, Text(f"Open this in the browser to be judged: {url}"))
        try:
            return asyncio.run(judge.judge(cases))
        except CommandMissing as error:
            raise NotInstalled(str(error)) from error
        except (BrowserDidNotStart, CommandFailed, OSError) as error:
            raise CouldNotTell(str(error)) from error


def _exit_code(judgement: Judgement) -> int:
    if judgement.of("disagrees"):
        return 1
    return 3 if judgement.of("unanswered") else 0


def _print(console: Console, judgement: Judgement) -> None:
    for row in judgement.of("disagrees"):
        line(console, Text.assemble(("disagrees: ", "red"), (row.case.path, "bold")))
        line(console, Text(row.case.title), 2)
        for mismatch in row.mismatches:
            line(console, Text(str(mismatch)), 2)
    for row in (*judgement.of("unanswered"), *(row for row in judgement.verdicts if row.flaky)):
        kind = "only at the second try" if row.flaky else "unanswered"
        line(console, Text.assemble((f"{kind}: ", "yellow"), row.case.path, f"  {row.reason}"))
    reasons: dict[str, list[str]] = {}
    for row in judgement.of("not replayed"):
        reasons.setdefault(row.reason, []).append(row.case.path)
    for reason, paths in reasons.items():
        line(console, Text.assemble(("not replayed", "dim"), f", {len(paths)}: {reason}"))
        for path in paths:
            line(console, Text(path, "dim"), 2)
    line(console, Text(judgement.title, "italic"))  # no title of the table, which would wrap it
    console.print(_summary(judgement))


def _summary(judgement: Judgement) -> Table:
    from corsim.conformance.reporting import KINDS

    table = Table()
    table.add_column("cases")
    for kind in KINDS:
        table.add_column(kind, justify="right", style=_STYLES[kind])
    rows = Counter((row.case.folder, row.kind) for row in judgement.verdicts)
    for folder in sorted({folder for folder, _ in rows}):
        table.add_row(folder, *(str(rows[folder, kind] or "") for kind in KINDS))
    table.add_section()
    table.add_row("all", *(str(len(judgement.of(kind))) for kind in KINDS))
    return table
