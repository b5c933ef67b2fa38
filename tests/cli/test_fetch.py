"""`corsim fetch`: what it prints, and how it exits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import corsim
from corsim.cli import main

URL, PAGE = "https://api.example/me", "https://app.example"
ALLOW = "Access-Control-Allow-Origin: https://app.example"


@pytest.fixture(autouse=True)
def _in_the_directory_of_the_apps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parent)
    monkeypatch.setattr(sys, "path", list(sys.path))


def fetch(*arguments: str, url: str = URL, page: str = PAGE, stdin: str | None = None) -> Result:
    """Run `corsim fetch`, with nothing on standard input unless given."""
    return CliRunner().invoke(main, ["fetch", url, "--page", page, *arguments], input=stdin)


def test_readable() -> None:
    """What the page may read exits with 0, and shows the network tab and why."""
    ran = fetch("-X", "PUT", "-H", "X-Token: 1", "--app", "apps_under_test:policy")
    assert ran.exit_code == 0
    shown = ran.output.splitlines()
    assert shown[0] == f"OPTIONS {URL}  preflight"
    assert "    Access-Control-Request-Headers: x-token" in shown
    assert "  -> 204" in shown
    assert f"PUT {URL}" in shown
    assert f"Readable: PUT {URL} answered 200" in ran.output


def test_blocked() -> None:
    """What is blocked exits with 1, and says what to change."""
    ran = fetch("-H", "X-CSRF-Token: 1", "--app", "apps_under_test:policy")
    assert ran.exit_code == 1
    assert "Blocked: " in ran.output
    assert "  Access-Control-Allow-Headers: X-Token, x-csrf-token\n" in ran.output


def test_answers_by_hand() -> None:
    """Headers from a network tab are enough to answer with."""
    assert fetch("-R", ALLOW).exit_code == 0
    assert fetch("--status", "200").exit_code == 1
    put = ("-X", "PUT", "--preflight-header", ALLOW)
    assert fetch(*put, "--preflight-header", "Access-Control-Allow-Methods: PUT", "-R", ALLOW).exit_code == 0
    assert fetch(*put, "--preflight", "500").exit_code == 1


def test_a_framework_of_ones_choice() -> None:
    """Its words stand below the fix; without one, how to ask for one does."""
    nginx = fetch("--status", "200", "--framework", "Nginx").output
    assert 'add_header Access-Control-Allow-Origin "https://app.example" always;' in nginx
    assert "--framework fastapi" in fetch("--status", "200").output


def test_pasted_headers(tmp_path: Path) -> None:
    """`@FILE` and `@-` take a pasted block, with its status line, and stop where the body begins."""
    block = f"HTTP/2 404 Not Found\r\n{ALLOW}\r\n\r\nno: header\r\n"
    ran = fetch("-R", "@-", stdin=block)
    assert ran.exit_code == 0
    assert "answered 404" in ran.output
    (tmp_path / "headers.txt").write_text(f":status: 201\n{ALLOW}\n", "utf-8")
    assert "answered 201" in fetch("-R", f"@{tmp_path / 'headers.txt'}").output
    assert "answered 200" in fetch("-R", f"@{tmp_path / 'headers.txt'}", "--status", "200").output
    assert fetch("-R", f"@{tmp_path / 'none.txt'}").exit_code == 2


def test_a_missing_answer() -> None:
    """Where an answer was not given there is no verdict, but the command that would get it."""
    ran = fetch("-X", "PUT", "-R", ALLOW)
    assert ran.exit_code == 3
    assert "no answer to that was given" in ran.output
    assert "curl -i -X OPTIONS https://api.example/me" in ran.output
    assert "-H 'Access-Control-Request-Method: PUT'" in ran.output
    passing = ("--preflight-header", ALLOW, "--preflight-header", "Access-Control-Allow-Methods: PUT")
    ran = fetch("-X", "PUT", "-d", "{}", *passing)
    assert ran.exit_code == 3
    assert "the preflight passes" in ran.output
    assert "--data-raw '{}'" in ran.output
    ran = fetch("--preflight", "204")
    assert ran.exit_code == 3
    assert "without a preflight, and no answer to GET https://api.example/me was given" in ran.output
    assert "--preflight is not used" in ran.output
    ran = fetch("--status", "302", "-R", ALLOW, "-R", "Location: /b")
    assert ran.exit_code == 3
    assert "the redirect leads to https://api.example/b" in ran.output


def test_the_fragment_is_not_sent() -> None:
    """A URL with a fragment is answered like the URL without."""
    assert fetch("-R", ALLOW, url=f"{URL}#top").exit_code == 0


def test_nothing_is_contacted_unasked() -> None:
    """With neither an app nor an answer, and where a redirect leads elsewhere, nothing is contacted."""
    ran = fetch()
    assert ran.exit_code == 2
    assert "nobody answers 'https://api.example/me'" in ran.output
    for given in (("--app", "apps_under_test:redirecting"),
                  ("--status", "302", "-R", ALLOW, "-R", "Location: https://b.example/x")):  # fmt: skip
        ran = fetch(*given)
        assert ran.exit_code == 3
        assert "nobody answers https://b.example/x: add --app https://b.example=MODULE:APP" in ran.output


def test_apps_by_origin() -> None:
    """Each origin has its app, by import string; dotted attributes are followed."""
    ran = fetch(
        "--app", "apps_under_test:redirecting", "--app", "https://b.example=apps_under_test:group.inner"
    )
    assert ran.exit_code == 1  # the redirect tainted the origin, and the policy names no `null`
    assert "Origin: null" in ran.output
    assert fetch("--app", "https://api.example=apps_under_test:policy").exit_code == 0


def test_could_not_tell() -> None:
    """An app that can't be had, or that breaks off, gives no verdict, and no traceback."""
    missing = fetch("--app", "no_such_module:app")
    assert (missing.exit_code, "No module named 'no_such_module'" in missing.output) == (3, True)
    attribute = fetch("--app", "apps_under_test:nope")
    assert (attribute.exit_code, "has no 'nope'" in attribute.output) == (3, True)
    broken = fetch("--app", "apps_under_test:broken")
    assert (broken.exit_code, "This is not CORS" in broken.output) == (3, True)


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (("--app", "nope"), "'nope' is no import string"),
        (("--app", "x=apps_under_test:policy"), "'x' in 'x=apps_under_test:policy' is no origin"),
        (("--app", "apps_under_test:not_an_app"), "can't serve 3"),
        (("--app", "a:b", "--app", "c:d"), "two apps for https://api.example: 'a:b' and 'c:d'"),
        (("--app", "a:b", "--status", "200"), "leave out --app"),
        (("--status", "42"), "status 42"),
        (("--status", "x"), "'x' is not a valid integer"),
        (("-R", "nonsense"), "'nonsense' is no header"),
        (("-R", "X: 1\x002"), "no value for 'X'"),
        (("-R", ALLOW, "-H", "X"), "'X' is no header"),
        (("-R", ALLOW, "--mode", "nocors"), "'nocors' is not one of"),
        (("-R", ALLOW, "--upload-listener"), "--upload-listener goes with --xhr"),
        (("-R", ALLOW, "--xhr", "--mode", "no-cors"), "--mode no-cors does not go with --xhr"),
        (("-R", ALLOW, "--xhr", "--redirect", "error"), "--redirect error does not go with --xhr"),
        (("-R", ALLOW, "--xhr", "--credentials", "omit"), "--credentials omit does not go with --xhr"),
        (("--status", "200", "--framework", "rails"), "no words for the framework 'rails'"),
    ],
)
def test_bad_input(arguments: tuple[str, ...], shown: str) -> None:
    """What is wrong on the command line exits with 2, and the message shows the value."""
    ran = fetch(*arguments)
    assert ran.exit_code == 2
    assert shown in ran.output


def test_bad_url_and_page() -> None:
    """A URL that is none, and a page that is none, are shown."""
    ran = fetch("-R", ALLOW, url="https://")
    assert (ran.exit_code, "'https://' is no URL" in ran.output) == (2, True)
    ran = fetch("-R", ALLOW, page="app.example")
    assert (ran.exit_code, "can't open 'app.example'" in ran.output) == (2, True)


@pytest.mark.parametrize(
    ("url", "warning"),
    [
        ("api.example/me", f"as {PAGE}/api.example/me. Did you mean https://api.example/me?"),
        ("localhost:8000/me", "as localhost:8000/me. Did you mean http://localhost:8000/me?"),
        ("/me", ""),
        ("./me", ""),
        ("../me", ""),
        ("?q", ""),
        ("#top", ""),
        ("data:,hi", ""),
        ("about:blank", ""),
        (URL, ""),
    ],
)
def test_a_url_without_a_scheme(url: str, warning: str) -> None:
    """A host without `https://` is a path to a browser, and the warning says so; paths have none."""
    ran = fetch("--status", "200", url=url)
    assert warning in ran.output
    assert ("Warning" in ran.output) == bool(warning)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("import json\n\njson.loads('')\n", "line 3: json.loads('')"),
        ("def make():\n    raise KeyError('x')\n\nmake()\n", "line 2: raise KeyError('x')"),
        ("x = 1\ndef (\n", "line 2"),
        ("import no_such_module_either\n", "line 1: import no_such_module_either"),
    ],
)
def test_an_app_that_fails_on_import(
    source: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last line of the user's own code is named with its file, not one of a library."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "failing_app", raising=False)
    (tmp_path / "failing_app.py").write_text(source, "utf-8")
    ran = fetch("--app", "failing_app:app")
    assert ran.exit_code == 3
    assert f"{tmp_path / 'failing_app.py'}, {shown}" in ran.output


def test_a_module_that_is_not_there_has_no_line() -> None:
    """Of a module that does not exist there is no line to show."""
    assert ", line" not in fetch("--app", "no_such_module:app").output


def test_the_type_of_an_exception_is_shown() -> None:
    """What an app raised is shown with its type, and without a colon where it says nothing."""
    assert "the app raised KeyError: 'status'\n" in fetch("--app", "apps_under_test:raises_key_error").output
    assert "the app raised ValueError\n" in fetch("--app", "apps_under_test:raises_nothing_said").output


def test_the_page() -> None:
    """A page may be opaque, by name or in a sandbox."""
    assert "Origin: null" in fetch("-R", ALLOW, page="null").output
    assert "Origin: null" in fetch("-R", ALLOW, "--sandbox").output


def test_the_headers_of_the_page() -> None:
    """The page's own policy has a say, and a page without a server has no headers."""
    output = fetch("-R", ALLOW, "--page-header", "Content-Security-Policy: connect-src 'self'").output
    assert output.startswith("Blocked: the page at https://app.example came with Content-Security-Policy")
    assert "comes without headers" in fetch("-R", ALLOW, "--page-header", "A: b", page="null").output


def test_xhr() -> None:
    """XMLHttpRequest is another door, with its listeners and its withCredentials."""
    ran = fetch("--xhr", "-d", "x", "--upload-listener", "--app", "apps_under_test:policy")
    assert ran.output.startswith("OPTIONS")
    assert "Content-Type: text/plain;charset=UTF-8" in ran.output
    ran = fetch("--xhr", "--credentials", "include", "-R", "Access-Control-Allow-Origin: *")
    assert (ran.exit_code, "withCredentials" in ran.output) == (1, True)


def test_opaque_as_asked_for() -> None:
    """An opaque response is what no-cors asks for, and no failure."""
    ran = fetch("--mode", "no-cors", "--status", "200")
    assert (ran.exit_code, "Opaque: " in ran.output) == (0, True)


def test_engines() -> None:
    """The engine chosen is the one that is simulated."""
    ran = fetch("-R", ALLOW, "--engine", "firefox", "--json")
    assert json.loads(ran.output)["engine"] == "firefox"


def test_json() -> None:
    """`--json` holds result, refusal, exchanges with headers as pairs, and the trace."""
    ran = fetch("-H", "X-CSRF-Token: 1", "--app", "apps_under_test:policy", "--json")
    assert ran.exit_code == 1
    told = json.loads(ran.output)
    assert told["schema_version"] == 1
    assert told["verdict"] == "blocked"
    assert told["result"]["readable"] is False
    assert told["blocked"] == {
        "step": "cors-preflight-fetch-0 7.7",
        "url": "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0",
        "outcome": "network error",
        "reason": "header-not-allowed",
        "subject": "x-csrf-token",
    }
    (preflight,) = told["exchanges"]
    assert preflight["preflight"] is True
    assert ["Access-Control-Request-Headers", "x-csrf-token"] in preflight["request"]["headers"]
    assert preflight["response"]["status"] == 204
    assert told["blocked"] in told["trace"]
    assert all(set(row) == {"step", "url", "outcome", "reason", "subject"} for row in told["trace"])


def test_json_of_a_crash() -> None:
    """What an app raised is in the JSON, beside the response that was not."""
    told = json.loads(fetch("--app", "apps_under_test:broken", "--json").output)
    assert told["exchanges"][0]["response"] is None
    assert told["exchanges"][0]["error"]["type"] == "RuntimeError"


def test_no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR takes the colours away, on a terminal too; else a terminal has them."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1;32mReadable" in fetch("-R", ALLOW).output
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[1;32m" not in fetch("-R", ALLOW).output


def test_python_m() -> None:
    """`python -m corsim` is the same command, under the same name."""
    command = [sys.executable, "-m", "corsim", "--version"]
    env = {**os.environ, "PYTHONPATH": str(Path(corsim.__file__).parents[1])}
    ran = subprocess.run(command, capture_output=True, text=True, check=True, env=env)
    assert ran.stdout.startswith("corsim")
    ran = subprocess.run([*command[:-1], "--help"], capture_output=True, text=True, check=True, env=env)
    assert "Usage: corsim [OPTIONS]" in ran.stdout
