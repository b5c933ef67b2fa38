"""What a result holds, named as the words need it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias, get_args

import attrs

from corsim.explaining.triggers import named_with_why
from corsim.fetching.flow import Exchange
from corsim.fetching.http_cache import FromCache, answered
from corsim.fetching.http_fetch import PREFLIGHT_CACHED
from corsim.values.decision import Decision, Reason
from corsim.values.doors import Api, Element
from corsim.values.errors import error_text
from corsim.values.headers import HTTP_TAB_OR_SPACE, Headers
from corsim.values.methods import SAFELISTED_METHODS
from corsim.values.statuses import REDIRECT_STATUSES

if TYPE_CHECKING:
    from corsim.result import Result

CREDENTIALS_WORDS: dict[Api, str] = {
    "fetch": "credentials: 'include'",
    "xhr": "withCredentials",
    "event_source": "withCredentials",
    **dict.fromkeys(get_args(Element), 'crossorigin="use-credentials"'),
    "beacon": "a beacon's credentials",
    "form": "a form's credentials",
    "web_socket": "a handshake's credentials",
    "worker": "credentials: 'include'",
}
"""What has credentials go along, by the door through which a page asks."""

_NO_HEADERS = Headers()
_TITLE = re.compile("<title[^>]*>([^<]+)</title", re.IGNORECASE)
_SAID = 120  # characters that are shown of what a server says


@attrs.frozen
class Words:
    """What there is to say of a reason or an outcome.

    `headline` is the cause as a sentence, `rule` what it follows from, `fix` what to look at
    before any edit of headers, or instead of one; `notes` are things worth knowing that are neither.
    """

    headline: str
    rule: str
    fix: str = ""
    notes: tuple[str, ...] = ()


# Not slotted: a cached property needs the dict.
@attrs.frozen(slots=False, eq=False)
class Facts:
    """A result, seen from its last request: the one that was judged, if a response was."""

    result: Result

    @cached_property
    def decision(self) -> Decision:
        """The decision that refused."""
        assert self.result.blocked is not None
        return self.result.blocked

    @property
    def reason(self) -> Reason:
        """Its reason."""
        assert self.decision.reason is not None
        return self.decision.reason

    @property
    def subject(self) -> str:
        """Its subject: the token at fault."""
        return self.decision.subject

    @cached_property
    def exchange(self) -> Exchange | None:
        """The last request that went out, or that the HTTP cache answered, if there was one."""
        return next(reversed(answered(self.result.trace)), None)

    @property
    def from_cache(self) -> FromCache | None:
        """The decision by which the HTTP cache answered the last request, or had a hand in it."""
        found = (turn for turn in self.result.trace if isinstance(turn, FromCache))
        return next((turn for turn in found if turn.exchange is self.exchange), None)

    @property
    def origin(self) -> str:
        """The origin that the request named, or else the page's."""
        sent = None if self.exchange is None else self.exchange.request.headers.get("origin")
        return self.result.origin if sent is None else sent

    @property
    def is_redirected(self) -> bool:
        """Whether redirects led to the last request."""
        return self.exchange is not None and len(self.exchange.request.url_list) > 1

    @property
    def is_preflight(self) -> bool:
        """Whether the last request was a preflight."""
        return self.exchange is not None and self.exchange.is_preflight

    @property
    def is_remembered(self) -> bool:
        """Whether the last request went out on the strength of a preflight that is remembered."""
        return not self.is_preflight and PREFLIGHT_CACHED in self.result.trace

    @property
    def url(self) -> str:
        """The URL of the last request, or of the one that could not go out."""
        if self.exchange is not None:
            return self.exchange.request.url.href
        return "" if self.result.request is None else self.result.request.url.href

    @property
    def method(self) -> str:
        """The method that script wanted, as far as redirects left it."""
        if self.exchange is not None:
            request = self.exchange.request
            return request.headers.get("access-control-request-method", request.method)
        return "" if self.result.request is None else self.result.request.method

    @property
    def with_credentials(self) -> bool:
        """Whether script asked for credentials to other origins too."""
        return self.result.request is not None and self.result.request.credentials == "include"

    @property
    def credentials(self) -> str:
        """Name what script wrote to have credentials go along."""
        if not self.with_credentials:
            return "credentials"
        return CREDENTIALS_WORDS[self.result.api]

    @property
    def headers(self) -> Headers:
        """The headers of the last response."""
        if self.exchange is None or self.exchange.response is None:
            return _NO_HEADERS
        return self.exchange.response.headers

    @property
    def status(self) -> int:
        """The status of the last response; 0 for none."""
        if self.exchange is None or self.exchange.response is None:
            return 0
        return self.exchange.response.status

    @property
    def is_redirect(self) -> bool:
        """Whether the last response leads elsewhere."""
        return self.status in REDIRECT_STATUSES and "location" in self.headers

    @property
    def error(self) -> str:
        """Type and message of what the app raised on the last request, or nothing."""
        error = None if self.exchange is None else self.exchange.error
        return "" if error is None else error_text(error)

    @property
    def said(self) -> str:
        """The first line of the last response's body, or an HTML page's title, if a person could read it."""
        if self.exchange is None or self.exchange.response is None:
            return ""
        text = self.exchange.response.body[:4096].decode("utf-8", "replace").strip()
        title = _TITLE.search(text) if text.startswith("<") else None
        line = (text if title is None else " ".join(title[1].split()))[:_SAID].partition("\n")[0].strip()
        is_text = line.isprintable() and "\N{REPLACEMENT CHARACTER}" not in line
        return line.rstrip(".") if is_text and not line.startswith("<") else ""

    @property
    def page(self) -> str:
        """Name the page by its origin, to stand after `a` or `the`."""
        origin = self.result.origin
        return "page with an opaque origin (null)" if origin == "null" else f"page at {origin}"

    @property
    def where(self) -> str:
        """Name the last request, and the redirect behind it."""
        via = ""
        if self.exchange is not None and self.is_redirected:
            via = f" (redirected from {self.exchange.request.url_list[-2]})"
        if self.is_preflight:
            return f"the preflight (OPTIONS) of {self.method} {self.url}{via}"
        return f"{self.method} {self.url}{via}"

    @property
    def answer(self) -> str:
        """Name the answer that has to change, to a person who will change it."""
        return f"the answer to {'OPTIONS' if self.is_preflight else self.method} {self.url}"

    @property
    def trigger(self) -> str:
        """Say what made the browser ask first."""
        if self.exchange is None or not self.is_preflight:
            return ""
        causes = [] if self.method in SAFELISTED_METHODS else [f"the method {self.method}"]
        given = _NO_HEADERS if self.result.request is None else self.result.request.headers
        names = [named_with_why(name, given) for name in self.asked_headers]
        if names:
            causes.append(f"the request header{'s' if len(names) > 1 else ''} {', '.join(names)}")
        if "access-control-request-private-network" in self.exchange.request.headers:
            causes.append("the server's place, which is less public than the page's")
        if self.result.request is not None and self.result.request.is_streamed:
            causes.append("the body, which is a stream")
        because = " and ".join(causes) or "a listener to the upload's progress"
        return f"The browser asked first because of {because}."

    @property
    def asked_headers(self) -> list[str]:
        """The header names that a preflight asked leave for."""
        if self.exchange is None:
            return []
        return split_list(self.exchange.request.headers.get("access-control-request-headers", ""))

    def allowed(self, name: str) -> list[str]:
        """Split a list that the last response gave, `name` in lower case."""
        return split_list(self.headers.get(name, ""))


Tell: TypeAlias = Callable[[Facts], Words]


def sentence(text: str) -> str:
    """End a text as a sentence ends, unless it does.

    >>> sentence("Disallowed CORS origin"), sentence("Who are you?")
    ('Disallowed CORS origin.', 'Who are you?')
    """
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def split_list(value: str) -> list[str]:
    """Split at commas, without blanks and empty elements."""
    elements = (element.strip(HTTP_TAB_OR_SPACE) for element in value.split(","))
    return [element for element in elements if element]


def lines(lead: str, *headers: str) -> str:
    """Put header lines below a sentence, as a server would write them."""
    return "\n".join([lead, *(f"  {header}" for header in headers)])
