"""`corsim demo`: a page, a FastAPI app, two mistakes, and what a browser makes of them."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from corsim.cli.errors import NotInstalled
from corsim.cli.network_tab import line, new_console, print_verdict, verdict_style
from corsim.demo.story import API, BROKEN, GOOD, PAGE, Scene, play
from corsim.engines import ENGINES
from corsim.explaining.exposure import hidden_headers
from corsim.explaining.facts import Facts
from corsim.explaining.reasons.outcomes import verdict
from corsim.fetching.flow import Exchange
from corsim.result import Result
from corsim.values.decision import Decision
from corsim.values.errors import error_text
from corsim.values.spec import CORS_CHECK, HTTP_FETCH

Played = list[tuple[Scene, Result]]


@click.command(short_help="Watch a page and a FastAPI app, with two mistakes and without.")
@click.option("--engine", default="spec", type=click.Choice(ENGINES), help="The standard, or a real engine.")
def demo(engine: str) -> None:
    """Take a real FastAPI app through what a single-page app fetches, and explain what breaks."""
    try:
        from corsim.demo.app import make_app
    except ImportError as error:
        raise NotInstalled(
            f"the demo runs a real FastAPI app, and {error.name or 'fastapi'} is not installed: "
            "pip install fastapi"
        ) from error
    # What the app logs of its exception is what the demo is about to explain.
    logging.getLogger("uvicorn.error").disabled = True
    console = new_console()
    _say(console, f"A page of {PAGE} fetches from {API}: FastAPI with Starlette's CORSMiddleware.")
    _say(console, f"Engine: {engine}. Nothing is sent over a network.\n")
    played = list(play(make_app(), (*GOOD, *BROKEN), engine))
    console.print(_table(played))
    _explain(console, [row for row in played if row[1].blocked is not None])
    _say(console, "\nThe same two fetches, with X-Request-Id allowed and the division mended:\n")
    console.print(_table(list(play(make_app(mended=True), BROKEN, engine))))
    _say(console, "\nNow yours: corsim fetch URL --page ORIGIN --app main:app     (corsim fetch --help)")


def _say(console: Console, text: str) -> None:
    line(console, Text(text))


def _explain(console: Console, blocked: Iterable[tuple[Scene, Result]]) -> None:
    for scene, result in blocked:
        console.print()
        _say(console, f"{scene.title}: {scene.script}")
        print_verdict(console, result)


def _table(played: Played) -> Table:
    table = Table(box=box.ROUNDED, show_lines=True)
    for name in ("The page's script", "On the wire", "What script gets"):
        table.add_column(name, overflow="fold")
    for scene, result in played:
        wire = Text("\n").join(_wire(exchange) for exchange in result.exchanges)
        table.add_row(Text.assemble((scene.title, "bold"), f"\n{scene.script}"), wire, _seen(result))
    return table


def _wire(exchange: Exchange) -> Text:
    """Write an exchange on one line, and under it what a preflight asked for."""
    request, response = exchange.request, exchange.response
    failed = "failed" if exchange.error is None else f"failed: {error_text(exchange.error)}"
    status = failed if response is None else str(response.status)
    text = Text(f"{request.method} {request.url.target} -> {status}")
    if exchange.is_preflight:
        text.append(f"\n  asks for {request.headers['access-control-request-method']}", "cyan")
        names = request.headers.get("access-control-request-headers")
        text.append(f", {names}" if names else "", "cyan")
    return text


def _seen(result: Result) -> Text:
    """Write what script gets, and the decisions that led to it."""
    text = Text.assemble((verdict(result), f"bold {verdict_style(result)}"))
    if result.readable:
        names = [name for name in result.headers if name not in ("content-length", "content-type")]
        text.append(f" {result.status}, {result.text}")
        text.append("".join(f"\n{name}: {result.headers[name]}" for name in names))
        hidden = hidden_headers(Facts(result))
        text.append(f"\nhidden: {', '.join(hidden)}" if hidden else "", "yellow")
    text.append(f"\n{_why(result)}", "dim")
    return text


def _why(result: Result) -> str:
    """Pick from the trace what decided."""
    if result.blocked is not None:
        return f"{result.blocked.step}: {result.blocked.reason} {result.blocked.subject}".rstrip()
    steps: dict[Any, Decision] = {
        turn.step: turn for turn in result.trace if isinstance(turn, Decision)
        if turn.step is HTTP_FETCH["4.1"] or turn.step.algorithm is CORS_CHECK
    }  # fmt: skip
    return "; ".join(turn.outcome for turn in steps.values()) or result.trace[-1].outcome  # type: ignore[union-attr]
