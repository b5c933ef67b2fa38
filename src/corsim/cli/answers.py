"""Answers that are given on the command line, from somebody's network tab."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterable
from pathlib import Path

import attrs
import click

from corsim.fetching.flow import Exchange
from corsim.values.errors import InvalidInput
from corsim.values.headers import Pair
from corsim.values.request import Request
from corsim.values.response import Response

_STATUS_LINE = re.compile(r"HTTP/[0-9.]+ +(?P<status>[0-9]{3})\b|:status: *(?P<pseudo>[0-9]{3})\Z")


@attrs.frozen
class Answers:
    """What to answer: to the preflight, and to the request itself; None was not given."""

    url: str
    preflight: Response | None
    actual: Response | None

    def to(self, exchange: Exchange, asked_first: bool) -> Response:
        """Answer a request, or say how to find out what its server would.

        `asked_first` is whether there was a preflight before it.
        """
        request = exchange.request
        answer = self.preflight if exchange.is_preflight else self.actual
        if request.url.href != self.url or answer is None:
            raise LookupError(self._missing(request, asked_first))
        return answer

    def _missing(self, request: Request, asked_first: bool) -> str:
        """Say which request is left without an answer, and how to get one."""
        if request.url.href != self.url:
            options = "--app MODULE:APP instead, which answers both"
            lead = f"the redirect leads to {request.url}, for which no answer was given"
        elif request.is_preflight:
            options = "--preflight STATUS and --preflight-header 'NAME: VALUE'"
            lead = f"the browser asks first, by OPTIONS {request.url}, and no answer to that was given"
        else:
            options = "--status STATUS and --response-header 'NAME: VALUE'"
            what = "the preflight passes" if asked_first else "the browser sends this without a preflight"
            unused = "; --preflight is not used" if self.preflight is not None and not asked_first else ""
            lead = f"{what}, and no answer to {request.method} {request.url} was given{unused}"
        return f"{lead}. Give {options}. To see what the server says:\n\n  {curl(request)}"


def curl(request: Request) -> str:
    """Write the command that sends a request as the browser would."""
    words = ["curl", "-i", "-X", request.method, request.url.href]
    for name, value in request.headers.pairs:
        if name != "Content-Length":
            words += ["-H", f"{name}: {value}"]
    if request.body:
        words += ["--data-raw", request.body.decode("utf-8", "replace")]
    return shlex.join(words)


def header(line: str) -> Pair:
    """Read `Name: value`."""
    name, colon, value = line.partition(":")
    if not colon or not name.strip():
        raise click.BadParameter(f"{line!r} is no header: write 'Name: value'")
    return name.strip(), value.strip()


def given_answer(status: int | None, lines: Iterable[str], default: int) -> Response | None:
    """Make a response of a status and header lines, or of a file that holds both; None of nothing."""
    pairs: list[Pair] = []
    found = status
    for line in lines:
        for part in _pasted(line) if line.startswith("@") else (line,):
            match = _STATUS_LINE.match(part)
            if match is None:
                pairs.append(header(part))
            elif status is None:
                found = int(match["status"] or match["pseudo"])
    if found is None and not pairs:
        return None
    try:
        return Response(default if found is None else found, pairs)
    except InvalidInput as error:
        raise click.BadParameter(str(error)) from error


def _pasted(option: str) -> list[str]:
    """Read header lines from a file, `@-` being standard input; an empty line ends them."""
    name = option[1:]
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
    except (OSError, UnicodeError) as error:
        raise click.BadParameter(f"can't read {name!r}: {error}") from error
    head = text.strip().replace("\r\n", "\n").partition("\n\n")[0]
    return [line for line in head.split("\n") if line.strip()]
