"""What crosses the bridge between JavaScript and the library, and in which form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corsim import Blob, Form, Page, Params, Result
from corsim.result import response_encoding
from corsim.values.decision import Decision
from corsim.values.headers import Headers
from corsim.values.response import NetworkError, Response

if TYPE_CHECKING:
    from wpt.realm import Realm, World


class Side:
    """What every part of the bridge stands on: one realm, its world, and its page."""

    realm: Realm
    world: World
    page: Page  # or a worker, which has no elements


class Thrown(Exception):
    """An exception that script gets: the name of a DOMException, or of an Error."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


def thrown(decision: Decision) -> Thrown:
    """Make the exception that the library says script gets."""
    return Thrown(decision.outcome, str(decision))


def text_of(data: bytes) -> str:
    return data.decode("latin-1")


def headers_of(pairs: Any) -> Headers:
    return Headers.of(tuple((name, value) for name, value in pairs))


def body_of(told: dict[str, Any]) -> Any:
    """Make the library's body of what a shim told."""
    kind, data = told["kind"], told["data"]
    if kind == "blob":
        return Blob(data.encode("latin-1"), told["type"])
    if kind == "bytes":
        return data.encode("latin-1")
    if kind == "stream":
        return iter([data.encode("latin-1")])
    if kind == "params":
        return Params([tuple(row) for row in data])
    if kind == "form":
        return Form([(name, value if isinstance(value, str) else _file(value)) for name, value in data])
    return data


def _file(told: dict[str, str]) -> Blob:
    return Blob(told["data"].encode("latin-1"), told["type"], told["name"])


def internal_of(result: Result) -> Response:
    """Take what came behind a result, whatever script may see of it; an empty answer for none."""
    return Response() if isinstance(result.response, NetworkError) else result.response.internal


def script_text(result: Result) -> str:
    """Decode a script by the charset that its type says."""
    internal = internal_of(result)
    return internal.body.decode(response_encoding(internal.headers, internal.body), "replace")
