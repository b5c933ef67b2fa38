"""`corsim conformance`: replay the spec cases in a real browser."""

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
from corsim.cli.network_tab import line, new_console
from corsim.engines import ENGINES

if TYPE_CHECKING:
    from corsim.cases import Case
    from corsim.conformance.browsers import Browser, RealEngine
    from corsim.conformance.judging import Judge, Judgement, Kind, Verdict

_STYLES: dict[Kind, str] = {
    "agrees": "green",
    "disagrees": "red",
    "unanswered": "yellow",
    "not replayed": "dim",
}


@click.command(short_help="Replay the spec cases in a real browser.")
@click.option("--browser", type=click.Choice(ENGINES[1:]), help="Launch a browser of this machine.")
@click.option("--url", "by_url", is_flag=True, help="Print a URL, and judge whichever browser opens it.")
@click.option("--cases", "glob", default="*", metavar="GLOB", help="Which cases: 'cors_check/*'; all.")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write every verdict, and what was seen.")  # fmt: skip
@click.option("--timeout", default=10.0, type=click.FloatRange(min=0.1), metavar="SECONDS",
              help="How long one case may take, besides the time that it lets go by; 10.")  # fmt: skip
@click.option("--wait", default=30.0, type=click.FloatRange(min=0.0), metavar="SECONDS",
              help="How long a case may let time go by, which it does in earnest; 30.")  # fmt: skip
@click.option("--console", "with_console", is_flag=True,
              help="With --browser: judge what its console says too, one case at a time.")  # fmt: skip
@click.option("--stamp", "stamping", is_flag=True, help="Write what was seen to spec_cases/seen.json.")
@click.option("--engine", type=click.Choice(ENGINES[1:]),
              help="With --url: what the browser is, if its User-Agent misleads.")  # fmt: skip
@click.option("--bind", default="127.0.0.1", metavar="ADDRESS", help="With --url: listen here; 127.0.0.1.")
@click.option("--port", default=0, metavar="PORT", type=click.IntRange(0, 65500),
              help="With --url: listen on this port and the eight after it; any that are free.")  # fmt: skip
@click.option("--domain", default="localhost", metavar="NAME",
              help="With --url: a domain all of whose subdomains lead here; localhost.")  # fmt: skip
def conformance(
    browser: RealEngine | None, by_url: bool, glob: str, json_file: Path | None, timeout: float,
    wait: float, with_console: bool, stamping: bool, engine: RealEngine | None, bind: str, port: int,
    domain: str,
) -> None:  # fmt: skip
    """Replay the spec cases with a real browser's fetch() and XMLHttpRequest, and compare.

    Exits with 0 if all cases that were replayed agree, 1 if one does not, 2 if the command line
    is wrong or the browser is not installed, and 3 if the browser did not start or left cases open.
    """
    if (browser is None) == (not by_url):
        raise click.UsageError("say either --browser chromium|firefox|webkit, or --url")
    if browser is not None and (engine, bind, port, domain) != (None, "127.0.0.1", 0, "localhost"):
        raise click.UsageError("--engine, --bind, --port and --domain go with --url")
    if browser is None and with_console:
        raise click.UsageError("--console goes with --browser")
    # Here, because the other commands need neither the cases nor an event loop.
    from corsim.cases import spec_cases_directory
    from corsim.conformance.judging import Judge, Where
    from corsim.conformance.reporting import judgement_as_json, stamp, today

    cases = _chosen(glob)
    judge = Judge(_found(browser), engine, Where(bind, port, domain), timeout, wait, with_console)
    console = new_console()
    judgement = _judge_live(console, judge, cases)
    if json_file is not None:
        json_file.write_text(json.dumps(judgement_as_json(judgement, today()), indent=1) + "\n", "utf-8")
    if stamping:
        stamp(judgement, spec_cases_directory() / "seen.json", today())
    _print(console, judgement)
    click.get_current_context().exit(_exit_code(judgement))


def _chosen(glob: str) -> tuple[Case, ...]:
    from corsim.cases import load_cases

    cases = tuple(case for case in load_cases() if fnmatch(case.path, glob))
    if not cases:
        raise click.BadParameter(f"{glob!r} matches no case: try 'cors_check/*'", param_hint="--cases")
    return cases


def _found(engine: RealEngine | None) -> Browser | None:
    from corsim.conformance.browsers import BrowserMissing, find_browser

    try:
        return None if engine is None else find_browser(engine)
    except BrowserMissing as error:
        raise NotInstalled(str(error)) from error


def _judge_live(console: Console, judge: Judge, cases: Sequence[Case]) -> Judgement:
    """Judge, and show how far it is; disagreements are shown as they are found."""
    import asyncio

    from corsim.conformance.judging import BrowserDidNotStart

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        name = f"{judge.browser.engine} {judge.browser.version}" if judge.browser else "waiting"
        task = progress.add_task(name, total=len(cases))

        def told(row: Verdict) -> None:
            progress.advance(task)
            if console.is_terminal and row.kind in ("disagrees", "unanswered"):
                progress.console.print(Text(f"{row.kind}: {row.case.path}", _STYLES[row.kind]))

        judge.told = told
        if judge.browser is None:
            judge.opened = lambda url: line(console, Text(f"Open this in the browser to be judged: {url}"))
        try:
            return asyncio.run(judge.judge(cases))
        except (BrowserDidNotStart, OSError) as error:
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
    console.print(_summary(judgement))


def _summary(judgement: Judgement) -> Table:
    from corsim.conformance.reporting import KINDS

    table = Table(title=f"{judgement.engine} {judgement.version}", title_justify="left")
    table.add_column("cases")
    for kind in KINDS:
        table.add_column(kind, justify="right", style=_STYLES[kind])
    rows = Counter((row.case.folder, row.kind) for row in judgement.verdicts)
    for folder in sorted({folder for folder, _ in rows}):
        table.add_row(folder, *(str(rows[folder, kind] or "") for kind in KINDS))
    table.add_section()
    table.add_row("all", *(str(len(judgement.of(kind))) for kind in KINDS))
    return table
