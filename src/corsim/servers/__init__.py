"""Servers: each turns one `Request` into one `Response`.

A server is a callable that takes a `Request` and returns a `Response`, or an awaitable
of one. `adapt` makes one of whatever a user hands to `Browser.serve`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import attrs

from corsim.values.errors import InvalidInput
from corsim.values.request import Request
from corsim.values.response import Response


@attrs.frozen
class Crash:
    """What a server leaves behind when it raises: the exception, and a response if it got that far."""

    error: BaseException
    response: Response | None = None


Answer: TypeAlias = Response | Crash
Server: TypeAlias = Callable[[Request], Answer | Awaitable[Answer]]


def adapt(app: Any) -> Server:
    """Make a server of a function, a `Policy` or an ASGI app.

    Raises `InvalidInput` for what is none of them.
    """
    if callable(app):
        arguments = _positional_arguments(app)
        if arguments == 1:
            from corsim.servers.function import function_server

            return function_server(app)
        if arguments == 3:
            from corsim.servers.asgi import AsgiServer

            return AsgiServer(app)
    raise InvalidInput(
        f"can't serve {app!r}: take a function of one Request that returns a Response, "
        "a Policy, or an ASGI app (called with scope, receive, send)"
    )


def _positional_arguments(app: Callable[..., Any]) -> int | None:
    """Count the arguments without a default, which tell one kind of app from another."""
    import inspect  # it takes a while to load, and only `serve` needs it

    try:
        parameters = inspect.signature(app).parameters.values()
    except (TypeError, ValueError):
        return None
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    positional = [parameter for parameter in parameters if parameter.kind in kinds]
    return sum(parameter.default is parameter.empty for parameter in positional)
