"""`corsim conformance`: what it prints, what it writes, and how it exits."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from corsim.cli import main
from corsim.conformance.browsers import Browser, BrowserMissing, find_browser
from corsim.conformance.judging import Judge
from corsim.engines import profile

from .fuzzing.given import FakeCampaign
from .given import FakeBrowser, Seen

CASE = "cors_check/a-wildcard-lets-anyone-read"


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["conformance", *arguments])


def run_by_url(fake: FakeBrowser, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    """Have the fake browser open the URL that is printed."""
    judge = Judge._run

    async def opening(self: Judge, *given: object) -> None:
        told = self.opened

        def opened(url: str) -> None:
            told(url)
            fake.open(url)

        self.opened = opened
        await judge(self, *given)  # type: ignore[arg-type]  # whatever it was given

    monkeypatch.setattr(Judge, "_run", opening)
    return run("--url", *arguments)


def lie(seen: Seen, _: int) -> Seen:
    return {"id": seen["id"], "results": [{"rejected": True, "error": "?"}]}


def test_agreement(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """All cases agree: the URL and a summary are printed, the report is written, the exit code is 0."""
    file = tmp_path / "report.json"
    ran = run_by_url(FakeBrowser(), monkeypatch, "--cases", CASE, "--json", str(file))
    assert ran.exit_code == 0, ran.output
    assert "http://app.localhost:" in ran.output
    assert "firefox 1.5" in ran.output
    assert json.loads(file.read_text())["cases"][0]["case"] == CASE


def test_disagreement(monkeypatch: pytest.MonkeyPatch) -> None:
    """A case disagrees: it is named with what was expected and what was seen, and the exit code is 1."""
    ran = run_by_url(FakeBrowser(lie), monkeypatch, "--cases", CASE, "--engine", "webkit")
    assert ran.exit_code == 1
    assert CASE in ran.output
    assert "expected 'cors'" in ran.output
    assert "webkit" in ran.output


def test_open_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    """A case is left open: the exit code is 3."""
    late = FakeBrowser(lambda seen, _: {"id": seen["id"], "late": True})
    ran = run_by_url(late, monkeypatch, "--cases", CASE)
    assert ran.exit_code == 3
    assert "unanswered" in ran.output


def test_what_is_not_replayed_is_named() -> None:
    """A case that can't be replayed is named with its reason, though no browser was needed."""
    ran = run("--url", "--cases", "*every-engine-has-a-limit-of-its-own")
    assert ran.exit_code == 0
    assert "not replayed, 1: more than 30 s go by" in ran.output


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ((), "either --browser"),
        (("--url", "--browser", "firefox"), "either --browser"),
        (("--browser", "firefox", "--port", "9000"), "go with --url"),
        (("--url", "--console"), "goes with --browser"),
        (("--url", "--cases", "nothing/*"), "matches no case"),
        (("--browser", "netscape"), "netscape"),
        (("--url", "--fuzz"), "--fuzz goes with --browser"),
    ],
)
def test_usage(arguments: tuple[str, ...], word: str) -> None:
    """A wrong command line is told apart from a verdict: the exit code is 2."""
    ran = run(*arguments)
    assert ran.exit_code == 2
    assert word in ran.output


@pytest.mark.parametrize(("really", "code"), [("webkit", 0), ("firefox", 1)])
def test_fuzzing(really: str, code: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Random cases agree or are told apart by the exit code; what is found is printed and written."""
    campaign = partial(FakeCampaign, really=profile(really))
    monkeypatch.setattr("corsim.conformance.fuzzing.campaign.Campaign", campaign)
    monkeypatch.setattr("corsim.conformance.browsers.find_browser", lambda engine: Browser(engine, (), "2"))
    file, cases = tmp_path / "report.json", tmp_path / "cases"
    options = ("--fuzz", "--count", "120", "--shrink", "3", "--json", str(file), "--write", str(cases))
    ran = run("--browser", "webkit", *options)
    assert ran.exit_code == code, ran.output
    assert "webkit 2, seed 1: 120 scenarios" in ran.output
    assert ("disagrees: " in ran.output) == bool(code)
    assert ("not shrunk: " in ran.output) == bool(code)
    assert len(list(cases.rglob("*.toml"))) == ran.output.count("wrote ") == ran.output.count("disagrees: ")
    assert json.loads(file.read_text())["counts"]["scenarios"] == 120


@pytest.mark.parametrize("engine", ["chromium", "firefox", "webkit"])
def test_a_browser_that_is_missing(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser that is not installed is named with its package, and the exit code is 2."""
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr("glob.glob", lambda _: [])
    with pytest.raises(BrowserMissing, match="apt-get install"):
        find_browser(engine)  # type: ignore[arg-type]  # one of the three
    ran = run("--browser", engine)
    assert ran.exit_code == 2
    assert "apt-get install" in ran.output
