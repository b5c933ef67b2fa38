"""HTTP caching, a subset of RFC 9111: what may be kept, for whom, and for how long.

The same rules for a browser's own cache and for one that many browsers share. Kept are whole answers to
GET. Left out are parts of a body (206), the directives of requests, which no cache has to heed, and
`stale-while-revalidate`, `stale-if-error` and `must-understand`. Times are seconds of a browser's clock;
a `date` is seconds since 1970, and stands in for a `Date` that the server did not send.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import attrs

from corsim.values.headers import Headers, Pair, byte_lowercase, get_decode_and_split
from corsim.values.origin import same_origin
from corsim.values.request import Request
from corsim.values.response import Response
from corsim.values.url import parse_url

CONDITIONAL = frozenset({"if-modified-since", "if-none-match", "if-unmodified-since", "if-match", "if-range"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
EXPLICIT = ("max-age", "public")  # either says that a response may be kept, whatever its status

HEURISTICALLY_CACHEABLE = frozenset({200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501})
"""Statuses that may be kept though nothing was said: https://www.rfc-editor.org/rfc/rfc9110#section-15.1."""


@attrs.frozen(repr=False)
class StoredResponse:
    """One response in a cache: the request that it answered, and for how long it is fresh.

    `age` is how old it was when it came, after its `Age`.
    """

    request: Request
    response: Response
    stored_at: float
    lifetime: float
    age: float = 0.0

    @property
    def url(self) -> str:
        """Where it came from."""
        return self.request.url.href

    @property
    def vary(self) -> Mapping[str, str | None]:
        """The request headers that it varies with, by lower-case name, with the values that they had."""
        headers = self.request.headers
        return {name: headers.get(name) for name in vary_names(self.response.headers)}

    @property
    def fresh_until(self) -> float:
        """The time from which it has to be asked for again."""
        return self.stored_at + self.lifetime - self.age

    def is_fresh(self, now: float) -> bool:
        """Say whether it may be used without asking."""
        return now < self.fresh_until and "no-cache" not in directives(self.response.headers)

    def age_at(self, now: float) -> float:
        """Work out its age: https://www.rfc-editor.org/rfc/rfc9111#section-4.2.3."""
        return self.age + max(0.0, now - self.stored_at)

    def answers(self, request: Request) -> bool:
        """Say whether a request has the headers that it varies with: RFC 9111, section 4.1."""
        names = vary_names(self.response.headers)
        return all(self.request.headers.get(name) == request.headers.get(name) for name in names)

    def __repr__(self) -> str:
        vary = "".join(
            f", {name}: {'(none)' if value is None else value}" for name, value in self.vary.items()
        )
        return f"<stored {self.response.status} of {self.url}{vary}, fresh until {self.fresh_until:g} s>"


Stored = tuple[StoredResponse, ...]  # of one URL, the latest first


# -- reading headers ---------------------------------------------------------------------


def directives(headers: Headers) -> Mapping[str, str]:
    """Read `Cache-Control`: lower-case names, with their arguments unquoted; the first of a name counts.

    >>> directives(Headers({"Cache-Control": 'Max-Age="60", no-store'}))
    {'max-age': '60', 'no-store': ''}
    """
    value = headers.index.get("cache-control")
    return _NONE if value is None else _directives(value)


_NONE: Mapping[str, str] = {}


@lru_cache(maxsize=1024)
def _directives(value: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for element in get_decode_and_split(value):
        name, _, argument = element.partition("=")
        found.setdefault(byte_lowercase(name.strip()), argument.strip().strip('"'))
    found.pop("", None)
    return found


def vary_names(headers: Headers) -> tuple[str, ...]:
    """List the lower-case names in `Vary`; a `*` among them matches nothing."""
    value = headers.index.get("vary")
    return () if value is None else _names(value)


@lru_cache(maxsize=1024)
def _names(value: str) -> tuple[str, ...]:
    return tuple(byte_lowercase(name) for part in value.split(",") if (name := part.strip()))


@lru_cache(maxsize=1024)
def http_date(text: str) -> float | None:
    """Read an HTTP-date as seconds since 1970; None where it is none.

    >>> http_date("Thu, 01 Jan 1970 00:10:00 GMT"), http_date("0")
    (600.0, None)
    """
    from calendar import timegm
    from email.utils import parsedate

    parsed = parsedate(text)
    try:
        return None if parsed is None else float(timegm(parsed))
    except (ValueError, OverflowError):
        return None


def _seconds(argument: str) -> float:
    """Read delta-seconds; what is none makes a response stale."""
    digits = argument.isascii() and argument.isdigit()
    return float(min(int(argument[:20]), 2**31)) if digits else 0.0


# -- what the rules say ------------------------------------------------------------------


def may_store(request: Request, response: Response, shared: bool) -> bool:
    """Say whether a response may be kept: https://www.rfc-editor.org/rfc/rfc9111#section-3."""
    headers, said = response.headers, directives(response.headers)
    if request.method != "GET" or response.status in (206, 304) or "no-store" in said:
        return False
    if "*" in vary_names(headers):
        return False
    if shared and "private" in said:
        return False
    if shared and "authorization" in request.headers and not _open_to_all(said):
        return False
    if response.status in HEURISTICALLY_CACHEABLE or "expires" in headers.index:
        return True
    return any(name in said for name in (*EXPLICIT, "s-maxage" if shared else "private"))


def _open_to_all(said: Mapping[str, str]) -> bool:
    """Say whether what was sent for one login may be served to others: RFC 9111, section 3.5."""
    return any(name in said for name in ("public", "s-maxage", "must-revalidate"))


def freshness_lifetime(headers: Headers, shared: bool, date: float) -> float | None:
    """Work out for how long a response says it is fresh; None if it says nothing.

    https://www.rfc-editor.org/rfc/rfc9111#section-4.2.1
    """
    said = directives(headers)
    for name in ("s-maxage", "max-age") if shared else ("max-age",):
        if name in said:
            return _seconds(said[name])
    expires = headers.index.get("expires")
    if expires is None:
        return None
    until = http_date(expires)
    return 0.0 if until is None else max(0.0, until - _sent_at(headers, date))


def heuristic_lifetime(headers: Headers, date: float) -> float:
    """Guess where nothing is said: a tenth of the time since the last change, RFC 9111, section 4.2.2."""
    changed = http_date(headers.index.get("last-modified", ""))
    return 0.0 if changed is None else max(0.0, _sent_at(headers, date) - changed) / 10


def _sent_at(headers: Headers, date: float) -> float:
    said = http_date(headers.index.get("date", ""))
    return date if said is None else said


def stored(request: Request, response: Response, now: float, lifetime: float) -> StoredResponse:
    """Make what is kept of a response."""
    return StoredResponse(request, response, now, lifetime, _seconds(response.headers.index.get("age", "")))


def select(kept: Stored, request: Request) -> StoredResponse | None:
    """Find the latest response that answers a request: https://www.rfc-editor.org/rfc/rfc9111#section-4."""
    return next((each for each in kept if each.answers(request)), None)


def added(kept: Stored, new: StoredResponse) -> Stored:
    """Put a response in the place of those that would answer the same request."""
    return (new, *(each for each in kept if not each.answers(new.request)))


def validators(headers: Headers) -> list[Pair]:
    """Write the conditions that ask whether a response has changed: RFC 9111, section 4.3.1."""
    index = headers.index
    pairs = (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
    return [(condition, index[name]) for condition, name in pairs if name in index]


_OF_THE_MESSAGE = frozenset({"content-length", "content-encoding", "content-type", "content-range"})


def freshened(old: Response, validated: Response) -> Response:
    """Take over the headers of a 304, but for those about a body: RFC 9111, section 3.2."""
    news = validated.headers.without(_OF_THE_MESSAGE)
    kept = old.headers.without(news.index.keys() | {"age"})
    return attrs.evolve(old, headers=Headers.of(kept.pairs + news.pairs))


def not_modified(request: Request, response: Response) -> bool:
    """Say whether a client's own conditions find nothing new: RFC 9111, section 4.3.2."""
    asked, has = request.headers.index, response.headers.index
    if "if-none-match" in asked:
        tags = [_weak(tag) for tag in get_decode_and_split(asked["if-none-match"])]
        return "*" in tags or _weak(has.get("etag", "")) in tags
    since, changed = http_date(asked.get("if-modified-since", "")), http_date(has.get("last-modified", ""))
    return since is not None and changed is not None and changed <= since


def _weak(tag: str) -> str:
    return tag.strip().removeprefix("W/")


def invalidated(request: Request, response: Response) -> tuple[str, ...]:
    """List the URLs that what was done to a server makes obsolete: RFC 9111, section 4.4."""
    if request.method in SAFE_METHODS or not 200 <= response.status <= 399:
        return ()
    own, index = request.url, response.headers.index
    places = (parse_url(index[name], own) for name in ("location", "content-location") if name in index)
    others = (url.without_fragment().href for url in places if url and same_origin(url.origin, own.origin))
    return (own.href, *others)
