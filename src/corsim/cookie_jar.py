"""The browser's cookies as a person reads and changes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import attrs
from rpds import HashTrieMap

from corsim.engines import EngineProfile
from corsim.fetching.cookies import Asker, Held, Note, asker_of_script, retrieved, serialized, store_lines
from corsim.fetching.flow import Change, Look
from corsim.values.cookie import Cookie, Ignored
from corsim.values.environment import Environment
from corsim.values.errors import InvalidInput, check_str
from corsim.values.headers import Headers
from corsim.values.url import Url, parse_url


class Keeper(Protocol):
    """Who keeps the cookies."""

    state: Any
    profile: EngineProfile

    def look(self, look: Look) -> Any:
        """Answer a look."""

    def change(self, change: Change) -> None:
        """Carry out a change."""


def http_url(what: str, text: object) -> Url:
    """Parse an http(s) URL of the caller's; `InvalidInput` says what can't be done with any other."""
    check_str(f"the URL to {what}", text)
    url = parse_url(str(text))
    if url is None or not url.is_http:
        raise InvalidInput(f"can't {what} {text!r}: give an origin such as 'https://api.example.com'")
    return url


@attrs.frozen(repr=False)
class CookieJar:
    """The cookies of a browser: they are listed by site and name, expired ones left out.

    >>> from corsim import Browser
    >>> browser = Browser()
    >>> browser.cookies.set("https://api.example.com", "sid=1; Secure; Max-Age=60")
    >>> browser.cookies
    <cookies:
      sid=1 for api.example.com/, Secure, for 60 s
    >
    >>> browser.clock.advance(60)
    >>> browser.cookies
    <cookies: none>
    """

    _browser: Keeper

    def set(self, url: str, line: str) -> None:
        """Set a cookie as if a page at `url` had got it from its own server; `line` is a `Set-Cookie`.

        Raises `InvalidInput` for a line that sets nothing there, and says why.
        """
        place = http_url("set a cookie at", url)
        note = run_lines(self._browser, line, first_party(place))
        for ignored in note.ignored:
            raise InvalidInput(f"{line!r} sets no cookie at {url}: {ignored.reason}")

    def clear(self) -> None:
        """Forget all cookies."""
        self._browser.state = attrs.evolve(self._browser.state, cookies=HashTrieMap())

    def __iter__(self) -> Iterator[Cookie]:
        state = self._browser.state
        cookies = [row for rows in state.cookies.values() for row in rows if row.is_live(state.now)]
        return iter(sorted(cookies, key=lambda row: (row.domain, row.name, row.serial)))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        now = self._browser.state.now
        lines = [f"  {_told(cookie, now)}" for cookie in self]
        return "\n".join(["<cookies:", *lines, ">"]) if lines else "<cookies: none>"


def _told(cookie: Cookie, now: float) -> str:
    """Write a cookie in one line, with what it says of itself."""
    where = f"{cookie.domain}{cookie.path}"
    marks = [
        "" if cookie.host_only else "and below",
        "Secure" if cookie.secure else "",
        "HttpOnly" if cookie.http_only else "",
        "" if cookie.same_site == "unset" else f"SameSite={cookie.same_site.capitalize()}",
        "" if cookie.partition is None else f"under {_site(cookie.partition[0])} alone",
        "" if cookie.expires_at is None else f"for {cookie.expires_at - now:g} s",
    ]
    return ", ".join([f"{cookie.pair} for {where}", *filter(None, marks)])


def _site(site: object) -> str:
    return "://".join(site) if isinstance(site, tuple) else "an opaque origin"


def first_party(url: Url) -> Asker:
    """Make the asker that a page is to its own server."""
    site = Environment(url.origin, url, url.origin).network_partition_key
    return Asker(url.host or "", url.path, url.scheme == "https", True, False, (site, False))


def run_lines(browser: Keeper, line: str, asker: Asker) -> Note:
    """Have a browser store what a line sets, and note what became of it."""
    Headers([("Set-Cookie", line)])  # refuses what no header can hold
    note, answer = Note(), None
    flow = store_lines(note, [line], asker, browser.profile)
    try:
        while True:
            turn = flow.send(answer)
            answer = None
            if isinstance(turn, Look):
                answer = browser.look(turn)
            elif isinstance(turn, Change):
                browser.change(turn)
    except StopIteration:
        return note


def document_cookie(browser: Keeper, client: Environment) -> str:
    """Read `document.cookie`; a document without an origin, or a `data:` URL, has none."""
    if client.is_opaque:
        return ""
    held: Held = browser.look(Look("cookies", client.creation_url.host))
    sent, _ = retrieved(held, asker_of_script(client, browser.profile), browser.profile)
    return serialized(sent)


def set_document_cookie(browser: Keeper, client: Environment, line: str) -> Cookie | Ignored | None:
    """Write to `document.cookie`; give what was stored, or why not; None where a document has no cookies."""
    if client.is_opaque:
        return None
    note = run_lines(browser, line, asker_of_script(client, browser.profile))
    return note.stored[0] if note.stored else note.ignored[0]
