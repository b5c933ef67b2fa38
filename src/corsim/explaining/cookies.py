"""Which cookies did not go along with a fetch or were not stored by it, and why: one sentence each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from corsim.explaining.facts import CREDENTIALS_WORDS, Facts
from corsim.fetching.flow import Exchange
from corsim.values.cookie import Cookie, CookieReason, HeldBack, Ignored

_UNAUTHORIZED = (401, 403)
_OF_PLACE = frozenset({CookieReason.PATH, CookieReason.DOMAIN, CookieReason.EXPIRED})
_OF_FORM = frozenset(
    {
        CookieReason.CONTROL_CHARACTER,
        CookieReason.EMPTY,
        CookieReason.TOO_LONG,
        CookieReason.PREFIX,
        CookieReason.NONE_WITHOUT_SECURE,
        CookieReason.PARTITIONED_WITHOUT_SECURE,
    }
)
"""What is wrong with a line wherever it comes from: the server's mistake, and none of the page's."""

OTHER_SITES = "To other sites' pages go only cookies that are set with SameSite=None; Secure."

_FOREIGN = "the page, or what led there, is of another site than {host}"
_UNSAID = f"it says nothing of SameSite, which is as good as Lax, and {_FOREIGN}"
_THIRD = "{host} is of another site than the page at the top, and third-party cookies are {policy} here"
_WITHOUT_CORS = (
    "the page came with Cross-Origin-Embedder-Policy: credentialless, and this was not asked for by CORS"
)

_NOT_SENT: Mapping[CookieReason, str] = {
    CookieReason.OMITTED: "script did not ask for {credentials}",
    CookieReason.EMBEDDER_POLICY: _WITHOUT_CORS,
    CookieReason.SAME_SITE_STRICT: f"SameSite=Strict: {_FOREIGN}",
    CookieReason.SAME_SITE_LAX: f"SameSite=Lax: {_FOREIGN}",
    CookieReason.SAME_SITE_DEFAULT: _UNSAID,
    CookieReason.SECURE: "it is Secure, and {origin} is not https",
    CookieReason.HTTP_ONLY: "it is HttpOnly",
    CookieReason.DOMAIN: "it is for {domain}, and not for {host}",
    CookieReason.PATH: "it is for {path} and what is below",
    CookieReason.THIRD_PARTY: _THIRD,
    CookieReason.PARTITIONED: "it is partitioned: kept for pages of {partition} alone",
    CookieReason.EXPIRED: "it has expired",
}

_NOT_STORED: Mapping[CookieReason, str] = {
    CookieReason.OMITTED: "from another origin it needs {credentials}",
    CookieReason.EMBEDDER_POLICY: _WITHOUT_CORS,
    CookieReason.SAME_SITE_STRICT: f"SameSite=Strict: {_FOREIGN}",
    CookieReason.SAME_SITE_LAX: f"SameSite=Lax: {_FOREIGN}",
    CookieReason.SAME_SITE_DEFAULT: _UNSAID,
    CookieReason.THIRD_PARTY: _THIRD,
    CookieReason.SECURE: "it says Secure, and {origin} is not https",
    CookieReason.HTTP_ONLY: "script can't touch what is HttpOnly",
    CookieReason.DOMAIN: "its Domain is neither {host} nor above it",
    CookieReason.PUBLIC_SUFFIX: "its Domain is a public suffix, under which strangers live",
    CookieReason.CONTROL_CHARACTER: "there is a control character in it",
    CookieReason.EMPTY: "it has no name and no value",
    CookieReason.TOO_LONG: "name and value have more than 4096 bytes",
    CookieReason.PREFIX: "its name's prefix promises more than it says: __Host- needs Secure, Path=/ and no "
    "Domain; __Secure- needs Secure; __Http- needs Secure and HttpOnly",
    CookieReason.NONE_WITHOUT_SECURE: "SameSite=None needs Secure beside it",
    CookieReason.PARTITIONED_WITHOUT_SECURE: "Partitioned needs Secure beside it",
    CookieReason.OVERLAYS_SECURE: "over http it can't stand before a Secure cookie of that name",
}

_ADVICE: Mapping[CookieReason, str] = {
    **dict.fromkeys(
        (CookieReason.SAME_SITE_STRICT, CookieReason.SAME_SITE_LAX, CookieReason.SAME_SITE_DEFAULT),
        "have it set with SameSite=None; Secure, or let the page and {host} be of one site.",
    ),
    CookieReason.THIRD_PARTY: "let the page and {host} be of one site{or_partitioned}.",
    CookieReason.SECURE: "ask over https.",
    CookieReason.EMBEDDER_POLICY: "ask by CORS, with credentials.",
    CookieReason.NONE_WITHOUT_SECURE: "add Secure.",
    CookieReason.DOMAIN: "have {host} set it without Domain, or with a Domain that is {host} or above it.",
    CookieReason.PUBLIC_SUFFIX: "leave Domain out, or name a domain below that suffix.",
    CookieReason.PATH: "have it set with Path=/.",
    CookieReason.EXPIRED: "have it set anew, or to last longer.",
    CookieReason.PARTITIONED: "have it set in a page of this site, too.",
    CookieReason.OVERLAYS_SECURE: "set it over https.",
}
"""What mends it, where it is not what script says of credentials."""

POLICIES = {"partitioned": "partitioned", "not-stored": "not stored", "blocked": "blocked"}


def cookie_sentences(facts: Facts) -> tuple[str, ...]:
    """Say of each cookie that was held back or ignored why it was; those that matter little are left out."""
    return tuple(dict.fromkeys(_sentences(facts)))


def _sentences(facts: Facts) -> Iterator[str]:
    for exchange in facts.result.exchanges:
        for held in exchange.held_back:
            if _matters(held, exchange):
                why = _told(_NOT_SENT, held.reason, facts, exchange, held.cookie)
                yield f"The cookie {_name(held.cookie)} was not sent because {why}."
        for ignored in exchange.ignored:
            why = _told(_NOT_STORED, ignored.reason, facts, exchange)
            yield f"Set-Cookie was ignored for {ignored.name or 'a nameless cookie'}: {why}."


def lacks_cookies(facts: Facts) -> bool:
    """Say whether cookies, of which one hears nothing in CORS, are what is or may be missing."""
    last = facts.exchange
    if last is None or facts.result.type not in ("cors", "basic"):
        return False
    rows = [row for exchange in facts.result.exchanges for row in _at_fault(exchange)]
    strangers = facts.result.type == "cors" and facts.status in _UNAUTHORIZED
    return bool(rows) or (strangers and not last.cookies and "authorization" not in last.request.headers)


def _at_fault(exchange: Exchange) -> Iterator[HeldBack | Ignored]:
    yield from (held for held in exchange.held_back if _matters(held, exchange))
    yield from (ignored for ignored in exchange.ignored if ignored.reason not in _OF_FORM)


def cookie_advice(facts: Facts) -> str:
    """Say how the first cookie that is missed would go along or be stored; empty if there is no saying."""
    for exchange in facts.result.exchanges:
        for row in _at_fault(exchange):
            return _told(_ADVICE, row.reason, facts, exchange) if row.reason in _ADVICE else ""
    return ""


def _matters(held: HeldBack, exchange: Exchange) -> bool:
    """Say whether somebody may have counted on the cookie: those for other places are missed by few."""
    missed = exchange.response is not None and exchange.response.status in _UNAUTHORIZED
    if held.reason in _OF_PLACE or held.reason is CookieReason.OMITTED:
        return missed
    return exchange.includes_credentials or held.reason is CookieReason.EMBEDDER_POLICY


def _told(
    table: Mapping[CookieReason, str],
    reason: CookieReason,
    facts: Facts,
    exchange: Exchange,
    cookie: Cookie | None = None,
) -> str:
    url = exchange.request.url
    site = None if cookie is None or cookie.partition is None else cookie.partition[0]
    profile = facts.result.fetch.profile
    has_partitions = profile.partitioned_attribute == "honoured"
    return table[reason].format(
        host=url.host,
        origin=url.origin,
        credentials=CREDENTIALS_WORDS[facts.result.api],
        domain="" if cookie is None else f"{cookie.domain}{' alone' if cookie.host_only else ''}",
        path="" if cookie is None else cookie.path,
        partition="://".join(site) if isinstance(site, tuple) else "an opaque origin",
        policy=POLICIES.get(profile.third_party_cookies, ""),
        or_partitioned=", or have it set with Partitioned, too" if has_partitions else "",
    )


def _name(cookie: Cookie) -> str:
    return cookie.name or f"without a name, {cookie.value},"
