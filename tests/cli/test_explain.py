"""`corsim explain`: what it reads, what it prints, and how it exits."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest
from click.testing import CliRunner, Result

from corsim import explain as read
from corsim.cli import main

LINE = (
    "Access to fetch at 'https://api.example/me' from origin 'https://app.example' has been blocked by "
    "CORS policy: Request header field x-token is not allowed by Access-Control-Allow-Headers in preflight "
    "response."
)


def explain(*arguments: str, stdin: str | bytes | None = None) -> Result:
    """Run `corsim explain`, with nothing on standard input unless given."""
    return CliRunner().invoke(main, ["explain", *arguments], input=stdin)


def test_text_as_an_argument() -> None:
    """What is printed is what `corsim.explain` says; quoted or not, it is one text."""
    assert explain(LINE).output == f"{read(LINE)}\n"
    assert explain(*LINE.split()).output == f"{read(LINE)}\n"


@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_text_from_standard_input(arguments: tuple[str, ...]) -> None:
    """As `pbpaste | corsim explain` gives it."""
    ran = explain(*arguments, stdin=LINE)
    assert (ran.exit_code, ran.output) == (1, f"{read(LINE)}\n")


def test_bytes_that_are_no_utf_8() -> None:
    """A log in some other encoding is read as far as it goes."""
    ran = explain(stdin=b"\xff\xfe\n" + LINE.encode())
    assert ran.exit_code == 1
    assert "x-token" in ran.output.splitlines()[0]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (LINE, 1),
        ("Blocked loading mixed active content “http://api.example/me”", 1),
        ("GET https://api.example/me 404 (Not Found)", 0),
        ('Refused to set unsafe header "Origin"', 0),
        ("GET https://api.example/me net::ERR_CONNECTION_REFUSED", 3),
        ("TypeError: Failed to fetch", 3),
        ("no such line", 3),
        ("", 3),
    ],
)  # fmt: skip
def test_exit_codes(text: str, code: int) -> None:
    """0 nothing was blocked, 1 blocked, 3 could not tell or no answer came."""
    ran = explain(stdin=text)
    assert ran.exit_code == code
    assert ran.output.strip()


def test_json() -> None:
    """`--json` says the same to a program."""
    ran = explain("--json", LINE)
    told = json.loads(ran.output)
    assert ran.exit_code == 1
    assert told["verdict"] == "blocked"
    assert told["engines"] == ["chromium"]
    assert told["reasons"] == ["header-not-allowed"]
    assert told["causes"][0]["cause"] == "header-not-allowed"
    assert (told["url"], told["origin"], told["header"]) == (
        "https://api.example/me", "https://app.example", "x-token"
    )  # fmt: skip
    assert told["understood"] == [LINE]
    assert told["also"] == []


def test_a_terminal_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without text and without a pipe, the usage is shown rather than a prompt that says nothing."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    with pytest.raises(SystemExit) as ended:
        main(["explain"])
    assert ended.value.code == 2
    assert "paste the line in quotes" in capsys.readouterr().err


def test_through_a_real_pipe() -> None:
    """UTF-8, whatever the locale."""
    line = "Reason: CORS header ‘Access-Control-Allow-Origin’ does not match ‘https://bücher.example’"
    ran = subprocess.run(
        [sys.executable, "-m", "corsim", "explain"], input=line.encode(), capture_output=True, check=False,
        env={"LC_ALL": "C", "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert ran.returncode == 1
    assert "bücher" in ran.stdout.decode()
