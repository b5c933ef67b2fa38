"""The command line: `corsim demo`, `corsim fetch`, `corsim explain`, `corsim conformance`.

One file a command; a new one is added to `COMMANDS`. Exit codes, of all commands:

    0   the page may read (or has the opaque response that it asked for)
    1   blocked
    2   the command line is wrong, or something is not installed
    3   could not tell: no answer, no app, no connection
"""

from __future__ import annotations

import click

from corsim.cli.conformance import conformance
from corsim.cli.demo import demo
from corsim.cli.explain import explain
from corsim.cli.fetch import fetch

COMMANDS: tuple[click.Command, ...] = (demo, fetch, explain, conformance)


def _show_version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    """Look the version up only when asked, in a source tree that may never have been installed."""
    if not asked:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        click.echo(f"corsim {version('corsim')}")
    except PackageNotFoundError:
        click.echo("corsim, not installed")
    ctx.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version,
    help="Show the version and exit.",
)  # fmt: skip
def main() -> None:
    """Simulate what a browser's CORS rules make of a server: no browser needed."""


for command in COMMANDS:
    main.add_command(command)
