"""Filtered responses: https://fetch.spec.whatwg.org/#concept-filtered-response."""

from __future__ import annotations

from collections.abc import Container

from corsim.values.headers import Headers, byte_lowercase
from corsim.values.response import FilteredResponse, Response, ResponseType
from corsim.values.safelist import CORS_SAFELISTED_RESPONSE_HEADERS, FORBIDDEN_RESPONSE_HEADERS

_NOTHING = Headers()


def basic_filtered_response(response: Response) -> FilteredResponse:
    """Show everything but the cookies: https://fetch.spec.whatwg.org/#concept-filtered-response-basic."""
    headers = response.headers.without(*FORBIDDEN_RESPONSE_HEADERS)
    return _readable("basic", response, headers)


def cors_filtered_response(response: Response, exposed: Container[str]) -> FilteredResponse:
    """Show what is safelisted or exposed: https://fetch.spec.whatwg.org/#concept-filtered-response-cors.

    `exposed` is the CORS-exposed header-name list, in lower case.
    """
    pairs = response.headers.pairs
    visible = tuple(pair for pair in pairs if _is_visible(byte_lowercase(pair[0]), exposed))
    headers = response.headers if len(visible) == len(pairs) else Headers.of(visible)
    return _readable("cors", response, headers)


def opaque_filtered_response(response: Response) -> FilteredResponse:
    """Show nothing: https://fetch.spec.whatwg.org/#concept-filtered-response-opaque."""
    return FilteredResponse("opaque", response, 0, _NOTHING, b"", ())


def opaque_redirect_filtered_response(response: Response) -> FilteredResponse:
    """Show only that there was a redirect.

    https://fetch.spec.whatwg.org/#concept-filtered-response-opaque-redirect
    """
    return FilteredResponse("opaqueredirect", response, 0, _NOTHING, b"", response.url_list)


def _readable(kind: ResponseType, response: Response, headers: Headers) -> FilteredResponse:
    return FilteredResponse(kind, response, response.status, headers, response.body, response.url_list)


def _is_visible(name: str, exposed: Container[str]) -> bool:
    if name in CORS_SAFELISTED_RESPONSE_HEADERS:
        return True
    return name in exposed and name not in FORBIDDEN_RESPONSE_HEADERS
