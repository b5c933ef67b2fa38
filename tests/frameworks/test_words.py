"""What explain() says in a framework's words is typed in, and the app that it was said of turns green."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from corsim import Browser, Result

pytestmark = pytest.mark.frameworks

PAGE, API = "https://app.example.com", "https://api.example.com"
CALLS: dict[str, dict[str, Any]] = {
    "a GET": {},
    "a PUT with a header": {"method": "PUT", "headers": {"X-Token": "1"}},
    "JSON": {"method": "POST", "headers": {"Content-Type": "application/json"}, "body": b"{}"},
    "credentials": {"credentials": "include", "method": "PUT", "headers": {"Authorization": "Bearer t"}},
}

Scope = dict[str, Any]
Built = Callable[[str], Any]  # from a snippet, which may be empty, to an app


METHODS = ["GET", "PUT", "POST"]


@pytest.fixture(autouse=True)
def _djangos_settings_as_they_were() -> Iterator[None]:
    """Django has one set of settings a process, and other tests need theirs."""
    conf = sys.modules.get("django.conf")
    before = None if conf is None else conf.settings._wrapped
    yield
    if conf is not None:
        conf.settings._wrapped = before


def fastapi(snippet: str) -> Any:
    app = pytest.importorskip("fastapi").FastAPI()
    app.add_api_route("/me", lambda: {"a": 1}, methods=METHODS)
    return typed_in(snippet, {"app": app})["app"]


def starlette(snippet: str) -> Any:
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route

    async def me(request: Any) -> Any:
        return PlainTextResponse("me")

    app = pytest.importorskip("starlette.applications").Starlette(routes=[Route("/me", me, methods=METHODS)])
    return typed_in(snippet, {"app": app})["app"]


def flask(snippet: str) -> Any:
    app = pytest.importorskip("flask").Flask("api")
    app.add_url_rule("/me", view_func=lambda: "me", methods=METHODS)
    return typed_in(snippet, {"app": app})["app"]


def quart(snippet: str) -> Any:
    async def me() -> str:
        return "me"

    app = pytest.importorskip("quart").Quart("api")
    app.add_url_rule("/me", view_func=me, methods=METHODS)
    return typed_in(snippet, {"app": app})["app"]


def litestar(snippet: str) -> Any:
    package = pytest.importorskip("litestar")

    async def me() -> str:
        return "me"

    handler = package.route("/me", http_method=METHODS, status_code=200)(me)
    return package.Litestar([handler], cors_config=typed_in(snippet, {}).get("cors_config"))


def falcon(snippet: str) -> Any:
    class Me:
        async def on_get(self, request: Any, response: Any) -> None:
            response.text = "me"

        on_put = on_post = on_get

    app = pytest.importorskip("falcon.asgi").App()
    app.add_route("/me", Me())
    return typed_in(snippet, {"app": app})["app"]


def sanic(snippet: str) -> Any:
    package = pytest.importorskip("sanic")
    package.Sanic.test_mode = True
    package.Sanic._app_registry.clear()  # apps are known by their names, and this is another one

    async def me(request: Any) -> Any:
        return package.text("me")

    app = package.Sanic("api")
    app.add_route(me, "/me", methods=METHODS)
    return typed_in(snippet, {"app": app})["app"]


def django(snippet: str) -> Any:
    pytest.importorskip("corsheaders")
    conf, http = pytest.importorskip("django.conf"), pytest.importorskip("django.http")
    urls = pytest.importorskip("django.urls")
    urlpatterns = [urls.path("me", lambda request: http.HttpResponse("me"))]
    base = {
        "SECRET_KEY": "x", "ALLOWED_HOSTS": ["*"], "INSTALLED_APPS": [],
        "MIDDLEWARE": ["django.middleware.common.CommonMiddleware"],
        "ROOT_URLCONF": type("urls", (), {"urlpatterns": urlpatterns}),
    }  # fmt: skip
    if not conf.settings.configured:
        conf.settings.configure()
        pytest.importorskip("django").setup()
    written = typed_in(snippet, dict(base))
    kept = {name: value for name, value in written.items() if name.isupper()}
    conf.settings._wrapped = conf.UserSettingsHolder(conf.global_settings)
    for name, value in kept.items():
        setattr(conf.settings, name, value)
    return pytest.importorskip("django.core.handlers.asgi").ASGIHandler()


def typed_in(snippet: str, scope: Scope) -> Scope:
    """Run what was shown as its reader would, at the end of the module."""
    exec(compile(snippet, "<snippet>", "exec"), scope)
    return scope


FRAMEWORKS: dict[str, tuple[Built, tuple[str, ...]]] = {
    "FastAPI": (fastapi, ("fastapi",)),
    "Starlette": (starlette, ("starlette",)),
    "Flask": (flask, ("flask", "flask_cors")),
    "Quart": (quart, ("quart", "quart_cors")),
    "Litestar": (litestar, ("litestar",)),
    "Django": (django, ("django", "corsheaders")),
    "Falcon": (falcon, ("falcon",)),
    "Sanic": (sanic, ("sanic", "sanic_ext")),
}


def fetched(app: Any, call: dict[str, Any], engine: str = "spec") -> Result:
    with Browser(engine) as browser:
        browser.serve(API, app)
        return browser.open(PAGE).fetch(f"{API}/me", **call)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("name", FRAMEWORKS)
def test_the_snippet_turns_an_app_green(name: str, call: str) -> None:
    """An app without CORS is recognised; with what is shown typed in, the page reads it in every engine."""
    build, packages = FRAMEWORKS[name]
    for package in packages:
        pytest.importorskip(package)
    broken = fetched(build(""), CALLS[call])
    assert broken.blocked is not None
    words = broken.explain()
    assert words.framework == name
    assert f"In {name}, " in words
    for engine in words.fixes[0].proven:
        mended = fetched(build(words.snippet), CALLS[call], engine)
        assert mended.ok, f"{words.snippet}\n{mended.explain()}"


def with_login(snippet: str) -> Any:
    """Make a Flask app that asks for a login, and asks preflights, too; the snippet stands above that."""
    package = pytest.importorskip("flask")
    app = package.Flask("api")
    app.add_url_rule("/me", view_func=lambda: "me", methods=METHODS)
    scope = typed_in(snippet, {"app": app})

    def login() -> Any:
        return None if "authorization" in package.request.headers else ("Not logged in", 401)

    app.before_request(login)
    return scope["app"]


def test_flask_lets_preflights_pass_a_login() -> None:
    """A login that refuses preflights is named, and what is shown lets them pass, and nothing else."""
    pytest.importorskip("flask_cors")
    words = fetched(with_login(""), CALLS["credentials"]).explain()
    assert words.cause == "preflight-unauthorized"
    assert fetched(with_login(words.snippet), CALLS["credentials"]).ok
    assert fetched(with_login(words.snippet), {}).status == 401
