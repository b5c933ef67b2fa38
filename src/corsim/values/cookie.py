"""Cookies: what is kept of one, the line that sets it, and why one is not set or not sent.

The words and the rules are those of RFC 6265bis, https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html,
with CHIPS for `Partitioned`. A character is a byte, as in all headers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Literal, TypeAlias

import attrs

from corsim.values.cookie_date import parse_cookie_date
from corsim.values.headers import HTTP_TAB_OR_SPACE, Pair, byte_lowercase
from corsim.values.partition import Site

SameSite: TypeAlias = Literal["strict", "lax", "none", "unset"]
Partition: TypeAlias = tuple[Site, bool]  # the site of the page at the top, and whether others are between

AGE_LIMIT = 400 * 24 * 60 * 60
"""Seconds that a cookie lives at most."""

LONGEST_COOKIE = 4096  # bytes of name and value together
LONGEST_ATTRIBUTE = 1024

_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f]")
_ODD = re.compile("[\x00-\x1f\x80-\xff]")
_MAX_AGE = re.compile("-?[0-9]+")


class CookieReason(StrEnum):
    """Why a cookie was not sent, or the line that sets it was ignored; the list is closed."""

    # It is not sent, and a line is not stored, because of who asks.
    OMITTED = "credentials-mode"
    EMBEDDER_POLICY = "embedder-policy"
    THIRD_PARTY = "third-party"
    SAME_SITE_STRICT = "samesite-strict"
    SAME_SITE_LAX = "samesite-lax"
    SAME_SITE_DEFAULT = "samesite-default"
    SECURE = "secure"
    DOMAIN = "domain"
    HTTP_ONLY = "http-only"

    # It is not sent.
    PATH = "path"
    PARTITIONED = "partitioned"
    EXPIRED = "expired"

    # The line is ignored.
    CONTROL_CHARACTER = "control-character"
    EMPTY = "empty"
    TOO_LONG = "too-long"
    PUBLIC_SUFFIX = "public-suffix"
    PREFIX = "prefix"
    NONE_WITHOUT_SECURE = "samesite-none-without-secure"
    PARTITIONED_WITHOUT_SECURE = "partitioned-without-secure"
    OVERLAYS_SECURE = "overlays-secure"


@attrs.frozen
class Cookie:
    """A cookie as the browser keeps it; times are seconds of the browser's clock.

    `partition` is the site of the page at the top for which alone it is kept, or None. Cookies that were
    set at the same time are in the order of their `serial` numbers.
    """

    name: str
    value: str
    domain: str
    path: str = "/"
    host_only: bool = True
    secure: bool = False
    http_only: bool = False
    same_site: SameSite = "unset"
    expires_at: float | None = None
    partition: Partition | None = None
    created_at: float = 0.0
    serial: int = 0

    @property
    def pair(self) -> str:
        """The cookie as it stands in a `Cookie` header: a nameless one is its value alone."""
        return f"{self.name}={self.value}" if self.name else self.value

    @property
    def identity(self) -> tuple[object, ...]:
        """What a new cookie has to share with this one to take its place."""
        return self.name, self.domain, self.host_only, self.path, self.partition

    def is_live(self, now: float) -> bool:
        """Say whether it has not yet expired."""
        return self.expires_at is None or now < self.expires_at


@attrs.frozen
class HeldBack:
    """A cookie that did not go along with a request, and why not."""

    cookie: Cookie
    reason: CookieReason

    def __str__(self) -> str:
        return f"{self.cookie.name or self.cookie.value}: {self.reason}"


@attrs.frozen
class Ignored:
    """A `Set-Cookie` that set nothing, and why not."""

    line: str
    reason: CookieReason

    @property
    def name(self) -> str:
        """The name of the cookie that it would have set."""
        return self.line.partition(";")[0].partition("=")[0].strip(HTTP_TAB_OR_SPACE)

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


@attrs.frozen
class CookieLine:
    """What a `Set-Cookie` says: https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-the-set-cookie-header-field.

    `domain` and `path` are empty where the line does not say, or says nothing that counts; `age` is in
    seconds, and None where the cookie lasts as long as the browser.
    """

    name: str
    value: str
    domain: str = ""
    path: str = ""
    secure: bool = False
    http_only: bool = False
    same_site: SameSite = "unset"
    partitioned: bool = False
    age: float | None = None


@attrs.frozen
class CookieReading:
    """How a `Set-Cookie` is read: the facts of an engine's profile that say so, under their names there."""

    cookie_bytes: str = "no-controls"
    cookie_limits: str = "kept-to"
    nameless_cookies: str = "by-value"
    cookie_age: str = "max-age-first"


STRICTLY = CookieReading()


def parse_set_cookie(line: str, date: float, reading: CookieReading = STRICTLY) -> CookieLine | CookieReason:
    """Parse the value of a `Set-Cookie`; `date` is now, in seconds since 1970, for `Expires`.

    >>> parse_set_cookie("sid=1; Path=/a; Secure; Max-Age=60", 0.0)
    CookieLine(name='sid', value='1', domain='', path='/a', secure=True, http_only=False, \
same_site='unset', partitioned=False, age=60)
    >>> parse_set_cookie("a=\\x01", 0.0)
    <CookieReason.CONTROL_CHARACTER: 'control-character'>
    """
    if reading.cookie_bytes == "cut":
        line = _ODD.split(line)[0]
    if reading.cookie_bytes == "repaired":
        line = line.encode("latin-1").decode("utf-8", "replace").encode().decode("latin-1")
    if _CONTROL.search(line):
        return CookieReason.CONTROL_CHARACTER
    pair, *attributes = line.split(";")
    name, value = _name_and_value(pair, reading)
    if "\t" in name + value and reading.cookie_bytes == "no-controls-no-tabs":
        return CookieReason.CONTROL_CHARACTER
    if not name and (not value or reading.nameless_cookies == "by-name"):
        return CookieReason.EMPTY
    limited = reading.cookie_limits == "kept-to"
    if limited and len(name) + len(value) > LONGEST_COOKIE:
        return CookieReason.TOO_LONG
    said = _attributes(attributes, LONGEST_ATTRIBUTE if limited else len(line))
    path = said.get("path", "")
    return CookieLine(
        name, value,
        domain=byte_lowercase(said.get("domain", "").removeprefix(".")),
        path=path if path.startswith("/") else "",
        secure="secure" in said, http_only="httponly" in said,
        same_site=_SAME_SITES.get(byte_lowercase(said.get("samesite", "")), "unset"),
        partitioned="partitioned" in said, age=_age(said, date, reading),
    )  # fmt: skip


_SAME_SITES: Mapping[str, SameSite] = {"strict": "strict", "lax": "lax", "none": "none"}


def _name_and_value(pair: str, reading: CookieReading) -> Pair:
    """Split at the first `=`; where there is none, all is the value."""
    name, equals, value = pair.partition("=")
    if not equals and reading.nameless_cookies == "by-value":
        name, value = "", name
    return name.strip(HTTP_TAB_OR_SPACE), value.strip(HTTP_TAB_OR_SPACE)


def _attributes(parts: list[str], longest: int) -> dict[str, str]:
    """Take each attribute as it was said last, in that order; one that can't be read counts for nothing."""
    said: dict[str, str] = {}
    for part in parts:
        name, value = _attribute(part)
        if len(value) <= longest and not _is_unread(name, value):
            said.pop(name, None)
            said[name] = value
    return said


def _attribute(part: str) -> Pair:
    name, _, value = part.partition("=")
    return byte_lowercase(name.strip(HTTP_TAB_OR_SPACE)), value.strip(HTTP_TAB_OR_SPACE)


def _is_unread(name: str, value: str) -> bool:
    if name == "max-age":
        return not _MAX_AGE.fullmatch(value)
    return name == "expires" and parse_cookie_date(value) is None


_READ = frozenset({"domain", "expires", "httponly", "max-age", "partitioned", "path", "samesite", "secure"})


def unread_attributes(line: str) -> tuple[Pair, ...]:
    """Find the attributes of a `Set-Cookie` that count for nothing: no browser knows them, or their values.

    >>> unread_attributes("sid=1; SameSite=No; Max-Age=1h; Path=/; Secured")
    (('samesite', 'No'), ('max-age', '1h'), ('secured', ''))
    """
    said = [_attribute(part) for part in line.split(";")[1:]]
    return tuple(
        (name, value)
        for name, value in said
        if _is_unread(name, value)
        or (name == "samesite" and byte_lowercase(value) not in _SAME_SITES)
        or (name == "path" and value != "" and not value.startswith("/"))
        or (name not in _READ and name not in ("", "priority"))
    )


def _age(said: Mapping[str, str], date: float, reading: CookieReading) -> float | None:
    """Find how long a cookie lives: `Max-Age` goes before `Expires`. AD-HOC: or what comes last."""
    ages = [name for name in said if name in ("max-age", "expires")]
    if "max-age" in ages and (ages[-1] == "max-age" or reading.cookie_age == "max-age-first"):
        return min(int(said["max-age"]), AGE_LIMIT)
    expires = parse_cookie_date(said.get("expires", ""))
    return None if expires is None else min(expires - date, AGE_LIMIT)


def default_path(path: str) -> str:
    """Find the path of a cookie that names none: the directory of the URL that set it.

    >>> default_path("/a/b"), default_path("/a")
    ('/a', '/')
    """
    return path.rpartition("/")[0] or "/"


def path_matches(path: str, cookie_path: str) -> bool:
    """Say whether a request's path is a cookie's, or below it.

    >>> path_matches("/a/b", "/a"), path_matches("/ab", "/a")
    (True, False)
    """
    if not path.startswith(cookie_path):
        return False
    return len(path) == len(cookie_path) or cookie_path.endswith("/") or path[len(cookie_path)] == "/"


def domain_matches(host: str, domain: str) -> bool:
    """Say whether a host is a domain, or a name below it.

    >>> domain_matches("a.shop.example", "shop.example"), domain_matches("ashop.example", "shop.example")
    (True, False)
    """
    return host == domain or (host.endswith(f".{domain}") and not _is_address(host))


def _is_address(host: str) -> bool:
    return host.startswith("[") or bool(re.fullmatch(r"[0-9]+(\.[0-9]+){3}", host))
