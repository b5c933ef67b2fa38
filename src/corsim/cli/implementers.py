"""What `corsim conformance` has for implementers of fetch: the cases as JSON, and a command to judge."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corsim.cli.errors import CouldNotTell
from corsim.engines import EngineName

if TYPE_CHECKING:
    from corsim.conformance.commanding import CommandJudge

_HINT = "--command"


def check_options(
    command: str | None, export: Path | None, json_file: Path | None, *,
    stamping: bool, engine: EngineName | None, by_url: bool, width: int,
) -> None:  # fmt: skip
    """Refuse what does not go together."""
    if engine is not None and command is None and not by_url:
        raise click.UsageError("--engine goes with --url and --command")
    if engine == "spec" and by_url:
        raise click.UsageError("--engine spec goes with --command: a browser is judged as the engine it is")
    if width != 1 and command is None:
        raise click.UsageError("--width goes with --command")
    if stamping and command is not None:
        raise click.UsageError("--stamp goes with browsers: cases are stamped with the engines they hold in")
    if export is not None and (stamping or json_file is not None):
        raise click.UsageError("--export judges nothing: leave out --json and --stamp")


def export_cases(file: Path, globs: tuple[str, ...]) -> None:
    """Write the cases and tables that a glob matches to a file, or to standard output."""
    from corsim.conformance.export import exported

    document = exported(globs or ("*",))
    if not document["cases"] and not document["tables"]:
        wrong = " and ".join(map(repr, globs))
        raise click.BadParameter(f"{wrong} matches no case: try 'cors_check/*'", param_hint="--cases")
    text = json.dumps(document, indent=1) + "\n"
    if str(file) == "-":
        sys.stdout.write(text)
        return
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise CouldNotTell(f"can't write {str(file)!r}: {error.strerror}") from error


def command_judge(command: str, engine: EngineName, width: int, timeout: float) -> CommandJudge:
    """Make a judge of a command line."""
    from corsim.conformance.commanding import CommandJudge

    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        raise click.BadParameter(f"{command!r} is no command line: {error}", param_hint=_HINT) from error
    if not words:
        raise click.BadParameter("it is empty: write one such as 'node adapter.mjs'", param_hint=_HINT)
    return CommandJudge(words, engine, width, timeout)
