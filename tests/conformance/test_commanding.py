"""Judging a command: the line protocol, held by an implementation of a few lines and all its failings."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from corsim.cases import Case, load_cases
from corsim.cli import main
from corsim.conformance.commanding import CommandFailed, CommandJudge
from corsim.conformance.judging import Judgement
from corsim.conformance.loopback import Mapping, World
from corsim.conformance.protocol import line_of, read_answer
from corsim.conformance.script import script_of
from corsim.conformance.session import Replay
from corsim.conformance.talking import CommandMissing

from .given import CASE, case
from .test_judging import TWICE

SUT = (sys.executable, str(Path(__file__).with_name("sut.py")))
WILDCARD = "cors_check/a-wildcard-lets-anyone-read"


def judged(*cases: Case, sut: tuple[str, ...] = ("good",), **options: Any) -> Judgement:
    return asyncio.run(CommandJudge((*SUT, *sut), **options).judge(cases))


def kinds(judgement: Judgement) -> list[str]:
    return [row.kind for row in judgement.verdicts]


def test_agreement() -> None:
    """Cases go out and answers come in; which fetch a request belongs to is known."""
    judgement = judged(case(), case(TWICE, "cors_check/twice"))
    assert [(row.kind, row.mismatches, row.flaky) for row in judgement.verdicts] == [
        ("agrees", (), False)
    ] * 2
    assert [len(row.fetches) for row in judgement.verdicts] == [1, 2]
    assert (judgement.engine, judgement.agent) == ("spec", "Sut/1")
    assert judgement.title.endswith("sut.py good, against the standard")


def test_an_engine_to_agree_with() -> None:
    """A command may be held to an engine instead of the standard."""
    text = CASE + '[engine.firefox]\nquirk = "max_age_limit"\nresult = "network error"\n'
    assert kinds(judged(case(text))) == ["agrees"]
    [row] = judged(case(text), engine="firefox").verdicts
    assert (row.kind, row.mismatches[0].expected) == ("disagrees", "network error")


def test_disagreement() -> None:
    """What script sees is compared with the case."""
    [row] = judged(case(), sut=("rejects",)).verdicts
    assert row.kind == "disagrees"
    assert [mismatch.what for mismatch in row.mismatches][:2] == ["sent", "result"]


def test_many_at_once() -> None:
    """With a width several cases are open; those that empty caches still go alone."""
    alone = {'"X-A: 1"]': "'Clear-Site-Data: \"cache\"']", '"x-a: 1"]': "'clear-site-data: \"cache\"']"}
    cases = [case(path=f"a/{number}") for number in range(9)]
    assert kinds(judged(*cases, case(CASE, "b/alone", **alone), width=4)) == ["agrees"] * 10


def test_what_is_not_supported() -> None:
    """A case of which the command says that it can't do it is not replayed, for the reason that it gives."""
    first, second = judged(case(path="a/a"), case(path="a/b"), sut=("unsupported", "a/a")).verdicts
    assert (first.kind, first.reason) == ("not replayed", "unsupported: no such thing here")
    assert second.kind == "agrees"


@pytest.mark.parametrize("width", [1, 4])
@pytest.mark.parametrize(
    ("mode", "word"),
    [
        ("dies", "ended with code 7\n    about to die\n    for good"),
        ("sleeps", "more than 0.5 s"),
        ("garbage", "no JSON (stdout is for answers, stderr for all else): {oops"),
        ("nameless", "no answer, which is an object with the id of a case: [1]"),
        ("stranger", 'an id that is not open: {"id": "000000-0"'),
        ("short", "1 steps, and 0 results"),
        ("empty", 'either "results" or "unsupported": {"id"'),
        ("wordless", '"unsupported" must say why'),
        ("unheaded", 'result 1 "headers" must be [name, value] pairs'),
        ("statusless", 'result 1 lacks "status"'),
        ("wrong", 'result 1 "status" must be a whole number'),
        ("endless", "without end"),
    ],
)
def test_failings(mode: str, word: str, width: int) -> None:
    """What goes wrong leaves its case open, and says what line or end it came to; the others are judged."""
    cases = [case(path=f"a/{name}") for name in "abc"]
    rows = judged(*cases, sut=(mode, "a/b"), width=width, timeout=0.5 if mode == "sleeps" else 10.0).verdicts
    assert [row.kind for row in rows] == ["agrees", "unanswered", "agrees"]
    assert word in rows[1].reason
    assert not any(row.flaky for row in rows)


def test_patience_ends() -> None:
    """A command that fails again and again after it has once answered leaves the rest unasked."""
    cases = [case(path="a/0"), *(case(path=f"b/{number}") for number in range(8))]
    here = str(Path(__file__).parent)
    answers_one = (
        f"import sys; sys.path.insert(0, {here!r}); import sut, json\n"
        "given = json.loads(sys.stdin.readline())\n"
        "if given['case'] == 'a/0': print(json.dumps(sut.run(given)), flush=True)"
    )
    judge = CommandJudge((sys.executable, "-c", answers_one))
    rows = asyncio.run(judge.judge(cases)).verdicts
    assert [row.kind for row in rows] == ["agrees"] + ["unanswered"] * 8
    assert rows[-1].reason == "not asked, since 5 times in a row the command ended with code 0"


def test_a_command_that_never_answers() -> None:
    """A command that answers nothing at all is an error, with its complaints."""
    with pytest.raises(
        CommandFailed, match="5 times in a row the command ended with code 7\n    about to die"
    ):
        judged(*(case(path=f"a/{number}") for number in range(6)), sut=("dies",))


def test_a_command_that_is_killed() -> None:
    """A signal is named."""
    command = ("/bin/sh", "-c", "kill -9 $$")
    with pytest.raises(CommandFailed, match="was ended by SIGKILL"):
        asyncio.run(CommandJudge(command).judge([case(path=f"a/{number}") for number in range(6)]))


def test_a_command_that_is_missing() -> None:
    """A command that is not there is named."""
    with pytest.raises(CommandMissing, match="can't run 'no-such-command': No such file"):
        asyncio.run(CommandJudge(("no-such-command",)).judge([case()]))


# -- from the command line ---------------------------------------------------------------


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["conformance", *arguments], env={"COLUMNS": "200"})


def test_the_command_line(tmp_path: Path) -> None:
    """Verdicts are printed and written as those on browsers are."""
    file = tmp_path / "report.json"
    ran = run("--command", " ".join((*SUT, "good")), "--cases", WILDCARD, "--json", str(file))
    assert ran.exit_code == 0, ran.output
    assert "against the standard" in ran.output
    report = json.loads(file.read_text())
    assert (report["engine"], report["counts"]["agrees"], report["user_agent"]) == ("spec", 1, "Sut/1")
    assert report["command"].endswith("sut.py good")


def test_exit_codes() -> None:
    """A disagreement exits with 1, an open case with 3, a command that is missing with 2."""
    cases = ("--cases", WILDCARD)
    ran = run("--command", " ".join((*SUT, "rejects")), "--engine", "webkit", *cases)
    assert (ran.exit_code, "against webkit" in ran.output) == (1, True)
    ran = run("--command", " ".join((*SUT, "garbage")), *cases)
    assert (ran.exit_code, "{oops" in ran.output) == (3, True)
    ran = run("--command", "no-such-command", *cases)
    assert (ran.exit_code, "can't run 'no-such-command'" in ran.output) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--command", "x", "--url"), "either --browser"),
        (("--command", "x", "--export", "-"), "either --browser"),
        (("--command", "x", "--stamp"), "--stamp goes with browsers"),
        (("--command", "x", "--port", "9000"), "go with --url"),
        (("--command", " "), "it is empty"),
        (("--command", "'x"), "No closing quotation"),
        (("--command", "x", "--width", "0"), "--width"),
        (("--browser", "firefox", "--width", "2"), "--width goes with --command"),
        (("--browser", "firefox", "--engine", "webkit"), "--engine goes with"),
        (("--url", "--engine", "spec"), "--engine spec goes with --command"),
    ],
)
def test_usage(arguments: tuple[str, ...], word: str) -> None:
    """Options that do not go together are refused."""
    ran = run(*arguments)
    assert ran.exit_code == 2
    assert word in ran.output


# -- as the document says ----------------------------------------------------------------


def line(given: Case) -> dict[str, Any]:
    mapping = Mapping(World((4001, 4002)), "/5e1f09-0")
    told = line_of(Replay(given, mapping, script_of(given, mapping), ()), 10.0)
    assert told.endswith(b"}\n")
    read: dict[str, Any] = json.loads(told)
    return read


def test_the_line() -> None:
    """A case is told with its page's policy, and from the second step on with what to do before."""
    policy = {'page = "https://app.example"': 'page = "https://app.example"\npage_referrer_policy = "origin"'}
    told = line(case(TWICE, **policy))
    assert [page["referrer_policy"] for page in told["pages"]] == [
        "origin",
        "strict-origin-when-cross-origin",
    ]
    assert [step.get("before") for step in told["steps"]] == [
        None, "http://127.0.0.1:4001/__corsim__/step?id=5e1f09-0&step=1"
    ]  # fmt: skip


def test_the_document() -> None:
    """The lines in docs/implementers.md are such lines: same keys, and answers that are read."""
    text = (Path(__file__).parents[2] / "docs" / "implementers.md").read_text("utf-8")
    shown, answers = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    told = json.loads(shown)
    real = line(next(row for row in load_cases() if row.path == told["case"]))
    assert [told.keys(), told["pages"][0].keys()] == [real.keys(), real["pages"][0].keys()]
    assert told["steps"][0].keys() >= real["steps"][0].keys()
    lines = re.split(r"\n(?={)", answers)
    assert [read_answer(row.encode()).unsupported for row in lines] == [None, None, "no sandbox here"]
