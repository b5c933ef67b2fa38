"""Which framework serves is told by the app or by its answers; its words are filled with what is needed."""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware

from corsim import Browser, Response, Result
from corsim.explaining.causes import Cause
from corsim.explaining.frameworks import framework_named, frameworks
from corsim.explaining.frameworks.recognising import of_an_answer, of_an_app
from corsim.explaining.frameworks.wanted import Needs
from corsim.values.errors import InvalidInput
from corsim.values.headers import Headers
from explaining.support import ALLOW, API, PAGE, asked, run

FULL = Needs(PAGE, ("GET", "PUT"), ("X-A", "x-b"), ("X-Total",), True, True)
BARE = Needs(PAGE)


class OwnApp(FastAPI):
    """An app whose type is the user's own."""


def test_an_app_is_known_by_its_type_within_whatever_wraps_it() -> None:
    """The innermost counts: a FastAPI app in Starlette's middleware is FastAPI."""
    assert of_an_app(FastAPI()) is framework_named("fastapi")
    assert of_an_app(OwnApp()) is framework_named("fastapi")
    assert of_an_app(Starlette()) is framework_named("starlette")
    assert of_an_app(CORSMiddleware(FastAPI())) is framework_named("fastapi")
    assert of_an_app(FastAPI().__call__) is framework_named("fastapi")
    assert of_an_app(lambda request: None) is None
    assert of_an_app(None) is None


def test_layers_that_hold_each_other() -> None:
    """A ring of wrappers is walked once."""

    class Ring:
        app: Any = None

    one, other = Ring(), Ring()
    one.app, other.app = other, one
    assert of_an_app(one) is None


@pytest.mark.parametrize(
    ("headers", "said", "name"),
    [
        ({"Server": "nginx/1.27.0"}, "", "nginx"),
        ({"Server": "nginx", "X-Powered-By": "Express"}, "", "Express"),
        ({"X-Powered-By": "Express"}, "", "Express"),
        ({"Server": "Python/3.12 aiohttp/3.11.0"}, "", "aiohttp"),
        ({"Server": "Werkzeug/3.1 Python/3.12"}, "", "Flask"),
        ({"Server": "WSGIServer/0.2 CPython/3.12"}, "", "Django"),
        ({"Server": "Apache/2.4 (Debian)"}, "", "Apache"),
        ({"Server": "Caddy"}, "", "Caddy"),
        ({"Server": "uvicorn"}, "Disallowed CORS origin", "Starlette"),
        ({"Server": "uvicorn"}, "", None),
        ({}, "", None),
    ],
)
def test_an_answer_tells_its_framework(headers: dict[str, str], said: str, name: str | None) -> None:
    """What an answer says of itself tells an app before a proxy, and a guess is not made."""
    found = of_an_answer(Headers(headers), said)
    assert (None if found is None else found.name) == name


def test_a_framework_that_is_not_known() -> None:
    """The name is refused with those that are known; a wrong type, too."""
    with pytest.raises(InvalidInput, match="no words for the framework 'rails': take one of aiohttp, apache"):
        run().explain("rails")
    with pytest.raises(TypeError, match="framework"):
        run().explain(3)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", frameworks())
def test_a_template_holds_what_is_needed_and_no_more(name: str) -> None:
    """With everything needed, all of it stands there; with an origin only, nothing else does."""
    for place in framework_named(name).places:
        full, bare = place.filled(FULL.values()), place.filled(BARE.values())
        assert "{{" not in full + bare
        assert PAGE in full
        assert PAGE in bare
        assert len(bare.splitlines()) < len(full.splitlines())
        for value in ("PUT", "X-Total", "x-b"):
            assert value in full or name == "falcon"  # which lists no methods, and echoes headers
            assert value not in bare
        assert "credential" in full.lower()
        assert "credential" not in bare.lower()


@pytest.mark.parametrize("name", frameworks())
def test_anyone(name: str) -> None:
    """An answer for anyone says so, and does not vary."""
    for place in framework_named(name).places:
        text = place.filled(Needs("*", ("GET",)).values())
        assert "*" in text or "ALL_ORIGINS = True" in text
        assert "Vary" not in text


@pytest.mark.parametrize("name", ["aiohttp", "django", "fastapi", "flask", "litestar", "quart", "sanic"])
def test_python_compiles(name: str) -> None:
    """Whatever is needed, what is shown is Python."""
    for place, origin, rest in itertools.product(
        framework_named(name).places,
        ("*", PAGE),
        itertools.product(((), ("PUT",)), ((), ("x-a",)), ((), ("X",)), (True, False)),
    ):
        compile(place.filled(Needs(origin, *rest).values()), name, "exec")


def test_values_are_quoted() -> None:
    """What a server sends, such as a quote, does not break out of a string."""
    result = asked(ALLOW, ("Access-Control-Allow-Methods", 'GET, "X'), method="PUT")
    found = re.search(r"allow_methods=(\[.*\])", result.explain("fastapi").snippet)
    assert found is not None
    assert json.loads(found[1]) == ["GET", "X", "PUT"]


def from_django(headers: dict[str, str], status: int) -> Result:
    browser = Browser()
    browser.serve(API, lambda request: Response(status, headers))
    return browser.open(PAGE).fetch(f"{API}/me")


def test_where_there_is_nothing_to_write() -> None:
    """No words of a framework where no server has a header to change, and none that lead astray."""
    lost = run(ALLOW, ("Location", "/b"), status=302, redirect="error").explain()
    assert (lost.framework, lost.snippet) == (None, "")
    assert "result.explain(" not in lost
    fine = run(ALLOW).explain("django")
    assert (fine.cause, fine.snippet) == (None, "")
    broken = from_django({"Server": "WSGIServer/0.2"}, 200).explain()
    assert (broken.framework, broken.cause) == ("Django", Cause.NO_CORS_HEADERS)
