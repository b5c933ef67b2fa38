"""Cookies: https://fetch.spec.whatwg.org/#cookies, and the rules of RFC 6265bis behind it.

The store is one persistent map, which the browser holds: site to cookies. The algorithms ask for those
of one site, and judge each by who asks: `Asker` is all that a cookie is told of a request.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Literal, TypeAlias

import attrs
from rpds import HashTrieMap

from corsim.engines import EngineProfile
from corsim.fetching.embedder_policy import reason_without_credentials
from corsim.fetching.flow import Change, Exchange, Flow, Look
from corsim.fetching.referrer import is_potentially_trustworthy
from corsim.values.cookie import (
    Cookie,
    CookieLine,
    CookieReason,
    HeldBack,
    Ignored,
    Partition,
    SameSite,
    default_path,
    domain_matches,
    parse_set_cookie,
    path_matches,
)
from corsim.values.decision import Decision
from corsim.values.environment import Environment
from corsim.values.headers import byte_lowercase
from corsim.values.partition import registrable_domain, same_site, schemelessly_same_site
from corsim.values.request import Request, redirect_taint, worked_out_for, worked_out_once
from corsim.values.spec import HTTP_NETWORK_FETCH, HTTP_NETWORK_OR_CACHE_FETCH
from corsim.values.url import Url, parse_url

_NAME = re.compile(
    r"[a-z0-9._~!$&'()*+,;=-]+|\[[0-9a-f:.]+\]"
)  # what can be a host alone, and no more of a URL

COOKIES_GO_ALONG = Decision(HTTP_NETWORK_OR_CACHE_FETCH["8.21.1"], "cookies go along")
COOKIES_STORED = Decision(HTTP_NETWORK_FETCH["17"], "cookies are stored")

Cookies: TypeAlias = tuple[Cookie, ...]
CookieStore: TypeAlias = "HashTrieMap[str, Cookies]"  # by `site_of`; persistent: a change shares the rest
Sent: TypeAlias = tuple[Cookies, tuple[HeldBack, ...]]


@attrs.frozen
class Held:
    """What the store holds for a site: its cookies, those that have expired too, and the moment.

    `now` is of the browser's clock; `date` is the same in seconds since 1970; `serial` is the next cookie's.
    Of a URL there may be a `login` besides, what `Authorization` is to say.
    """

    now: float
    date: float
    serial: int
    cookies: Cookies = ()
    login: str | None = None


@worked_out_once
def credentials_look(request: Request) -> Look:
    """Ask for all that may go along with a request; the answer is None where nobody has set anything."""
    return Look("credentials", request.url)


@attrs.frozen
class Asker:
    """Who sends or sets cookies: a request, or a document's script where `http` is false.

    `same_site` says whether cookies that are not for other sites may take part; `partition` is the part of
    the store that belongs to the page at the top.
    """

    host: str
    path: str
    secure: bool
    same_site: bool
    third_party: bool
    partition: Partition
    http: bool = True


def site_of(host: str) -> str:
    """Find under what a host's cookies are kept: its registrable domain, or the host itself."""
    return registrable_domain(host) or host


# -- who asks ----------------------------------------------------------------------------


@worked_out_for
def asker_of(request: Request, profile: EngineProfile) -> Asker:
    """Tell what a request is to cookies."""
    client, url = request.client, request.url
    is_near = _is_near(client, url, profile)
    same = is_near and determine_same_site_mode(request, profile) == "strict-or-less"
    partition = (client.network_partition_key, not is_near)
    foreign = not is_near
    if profile.third_party_cookies == "not-stored":  # AD-HOC: such an engine looks at the URL alone
        foreign = not SITES[profile.same_site_reading](url.origin, client.top_level_origin)
    return Asker(url.host or "", url.path, _is_secure(url, profile), same, foreign, partition)


def asker_of_script(client: Environment, profile: EngineProfile) -> Asker:
    """Tell what a document's own script is to cookies."""
    url = client.creation_url
    is_near = _is_near(client, url, profile)
    partition = (client.network_partition_key, not is_near)
    secure = _is_secure(url, profile)
    return Asker(url.host or "", url.path, secure, is_near, not is_near, partition, http=False)


def _is_secure(url: Url, profile: EngineProfile) -> bool:
    """Say whether Secure cookies go there. AD-HOC: an engine may trust this very machine without https."""
    if url.scheme == "https":
        return True
    return profile.secure_cookies_by == "trust" and is_potentially_trustworthy(url)


def _is_near(client: Environment, url: Url, profile: EngineProfile) -> bool:
    """Say whether a URL, the page that asks for it and the page at the top are all of one site.

    AD-HOC: the standard asks whether there is a cross-site ancestor, and leaves out the URL itself. Every
    engine compares all three with the page at the top, as RFC 6265bis has it.
    """
    compare = SITES[profile.same_site_reading]
    top, own = client.top_level_origin, client.origin
    if profile.sandboxed_site == "url" and client.is_opaque:  # AD-HOC: an engine may not care for that
        own = client.creation_url.origin if client.creation_url.is_http else top
    return compare(own, top) and compare(url.origin, top)


SITES = {"schemeful": same_site, "schemeless": schemelessly_same_site}


def determine_same_site_mode(
    request: Request, profile: EngineProfile
) -> Literal["strict-or-less", "unset-or-less"]:
    """Say which cookies may go to where redirects have led.

    https://fetch.spec.whatwg.org/#determine-the-same-site-mode
    """
    # 1. AD-HOC: it is asked for every method.
    # 2. and 3. OUT OF SCOPE: navigations.
    # 4. Foreign ancestors: see `_is_near`.
    # 5. Redirects that have gone astray. AD-HOC: an engine may look at where they have led alone.
    if profile.same_site_redirects != "forgotten" and redirect_taint(request) == "cross-site":
        return "unset-or-less"
    # 6. At home.
    return "strict-or-less"


# -- sending -----------------------------------------------------------------------------


def append_cookie_header(
    request: Request, wire: Request, held: Held, profile: EngineProfile
) -> Flow[tuple[Request, Sent]]:
    """Put the cookies of a request on the wire, and say which went along and which did not.

    https://fetch.spec.whatwg.org/#append-a-request-cookie-header
    """
    # 1. AD-HOC: cookies are disabled for third parties alone, one by one.
    # 2. to 6. Each cookie is judged by who asks.
    sent, held_back = retrieved(held, asker_of(request, profile), profile)
    # 7. and 8. In one line.
    if sent:
        yield COOKIES_GO_ALONG
        wire = wire.but(headers=wire.headers.appended(("Cookie", serialized(sent))))
    return wire, (sent, held_back)


def serialized(cookies: Iterable[Cookie]) -> str:
    """Write cookies as they stand in a `Cookie` header."""
    return "; ".join([cookie.pair for cookie in cookies])


def retrieved(held: Held, asker: Asker, profile: EngineProfile) -> Sent:
    """Divide cookies into those that go along, the longest path first and then the oldest, and the others."""
    sent, held_back = [], []
    for cookie in held.cookies:
        reason = reason_not_sent(cookie, held.now, asker, profile)
        if reason is None:
            sent.append(cookie)
        else:
            held_back.append(HeldBack(cookie, reason))
    sent.sort(key=ORDER[profile.cookie_order])
    return tuple(sent), tuple(held_back)


def left_behind(held: Held, request: Request, profile: EngineProfile) -> tuple[HeldBack, ...]:
    """Say why each cookie stays behind where no credentials go along: for that reason, or another."""
    asker, otherwise = asker_of(request, profile), reason_without_credentials(request, profile)
    return tuple(
        HeldBack(cookie, reason_not_sent(cookie, held.now, asker, profile) or otherwise)
        for cookie in held.cookies
    )


# AD-HOC: an engine may look at domains before ages. What a new value makes of an age: see `with_cookie`.
ORDER: dict[Literal["by-age", "by-age-of-value", "by-domain"], Callable[[Cookie], tuple[float, ...]]] = {
    "by-age": lambda cookie: (-len(cookie.path), cookie.created_at, cookie.serial),
    "by-age-of-value": lambda cookie: (-len(cookie.path), cookie.created_at, cookie.serial),
    "by-domain": lambda cookie: (-len(cookie.path), -len(cookie.domain), cookie.host_only, cookie.serial),
}


def reason_not_sent(cookie: Cookie, now: float, asker: Asker, profile: EngineProfile) -> CookieReason | None:
    """Find the first rule that keeps a cookie back; None if it goes along."""
    matches = asker.host == cookie.domain if cookie.host_only else domain_matches(asker.host, cookie.domain)
    if not matches:
        return CookieReason.DOMAIN
    if not path_matches(asker.path, cookie.path):
        return CookieReason.PATH
    if not cookie.is_live(now):
        return CookieReason.EXPIRED
    if cookie.secure and not asker.secure:
        return CookieReason.SECURE
    if cookie.http_only and not asker.http:
        return CookieReason.HTTP_ONLY
    if cookie.partition is not None and cookie.partition != asker.partition:
        return CookieReason.PARTITIONED
    reason = None if asker.same_site else KEPT_AT_HOME[_enforced(cookie.same_site, profile)]
    if reason is not None:
        return CookieReason.SAME_SITE_DEFAULT if cookie.same_site == "unset" else reason
    shut_out = profile.third_party_cookies in ("partitioned", "blocked")
    if cookie.partition is None and asker.third_party and shut_out:
        return CookieReason.THIRD_PARTY
    return None


def _enforced(attribute: SameSite, profile: EngineProfile) -> SameSite:
    """Say what a SameSite comes to: of one that is not given, what the engine takes it for."""
    return profile.same_site_default if attribute == "unset" else attribute


KEPT_AT_HOME: dict[SameSite, CookieReason | None] = {
    "strict": CookieReason.SAME_SITE_STRICT,
    "lax": CookieReason.SAME_SITE_LAX,
    "none": None,
    "unset": CookieReason.SAME_SITE_DEFAULT,
}


# -- storing -----------------------------------------------------------------------------


def store_set_cookies(
    exchange: Exchange, request: Request, lines: list[str], profile: EngineProfile
) -> Flow[None]:
    """Parse and store what a response sets, and note what was stored and what was ignored.

    https://fetch.spec.whatwg.org/#parse-and-store-response-set-cookie-headers
    """
    # 1. AD-HOC: cookies are disabled for third parties alone, one by one.
    if not exchange.includes_credentials:
        reason = reason_without_credentials(request, profile)
        exchange.ignored = tuple([Ignored(line, reason) for line in lines])
        return
    # 2. to 5. Who asks; a public suffix has no cookies but of its own host.
    asker = asker_of(request, profile)
    # AD-HOC: an engine may take what it is given at home, whichever way has led there.
    if profile.same_site_redirects == "counted-to-send" and not asker.same_site and not asker.third_party:
        asker = attrs.evolve(asker, same_site=True)
    # 6. Each line by itself, since together they can't be told apart.
    yield from store_lines(exchange, lines, asker, profile)
    if exchange.stored:
        yield COOKIES_STORED


def store_lines(
    note: Exchange | Note, lines: Iterable[str], asker: Asker, profile: EngineProfile
) -> Flow[None]:
    """Store the cookies of some lines, one after the other, and note what became of each."""
    for line in lines:
        held: Held = yield Look("cookies", asker.host)
        verdict = cookie_of(line, held, asker, profile)
        if isinstance(verdict, Cookie):
            yield Change("cookies", verdict.domain, partial(with_cookie, verdict, profile))
            note.stored = (*note.stored, verdict)
        else:
            note.ignored = (*note.ignored, Ignored(line, verdict))


@attrs.define
class Note:
    """What became of lines that no exchange brought."""

    stored: Cookies = ()
    ignored: tuple[Ignored, ...] = ()


def cookie_of(line: str, held: Held, asker: Asker, profile: EngineProfile) -> Cookie | CookieReason:
    """Make the cookie that a line sets, or find the first rule that ignores it."""
    said = parse_set_cookie(line, held.date, profile.cookie_reading)
    if isinstance(said, CookieReason):
        return said
    domain = _domain(said.domain, asker.host)
    if isinstance(domain, CookieReason):
        return domain
    cookie = Cookie(
        said.name, said.value, domain, said.path or default_path(asker.path),
        not said.domain or registrable_domain(domain) is None,
        said.secure, said.http_only, said.same_site,
        None if said.age is None else held.now + said.age,
        _partition(said, asker, profile), held.now, held.serial,
    )  # fmt: skip
    return _fault(said, cookie, held, asker, profile) or cookie


def _domain(named: str, host: str) -> str | CookieReason:
    """Find the host or domain that a cookie is for."""
    if not named:
        return host
    url = parse_url(f"https://{named}/") if _NAME.fullmatch(named) else None
    domain = None if url is None else url.host
    if not domain or not domain_matches(host, domain):
        return CookieReason.DOMAIN
    if domain != host and registrable_domain(domain) is None:
        return CookieReason.PUBLIC_SUFFIX
    return domain


def _partition(said: CookieLine, asker: Asker, profile: EngineProfile) -> Partition | None:
    """Find the partition in which a cookie is kept: that of the page at the top, if it is in one."""
    if said.partitioned and profile.partitioned_attribute == "honoured":
        return asker.partition
    return asker.partition if asker.third_party and profile.third_party_cookies == "partitioned" else None


def _fault(
    said: CookieLine, cookie: Cookie, held: Held, asker: Asker, profile: EngineProfile
) -> CookieReason | None:
    """Find the first rule against storing a cookie that is well-formed."""
    if cookie.secure and not asker.secure:
        return CookieReason.SECURE
    if cookie.http_only and not asker.http:
        return CookieReason.HTTP_ONLY
    if not asker.secure and any(_is_overlaid(old, cookie) for old in held.cookies if old.is_live(held.now)):
        return CookieReason.OVERLAYS_SECURE
    reason = None if asker.same_site else KEPT_AT_HOME[_enforced(cookie.same_site, profile)]
    if reason is not None:
        return CookieReason.SAME_SITE_DEFAULT if cookie.same_site == "unset" else reason
    if cookie.same_site == "none" and not cookie.secure and profile.none_without_secure == "ignored":
        return CookieReason.NONE_WITHOUT_SECURE
    if profile.cookie_prefixes == "kept-to" and not _keeps_promise(said, cookie):
        return CookieReason.PREFIX
    if said.partitioned and not cookie.secure and profile.partitioned_attribute == "honoured":
        return CookieReason.PARTITIONED_WITHOUT_SECURE
    if asker.third_party and cookie.partition is None and profile.third_party_cookies != "allowed":
        return CookieReason.THIRD_PARTY
    # AD-HOC: script may not write over what it can't read.
    if not asker.http and any(old.http_only and old.identity == cookie.identity for old in held.cookies):
        return CookieReason.HTTP_ONLY
    return None


def _is_overlaid(old: Cookie, new: Cookie) -> bool:
    """Say whether an insecure cookie would stand before a secure one of the same name."""
    near = domain_matches(old.domain, new.domain) or domain_matches(new.domain, old.domain)
    return old.secure and old.name == new.name and near and path_matches(new.path, old.path)


def _keeps_promise(said: CookieLine, cookie: Cookie) -> bool:
    """Say whether a cookie is what its name's prefix promises; without a name it must promise nothing."""
    start = byte_lowercase(cookie.name or cookie.value)
    if not start.startswith(("__secure-", "__host-", "__http-")):
        return True
    if not cookie.name or not cookie.secure:
        return False
    if start.startswith(("__http-", "__host-http-")) and not cookie.http_only:
        return False
    return not start.startswith("__host-") or (not said.domain and said.path == "/")


def with_cookie(cookie: Cookie, profile: EngineProfile, now: float, cookies: Cookies) -> Cookies:
    """Put a cookie among those of its site; one that has expired already takes away the old."""
    old = next((old for old in cookies if old.identity == cookie.identity), None)
    if old is None:
        return (*cookies, cookie) if cookie.is_live(now) else cookies
    # A renewed cookie keeps its place in the order. AD-HOC: to an engine it is a new one if its value is new.
    if profile.cookie_order != "by-age-of-value" or cookie.value == old.value:
        cookie = attrs.evolve(cookie, created_at=old.created_at, serial=old.serial)
    kept = tuple([other for other in cookies if other is not old])
    return (*kept, cookie) if cookie.is_live(now) else kept
