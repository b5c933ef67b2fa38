"""Servers: each turns one `Request` into one `Response`.

    function    a function of one Request, sync or async; a Policy is one, too
    asgi        an ASGI app, called in process, with its lifespan
    wsgi        a WSGI app, called in process
    http        whatever listens at an http(s) URL
    command     a command that is started, and listens at a port
    imported    any of them, by import string
    cdn         a shared cache in front of any of them

A server is a callable that takes a `Request` and returns a `Response`, or an awaitable
of one. `adapt` makes one of whatever a user hands to `Browser.serve`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from corsim.values.errors import InvalidInput, wrong_type
from corsim.values.request import Request
from corsim.values.response import Response

if TYPE_CHECKING:
    from os import PathLike

    from corsim.servers.command import Process
    from corsim.servers.shared_cache import Cdn


@attrs.frozen
class Crash:
    """What a server leaves behind when it fails: the exception, and a response if it got that far."""

    error: BaseException
    response: Response | None = None


Answer: TypeAlias = Response | Crash
Server: TypeAlias = Callable[[Request], Answer | Awaitable[Answer]]

TIMEOUT = 30.0  # seconds of real time that an answer may take


def adapt(app: Any, timeout: float | None = TIMEOUT) -> Server:
    """Make a server of whatever can serve; `timeout` is the real time that an answer may take.

    Raises `InvalidInput` for what can't, `AppNotFound` for an import string that leads nowhere.
    """
    check_timeout(timeout)
    if isinstance(app, str):
        return _adapted_name(app, timeout)
    server = _adapted(app, timeout)
    if server is None:
        raise InvalidInput(_refusal(app))
    return server


def check_timeout(timeout: object) -> None:
    """Refuse what is no number of seconds above 0, nor None."""
    if timeout is None:
        return
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)):
        raise wrong_type("timeout", "a number of seconds, or None to wait for ever", timeout)
    if not timeout > 0:
        raise InvalidInput(f"timeout is more than 0 seconds of real time, or None: not {timeout!r}")


def _adapted(app: Any, timeout: float | None) -> Server | None:
    from corsim.servers.kinds import kind_of  # it takes a while to load, and only `serve` needs it

    kind = kind_of(app)
    if kind == "function":
        from corsim.servers.function import function_server

        return function_server(app, timeout)
    if kind == "wsgi":
        from corsim.servers.wsgi import WsgiServer

        return WsgiServer(app, timeout)
    if kind is not None:
        from corsim.servers.asgi import AsgiServer, single_callable

        return AsgiServer(single_callable(app) if kind == "asgi2" else app, timeout)
    from corsim.servers.shared_cache import Cdn, cdn_server

    if isinstance(app, Cdn):
        return cdn_server(app, timeout)
    from corsim.servers.command import Process, ProcessServer

    return ProcessServer(app, timeout) if isinstance(app, Process) else None


def _adapted_name(name: str, timeout: float | None) -> Server:
    """Make a server of what a str names: a URL, or an import string."""
    if name.partition("://")[0].lower() in ("http", "https"):
        from corsim.servers.http import HttpServer

        return HttpServer(name, timeout)
    from corsim.servers.imported import import_app

    app = import_app(name)
    server = None if isinstance(app, str) else _adapted(app, timeout)
    if server is None:
        raise InvalidInput(f"{name!r} was imported, and is no app: {_refusal(app)}")
    return server


def _refusal(app: object) -> str:
    from corsim.servers.kinds import framework_of_its_own, takes_anything

    framework = framework_of_its_own(app)
    if callable(app) and not framework and takes_anything(app):
        return (
            f"can't tell what {app!r} is, for it takes *args. Say how to call it: "
            "lambda environ, start_response: app(environ, start_response) if it is WSGI"
        )
    if framework:
        return (
            f"can't serve {app!r}: an app of {framework} is neither ASGI nor WSGI. Run it, and serve its "
            "URL, or corsim.servers.process([...], port=...)"
        )
    return (
        f"can't serve {app!r}: take an ASGI app (called with scope, receive, send), a WSGI app (environ, "
        "start_response), a function of one Request that returns a Response, a Policy, a URL such as "
        "'http://127.0.0.1:8000', an import string such as 'main:app', or a corsim.servers.process"
    )


def process(
    command: Sequence[str],
    *,
    port: int | None = None,
    timeout: float = TIMEOUT,
    cwd: str | PathLike[str] | None = None,
    env: Mapping[str, str] | None = None,
) -> Process:
    """Name a command to serve with: it is started when first asked, and ended with the browser.

    It has to listen on 127.0.0.1 at `port`. Without one, a free port takes the place of
    `{port}` in the command and in the values of `env`, and stands in the variable PORT.
    `timeout` is how many seconds it has until the port answers. `env` is added to this
    process's own environment. To start it once for many browsers, use it in a `with`.

    >>> from corsim.servers import process
    >>> process(["uvicorn", "main:app", "--port", "{port}"])
    <Process 'uvicorn main:app --port {port}', not started>
    """
    from corsim.servers.command import Process

    return Process(command, port=port, timeout=timeout, cwd=cwd, env=env)


def cdn(app: Any, *, default_ttl: float = 0.0) -> Cdn:
    """Put a shared cache in front of whatever can serve, as a CDN is: RFC 9111, on the browser's clock.

    `default_ttl` is for how many seconds a response stays fresh that does not say so itself; 0 keeps none
    of these but to ask whether they have changed. `cdn.stored` is what it keeps, `cdn.clear()` purges it.
    Raises `InvalidInput` for a time that can't be.

    >>> from corsim import Browser, Response
    >>> def shop(request):
    ...     shared = {"Access-Control-Allow-Origin": request.headers["origin"]}
    ...     return Response(200, {**shared, "Cache-Control": "max-age=60"})
    >>> cache = cdn(shop)
    >>> browser = Browser()
    >>> browser.serve("https://shop.example", cache)
    >>> browser.open("https://one.example").fetch("https://shop.example/").readable
    True
    >>> browser.open("https://other.example").fetch("https://shop.example/").readable
    False
    >>> cache.stored
    (<stored 200 of https://shop.example/, fresh until 60 s>,)
    """
    from corsim.servers.shared_cache import Cdn

    return Cdn(app, default_ttl)


# What HTTP/1.1 sends no body with, whatever an app hands over.
_BODILESS = (204, 304)


def carried(request: Request, status: int, body: bytes) -> bytes:
    """Leave out a body that can't go over the wire: of an answer to HEAD, of a 204, of a 304."""
    return b"" if request.method == "HEAD" or status in _BODILESS else body
