"""A function as a server: one `Request` in, one `Response` out; it may be async."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from corsim.servers import TIMEOUT, Answer, Crash, Server
from corsim.servers.failures import NoResponse
from corsim.values.request import Request
from corsim.values.response import Response


def function_server(function: Callable[[Request], Any], timeout: float | None = TIMEOUT) -> Server:
    """Serve with a function; what it raises is kept, and answered with a bare 500, or not at all."""

    def serve(request: Request) -> Answer | Awaitable[Answer]:
        try:
            response = function(request)
        except NoResponse as error:
            return Crash(error, None)
        except Exception as error:  # noqa: BLE001 — whatever a handler raises is a 500
            return Crash(error, INTERNAL_SERVER_ERROR)
        if type(response) is Response:
            return response
        return _awaited(response) if isinstance(response, Awaitable) else _checked(response, function)

    async def _awaited(awaitable: Awaitable[Any]) -> Answer:
        from corsim.servers.waiting import within

        return await within(timeout, _answered(awaitable))

    async def _answered(awaitable: Awaitable[Any]) -> Answer:
        try:
            response = await awaitable
        except NoResponse as error:
            return Crash(error, None)
        except Exception as error:  # noqa: BLE001
            return Crash(error, INTERNAL_SERVER_ERROR)
        return _checked(response, function)

    return serve


INTERNAL_SERVER_ERROR = Response(500, {"Content-Type": "text/plain"}, b"Internal Server Error")


def _checked(response: object, function: object) -> Response:
    if not isinstance(response, Response):
        raise TypeError(f"{function!r} must return a corsim.Response, and returned {response!r}")
    return response
