"""Which kind of app an object is, told by how it wants to be called.

app(request)                    a function of ours
app(environ, start_response)    WSGI
app(scope, receive, send)       ASGI
app(scope)(receive, send)       ASGI as it was before version 3
"""

from __future__ import annotations

import inspect
from typing import Any, Literal, TypeAlias

Kind: TypeAlias = Literal["function", "wsgi", "asgi", "asgi2"]

_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
_KINDS: tuple[Kind | None, ...] = (None, "function", "wsgi", "asgi")

# Frameworks whose apps are called by no standard interface, though some of them can be called.
_NEITHER = ("aiohttp", "tornado", "twisted")


def kind_of(app: object) -> Kind | None:
    """Say which kind of app it is; None if it is none, or can't be told."""
    if not callable(app) or framework_of_its_own(app):
        return None
    if takes_anything(app):
        return "asgi" if _is_async(app) else None
    names = _required(app)
    if names is None or len(names) >= len(_KINDS):
        return None
    kind = _KINDS[len(names)]
    if kind == "function" and _is_double_callable(app, names[0]):
        return "asgi2"
    return None if kind == "wsgi" and _is_async(app) else kind


def framework_of_its_own(app: object) -> str:
    """Name the framework of an app that has to be run, to be served by its URL; or nothing."""
    package = type(app).__module__.partition(".")[0]
    return package if package in _NEITHER else ""


def takes_anything(app: Any) -> bool:
    """Say whether it is called as `app(*args)`, which tells nothing of what they are."""
    try:
        parameters = inspect.signature(app).parameters.values()
    except (TypeError, ValueError):
        return False
    return any(each.kind is each.VAR_POSITIONAL for each in parameters) and not _required(app)


def _is_async(app: Any) -> bool:
    return inspect.iscoroutinefunction(app) or inspect.iscoroutinefunction(type(app).__call__)


def _required(app: Any) -> list[str] | None:
    """List the arguments without a default, which tell one kind of app from another."""
    try:
        parameters = inspect.signature(app).parameters.values()
    except (TypeError, ValueError):
        return None
    return [each.name for each in parameters if each.kind in _POSITIONAL and each.default is each.empty]


def _is_double_callable(app: Any, argument: str) -> bool:
    """Say whether what it returns is to be called again: a class does, or one who names a scope."""
    if getattr(app, "_asgi_double_callable", False):  # so asgiref marks them
        return True
    if inspect.isclass(app):
        call = inspect.getattr_static(app, "__call__", None)
        return inspect.isfunction(call) and len(_required(call) or ()) == 3
    return argument == "scope"
