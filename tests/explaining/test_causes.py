"""Each cause has its case: a call, what servers answer, and then the first line, the cause and the fix."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tomli

from corsim import Browser, Request, Response, Result
from corsim.engines import ENGINES
from corsim.explaining import Cause
from explaining.following import followed

FOLDER = Path(__file__).parent / "causes"
CASES = {file.stem: tomli.loads(file.read_text("utf-8")) for file in sorted(FOLDER.glob("*.toml"))}


def _origin(url: str) -> str:
    return "/".join(url.split("/")[:3])


def served(case: dict[str, Any]) -> Any:
    """Make a server of a case's table: the first answer whose `on` is the request's counts."""

    def server(request: Request) -> Response:
        for row in case["server"]:
            if row["on"] == f"{request.method} {request.url.without_fragment()}":
                if "raises" in row:
                    raise RuntimeError(row["raises"])
                headers = [tuple(line.split(": ", 1)) for line in row.get("headers", ())]
                return Response(row.get("status", 200), headers, row.get("body", "").encode())
        return Response(404)

    return server


def breaking_off(message: str) -> Any:
    """Make an app that breaks off in the middle of its answer."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ConnectionResetError(message)

    return app


def made(case: dict[str, Any], engine: str = "spec") -> Result:
    """Make the call of a case, after the one that came before it, if there was one."""
    browser = Browser(engine)
    page = browser.open(**case["page"])
    result: Result | None = None
    for each in (case.get("before"), case):
        if each is not None:
            for origin in {_origin(row["on"].split(" ")[1]) for row in case["server"]}:
                browser.serve(origin, served(each))
            if "breaks_off" in each:
                browser.serve(_origin(each["call"]["url"]), breaking_off(each["breaks_off"]))
            result = page.fetch(**case["call"])
    assert result is not None
    return result


def test_every_cause_has_a_case() -> None:
    """The cases cover the closed list of causes."""
    assert {case["cause"] for case in CASES.values()} == set(Cause)


@pytest.mark.parametrize("name", CASES)
def test_a_cause(name: str) -> None:
    """The first line names the cause; the fix is the one, and proven; a note is told where it matters."""
    case = CASES[name]
    words = made(case).explain()
    assert words.split("\n")[0] == words.headline == case["first_line"]
    assert words.cause == case["cause"]
    assert words.fix.strip() == case["fix"].strip()
    assert [str(fix) for fix in words.fixes[1:]] == case.get("or", [])
    assert [one.part for one in words.diff] == case.get("diff", [])
    assert [list(fix.proven) for fix in words.fixes] == [case.get("proven", list(ENGINES))] * len(words.fixes)
    assert list(words.notes) == case.get("notes", [])


@pytest.mark.parametrize("name", CASES)
def test_its_fix_mends(name: str) -> None:
    """Who types in each fix, in a new browser of each engine, has what was missing."""
    case = CASES[name]
    result = made(case)
    before = made(case["before"] | {"page": case["page"], "call": case["call"]}) if "before" in case else None
    earlier = [] if before is None else [one for one in before.exchanges if one.is_preflight]
    for fix in result.explain().fixes:
        for engine in fix.proven:
            again = followed(result, str(fix), engine, case["page"], case["call"], earlier)
            assert again.blocked is None
            again_words = again.explain()
            assert again_words.cause != case["cause"] or again.status in (401, 500), again_words
