"""The four turns of a fetch, and what all its algorithms share.

A `Decision` says which branch was taken; nothing is needed back. An `Exchange` is a
request on the wire; a `Response` is needed. A `Look` asks the world, a `Change` tells
it. Algorithms know no clock, no socket and no other fetch: whatever reaches them from
outside is an answer to a turn, and so can be recorded and given again.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, Literal, TypeAlias, TypeVar

import attrs

from corsim.engines import EngineProfile
from corsim.values.cookie import Cookie, HeldBack, Ignored
from corsim.values.decision import Decision, Reason
from corsim.values.request import Request
from corsim.values.response import NetworkError, Response
from corsim.values.spec import Step

T = TypeVar("T")


@attrs.define(repr=False)
class Exchange:
    """A request on the wire, and later what came back: one row of the network tab.

    `request` is as sent; `response` stays None while the fetch waits, and when the
    connection failed; `error` is the exception that the server raised, if it did.

    `cookies` went along and `held_back` did not, each of these with its reason; the response's `Set-Cookie`
    lines had those `stored`, and these `ignored`.
    """

    request: Request
    includes_credentials: bool
    response: Response | None = None
    error: BaseException | None = None
    cookies: tuple[Cookie, ...] = ()
    held_back: tuple[HeldBack, ...] = ()
    stored: tuple[Cookie, ...] = ()
    ignored: tuple[Ignored, ...] = ()

    @property
    def is_preflight(self) -> bool:
        """Whether this is the browser's own OPTIONS that asks for leave."""
        return self.request.is_preflight

    def __repr__(self) -> str:
        answer = "no answer yet" if self.response is None else str(self.response.status)
        if self.response is None and self.error is not None:
            answer = f"{type(self.error).__name__}: {self.error}"
        return f"<Exchange {self.request.method} {self.request.url} -> {answer}>"


@attrs.frozen
class ConnectionFailure:
    """The answer to an exchange that got no response, with what went wrong."""

    message: str


Place: TypeAlias = Literal[
    "anything", "preflight cache", "credentials", "cookies", "logins", "http cache", "date", "places"
]


@attrs.frozen
class Look:
    """A question to the world: what is in `place` for `key`, as of now?"""

    place: Place
    key: Any


@attrs.frozen
class Change:
    """An order to the world: from now on `place` holds for `key` what `change` makes of it.

    It is made of the time and of what a look would show, at once: nothing comes between.
    """

    place: Place
    key: Any
    change: Callable[[float, Any], Any]


Turn: TypeAlias = Decision | Exchange | Look | Change
Flow: TypeAlias = Generator[Turn, Any, T]  # an algorithm under way, which will return a T


@attrs.define
class FetchParams:
    """What one fetch carries through all its algorithms.

    https://fetch.spec.whatwg.org/#fetch-params. `request` is rebound to the next
    immutable request, so that every algorithm sees how far redirects have led. The
    timing allow failed flag, the standard's on the request, is kept here: nobody else reads it.
    AD-HOC: `preflighted` is whether any hop was, and `refused` a check that an engine is slow to act on.
    """

    request: Request
    profile: EngineProfile
    timing_allow_failed: bool = False
    preflighted: bool = False
    refused: Decision | None = None


def network_error(step: Step, reason: Reason, subject: str = "") -> Flow[NetworkError]:
    """Say why, and return a network error."""
    decision = Decision(step, "network error", reason, subject)
    yield decision
    return NetworkError(decision)
