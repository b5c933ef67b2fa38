"""Scheme fetch: https://fetch.spec.whatwg.org/#scheme-fetch."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

import attrs

from corsim.fetching.filtered_response import AnyResponse
from corsim.fetching.flow import FetchParams, Flow, network_error
from corsim.fetching.http_fetch import http_fetch
from corsim.values.decision import Decision, Reason
from corsim.values.mime import MimeType, parse_mime_type
from corsim.values.response import Response
from corsim.values.spec import SCHEME_FETCH
from corsim.values.url import Url

LOCAL = Decision(SCHEME_FETCH["3"], "answered without a server")

_BASE64 = re.compile(r";[\x20]*base64\Z", re.IGNORECASE)
_ASCII_WHITESPACE = re.compile(rb"[\t\n\f\r ]")


def scheme_fetch(params: FetchParams) -> Flow[AnyResponse]:
    """Fetch by the scheme of the URL: only HTTP(S) needs a server.

    https://fetch.spec.whatwg.org/#concept-scheme-fetch
    """
    # 1. OUT OF SCOPE: aborting.
    url = params.request.url
    # 3. What each scheme does.
    if url.is_http:
        return (yield from http_fetch(params))
    if url.scheme == "about" and url.path == "blank":
        # AD-HOC: an engine may know of no scheme but HTTP's without cors.
        if params.request.mode == "no-cors" and params.profile.about_blank_without_cors == "error":
            return (yield from network_error(SCHEME_FETCH["4"], Reason.UNSUPPORTED_SCHEME, url.scheme))
        yield LOCAL
        return _local("text/html;charset=utf-8", b"")
    if url.scheme == "data":
        parsed = data_url(url)
        if parsed is None:
            return (yield from network_error(SCHEME_FETCH["3.2"], Reason.INVALID_DATA_URL, url.href))
        yield LOCAL
        response = _local(str(parsed[0]), parsed[1])
        if params.profile.local_length and params.request.initiator_type == "fetch":
            length = ("Content-Length", str(len(parsed[1])))  # AD-HOC
            response = attrs.evolve(response, headers=response.headers.appended(length))
        return response
    # OUT OF SCOPE: a page here has made no blobs, so a blob URL is one of nobody's.
    if url.scheme == "blob":
        return (yield from network_error(SCHEME_FETCH["3.2"], Reason.BLOB_NOT_FOUND, url.href))
    # 4. `file:` and all other schemes.
    return (yield from network_error(SCHEME_FETCH["4"], Reason.UNSUPPORTED_SCHEME, url.scheme))


def _local(content_type: str, body: bytes) -> Response:
    return Response(200, {"Content-Type": content_type}, body, "OK")


def data_url(url: Url) -> tuple[MimeType, bytes] | None:
    """Run the data: URL processor; None is its failure.

    https://fetch.spec.whatwg.org/#data-url-processor
    """
    # 1. to 10. A MIME type up to the first comma, and a body.
    mime, comma, encoded = url.without_fragment().href.removeprefix("data:").partition(",")
    if not comma:
        return None
    mime, body = mime.strip(" "), unquote_to_bytes(encoded)
    # 11. Base64, if it says so.
    match = _BASE64.search(mime)
    if match is not None:
        decoded = _forgiving_base64(body)
        if decoded is None:
            return None
        mime, body = mime[: match.start()], decoded
    # 12. to 15. What can't be parsed is text.
    if mime.startswith(";"):
        mime = f"text/plain{mime}"
    fallback = MimeType("text", "plain", (("charset", "US-ASCII"),))
    return parse_mime_type(mime) or fallback, body


def _forgiving_base64(data: bytes) -> bytes | None:
    """Decode as https://infra.spec.whatwg.org/#forgiving-base64-decode does."""
    data = _ASCII_WHITESPACE.sub(b"", data)
    if len(data) % 4 == 0:
        data = data[:-2] if data.endswith(b"==") else data.removesuffix(b"=")
    if len(data) % 4 == 1 or b"=" in data:
        return None
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4), validate=True)
    except binascii.Error:
        return None
