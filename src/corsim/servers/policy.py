"""A server that is nothing but a CORS policy, and answers as a correct one should."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal, TypeAlias

import attrs

from corsim.values.errors import InvalidInput, check_bool, check_str, wrong_type
from corsim.values.headers import Pair
from corsim.values.methods import is_forbidden_method, is_token
from corsim.values.request import Request
from corsim.values.response import Response
from corsim.values.url import parse_url

Names: TypeAlias = tuple[str, ...] | Literal["*"]


def check_origin(text: str) -> str:
    """Refuse what no browser ever sends as an `Origin`, and show what it would send instead."""
    if text == "null":
        return text
    url = parse_url(text)
    if url is not None and url.is_http and url.origin.serialized == text:
        return text
    hint = f": a browser sends {url.origin.serialized!r}" if url is not None and url.is_http else ""
    raise InvalidInput(f"{text!r} is no origin{hint or ' such as https://app.example.com'}")


def _tuple(values: Iterable[str] | str, what: str) -> tuple[str, ...]:
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise wrong_type(what, "'*' or a list of str", values)
    values = tuple(values)
    for value in values:
        check_str(f"each of {what}", value)
    return values


def _origins(values: Iterable[str] | str) -> Names:
    if values == "*":
        return "*"
    origins = _tuple(values, "origins")
    if "*" in origins:
        if len(origins) > 1:
            raise InvalidInput(f"'*' means every origin, so it stands alone: not {list(origins)!r}")
        return "*"
    return tuple(map(check_origin, origins))


def _method(value: str) -> str:
    if not is_token(value) or is_forbidden_method(value):
        raise InvalidInput(f"{value!r} is no method that a page can use")
    return value


def _methods(values: Iterable[str] | str) -> Names:
    return "*" if values == "*" else tuple(map(_method, _tuple(values, "methods")))


def _name(value: str) -> str:
    if not is_token(value):
        raise InvalidInput(f"{value!r} is no header name: a name is a token such as 'X-Request-Id'")
    return value


def _names(values: Iterable[str] | str) -> Names:
    return "*" if values == "*" else tuple(map(_name, _tuple(values, "headers or expose")))


def _check_age(_: object, __: attrs.Attribute[int | None], value: int | None) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong_type("max_age", "an int or None", value)
    if value < 0:
        raise InvalidInput(f"max_age is a number of seconds, 0 or more, or None: not {value!r}")


def _check_answer(_: object, __: object, value: object) -> None:
    if not (isinstance(value, Response) or callable(value)):
        raise wrong_type("answer", "a Response or a function of a Request", value)


@attrs.frozen(kw_only=True)
class Policy:
    """A CORS policy, as a server: `browser.serve(url, Policy(origins=[...]))`.

    `origins`, `methods`, `headers` and `expose` take a list or `"*"`; GET, HEAD and POST
    need no mention. `max_age` in seconds; None sends no Access-Control-Max-Age. `answer`
    is what the policy is put in front of: a `Response`, or a function of the `Request`.

    Raises `InvalidInput` for what no browser would send or accept, `*` with credentials
    among it: a wildcard is a mere character there.

    >>> policy = Policy(origins=["https://app.example.com"], methods=["PUT"])
    >>> policy.allows("https://app.example.com"), policy.allows("https://evil.example")
    (True, False)
    """

    origins: Names = attrs.field(converter=_origins)
    methods: Names = attrs.field(default=(), converter=_methods)
    headers: Names = attrs.field(default=(), converter=_names)
    expose: Names = attrs.field(default=(), converter=_names)
    credentials: bool = False
    max_age: int | None = attrs.field(default=None, validator=_check_age)
    answer: Response | Callable[[Request], Response] = attrs.field(
        default=Response(200, {"Content-Type": "text/plain"}, b"ok"), validator=_check_answer
    )

    def __attrs_post_init__(self) -> None:
        check_bool("credentials", self.credentials)
        if not self.credentials:
            return
        for name in ("origins", "methods", "headers", "expose"):
            if "*" in getattr(self, name):
                raise InvalidInput(f"{name}='*' means nothing to a browser with credentials: list the {name}")

    def allows(self, origin: str | None) -> bool:
        """Say whether a request of `origin` may be answered to."""
        return origin is not None and (self.origins == "*" or origin in self.origins)

    def __call__(self, request: Request) -> Response:
        """Answer a preflight by itself, and other requests as `answer` does, with the CORS headers."""
        origin = request.headers.get("origin")
        if request.method == "OPTIONS" and "access-control-request-method" in request.headers:
            return Response(204, [*self._sharing(origin), *self._preflight(request, origin)])
        response = self.answer if isinstance(self.answer, Response) else self.answer(request)
        if not isinstance(response, Response):
            raise wrong_type("what `answer` returns", "a Response", response)
        exposed = self._list("Access-Control-Expose-Headers", self.expose) if self.allows(origin) else []
        headers = response.headers.appended(*self._sharing(origin), *exposed)
        return attrs.evolve(response, headers=headers)

    def _sharing(self, origin: str | None) -> list[Pair]:
        """The headers that every answer carries; they vary with the origin unless all are alike."""
        if self.origins == "*":
            return [("Access-Control-Allow-Origin", "*")]
        pairs = [("Vary", "Origin")]
        if origin is not None and self.allows(origin):
            pairs.append(("Access-Control-Allow-Origin", origin))
            if self.credentials:
                pairs.append(("Access-Control-Allow-Credentials", "true"))
        return pairs

    def _preflight(self, request: Request, origin: str | None) -> list[Pair]:
        if not self.allows(origin):
            return []
        pairs = self._list("Access-Control-Allow-Methods", self.methods)
        pairs += self._list("Access-Control-Allow-Headers", self.headers)
        if self.max_age is not None:
            pairs.append(("Access-Control-Max-Age", str(self.max_age)))
        return pairs

    @staticmethod
    def _list(name: str, values: Names) -> list[Pair]:
        return [(name, ", ".join(values))] if values else []
