"""`corsim demo`: a real FastAPI app, broken and mended."""

from __future__ import annotations

import sys

import pytest
from click.testing import CliRunner

from corsim import Reason
from corsim.cli import main
from corsim.demo.app import make_app
from corsim.demo.story import BROKEN, GOOD, Scene, play
from corsim.engines import ENGINES


@pytest.mark.parametrize("engine", ENGINES)
def test_the_story(engine: str) -> None:
    """In every engine the good fetches work, the second save needs no preflight, and two fetches break."""
    results = [result for _, result in play(make_app(), (*GOOD, *BROKEN), engine)]
    me, notes, save, again, picture, delete, report = results
    assert me.ok
    assert me.text == '{"name":"Ada"}'
    assert "x-total-count" in notes.headers
    assert "x-served-by" not in notes.headers
    assert [exchange.request.method for exchange in save.exchanges] == ["OPTIONS", "PUT"]
    assert [exchange.request.method for exchange in again.exchanges] == ["PUT"]
    assert picture.type == "opaque"
    assert delete.blocked is not None
    assert delete.blocked.reason is Reason.PREFLIGHT_STATUS
    assert report.blocked is not None
    assert report.blocked.reason is Reason.ALLOW_ORIGIN_MISSING
    assert isinstance(report.exchanges[-1].error, ZeroDivisionError)


def test_the_mended_story() -> None:
    """Once the two mistakes are mended, the two fetches work."""
    assert all(result.ok for _, result in play(make_app(mended=True), BROKEN))


@pytest.mark.parametrize("width", ["80", "140"])
def test_it_is_shown(width: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo shows each fetch, explains what breaks, and fits its terminal."""
    monkeypatch.setenv("COLUMNS", width)
    ran = CliRunner().invoke(main, ["demo"])
    assert ran.exit_code == 0
    for scene in (*GOOD, *BROKEN):
        assert scene.title.split(",")[0].split()[0] in ran.output
    assert "hidden: x-served-by" in ran.output
    assert "allow_headers=" in ran.output
    assert "ZeroDivisionError" in ran.output
    tables = [line for line in ran.output.splitlines() if line.startswith(("│", "╭", "|", "+"))]
    assert tables
    assert max(map(len, tables)) <= int(width)


def test_without_fastapi(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where FastAPI is missing, the demo says how to install it, and exits with 2."""
    monkeypatch.setitem(sys.modules, "fastapi", None)
    monkeypatch.delitem(sys.modules, "corsim.demo.app")
    ran = CliRunner().invoke(main, ["demo"])
    assert ran.exit_code == 2
    assert "pip install fastapi" in ran.output


def test_a_scene_shows_its_script() -> None:
    """A scene is shown as the JavaScript that a page would have."""
    assert Scene("", "/a").script == 'fetch("/a")'
    options = {"method": "PUT", "headers": {"X-A": "1"}, "body": b"{}"}
    assert (
        Scene("", "/a", options).script == 'fetch("/a", {method: "PUT", headers: {"X-A": "1"}, body: "{}"})'
    )
