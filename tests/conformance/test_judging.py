"""Judging: a whole run over sockets, by a browser of a few lines."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from corsim.cases import Case
from corsim.conformance import judging
from corsim.conformance.browsers import Browser
from corsim.conformance.comparing import _with_known_boundary
from corsim.conformance.judging import BrowserDidNotStart, Judge, Judgement
from corsim.conformance.reporting import judgement_as_json, stamp
from corsim.conformance.session import SeenRequest

from .given import CASE, FakeBrowser, Seen, case

TWICE = (
    CASE.partition("[[server]]")[0].strip()
    + """
[fetch.expect]
sent = ["GET https://api.example/me"]
result = "cors"
[[fetch]]
page = "https://other.example"
url = "https://api.example/not-served"
headers = ["X-A: \\u00e9"]
[fetch.expect]
sent = ["GET https://api.example/not-served"]
result = "cors"
status = 404
headers = []
[fetch.expect.request.1]
has = ["Origin: https://other.example", "X-A: \\u00e9"]
[[server]]
on = "GET https://api.example/me"
"""
)


def judged(*cases: Case, lies: Callable[[Seen, int], Seen | None] = lambda seen, _: seen) -> Judgement:
    browser = FakeBrowser(lies)
    judgement = asyncio.run(Judge(opened=browser.open).judge(cases))
    browser.close()
    return judgement


def test_agreement() -> None:
    """Requests are logged, answers are the case's, and what framing adds disturbs no headers."""
    judgement = judged(case(), case(TWICE, "cors_check/twice"))
    assert [row.mismatches for row in judgement.verdicts] == [(), ()]
    assert (judgement.engine, judgement.version) == ("firefox", "1.5")
    assert [len(row.fetches) for row in judgement.verdicts] == [1, 2]


def test_a_case_of_the_engine() -> None:
    """What is expected is what the case says of the engine that the browser is."""
    text = CASE + '[engine.firefox]\nquirk = "max_age_limit"\nresult = "network error"\n'
    [row] = judged(case(text)).verdicts
    assert row.kind == "disagrees"


@pytest.mark.parametrize(
    ("given", "what", "expected"),
    [
        ({"status = 200": "status = 201"}, "status", 201),
        ({'url = "https://api.example/me"\nred': 'url = "https://api.example/"\nred'}, "url", None),
        ({"redirected = false": "redirected = true"}, "redirected", True),
        ({'result = "cors"': 'result = "opaque"'}, "result", "opaque"),
        ({'"x-a: 1"]': "]"}, "headers", None),
        ({'body = "hi"\n[expect.req': 'body = "ho"\n[expect.req'}, "body", "ho"),
        ({"Origin: https://app.example": "Origin: null"}, "has", "Origin: null"),
        ({"Cookie-Monster": "User-Agent"}, "lacks", "User-Agent"),
        ({'sent = ["GET https://api.example/me"]': "sent = []"}, "sent", ()),
        ({"[expect.request.1]": "[expect.request.2]"}, "request 2", "sent"),
    ],
)
def test_disagreement(given: dict[str, str], what: str, expected: object) -> None:
    """Each thing that a page and a server observe is compared."""
    [row] = judged(case(CASE, **given)).verdicts
    assert row.kind == "disagrees"
    assert [mismatch.what for mismatch in row.mismatches][:1] == [what]
    assert expected in (None, row.mismatches[0].expected)


def test_a_second_try() -> None:
    """What goes wrong once and then right agrees, and is marked as flaky."""

    def lie_once(seen: Seen, run: int) -> Seen:
        return {"id": seen["id"], "results": [{"rejected": True, "error": "?"}]} if run == 1 else seen

    [row] = judged(case(), lies=lie_once).verdicts
    assert (row.kind, row.flaky) == ("agrees", True)
    assert row.mismatches


@pytest.mark.parametrize("start", ["----WebKitFormBoundary", "----geckoformboundary"])
def test_boundaries(start: str) -> None:
    """A boundary that a browser drew is replaced wherever it stands; one of script's own never is."""
    drawn, known = f"{start}0aZ", "----corsimFormBoundary7MA4YWxkTrZu0gW"
    body = f"--{drawn}\r\nA\r\n--{drawn}--\r\n"
    for kind in (f"multipart/form-data; boundary={drawn}", "text/plain"):
        row = SeenRequest(0, "POST", "https://a.example/", (("Content-Type", kind),), body)
        seen = _with_known_boundary(row)
        assert seen.body == body.replace(drawn, known)
        assert seen.pairs == (("Content-Type", kind.replace(drawn, known)),)
    own = SeenRequest(
        0, "POST", "https://a.example/", (("Content-Type", "multipart/form-data; boundary=a"),), "a"
    )
    assert _with_known_boundary(own) == own


def test_a_late_case_is_unanswered() -> None:
    """A case that takes too long is neither agreement nor disagreement."""
    [row] = judged(case(), lies=lambda seen, _: {"id": seen["id"], "late": True}).verdicts
    assert row.kind == "unanswered"


def test_a_case_that_is_not_replayed() -> None:
    """A case that can't be replayed is counted, with its reason."""
    insecure = CASE.replace("https://api.example", "http://api.example")
    rows = judged(case(insecure), case(path="x/y")).verdicts
    assert [row.kind for row in rows] == ["not replayed", "agrees"]
    assert rows[0].reason


def test_a_browser_that_ends_at_once() -> None:
    """A browser that starts and dies is reported with its exit code, at once."""
    browser = Browser("chromium", ("/bin/sh", "-c", "exit 7"), "1")
    with pytest.raises(BrowserDidNotStart, match="code 7"):
        asyncio.run(Judge(browser).judge([case()]))


def test_a_browser_that_never_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser that runs and never asks for the page is given up, and ended."""
    monkeypatch.setattr(judging, "STARTUP", 0.1)
    browser = Browser("chromium", ("/bin/sh", "-c", "sleep 100"), "1")
    with pytest.raises(BrowserDidNotStart, match="no page"):
        asyncio.run(Judge(browser).judge([case()]))


def test_the_json() -> None:
    """The report has every verdict, what was seen, and why."""
    judgement = judged(case(CASE, **{"status = 200": "status = 201"}))
    report = json.loads(json.dumps(judgement_as_json(judgement, "2001-02-03")))
    assert report["counts"] == {
        "agrees": 0, "disagrees": 1, "unanswered": 0, "not replayed": 0, "flaky": 0
    }  # fmt: skip
    [row] = report["cases"]
    assert row["mismatches"] == [{"where": "fetch 1", "what": "status", "expected": 201, "seen": 200}]
    assert row["fetches"][0]["requests"][0]["url"] == "https://api.example/me"


def test_stamps(tmp_path: Path) -> None:
    """Agreement is stamped with engine and version; disagreement takes a stamp away; others stay."""
    file = tmp_path / "seen.json"
    file.write_text(
        '{"runs": {"webkit": {}}, "cases": {"a/b": {"webkit": "2"}, "cors_check/given": {"webkit": "2"}}}'
    )
    stamp(judged(case()), file, "2001-02-03")
    known = json.loads(file.read_text())
    assert known["cases"] == {"a/b": {"webkit": "2"}, "cors_check/given": {"firefox": "1.5", "webkit": "2"}}
    assert known["runs"]["firefox"]["date"] == "2001-02-03"
    stamp(judged(case(CASE, **{"status = 200": "status = 201"})), file, "2001-02-04")
    assert json.loads(file.read_text())["cases"]["cors_check/given"] == {"webkit": "2"}
