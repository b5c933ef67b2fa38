"""Filtered responses: https://fetch.spec.whatwg.org/#concept-filtered-response.

A response's URL list is its request's, which is why the request's is asked for here.
"""

from __future__ import annotations

from corsim.values.headers import Headers
from corsim.values.response import FilteredResponse, Response
from corsim.values.safelist import CORS_SAFELISTED_RESPONSE_HEADERS, FORBIDDEN_RESPONSE_HEADERS
from corsim.values.url import Url

_NOTHING = Headers()


def basic_filtered_response(response: Response, url_list: tuple[Url, ...]) -> FilteredResponse:
    """Show everything but the cookies: https://fetch.spec.whatwg.org/#concept-filtered-response-basic."""
    headers = response.headers.without(FORBIDDEN_RESPONSE_HEADERS)
    return FilteredResponse("basic", response, headers, response.body, url_list)


def cors_filtered_response(
    response: Response, url_list: tuple[Url, ...], exposed: frozenset[str]
) -> FilteredResponse:
    """Show what is safelisted or exposed: https://fetch.spec.whatwg.org/#concept-filtered-response-cors.

    `exposed` is the CORS-exposed header-name list, in lower case.
    """
    visible = CORS_SAFELISTED_RESPONSE_HEADERS
    if exposed:
        visible = visible | (exposed - FORBIDDEN_RESPONSE_HEADERS)
    headers = response.headers.only(visible)
    return FilteredResponse("cors", response, headers, response.body, url_list)


def opaque_filtered_response(response: Response) -> FilteredResponse:
    """Show nothing: https://fetch.spec.whatwg.org/#concept-filtered-response-opaque."""
    return FilteredResponse("opaque", response, _NOTHING, b"", ())


def opaque_redirect_filtered_response(response: Response, url_list: tuple[Url, ...]) -> FilteredResponse:
    """Show only that there was a redirect.

    https://fetch.spec.whatwg.org/#concept-filtered-response-opaque-redirect
    """
    return FilteredResponse("opaqueredirect", response, _NOTHING, b"", url_list)
