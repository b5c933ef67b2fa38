"""What the books may speak of: a property is a field in a line, `{status}`, or what a row depends on.

None of them knows an engine: which of them matter to whom is in the books.
"""

from __future__ import annotations

from http import HTTPStatus

import attrs

from corsim.explaining.console.gates import Gates
from corsim.explaining.facts import split_list
from corsim.fetching.flow import Exchange
from corsim.fetching.http_redirect_fetch import FOLLOWED
from corsim.servers.failures import NobodyListens
from corsim.values.headers import byte_lowercase
from corsim.values.origin import same_origin
from corsim.values.url import Url, parse_url

ALLOW_HEADERS = "access-control-allow-headers"
PHRASES = {int(status): status.phrase for status in HTTPStatus}


@attrs.frozen(slots=False, eq=False)
class Scene(Gates):
    """All of it."""

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
        return self.headers.get(ALLOW_HEADERS, "")

    @property
    def unlisted_header(self) -> str:
        """The first header that was not allowed, in the order in which an engine walks through them.

        Those that it knows come first, under the names that it has for them.
        """
        request = self.result.request
        allowed = {byte_lowercase(name) for name in self.allowed(ALLOW_HEADERS)}
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
        return not self.is_preflight and self._location is not None

    @property
    def is_followed(self) -> bool:
        """Whether it is one, and would have been followed."""
        request = self.result.request
        return self.is_led_on and request is not None and request.redirect == "follow"

    @property
    def was_led_here(self) -> bool:
        """Whether redirects led to where the fetch had come to."""
        return FOLLOWED in self.result.trace

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

    @property
    def nobody_listens(self) -> bool:
        """Whether the connection was refused."""
        return self.exchange is not None and isinstance(self.exchange.error, NobodyListens)

    # -- on the way --------------------------------------------------------------------------

    @property
    def covered_urls(self) -> list[str]:
        """The URLs whose preflight let `Authorization` through by `*` alone."""
        passed = [turn for turn in self.result.exchanges[:-1] if turn.is_preflight]
        return [turn.request.url.href for turn in passed if _covers_authorization(turn)]


def _covers_authorization(preflight: Exchange) -> bool:
    allowed = "" if preflight.response is None else preflight.response.headers.get(ALLOW_HEADERS, "")
    names = map(byte_lowercase, split_list(allowed))
    asked = split_list(preflight.request.headers.get("access-control-request-headers", ""))
    return "authorization" in asked and "authorization" not in names
