"""What the books may speak of: a property is a field in a line, `{status}`, or what a row depends on.

None of them knows an engine: which of them matter to whom is in the books.
"""

from __future__ import annotations

from functools import cached_property
from http import HTTPStatus

import attrs

from corsim.explain.facts import Facts, split_list
from corsim.fetching.flow import Exchange
from corsim.fetching.http_redirect_fetch import FOLLOWED, location_url
from corsim.values.headers import byte_lowercase
from corsim.values.origin import same_origin
from corsim.values.statuses import REDIRECT_STATUSES
from corsim.values.url import Url, parse_url

PHRASES = {int(status): status.phrase for status in HTTPStatus}


@attrs.frozen(slots=False, eq=False)
class Scene(Facts):
    """A result, as its lines need it; `known_headers` are names that the engine writes in its own way."""

    known_headers: tuple[str, ...] = ()

    # -- where it was ------------------------------------------------------------------------

    @cached_property
    def _target(self) -> Url | None:
        """The URL that the fetch had come to: the last request's, or the one that it was led to."""
        if self.exchange is None:
            return None if self.result.request is None else self.result.request.url
        after = self.result.trace[self.result.trace.index(self.exchange) :]
        led = FOLLOWED in after and isinstance(self._location, Url)
        return self._location if led and isinstance(self._location, Url) else self.exchange.request.url

    @cached_property
    def _location(self) -> Url | str | None:
        """Where the last response leads: a URL, or a text that is none."""
        if self.exchange is None or self.exchange.response is None:
            return None
        return location_url(self.exchange.response, self.exchange.request.url)

    @property
    def target(self) -> str:
        """The URL that the fetch had come to."""
        return "" if self._target is None else self._target.href

    @property
    def bare_target(self) -> str:
        """The same, without a user and a password."""
        return "" if self._target is None else self._target.without_credentials().href

    @property
    def bare_url(self) -> str:
        """The URL of the last request, without a user and a password."""
        url = parse_url(self.url)
        return self.url if url is None else url.without_credentials().href

    @property
    def first_url(self) -> str:
        """The URL that script asked for."""
        return "" if self.result.request is None else self.result.request.url.href

    @property
    def scheme(self) -> str:
        """The scheme that the fetch had come to."""
        return "" if self._target is None else self._target.scheme

    @property
    def port(self) -> str:
        """The port that the fetch had come to."""
        return "" if self._target is None else str(self._target.port)

    @property
    def location(self) -> str:
        """Where the last response leads."""
        return self._location.href if isinstance(self._location, Url) else self._location or ""

    @property
    def bare_location(self) -> str:
        """The same, without a user and a password."""
        if isinstance(self._location, Url):
            return self._location.without_credentials().href
        return self._location or ""

    # -- who asked ---------------------------------------------------------------------------

    @property
    def page_origin(self) -> str:
        """The page's origin, whatever the request said of it."""
        return self.result.origin

    @property
    def page_url(self) -> str:
        """The URL of the page."""
        return "" if self.result.request is None else self.result.request.client.creation_url.href

    @property
    def is_xhr(self) -> bool:
        """Whether it was an XMLHttpRequest."""
        return self.result.api == "xhr"

    @property
    def is_cors(self) -> bool:
        """Whether it was in cors mode."""
        return self.result.request is not None and self.result.request.mode == "cors"

    # -- what was answered -------------------------------------------------------------------

    @property
    def status_text(self) -> str:
        """The words behind the status: the server's, or else those that most servers say."""
        response = None if self.exchange is None else self.exchange.response
        return "" if response is None else response.status_text or PHRASES.get(response.status, "")

    @property
    def is_error_status(self) -> bool:
        """Whether the status was 400 or more."""
        return self.status >= 400

    @property
    def escaped_subject(self) -> str:
        """The token at fault, with all but printable ASCII as `\\u00FC`."""
        return "".join(char if " " <= char <= "~" else f"\\u{ord(char):04X}" for char in self.subject)

    @property
    def decoded_subject(self) -> str:
        """The token at fault, its bytes read as UTF-8."""
        return self.subject.encode("latin-1", "replace").decode("utf-8", "replace")

    @property
    def is_no_origin(self) -> bool:
        """Whether the origin allowed is neither `null` nor a URL at all."""
        return self.subject != "null" and parse_url(self.subject) is None

    @property
    def is_list(self) -> bool:
        """Whether there is a comma in the token at fault."""
        return "," in self.subject

    @property
    def has_several_lines(self) -> bool:
        """Whether the server sent more than one line of Access-Control-Allow-Origin."""
        return len(self.headers.get_all("access-control-allow-origin")) > 1

    @property
    def allow_methods(self) -> str:
        """All of Access-Control-Allow-Methods."""
        return self.headers.get("access-control-allow-methods", "")

    @property
    def allow_headers(self) -> str:
        """All of Access-Control-Allow-Headers."""
        return self.headers.get("access-control-allow-headers", "")

    @property
    def unlisted_header(self) -> str:
        """The first header that was not allowed, in the order in which an engine walks through them.

        Those that it knows come first, under the names that it has for them.
        """
        request = self.result.request
        allowed = {byte_lowercase(name) for name in self.allowed("access-control-allow-headers")}
        refused = set(self.asked_headers) - allowed
        given = [] if request is None else [name for name, _ in request.headers.pairs]
        known = {name.lower(): name for name in self.known_headers}
        names = [name for name in given if byte_lowercase(name) in refused]
        names.sort(key=lambda name: name.lower() not in known)
        return known.get(names[0].lower(), names[0]) if names else self.subject

    # -- redirects ---------------------------------------------------------------------------

    @property
    def is_led_on(self) -> bool:
        """Whether the last response is a redirect with a place to go to."""
        return not self.is_preflight and self.status in REDIRECT_STATUSES and self._location is not None

    @property
    def is_followed(self) -> bool:
        """Whether it is one, and would have been followed."""
        request = self.result.request
        return self.is_led_on and request is not None and request.redirect == "follow"

    @property
    def was_led_here(self) -> bool:
        """Whether redirects led to where the fetch had come to."""
        return self.exchange is not None and (
            self.is_redirected or self._target is not self.exchange.request.url
        )

    @property
    def has_left_home(self) -> bool:
        """Whether the last request was for another origin than the page's, in cors mode."""
        return self.exchange is not None and self.exchange.request.response_tainting == "cors"

    @property
    def is_abroad(self) -> bool:
        """Whether it was, or a redirect would have led there."""
        request, location = self.result.request, self._location
        if self.has_left_home or request is None or not isinstance(location, Url):
            return self.has_left_home
        return request.mode == "cors" and not same_origin(location.origin, request.origin)

    @property
    def location_scheme(self) -> str:
        """The scheme of the URL that the redirect leads to."""
        return self._location.scheme if isinstance(self._location, Url) else ""

    @property
    def has_several_locations(self) -> bool:
        """Whether the server sent more than one Location."""
        return len(self.headers.get_all("location")) > 1

    # -- on the way --------------------------------------------------------------------------

    @property
    def is_authorization_covered(self) -> bool:
        """Whether a preflight allowed `Authorization` by `*` alone."""
        return any(_covers_authorization(turn) for turn in self.result.exchanges[:-1])


def _covers_authorization(turn: Exchange) -> bool:
    if not turn.is_preflight or turn.response is None:
        return False
    asked = split_list(turn.request.headers.get("access-control-request-headers", ""))
    allowed = map(byte_lowercase, split_list(turn.response.headers.get("access-control-allow-headers", "")))
    return "authorization" in asked and "authorization" not in allowed
