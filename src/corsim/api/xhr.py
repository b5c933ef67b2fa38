"""`XMLHttpRequest`: https://xhr.spec.whatwg.org/#request.

The same fetch behind another door: values of one header are combined, a charset is
rewritten, and listeners for upload progress force a preflight.
"""

from __future__ import annotations

from corsim.api.bodies import BodyInit, Params, extract_body
from corsim.values.decision import Decision, Reason
from corsim.values.environment import Environment
from corsim.values.headers import HTTP_WHITESPACE, Headers, HeadersInit, is_header_value, pairs_of
from corsim.values.methods import is_forbidden_method, is_token, normalize_method
from corsim.values.mime import parse_mime_type
from corsim.values.request import Request
from corsim.values.safelist import is_forbidden_request_header
from corsim.values.spec import XHR_OPEN, XHR_SET_REQUEST_HEADER
from corsim.values.url import parse_url


def xhr_request(
    client: Environment,
    url: str,
    method: str = "GET",
    headers: HeadersInit = (),
    body: BodyInit | None = None,
    with_credentials: bool = False,
    upload_listener: bool = False,
) -> Request | Decision:
    """Run `open()`, `setRequestHeader()` for each header, and `send()`.

    A `Decision` is the exception that script gets. Raises `TypeError` for a wrong Python type.
    """
    # open() 2. to 6.
    for name, value in (("url", url), ("method", method)):
        if not isinstance(value, str):
            raise TypeError(f"{name} must be str, not {type(value).__name__}: {value!r}")
    if not is_token(method):
        return Decision(XHR_OPEN["2"], "SyntaxError", Reason.INVALID_METHOD, method)
    if is_forbidden_method(method):
        return Decision(XHR_OPEN["3"], "SecurityError", Reason.FORBIDDEN_METHOD, method)
    method = normalize_method(method)
    parsed = parse_url(url, client.base_url)
    if parsed is None:
        return Decision(XHR_OPEN["6"], "SyntaxError", Reason.INVALID_URL, url)
    author_headers = _set_request_headers(headers)
    if isinstance(author_headers, Decision):
        return author_headers
    # send() 3. A GET's body is ignored, where fetch() would throw.
    data = None
    if body is not None and method not in ("GET", "HEAD"):
        data, content_type = extract_body(body)
        author_headers = _with_content_type(author_headers, body, content_type)
    if "accept" not in author_headers:
        author_headers = author_headers.appended(("Accept", "*/*"))
    # send() 6. The request, in cors mode whatever its URL.
    return Request(
        method=method, url_list=(parsed,), headers=author_headers, client=client, origin=client.origin,
        body=data, credentials="include" if with_credentials else "same-origin",
        unsafe_request=True, use_cors_preflight=bool(upload_listener),
        use_url_credentials=parsed.includes_credentials, initiator_type="xmlhttprequest",
    )  # fmt: skip


def _set_request_headers(headers: HeadersInit) -> Headers | Decision:
    """Run `setRequestHeader()` for each header: https://xhr.spec.whatwg.org/#the-setrequestheader()-method."""
    author_headers = Headers()
    for name, raw in pairs_of(headers) if headers else ():
        # 3. and 4. Script is told of what could not be a header,
        value = raw.strip(HTTP_WHITESPACE)
        if not is_token(name) or not is_header_value(value):
            step = XHR_SET_REQUEST_HEADER["4"]
            return Decision(step, "SyntaxError", Reason.INVALID_HEADER, f"{name}: {value}")
        # 5. but not of the browser's own. 6. Equal names become one header.
        if not is_forbidden_request_header(name, value):
            author_headers = author_headers.combined(name, value)
    return author_headers


def _with_content_type(headers: Headers, body: BodyInit, content_type: str | None) -> Headers:
    """Step 4 of `send()`: the body's Content-Type, or script's own with the charset put right."""
    # 4.5. Script's own type may not lie about the charset of text.
    if "content-type" in headers:
        if not isinstance(body, (str, Params)):
            return headers
        mime_type = parse_mime_type(headers["content-type"])
        charset = None if mime_type is None else mime_type.parameter("charset")
        if mime_type is None or charset is None or charset.lower() == "utf-8":
            return headers
        return headers.set("Content-Type", str(mime_type.with_parameter("charset", "UTF-8")))
    # 4.6. Otherwise the body says what it is.
    return headers if content_type is None else headers.set("Content-Type", content_type)
