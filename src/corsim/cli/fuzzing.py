"""`corsim conformance --fuzz`: random cases, in a real browser and in its simulator."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from corsim.cli.errors import CouldNotTell
from corsim.cli.network_tab import line, new_console

if TYPE_CHECKING:
    from corsim.conformance.browsers import Browser
    from corsim.conformance.fuzzing.campaign import Campaign, Finding, Findings
    from corsim.conformance.judging import Verdict


@attrs.frozen
class FuzzOptions:
    """What the command line says of a campaign."""

    seed: int
    count: int
    most: int
    timeout: float
    json_file: Path | None
    directory: Path | None
    about: str = "all"
    domain: str = "localhost"


def fuzz(browser: Browser, options: FuzzOptions) -> int:
    """Run a campaign, print and write what it found, and give the exit code."""
    from corsim.conformance.fuzzing.reporting import findings_as_json
    from corsim.conformance.fuzzing.writing import write_findings

    console = new_console()
    findings = _run_live(console, _campaign(browser, options), options)
    if options.json_file is not None:
        options.json_file.write_text(json.dumps(findings_as_json(findings), indent=1) + "\n", "utf-8")
    for finding in findings.found:
        _print(console, finding)
    _print_rest(console, findings)
    if options.directory is not None:
        for file in write_findings(findings, options.directory):
            line(console, Text.assemble("wrote ", (str(file), "bold")))
    line(console, Text(_summary(findings)))
    if findings.disagreed:
        return 1
    return 3 if findings.unanswered else 0


def _campaign(browser: Browser, options: FuzzOptions) -> Campaign:
    from corsim.conformance.fuzzing.campaign import DRAWN, Campaign

    draw = DRAWN[options.about]
    return Campaign(browser, options.seed, options.timeout, draw=draw, domain=options.domain)


def _run_live(console: Console, campaign: Campaign, options: FuzzOptions) -> Findings:
    """Run, and show how far it is."""
    import asyncio

    from corsim.conformance.judging import BrowserDidNotStart

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        running = progress.add_task(
            f"{campaign.browser.engine} {campaign.browser.version}", total=options.count
        )
        shrinking = progress.add_task("shrinking", total=options.most, start=False)

        def told(_: Verdict) -> None:
            progress.advance(running)

        def shrunk(number: int) -> None:
            progress.start_task(shrinking)
            progress.advance(shrinking, number)

        campaign = attrs.evolve(campaign, told=told, shrunk=shrunk)
        try:
            return asyncio.run(campaign.run(options.count, options.most))
        except (BrowserDidNotStart, OSError) as error:
            raise CouldNotTell(str(error)) from error


def _print(console: Console, finding: Finding) -> None:
    from corsim.conformance.fuzzing.reporting import case_lines

    often = f"  {len(finding.numbers)} times: number {_numbers(finding)}"
    line(console, Text.assemble(("disagrees: ", "red"), (finding.signature, "bold"), often))
    for text in case_lines(finding.minimal.case):
        line(console, Text(text), 2)
    for mismatch in finding.minimal.mismatches:
        if mismatch.expected != "sent":  # then `sent` has said it
            line(console, Text(str(mismatch)), 2)


def _numbers(finding: Finding) -> str:
    shown = ", ".join(map(str, finding.numbers[:5]))
    return shown if len(finding.numbers) <= 5 else f"{shown}, ..."


def _print_rest(console: Console, findings: Findings) -> None:
    from corsim.conformance.fuzzing.reporting import looks

    for look, numbers in looks(findings.left):
        shown = ", ".join(map(str, numbers[:5]))
        line(
            console,
            Text.assemble(("not shrunk: ", "yellow"), f"{look}  {len(numbers)} times: number {shown}"),
        )


def _summary(findings: Findings) -> str:
    return (
        f"{findings.engine} {findings.version}, seed {findings.seed}: {findings.count} scenarios, "
        f"{findings.agreed} agree ({findings.flaky} only at the second try), "
        f"{len(findings.disagreed)} disagree, {findings.unanswered} unanswered, "
        f"{findings.not_replayed} not replayed"
    )
