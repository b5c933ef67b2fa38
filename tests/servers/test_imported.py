"""corsim.servers.imported."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from corsim import Browser, CorsimError, InvalidInput
from corsim.values.errors import AppNotFound

APP = "https://app.example.com"
SOURCE = """
from corsim import Response

class group:
    @staticmethod
    def inner(request):
        return Response(201)

def app(request):
    return Response(200)

def create_app():
    return app

def create_nothing():
    raise ValueError("no settings")

number = 3
url = "http://127.0.0.1:8000"
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory with an app in it, not on the path."""
    (tmp_path / "served_by_name.py").write_text(SOURCE, "utf-8")
    (tmp_path / "broken_by_name.py").write_text("x = 1\nx.nope\n", "utf-8")
    (tmp_path / "unwritten_by_name.py").write_text("x = (\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "served_by_name", raising=False)


@pytest.mark.parametrize(
    ("name", "status"), [("app", 200), ("group.inner", 201), ("create_app()", 200)]
)  # fmt: skip
def test_apps_by_name(name: str, status: int) -> None:
    """`module:app` is imported from the current directory too; dots are followed, `()` calls a factory."""
    browser = Browser()
    browser.serve(APP, f"served_by_name:{name}")
    assert browser.open(APP).fetch("/").status == status


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no_such_module:app", r"can't import 'no_such_module': ModuleNotFoundError"),
        ("served_by_name:nope", r"'served_by_name' was imported, and has no 'nope'"),
        ("served_by_name:create_nothing()", r"raised ValueError: no settings\n.*served_by_name.py, line 16"),
        ("served_by_name:number()", r"can't be called: it is 3\. Leave out the \(\)"),
        ("broken_by_name:app", r"AttributeError: .*\n.*broken_by_name.py, line 2: x\.nope"),
        ("unwritten_by_name:app", r"SyntaxError: .*\n.*unwritten_by_name.py, line 1"),
    ],
)
def test_names_that_lead_nowhere(name: str, message: str) -> None:
    """What can't be found, or raises, is refused where it is given, with the user's own line."""
    with pytest.raises(AppNotFound, match=message) as caught:
        Browser().serve(APP, name)
    assert isinstance(caught.value, CorsimError)


@pytest.mark.parametrize("name", ["", "app", "main.app", "main:", ":app", "a b:c", "main:app:x", "main:f(1)"])
def test_no_names(name: str) -> None:
    """What is no import string is refused, and shown."""
    with pytest.raises(InvalidInput, match="no import string: write module:app") as caught:
        Browser().serve(APP, name)
    assert repr(name) in str(caught.value)


@pytest.mark.parametrize("name", ["number", "url"])
def test_what_is_found_must_serve(name: str) -> None:
    """What was imported has to be an app."""
    with pytest.raises(InvalidInput, match=f"'served_by_name:{name}' was imported, and is no app"):
        Browser().serve(APP, f"served_by_name:{name}")
