"""Filtered responses: https://fetch.spec.whatwg.org/#concept-filtered-response.

A filtered response is a limited view of a response, and is kept as just that: what it
shows is worked out when somebody looks.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs

from corsim.values.headers import Headers
from corsim.values.response import NetworkError, Response
from corsim.values.safelist import CORS_SAFELISTED_RESPONSE_HEADERS, FORBIDDEN_RESPONSE_HEADERS
from corsim.values.url import Url

ResponseType: TypeAlias = Literal["basic", "cors", "opaque", "opaqueredirect", "error"]

_NOTHING = Headers()


@attrs.frozen(slots=False)  # which is made faster: each fetch makes one
class FilteredResponse:
    """The limited view that script has of a response; the rest stays inside.

    `url_list` is what script may know of the URLs on the way, `exposed` the CORS-exposed
    header-name list in lower case.
    """

    type: ResponseType
    internal: Response
    url_list: tuple[Url, ...] = ()
    exposed: frozenset[str] = frozenset()
    body_is_null: bool = False
    forbidden: frozenset[str] = FORBIDDEN_RESPONSE_HEADERS
    names_are_spelled: bool = False  # AD-HOC: by XMLHttpRequest, and not put in lower case

    @property
    def is_readable(self) -> bool:
        """Whether script sees a status, headers and a body at all."""
        return self.type in ("basic", "cors")

    @property
    def status(self) -> int:
        """The status that script sees."""
        return self.internal.status if self.is_readable else 0

    @property
    def headers(self) -> Headers:
        """The headers that script sees."""
        headers = self.internal.headers
        if self.type == "basic":
            return headers.without(self.forbidden)
        if self.type == "cors":
            return headers.only(CORS_SAFELISTED_RESPONSE_HEADERS | (self.exposed - self.forbidden))
        return _NOTHING

    @property
    def has_body(self) -> bool:
        """Whether there is a body to read. AD-HOC: an engine may leave one to an opaque redirect."""
        return self.is_readable or self.type == "opaqueredirect"

    @property
    def body(self) -> bytes:
        """The bytes that script can read."""
        return self.internal.body if self.has_body and not self.body_is_null else b""


AnyResponse: TypeAlias = Response | FilteredResponse | NetworkError


def basic_filtered_response(response: Response, url_list: tuple[Url, ...]) -> FilteredResponse:
    """Show everything but the cookies: https://fetch.spec.whatwg.org/#concept-filtered-response-basic."""
    return FilteredResponse("basic", response, url_list)


def cors_filtered_response(
    response: Response, url_list: tuple[Url, ...], exposed: frozenset[str]
) -> FilteredResponse:
    """Show what is safelisted or exposed: https://fetch.spec.whatwg.org/#concept-filtered-response-cors."""
    return FilteredResponse("cors", response, url_list, exposed)


def opaque_filtered_response(response: Response) -> FilteredResponse:
    """Show nothing: https://fetch.spec.whatwg.org/#concept-filtered-response-opaque."""
    return FilteredResponse("opaque", response)


def opaque_redirect_filtered_response(
    response: Response, url_list: tuple[Url, ...], body_is_null: bool = True
) -> FilteredResponse:
    """Show only that there was a redirect, and from where.

    https://fetch.spec.whatwg.org/#concept-filtered-response-opaque-redirect
    """
    return FilteredResponse("opaqueredirect", response, url_list, body_is_null=body_is_null)
