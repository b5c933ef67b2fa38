"""What servers answer: sound policies, policies broken as real ones are, single responses, noise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from corsim.servers.policy import Policy
from corsim.strategies.asking import origins
from corsim.values.headers import Pair
from corsim.values.request import Request
from corsim.values.response import Response
from corsim.values.statuses import REDIRECT_STATUSES

FunctionServer: TypeAlias = Callable[[Request], Response]

_METHODS = st.lists(st.sampled_from(("PUT", "DELETE", "PATCH", "patch", "GET", "OPTIONS")), max_size=3)
_NAMES = st.lists(
    st.sampled_from(("X-A", "x-a", "Authorization", "Content-Type", "X-CSRF-Token", "Range", "Accept")),
    max_size=3,
)
_MAX_AGES = st.sampled_from((None, 0, 1, 5, 600, 601, 7200, 86400, 10**9))
_ALLOW_ORIGIN = "Access-Control-Allow-Origin"


def policies(sound: bool = True, origin: SearchStrategy[str] | None = None) -> SearchStrategy[FunctionServer]:
    """Draw servers: a correct `Policy`, or with `sound=False` one broken in a way that real ones are.

    `origin` is a strategy of the origins to allow. A broken server's repr names its defect.

    >>> from hypothesis import given
    >>> @given(policies())
    ... def test_policy(policy):
    ...     assert isinstance(policy, Policy)
    >>> test_policy()
    """
    sound_ones = _with_credentials(origin) | _without_credentials(origin)
    if sound:
        return sound_ones
    return st.builds(BrokenServer, st.sampled_from(sorted(DEFECTS)), sound_ones)


def _without_credentials(origin: SearchStrategy[str] | None) -> SearchStrategy[Policy]:
    allowed = st.lists(_allowed(origin), max_size=3)
    everything: SearchStrategy[Literal["*"]] = st.just("*")
    return st.builds(
        Policy, origins=allowed | everything, methods=_METHODS | everything, headers=_NAMES | everything,
        expose=_NAMES | everything, max_age=_MAX_AGES, answer=_plain_answers(),
    )  # fmt: skip


def _with_credentials(origin: SearchStrategy[str] | None) -> SearchStrategy[Policy]:
    return st.builds(
        Policy, origins=st.lists(_allowed(origin), max_size=3), methods=_METHODS, headers=_NAMES,
        expose=_NAMES, credentials=st.just(True), max_age=_MAX_AGES, answer=_plain_answers(),
    )  # fmt: skip


def _allowed(origin: SearchStrategy[str] | None) -> SearchStrategy[str]:
    return (origins() if origin is None else origin) | st.just("null")


def _plain_answers() -> SearchStrategy[Response]:
    headers = st.sampled_from(({}, {"X-A": "1", "Content-Type": "text/plain"}, {"Set-Cookie": "a=b"}))
    return st.builds(Response, st.sampled_from((200, 201, 204, 404, 500)), headers, st.binary(max_size=4))


def _changed(response: Response, *pairs: Pair, status: int | None = None, replace: bool = True) -> Response:
    """Copy a response with other headers, in the place of those of the same name or beside them."""
    names = {name.lower() for name, _ in pairs} if replace else ()
    kept = [pair for pair in response.headers.pairs if pair[0].lower() not in names]
    return Response(status or response.status, [*kept, *pairs], response.body, response.status_text)


def _set(*pairs: Pair) -> Callable[[Request, Response], Response]:
    """Replace headers of a sound answer."""
    return lambda request, response: _changed(response, *pairs)


def _reflect(request: Request, response: Response) -> Response:
    origin = request.headers.get("origin", "*")
    return _changed(response, (_ALLOW_ORIGIN, origin), ("Access-Control-Allow-Credentials", "true"))


def _twice(request: Request, response: Response) -> Response:
    value = response.headers.get("access-control-allow-origin", "*")
    return _changed(response, (_ALLOW_ORIGIN, value), replace=False)


def _only_on_success(request: Request, response: Response) -> Response:
    """Frameworks whose error handler runs outside of the CORS middleware answer so."""
    return Response(500) if request.method == "GET" else response


def _no_options(request: Request, response: Response) -> Response:
    return Response(405) if request.method == "OPTIONS" else response


def _redirected_options(request: Request, response: Response) -> Response:
    """A login page in front of everything."""
    if request.method != "OPTIONS":
        return response
    return _changed(response, ("Location", "/login"), status=307)


DEFECTS: dict[str, Callable[[Request, Response], Response]] = {
    "allows any origin with credentials": _reflect,
    "allows * with credentials": _set((_ALLOW_ORIGIN, "*"), ("Access-Control-Allow-Credentials", "true")),
    "says True for true": _set(("Access-Control-Allow-Credentials", "True")),
    "allows two origins in one value": _set((_ALLOW_ORIGIN, "https://app.example.com, https://example.com")),
    "allows a pattern": _set((_ALLOW_ORIGIN, "https://*.example.com")),
    "allows with a slash at the end": _set((_ALLOW_ORIGIN, "https://app.example.com/")),
    "allows null": _set((_ALLOW_ORIGIN, "null")),
    "says who is allowed twice": _twice,
    "says it on success only": _only_on_success,
    "knows no OPTIONS": _no_options,
    "redirects OPTIONS": _redirected_options,
    "says nothing": lambda request, response: Response(200),
    "lists are no lists": _set(("Access-Control-Allow-Headers", "['X-A']")),
    "max-age has a unit": _set(("Access-Control-Max-Age", "600s")),
}
"""What published servers get wrong, each as a change to the sound answer."""


@attrs.frozen
class BrokenServer:
    """A policy with one defect, as a function server."""

    defect: str
    policy: Policy

    def __call__(self, request: Request) -> Response:
        """Answer soundly, and then spoil it."""
        return DEFECTS[self.defect](request, self.policy(request))


_STATUSES = (200, 201, 204, 206, 299, 300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 421, 500, 999)


def responses(
    origin: SearchStrategy[str] | None = None, location: SearchStrategy[str] | None = None
) -> SearchStrategy[Response]:
    """Draw well-formed responses with some CORS headers on them, redirects among them.

    `origin` is a strategy of the origins they allow, `location` of where they lead.

    >>> from hypothesis import given
    >>> @given(responses())
    ... def test_response(response):
    ...     assert 200 <= response.status <= 999
    >>> test_response()
    """
    allowed = st.sampled_from(("*", "null")) | (origins() if origin is None else origin)
    where = origins().map(lambda text: f"{text}/next") | st.sampled_from(("/next", "#f", ""))
    lists = (st.just("*") | _NAMES.map(", ".join), st.just("*") | _METHODS.map(",".join))
    rows: tuple[tuple[str, SearchStrategy[str]], ...] = (
        (_ALLOW_ORIGIN, allowed),
        ("Access-Control-Allow-Credentials", st.just("true")),
        ("Access-Control-Allow-Methods", lists[1]),
        ("Access-Control-Allow-Headers", lists[0]),
        ("Access-Control-Expose-Headers", lists[0]),
        ("Access-Control-Max-Age", _MAX_AGES.map(lambda age: str(age or 0))),
        ("Cross-Origin-Resource-Policy", st.sampled_from(("same-origin", "same-site", "cross-origin"))),
        ("Timing-Allow-Origin", allowed),
        ("X-A", st.just("1")),
        ("Content-Type", st.just("text/plain")),
        ("Set-Cookie", st.just("a=b")),
    )
    headers = st.fixed_dictionaries({}, optional=dict(rows))
    plain = st.builds(Response, st.sampled_from(_STATUSES), headers, st.binary(max_size=4))
    follow = where if location is None else location
    redirect = st.builds(
        lambda response, status, url: Response(status, [*response.headers.pairs, ("Location", url)]),
        plain, st.sampled_from(sorted(REDIRECT_STATUSES)), follow,
    )  # fmt: skip
    return st.one_of(plain, plain, redirect)


_ODD_LISTS = (
    "", ",", ",,PUT,,", " PUT ", "PUT\t,\tX-A", "PUT X-A", "['PUT']", "PUT;X-A", '"PUT"', "PUT,(", "\xe9",
    "PUT,\xe9", "*, PUT", "* ", "**", "x-a\x0b", "PUT\xa0,X-A", "{}", "@",
)  # fmt: skip
_ODD_AGES = (
    "", "-1", "+1", "1.5", "1e3", "600s", "600, 600", " 600 ", "0x10", "00600", "\xb2", "9" * 30, "1 2",
    '"600"', "never",
)  # fmt: skip
_ODD_ORIGINS = (
    "", " ", "*,*", "* ", "* *", "NULL", "https://app.example.com/", "HTTPS://APP.EXAMPLE.COM", "https://app.example.com,",
    "https://app.example.com https://example.com", "https://*.example.com", "app.example.com", "\xe9", "\t*",
    "https://app.example.com:443", '"*"', "https://app.example.com\x0b",
)  # fmt: skip
_ODD_ROWS = {
    _ALLOW_ORIGIN: _ODD_ORIGINS,
    "access-control-allow-CREDENTIALS": ("True", "TRUE", " true ", "true, true", "1", "", "tru\xe9", "false"),
    "Access-Control-Allow-Methods": _ODD_LISTS,
    "Access-Control-Allow-Headers": _ODD_LISTS,
    "Access-Control-Expose-Headers": _ODD_LISTS,
    "Access-Control-Max-Age": _ODD_AGES,
    "Access-Control-Allow-Origin ": ("*",),  # a name that is no token: the line is dropped
    "Location": ("https://", "http://[", "//", "data:,x", "https://u:p@api.example.com/", "\xe9", "x:0"),
    "Timing-Allow-Origin": ("", ",", '"*"', "* , x"),
    "Cross-Origin-Resource-Policy": ("Same-Origin", "same-origin, same-origin", "", "\xe9"),
    "Referrer-Policy": ("", ",", "never", "unsafe-url, oops", "NO-REFERRER"),
}


def malformed_responses() -> SearchStrategy[Response]:
    """Draw responses whose CORS headers are odd, malformed, doubled, padded or beyond ASCII.

    >>> from hypothesis import given
    >>> @given(malformed_responses())
    ... def test_that_noise_is_no_exception(response):
    ...     assert isinstance(response, Response)
    >>> test_that_noise_is_no_exception()
    """
    odd = st.sampled_from(sorted(_ODD_ROWS)).flatmap(
        lambda name: st.tuples(st.just(name), st.sampled_from(_ODD_ROWS[name]))
    )
    good = st.sampled_from(((_ALLOW_ORIGIN, "*"), (_ALLOW_ORIGIN, "https://app.example.com"), ("X-A", "1")))
    headers = st.lists(st.one_of(odd, odd, good), max_size=6)
    return st.builds(Response, st.sampled_from(_STATUSES), headers, st.binary(max_size=2))
