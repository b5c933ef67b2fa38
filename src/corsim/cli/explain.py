"""`corsim explain`: what a line from a browser's console means."""

from __future__ import annotations

import json
import sys

import click

from corsim.cli.errors import BLOCKED, COULD_NOT_TELL, READABLE
from corsim.cli.json_output import reading_as_json
from corsim.explaining.pasted import Reading, read
from corsim.values.decision import Reason


@click.command(short_help="Say what a line from a browser's console means.")
@click.argument("text", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.pass_context
def explain(ctx: click.Context, /, text: tuple[str, ...], as_json: bool) -> None:
    """Say what TEXT, copied from a browser's console, means, and what to change.

    Chrome, Edge, Firefox and Safari, today's wordings and old ones; several lines are fine, and what
    stands around them does no harm. Without TEXT, or with -, standard input is read.

    \b
      corsim explain "Request header field x-token is not allowed by Access-Control-Allow-Headers."
      pbpaste | corsim explain

    \b
    Exit codes: 0 nothing was blocked; 1 blocked; 2 wrong usage; 3 could not tell, or no answer came.
    """
    reading = read(_given(text))
    click.echo(json.dumps(reading_as_json(reading), indent=2) if as_json else str(reading))
    ctx.exit(exit_code(reading))


def _given(text: tuple[str, ...]) -> str:
    """Take the arguments, or else standard input, in UTF-8 whatever the locale."""
    if text and text != ("-",):
        return " ".join(text)
    if not text and sys.stdin.isatty():
        raise click.UsageError("nothing to explain: paste the line in quotes, or pipe it in, as pbpaste does")
    return sys.stdin.buffer.read().decode("utf-8", "replace")


def exit_code(reading: Reading) -> int:
    """Choose the exit code of a reading."""
    if reading.verdict == "Not blocked":
        return READABLE
    if (
        reading.verdict in ("Says too little", "No console line")
        or reading.reason is Reason.CONNECTION_FAILED
    ):
        return COULD_NOT_TELL
    return BLOCKED
