"""A result for people: the network tab, the verdict, the explanation."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from corsim.explaining.network import answered_headers, asked_headers, failure_text
from corsim.explaining.reasons.outcomes import verdict
from corsim.fetching.flow import Exchange
from corsim.result import Result
from corsim.values.headers import Pair

COLOURS = {"Readable": "green", "Blocked": "red"}


def new_console() -> Console:
    """Make a console that leaves colour to rich, and to NO_COLOR."""
    return Console(highlight=False)


def line(console: Console, text: Text, indent: int = 0) -> None:
    """Print a line, wrapped under its own indentation; what is piped is not wrapped at all."""
    if console.is_terminal:
        console.print(Padding(text, (0, 0, 0, indent), expand=False))
    else:
        console.print(Text(" " * indent) + text, soft_wrap=True)


def verdict_style(result: Result) -> str:
    """Choose a colour for a verdict: green, red, or yellow in between."""
    return COLOURS.get(verdict(result), "yellow")


def print_exchanges(console: Console, exchanges: Iterable[Exchange]) -> None:
    """Print each request as sent, and what came back, as far as it matters to CORS."""
    for exchange in exchanges:
        request = exchange.request
        title = Text.assemble((request.method, "bold"), f" {request.url}")
        if exchange.is_preflight:
            title.append("  preflight", "cyan")
        line(console, title)
        _print_headers(console, asked_headers(exchange))
        _print_answer(console, exchange)
        console.print()


def _print_answer(console: Console, exchange: Exchange) -> None:
    response, error = exchange.response, exchange.error
    if error is not None:
        line(console, Text(failure_text(error), "red"), 2)
    if response is None:
        line(console, Text("-> no response", "red"), 2)
        return
    line(console, Text.assemble("-> ", (str(response.status), "bold")), 2)
    shown, others = answered_headers(exchange)
    _print_headers(console, shown)
    if others:
        line(console, Text(f"and {', '.join(others)}", "dim"), 4)


def _print_headers(console: Console, pairs: Iterable[Pair]) -> None:
    for name, value in pairs:
        line(console, Text.assemble((f"{name}: ", "dim"), value), 4)


def print_verdict(console: Console, result: Result, framework: str | None = None) -> None:
    """Print the explanation, its verdict in colour; `framework` is the one in whose words to tell the fix."""
    told = result.explain(framework)
    first, *others = told.replace('result.explain("fastapi")', "--framework fastapi").split("\n")
    word = verdict(result)
    line(console, Text.assemble((word, f"bold {verdict_style(result)}"), first.removeprefix(word)))
    for part in others:
        text = part.lstrip(" ")
        line(console, _label(text), len(part) - len(text))


_LABELS = ("Rule", "Fix", "Proven", "Proven as far as the server was seen", "Or", "Note")


def _label(text: str) -> Text:
    label, colon, rest = text.partition(": ")
    if colon and label in _LABELS:
        return Text.assemble((f"{label}: ", "bold"), rest)
    return Text(text)
