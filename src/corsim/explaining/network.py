"""The network tab: what of each exchange matters to CORS, and the token at fault marked in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from corsim.fetching.flow import Exchange
from corsim.servers.failures import NoResponse
from corsim.values.decision import Decision, Reason
from corsim.values.errors import error_text
from corsim.values.headers import Pair

if TYPE_CHECKING:
    from corsim.result import Result

# Of no account to CORS, or the same in every request.
_DULL_REQUEST_HEADERS = frozenset(
    {"accept", "content-length", "referer", "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site"}
    | {"sec-fetch-storage-access"}
)
_TELLING_RESPONSE_HEADERS = (
    "access-control-", "cross-origin-", "location", "vary", "content-type", "set-cookie"
)  # fmt: skip

# Where a token at fault is looked for: what the server said, before what the page asked for.
_MARKED = ("access-control-allow-", "cross-origin-", "location", "access-control-request-", "origin")
_STATUS = "-> "
_REFUSED_BY_STATUS = (Reason.PREFLIGHT_STATUS, Reason.PREFLIGHT_REDIRECT)
_REFUSED_WITHOUT = {
    Reason.ALLOW_ORIGIN_MISSING: "Access-Control-Allow-Origin",
    Reason.ALLOW_CREDENTIALS_NOT_TRUE: "Access-Control-Allow-Credentials",
}


def asked_headers(exchange: Exchange) -> list[Pair]:
    """List the request headers that tell something."""
    asked, _ = _split(exchange.request.headers.pairs, lambda name: name not in _DULL_REQUEST_HEADERS)
    return asked


def answered_headers(exchange: Exchange) -> tuple[list[Pair], list[str]]:
    """List the response headers that tell something, and the names of the others, once each."""
    if exchange.response is None:
        return [], []
    pairs = exchange.response.headers.pairs
    shown, others = _split(pairs, lambda name: name.startswith(_TELLING_RESPONSE_HEADERS))
    return shown, list(dict.fromkeys(others))


def _split(pairs: Iterable[Pair], tells: Callable[[str], bool]) -> tuple[list[Pair], list[str]]:
    """Part the headers that tell something from the names of those that don't."""
    shown = [(name, value) for name, value in pairs if tells(name.lower())]
    return shown, [name for name, _ in pairs if not tells(name.lower())]


def failure_text(error: BaseException) -> str:
    """Say in a line what went wrong at a server: what the app raised, or why nothing came."""
    return str(error) if isinstance(error, NoResponse) else f"the app raised {error_text(error)}"


def network_lines(result: Result) -> list[str]:
    """Write the network tab as plain lines; below the token at fault stand carets, and the reason.

    >>> from corsim import Browser, Response
    >>> browser = Browser()
    >>> slash = {"Access-Control-Allow-Origin": "https://app.example/"}
    >>> browser.serve("https://api.example", lambda request: Response(200, slash))
    >>> print("\\n".join(network_lines(browser.open("https://app.example").fetch("https://api.example/me"))))
    GET https://api.example/me
        Origin: https://app.example
      -> 200
        Access-Control-Allow-Origin: https://app.example/
                                     ^^^^^^^^^^^^^^^^^^^^ allow-origin-mismatch
    """
    last = result.exchanges[-1] if result.exchanges else None
    written: list[str] = []
    for exchange in result.exchanges:
        lines = [_printable(line) for line in _exchange_lines(exchange)]
        written += _marked(lines, result.blocked) if exchange is last and result.blocked else lines
    return written


def _exchange_lines(exchange: Exchange) -> Iterator[str]:
    request, response = exchange.request, exchange.response
    yield f"{request.method} {request.url}{'  (preflight)' if exchange.is_preflight else ''}"
    yield from (f"    {name}: {value}" for name, value in asked_headers(exchange))
    failed = "" if exchange.error is None else f"; {failure_text(exchange.error)}"
    yield f"  -> {'no response' if response is None else response.status}{failed}"
    shown, others = answered_headers(exchange)
    yield from (f"    {name}: {value}" for name, value in shown)
    if others:
        yield f"    and {', '.join(others)}"


def _printable(text: str) -> str:
    """Write what a terminal would act on as Python does."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def _marked(lines: list[str], refusal: Decision) -> list[str]:
    """Put carets below the token at fault; where a header is missing, say so in its place."""
    assert refusal.reason is not None
    if refusal.reason in _REFUSED_WITHOUT and not refusal.subject:
        missing = f"no {_REFUSED_WITHOUT[refusal.reason]}"
        return [*lines, f"    {missing}", f"    {'^' * len(missing)} {refusal.reason}"]
    for index, found in _places(lines, refusal.reason, refusal.subject):
        caret = f"{' ' * found.start()}{'^' * len(found[0])} {refusal.reason}"
        return [*lines[: index + 1], caret, *lines[index + 1 :]]
    return lines


def _places(lines: list[str], reason: Reason, subject: str) -> Iterator[tuple[int, re.Match[str]]]:
    """List where the token stands by itself, the likeliest place first."""
    prefixes = (_STATUS,) if reason in _REFUSED_BY_STATUS else _MARKED
    # What stands in several lines was joined by commas; then the last of them is one too many.
    whole = _printable(subject)
    for token in filter(None, dict.fromkeys([whole, *reversed(whole.split(", "))])):
        alone = re.compile(rf"(?<![^\s,]){re.escape(token)}(?![^\s,;])")
        for prefix in prefixes:
            for index, line in enumerate(lines):
                text = line.lstrip()
                found = text.lower().startswith(prefix) and alone.search(
                    line, line.index(" ", len(line) - len(text))
                )
                if found:
                    yield index, found
