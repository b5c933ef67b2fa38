"""What the books may speak of: where a fetch had come to, and who asked."""

from __future__ import annotations

from functools import cached_property
from http import HTTPStatus

import attrs

from corsim.engines import EngineProfile, profile
from corsim.explaining.facts import Facts
from corsim.fetching.flow import Exchange
from corsim.fetching.http_redirect_fetch import FOLLOWED, location_url
from corsim.values.environment import Environment
from corsim.values.statuses import REDIRECT_STATUSES
from corsim.values.url import Url, parse_url

ALLOW_HEADERS = "access-control-allow-headers"
PHRASES = {int(status): status.phrase for status in HTTPStatus}


@attrs.frozen(slots=False, eq=False)
class Way(Facts):
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


def _redirects(exchange: Exchange) -> bool:
    return exchange.response is not None and exchange.response.status in REDIRECT_STATUSES
