"""The same policy, written each framework's way, gives the same verdicts as `Policy`."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from corsim import Browser
from corsim.engines import ENGINES
from corsim.servers import process
from frameworks.differences import DIFFERENCES
from frameworks.scenarios import API, POLICY, SCENARIOS

pytestmark = pytest.mark.frameworks

HERE = Path(__file__).parent
EXPRESS = HERE / "express"

# What serves, by import string, by the file to run, or by Node; and the packages that it takes.
FRAMEWORKS: dict[str, tuple[str, tuple[str, ...]]] = {
    "starlette": ("frameworks.apps.starlette_app:app", ("starlette",)),
    "fastapi": ("frameworks.apps.fastapi_app:app", ("fastapi",)),
    "django": ("frameworks.apps.django_app:app", ("django", "django-cors-headers")),
    "django, ASGI": ("frameworks.apps.django_app:asgi", ("django", "django-cors-headers")),
    "flask": ("frameworks.apps.flask_app:app", ("flask", "flask-cors")),
    "quart": ("frameworks.apps.quart_app:app", ("quart", "quart-cors")),
    "litestar": ("frameworks.apps.litestar_app:app", ("litestar",)),
    "falcon": ("frameworks.apps.falcon_app:app", ("falcon",)),
    "falcon, ASGI": ("frameworks.apps.falcon_app:asgi", ("falcon",)),
    "sanic": ("sanic_app.py", ("sanic", "sanic-ext")),
    "aiohttp": ("aiohttp_app.py", ("aiohttp", "aiohttp-cors")),
    "express": ("app.mjs", ("express", "cors")),
}


def missing(what: str) -> None:
    """Skip what is not installed, except where everything has to be."""
    message = f"{what}: `make frameworks` installs it"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


def served(framework: str) -> Any:
    name, _ = FRAMEWORKS[framework]
    if framework == "express":
        if shutil.which("node") is None or not (EXPRESS / "node_modules").is_dir():
            missing("no Node, or no Express for it")
        return process(["node", str(EXPRESS / name)], env={"NODE_ENV": "production"})
    if find_spec(framework.partition(",")[0]) is None:
        missing(f"no {framework}")
    is_file = name.endswith(".py")
    return process([sys.executable, str(HERE / "apps" / name), "{port}"]) if is_file else name


@pytest.fixture(scope="module", params=FRAMEWORKS)
def framework(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module", params=ENGINES)
def browser(framework: str, request: pytest.FixtureRequest) -> Iterator[Browser]:
    """One browser for all scenarios, so that the app starts once."""
    with Browser(request.param) as browser:
        browser.serve(API, served(framework))
        yield browser


def ours(scenario: str, engine: str) -> list[str]:
    """What `Policy` makes of it."""
    with Browser(engine) as browser:
        browser.serve(API, POLICY)
        return SCENARIOS[scenario].played(browser)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_one_policy_in_every_framework(framework: str, browser: Browser, scenario: str) -> None:
    """Every engine makes the same of it as of `Policy`, but for the differences that are written down."""
    expected = ours(scenario, browser.profile.name)
    difference = DIFFERENCES.get((framework.partition(",")[0], scenario))
    if difference is not None:
        assert list(difference.verdicts) != expected, f"{difference} is a difference no more"
        expected = list(difference.verdicts)
    assert SCENARIOS[scenario].played(browser.fork()) == expected, versions(framework)


def versions(framework: str) -> str:
    """Name the packages that were tested, with their versions."""
    _, packages = FRAMEWORKS[framework]
    if framework == "express":
        lock = json.loads((EXPRESS / "package-lock.json").read_text("utf-8"))["packages"]
        return ", ".join(f"{name} {lock[f'node_modules/{name}']['version']}" for name in packages)
    return ", ".join(f"{name} {version(name)}" for name in packages)


def test_every_difference_is_tested() -> None:
    """A difference belongs to a framework and a scenario that there are."""
    names = {framework.partition(",")[0] for framework in FRAMEWORKS}
    assert {framework for framework, _ in DIFFERENCES} <= names
    assert {scenario for _, scenario in DIFFERENCES} <= set(SCENARIOS)
