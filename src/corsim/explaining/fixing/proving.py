"""A fix is tried before it is told: the same fetch is made again with it, in every engine.

The servers of such a fetch are what was seen of them: each answers what it answered, with
the edits made to it. What was never seen, since nothing went out so far, is taken for an
empty answer, and whatever that lacks is part of the fix.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeAlias

import attrs

from corsim.engines import ENGINES, EngineName, profile
from corsim.explaining.facts import Facts
from corsim.explaining.fixing.edits import Edit, RequestEdit, ResponseEdit, merged
from corsim.explaining.fixing.saying import is_sayable, said
from corsim.fetching.flow import ConnectionFailure, Exchange
from corsim.fetching.http_cache import answered
from corsim.fetching.http_fetch import PREFLIGHT_CACHED
from corsim.values.request import Request
from corsim.values.response import Response
from corsim.values.statuses import is_ok_status

if TYPE_CHECKING:
    from corsim.result import Result

Remedy: TypeAlias = Callable[[Facts], Iterable[Edit]]
Goal: TypeAlias = "Callable[[Result], bool]"

MOST_FAULTS = 24  # more than one fetch can have without a loop of redirects


@attrs.frozen
class Plan:
    """What mends a fetch, the engines in which it was seen to, and how it then ended in its own."""

    edits: tuple[Edit, ...] = ()
    proven: tuple[EngineName, ...] = ()
    end: Result | None = attrs.field(default=None, eq=False)


NO_PLAN = Plan()


@attrs.define
class Servers:
    """All servers of a fetch, as far as they were seen, with edits made to what they answer."""

    seen: Iterable[Exchange]
    edits: tuple[ResponseEdit, ...]
    assumed_urls: frozenset[str] = frozenset()
    unseen: set[tuple[str, str, bool]] = attrs.field(factory=set)
    _asked: Counter[tuple[str, ...]] = attrs.field(factory=Counter)

    def answer(self, exchange: Exchange) -> Response | ConnectionFailure:
        """Answer as was answered, but for the edits."""
        request, known = exchange.request, self._known(exchange.request)
        if known is not None and known.response is None:
            exchange.error = known.error
            return ConnectionFailure("as before")
        if known is not None and known.response is not None:
            response, exchange.error = known.response, known.error
        elif request.is_preflight and request.url.href in self.assumed_urls:
            response = _all_allowed(request)
        else:
            self.unseen.add((request.method, request.url.href, request.is_preflight))
            response = Response(204 if request.is_preflight else 200)
        for edit in self.edits:
            if edit.is_about(request):
                response = edit.applied(response)
        return response

    def _known(self, request: Request) -> Exchange | None:
        """Find what was answered: to the same request, the n-th time it is made, or to one much like it."""
        same = [one for one in self.seen if _asks(one.request) == _asks(request)]
        if same:
            number = self._asked[_asks(request)]
            self._asked[_asks(request)] += 1
            return same[min(number, len(same) - 1)]
        # A preflight that asks for something else may be answered otherwise, if it is judged at all.
        place = request.method, request.url.href, request.is_preflight
        return next(
            (
                one for one in self.seen
                if (one.request.method, one.request.url.href, one.is_preflight) == place
                and one.response is not None and is_ok_status(one.response.status)
            ),
            None,
        )  # fmt: skip


def _asks(request: Request) -> tuple[str, ...]:
    names = ("access-control-request-method", "access-control-request-headers")
    asked = [request.headers.get(name, "") for name in names] if request.is_preflight else []
    return (request.method, request.url.href, *asked)


def _all_allowed(request: Request) -> Response:
    """Answer a preflight as one that an engine remembers must have been answered."""
    headers = request.headers
    return Response(204, {
        "Access-Control-Allow-Origin": headers.get("origin", "*"),
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Allow-Methods": headers.get("access-control-request-method", ""),
        "Access-Control-Allow-Headers": headers.get("access-control-request-headers", ""),
    })  # fmt: skip


def replay(result: Result, edits: Iterable[Edit], engine: EngineName) -> tuple[Result, Servers]:
    """Make a fetch again with edits, in an engine, and without asking any server."""
    edits = tuple(edits)
    answers = tuple(edit for edit in edits if isinstance(edit, ResponseEdit))
    assumed: frozenset[str] = frozenset()
    other = None if engine == result.engine else profile(engine)
    if other is not None and PREFLIGHT_CACHED in result.trace:
        assumed = frozenset(one.request.url.href for one in result.exchanges)
    servers = Servers(answered(result.trace), answers, assumed)
    script = said(result, [edit for edit in edits if isinstance(edit, RequestEdit)])
    return result.fetch.again(servers.answer, other, **script), servers


def is_mended(result: Result) -> bool:
    """Say whether a fetch ended as its script would have it: not refused, and not opaque for want of CORS."""
    return result.blocked is None and (result.type != "opaque" or _is_no_cors(result))


def _is_no_cors(result: Result) -> bool:
    return result.request is not None and result.request.mode == "no-cors"


def plan(result: Result, remedies: Remedy, first: Iterable[Edit] = (), reached: Goal = is_mended) -> Plan:
    """Find the edits that let a page read the answer, fault by fault, in one engine after another.

    It begins with the edits that come `first`. They are told only if the fetch then has `reached` its
    goal in the engine of the result; `proven` lists every engine in which it has.
    """
    edits = tuple(first)
    if result.request is None:
        return NO_PLAN
    others = (name for name in ENGINES if name != result.engine)
    for engine in (result.engine, *others):
        edits = _mended_in(result, engine, edits, remedies)
    ends = {name: replay(result, edits, name)[0] for name in ENGINES}
    proven = tuple(name for name, end in ends.items() if is_mended(end) and reached(end))
    return Plan(edits, proven, ends[result.engine]) if edits and result.engine in proven else NO_PLAN


def _mended_in(
    result: Result, engine: EngineName, edits: tuple[Edit, ...], remedies: Remedy
) -> tuple[Edit, ...]:
    """Go on from fault to fault; where one has no remedy, what was found for it is of no use."""
    found = edits
    for _ in range(MOST_FAULTS):
        end, servers = replay(result, found, engine)
        if is_mended(end):
            return tuple(_marked(edit, servers) for edit in found)
        new = (edit for edit in remedies(Facts(end)) if is_sayable(edit, end))
        more = merged(found, (_marked(edit, servers) for edit in new))
        if more == found:
            break
        found = more
    return edits


def _marked(edit: Edit, servers: Servers) -> Edit:
    if isinstance(edit, ResponseEdit) and edit.place in servers.unseen:
        return attrs.evolve(edit, seen=False)
    return edit


def otherwise(result: Result) -> dict[EngineName, Result]:
    """Make a fetch again as it was, in every other engine; what nobody has answered is answered emptily."""
    if result.request is None:
        return {}
    return {name: replay(result, (), name)[0] for name in ENGINES if name != result.engine}
