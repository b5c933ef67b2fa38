"""What the books may speak of: a property is a field in a line, `{status}`, or what a row depends on.

None of them knows an engine: which of them matter to whom is in the books.
"""

from __future__ import annotations

from functools import cached_property
from http import HTTPStatus

import attrs

from corsim.engines import EngineProfile, profile
from corsim.explaining.facts import Facts, split_list
from corsim.fetching.content_security_policy import effective_directive
from corsim.fetching.flow import Exchange
from corsim.fetching.http_redirect_fetch import FOLLOWED, location_url
from corsim.servers.failures import NobodyListens
from corsim.values.content_security_policy import host_source, scheme_source
from corsim.values.decision import Reason
from corsim.values.environment import Environment
from corsim.values.headers import byte_lowercase
from corsim.values.integrity import digest, parse_metadata
from corsim.values.mime import JAVASCRIPT, extract_mime_type
from corsim.values.origin import same_origin
from corsim.values.response import Response
from corsim.values.statuses import REDIRECT_STATUSES
from corsim.values.url import Url, parse_url

ALLOW_HEADERS = "access-control-allow-headers"
PHRASES = {int(status): status.phrase for status in HTTPStatus}


@attrs.frozen(slots=False, eq=False)
class Scene(Facts):
    """A result, as its lines need it; `known_headers` are names that the engine writes in its own way."""

    known_headers: tuple[str, ...] = ()

    # -- where it was ------------------------------------------------------------------------

    @cached_property
    def _way(self) -> tuple[Url, Url] | None:
        """The URL of the last request, as it was asked for, and the one that the fetch had then come to.

        What is sent lacks userinfo and fragment, so the redirects that were followed are walked along.
        """
        if self.result.request is None:
            return None
        asked = url = self.result.request.url
        location: Url | str | None = None
        for turn in self.result.trace:
            if isinstance(turn, Exchange):
                asked = url
                location = None if turn.response is None else location_url(turn.response, url, self._profile)
            elif turn is FOLLOWED and isinstance(location, Url):
                url = location
        return asked, url

    @property
    def _profile(self) -> EngineProfile:
        return profile(self.result.engine)

    @property
    def _asked_url(self) -> Url | None:
        return None if self._way is None else self._way[0]

    @property
    def _target(self) -> Url | None:
        return None if self._way is None else self._way[1]

    @cached_property
    def _location(self) -> Url | str | None:
        """Where the last response leads: a URL, or a text that is none."""
        if self.exchange is None or self.exchange.response is None or self._asked_url is None:
            return None
        return location_url(self.exchange.response, self._asked_url, self._profile)

    @property
    def url(self) -> str:
        """The URL of the last request, or of the one that could not go out."""
        return "" if self._asked_url is None else self._asked_url.href

    @property
    def redirector(self) -> str:
        """The URL whose answer redirected last, without a user and a password."""
        found = [one for one in self.result.exchanges if _redirects(one)]
        return found[-1].request.url.without_credentials().href if found else ""

    @property
    def refused_location(self) -> str:
        """The URL that was refused for its user and password."""
        return self.subject

    @property
    def bare_refused_location(self) -> str:
        """The same, without them."""
        url = parse_url(self.subject)
        return self.subject if url is None else url.without_credentials().href

    @property
    def target(self) -> str:
        """The URL that the fetch had come to."""
        return "" if self._target is None else self._target.href

    @property
    def bare_target(self) -> str:
        """The same, without a user and a password."""
        return "" if self._target is None else self._target.without_credentials().href

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
        return "" if self._page is None else self._page.creation_url.href

    @property
    def _page(self) -> Environment | None:
        return None if self.result.request is None else self.result.request.client

    @property
    def is_page_opaque(self) -> bool:
        """Whether the page has an origin that is nobody else's."""
        return self._page is not None and self._page.is_opaque

    @property
    def page_source(self) -> str:
        """The origin of the page's URL behind a question mark, if it is one that a server has."""
        url = None if self._page is None else self._page.creation_url
        return f"?{url.origin}" if url is not None and url.is_http else ""

    @property
    def api(self) -> str:
        """The door through which the page asked, an audio or video element by its own name."""
        request = self.result.request
        is_media = self.result.api == "media" and request is not None
        return request.destination if is_media and request is not None else self.result.api

    @property
    def is_module(self) -> bool:
        """Whether it is a module script."""
        call = None if self.result.request is None else self.result.request.call
        return call is not None and call.arguments.get("element") == "module"

    @property
    def is_xhr(self) -> bool:
        """Whether it was an XMLHttpRequest."""
        return self.result.api == "xhr"

    # -- what the page itself came with ------------------------------------------------------

    @property
    def is_own_policy(self) -> bool:
        """Whether it was one of the page's own policies that refused."""
        own = (Reason.CONTENT_SECURITY_POLICY, Reason.EMBEDDER_POLICY)
        return self.result.blocked is not None and self.reason in own

    @property
    def directive(self) -> str:
        """The directive that refused, with a blank behind its name."""
        name, _, sources = self.subject.partition(" ")
        return f"{name} {sources}"

    @property
    def directive_name(self) -> str:
        """Its name."""
        return self.subject.partition(" ")[0]

    @property
    def effective_directive(self) -> str:
        """The name of the directive that decides about such requests, whichever stood in for it."""
        return "" if self.result.request is None else effective_directive(self.result.request)

    @property
    def short_directive(self) -> str:
        """The same, as it was called before elements had names of their own."""
        return self.effective_directive.removesuffix("-elem")

    @property
    def stood_in(self) -> bool:
        """Whether another stood in for it."""
        return self.directive_name != self.effective_directive

    @property
    def is_default(self) -> bool:
        """Whether that was `default-src`."""
        return self.directive_name == "default-src"

    @property
    def is_starred_in_vain(self) -> bool:
        """Whether the directive has a star, and the URL is none of the web."""
        return "*" in self.subject.split() and self.scheme not in ("http", "https", "ws", "wss")

    @property
    def directive_understood(self) -> str:
        """The directive, with those of its sources that are some, in full."""
        name, *sources = self.subject.split()
        scheme = "" if self._page is None else self._page.creation_url.scheme
        found = list(filter(None, (understood(source, scheme) for source in sources)))
        return " ".join((name, *(found or ["'none'"])))

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

    # -- what the answer is ------------------------------------------------------------------

    @property
    def said_type(self) -> str:
        """The type that the last response says it is of, without parameters."""
        said = extract_mime_type(self.headers)
        return "" if said is None else said.essence

    @property
    def is_mistyped_module(self) -> bool:
        """Whether a module does not run since it is not called JavaScript."""
        return self.is_module and not self.result.loaded and self.said_type not in JAVASCRIPT

    @property
    def said_space(self) -> str:
        """The address space in which script said that the server is."""
        return "" if self.result.request is None else self.result.request.target_address_space

    @property
    def integrity(self) -> str:
        """The digests that the page gave."""
        return "" if self.result.request is None else self.result.request.integrity

    @property
    def digest_algorithm(self) -> str:
        """The strongest of their algorithms."""
        return max((name for name, _ in parse_metadata(self.integrity)), default="")

    @property
    def digest_name(self) -> str:
        """Its name, as in a standard."""
        return self.digest_algorithm.replace("sha", "SHA-")

    @property
    def digest(self) -> str:
        """The digest that the body of the last response has."""
        body = b"" if self._answer is None else self._answer.body
        return digest(self.digest_algorithm, body) if self.digest_algorithm else ""

    @property
    def body_length(self) -> int:
        """How many bytes the body of the last response has."""
        return 0 if self._answer is None else len(self._answer.body)

    @property
    def _answer(self) -> Response | None:
        return None if self.exchange is None else self.exchange.response


def understood(source: str, page_scheme: str) -> str:
    """Write a source of a policy in full, or nothing if it is none.

    >>> understood("api.example:*", "https"), understood("'NONE'", "https"), understood("a.*.b", "https")
    ('https://api.example:*', '', '')
    """
    if source.startswith("'"):
        return "" if source.lower() == "'none'" else source
    if source == "*" or scheme_source(source) is not None:
        return source
    # A query is cut off.
    found = host_source(source.partition("?")[0])
    if found is None:
        return ""
    port = "" if found.port is None else f":{found.port}"
    return f"{found.scheme or page_scheme}://{found.host}{port}{found.path}"


def _covers_authorization(preflight: Exchange) -> bool:
    allowed = "" if preflight.response is None else preflight.response.headers.get(ALLOW_HEADERS, "")
    names = map(byte_lowercase, split_list(allowed))
    asked = split_list(preflight.request.headers.get("access-control-request-headers", ""))
    return "authorization" in asked and "authorization" not in names


def _redirects(exchange: Exchange) -> bool:
    return exchange.response is not None and exchange.response.status in REDIRECT_STATUSES
