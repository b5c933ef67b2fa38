"""The line protocol: a case goes to a command as one line of JSON, and its answer comes back as one.

    {"id": "5e1f09-3", "case": "cors_check/...", "timeout": 10.0, "pages": [...], "steps": [...]}
    {"id": "5e1f09-3", "results": [{"type": "cors", "status": 200, ...}]}

A case is told as the page in a browser is told it. `docs/implementers.md` is written for those
on the other side.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import attrs

from corsim.conformance.session import Replay
from corsim.values.environment import DEFAULT_POLICY

_SHOWN = 200
"""Characters of a line that a complaint repeats."""


class BadAnswer(Exception):
    """A line is no answer; `id` is that of the case that it is about, if it says so much."""

    def __init__(self, complaint: str, line: bytes, about: str | None = None) -> None:
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)} characters)"
        super().__init__(f"{complaint}: {shown}")
        self.id = about


@attrs.frozen
class CommandAnswer:
    """What a command says of one case: its results, or why it can't make such calls."""

    id: str
    results: tuple[dict[str, Any], ...] = ()
    unsupported: str | None = None


# -- to the command ----------------------------------------------------------------------


def line_of(replay: Replay, timeout: float) -> bytes:
    """Write down a case for the command."""
    script = replay.script
    told = {
        "id": script["id"],
        "case": replay.case.path,
        "timeout": timeout,
        "pages": [_page(page) for page in script["pages"]],
        "steps": [_step(step, number, replay) for number, step in enumerate(script["steps"])],
    }
    return json.dumps(told).encode() + b"\n"


def _page(page: dict[str, Any]) -> dict[str, Any]:
    """Say of a page what a browser learns from the document and its headers."""
    policy = parse_qs(urlsplit(page["src"]).query).get("policy", [DEFAULT_POLICY])
    return {**{key: page[key] for key in ("at", "sandbox", "src")}, "referrer_policy": policy[0]}


def _step(step: dict[str, Any], number: int, replay: Replay) -> dict[str, Any]:
    """Add the URL by which the server learns that from now on requests belong to this step."""
    if number == 0:
        return step
    port = replay.mapping.world.ports[0]
    before = f"http://127.0.0.1:{port}/__corsim__/step?id={replay.script['id']}&step={number}"
    return {**step, "before": before}


# -- from the command --------------------------------------------------------------------


def read_answer(line: bytes) -> CommandAnswer:
    """Read a line of the command; raises `BadAnswer`."""
    try:
        data = json.loads(line)
    except ValueError as error:
        raise BadAnswer("a line is no JSON (stdout is for answers, stderr for all else)", line) from error
    if not isinstance(data, dict) or not isinstance(data.get("id"), str):
        raise BadAnswer("a line is no answer, which is an object with the id of a case", line)
    complaint = _complaint(data)
    if complaint is not None:
        raise BadAnswer(complaint, line, data["id"])
    return CommandAnswer(data["id"], tuple(data.get("results", ())), data.get("unsupported"))


def _complaint(data: dict[str, Any]) -> str | None:
    """Say what is wrong with an answer that has an id."""
    unsupported, results = data.get("unsupported"), data.get("results")
    if (unsupported is None) == (results is None):
        return 'an answer has either "results" or "unsupported"'
    if results is None:
        return None if isinstance(unsupported, str) and unsupported else '"unsupported" must say why'
    if not isinstance(results, list):
        return '"results" must be a list, one item a step'
    wrong = ((number, _wrong(result)) for number, result in enumerate(results, 1))
    return next((f"result {number} {what}" for number, what in wrong if what is not None), None)


_REQUIRED: dict[str, tuple[type, ...]] = {"status": (int,), "url": (str,), "headers": (list,)}
_REJECTED: dict[str, tuple[type, ...]] = {"error": (str,)}
_OPTIONAL: dict[str, tuple[type, ...]] = {
    "type": (str,), "redirected": (bool,), "body": (str,), "error": (str,)
}  # fmt: skip
_WORDS = {int: "a whole number", str: "a string", list: "a list", bool: "true or false"}


def _wrong(result: object) -> str | None:
    """Say what is wrong with one result."""
    if not isinstance(result, dict):
        return "must be an object"
    required = _REJECTED if result.get("rejected") else _REQUIRED
    missing = next((name for name in required if name not in result), None)
    if missing is not None:
        return f'lacks "{missing}"'
    for name, types in {**_OPTIONAL, **required}.items():
        if name in result and type(result[name]) not in types:
            return f'"{name}" must be {_WORDS[types[0]]}'
    if not all(_is_pair(row) for row in result.get("headers", ())):
        return '"headers" must be [name, value] pairs of strings'
    return None


def _is_pair(row: object) -> bool:
    return isinstance(row, list) and len(row) == 2 and all(isinstance(text, str) for text in row)
