"""`XMLHttpRequest`: https://xhr.spec.whatwg.org/#request.

The same fetch behind another door: values of one header are combined, a charset is
rewritten, and listeners for upload progress force a preflight.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from corsim.api.bodies import Blob, BodyInit, Params, extract_body
from corsim.engines import SPEC, EngineProfile
from corsim.values.decision import Decision, Reason
from corsim.values.environment import Environment
from corsim.values.errors import check_bool, check_str
from corsim.values.headers import HTTP_WHITESPACE, Headers, HeadersInit, Pair, is_header_value, pairs_of
from corsim.values.methods import is_forbidden_method, is_token, normalize_method
from corsim.values.mime import parse_mime_type
from corsim.values.request import Call, Request
from corsim.values.safelist import is_forbidden_request_header
from corsim.values.spec import XHR_OPEN, XHR_SET_REQUEST_HEADER
from corsim.values.url import Url, parse_url


def xhr_request(
    client: Environment,
    url: str,
    method: str = "GET",
    headers: HeadersInit = (),
    body: BodyInit | None = None,
    with_credentials: bool = False,
    upload_listener: bool = False,
    profile: EngineProfile = SPEC,
) -> Request | Decision:
    """Run `open()`, `setRequestHeader()` for each header, and `send()`.

    A `Decision` is the exception that script gets. Raises `TypeError` for a wrong Python type.
    """
    check_str("url", url)
    check_str("method", method)
    check_bool("with_credentials", with_credentials)
    check_bool("upload_listener", upload_listener)
    opened = open_xhr(client, method, url, profile)
    if isinstance(opened, Decision):
        return opened
    author_headers = Headers()
    pairs = pairs_of(headers)
    for pair in pairs:
        changed = set_request_header(author_headers, pair, profile)
        if isinstance(changed, Decision):
            return changed
        author_headers = changed
    request = send(client, *opened, author_headers, body, with_credentials, upload_listener, profile)
    ignored = tuple(dict.fromkeys(name for name, _ in pairs if name not in author_headers))
    arguments = {
        "url": url, "method": method, "headers": pairs, "body": body,
        "with_credentials": with_credentials, "upload_listener": upload_listener,
    }  # fmt: skip
    return request.but(ignored_headers=ignored, call=Call(xhr_request, client, arguments))


def open_xhr(
    client: Environment, method: str, url: str, profile: EngineProfile = SPEC
) -> tuple[str, Url] | Decision:
    """Open a request: https://xhr.spec.whatwg.org/#dom-xmlhttprequest-open."""
    # 1. OUT OF SCOPE: documents that are no longer active.
    # 2. The method is a token,
    if not is_token(method):
        return Decision(XHR_OPEN["2"], "SyntaxError", Reason.INVALID_METHOD, method)
    # 3. and none of the forbidden three.
    if is_forbidden_method(method):
        return Decision(XHR_OPEN["3"], "SecurityError", Reason.FORBIDDEN_METHOD, method)
    # 5. and 6. The URL can be parsed; userinfo in it is no error here.
    parsed = parse_url(url, client.base_url)
    if parsed is None:
        return Decision(XHR_OPEN["6"], "SyntaxError", Reason.INVALID_URL, url)
    # 4. Some methods are written in capitals, however script wrote them.
    # 7. to 12. OUT OF SCOPE: synchronous requests, usernames as arguments, reuse of one object.
    return normalize_method(method), parsed.with_path_escaped(profile.path_escapes)


def set_request_header(headers: Headers, pair: Pair, profile: EngineProfile = SPEC) -> Headers | Decision:
    """Set a header: https://xhr.spec.whatwg.org/#dom-xmlhttprequest-setrequestheader."""
    # 1. and 2. We set headers only on what is open.
    # 3. White space around a value goes.
    name, value = pair[0], pair[1].strip(HTTP_WHITESPACE)
    # 4. Script is told of what could not be a header,
    if not is_token(name) or not is_header_value(value):
        # What has no bytes does not even get to this step: Web IDL refuses it.
        thrown = "SyntaxError" if max(name + value, default="") <= "\xff" else "TypeError"
        step = XHR_SET_REQUEST_HEADER["4"]
        return Decision(step, thrown, Reason.INVALID_HEADER, f"{name}: {value}")
    # 5. but not that a header is the browser's own.
    if is_forbidden_request_header(name, value, profile.also_forbidden):
        return headers
    # 6. Equal names become one header.
    return headers.combined(name, value)


def send(
    client: Environment,
    method: str,
    url: Url,
    headers: Headers,
    body: BodyInit | None,
    with_credentials: bool,
    upload_listener: bool,
    profile: EngineProfile = SPEC,
) -> Request:
    """Send what has been opened: https://xhr.spec.whatwg.org/#dom-xmlhttprequest-send."""
    # 1. and 2. It is open.
    author_headers = headers
    # 3. A GET's body is ignored, where fetch() would throw.
    data = None
    # 4. The body says what it is, unless script has.
    if body is not None and method not in ("GET", "HEAD"):
        data, content_type = extract_body(body)
        headers = _with_content_type(headers, body, content_type, profile)
    elif body is not None:
        headers = BODYLESS_TYPE[profile.bodyless_form_type](headers, body)
    if "accept" not in headers:
        headers = headers.appended(("Accept", "*/*"))
    # 7. to 12. OUT OF SCOPE: events, timeouts, and synchronous requests.
    # 5. Listeners to the upload force a preflight. AD-HOC: an engine may want an upload for it.
    forced = upload_listener and (profile.forced_by == "listener" or data is not None)
    # 6. The request, in cors mode whatever its URL.
    return Request(
        method=method, url_list=(url,), headers=headers, client=client, origin=client.origin,
        body=data, credentials="include" if with_credentials else "same-origin",
        unsafe_request=True, use_cors_preflight=forced,
        use_url_credentials=url.includes_credentials, initiator_type="xmlhttprequest",
        author_headers=author_headers,
    )  # fmt: skip


def _with_form_type(headers: Headers, body: BodyInit) -> Headers:
    """AD-HOC: an engine may say of which type a form is before it sees that nobody wants one."""
    if "content-type" in headers or not isinstance(body, Params):
        return headers
    return headers.set("Content-Type", extract_body(body)[1] or "")


BODYLESS_TYPE: dict[Literal["none", "kept"], Callable[[Headers, BodyInit], Headers]] = {
    "none": lambda headers, body: headers,
    "kept": _with_form_type,
}


def _with_content_type(
    headers: Headers, body: BodyInit, content_type: str | None, profile: EngineProfile
) -> Headers:
    """Set the body's Content-Type, or put the charset of script's own right.

    https://xhr.spec.whatwg.org/#dom-xmlhttprequest-send
    """
    # 4.4. What script said of the body.
    if "content-type" not in headers:
        # 4.6. Nothing: the body speaks for itself. AD-HOC: an engine may not believe all that it says.
        if isinstance(body, Blob) and not BODY_TYPE[profile.xhr_body_type](body.type):
            content_type = None
        return headers if content_type is None else headers.set("Content-Type", content_type)
    # 4.5. Script's own type may not lie about the charset of text.
    if not isinstance(body, (str, Params)):
        return headers
    # AD-HOC: an engine may take a form without a field for no text.
    if isinstance(body, Params) and not body.entries and profile.empty_form_charset == "kept":
        return headers
    correct = CHARSET[profile.xhr_charset][isinstance(body, Params)]
    return headers.set("Content-Type", correct(headers["content-type"]))


def _written_anew(content_type: str) -> str:
    mime_type = parse_mime_type(content_type)
    charset = None if mime_type is None else mime_type.parameter("charset")
    if mime_type is None or charset is None or charset.lower() == "utf-8":
        return content_type
    return str(mime_type.with_parameter("charset", "UTF-8"))


def _written_anew_unless_empty(content_type: str) -> str:
    mime_type = parse_mime_type(content_type)
    is_empty = mime_type is not None and mime_type.parameter("charset") == ""
    return content_type if is_empty else _written_anew(content_type)


def _within_quotes(content_type: str) -> str:
    lengths = [len(charset) for _, charset in _IN_QUOTES.findall(content_type)]
    until_empty = (*lengths, 0).index(0)
    return _IN_QUOTES.sub(r"\1UTF-8", content_type, count=until_empty) if until_empty else content_type


def _with_quotes(content_type: str) -> str:
    if "/" not in content_type.partition(";")[0]:
        return content_type
    return _QUOTED.sub(
        lambda match: match[0] if match[2].strip().lower() == "utf-8" else f"{match[1]}UTF-8", content_type
    )


_IN_QUOTES = re.compile(r"""(;[ \t]*charset[ \t]*=[ \t]*["']?)([^"'; \t]*)""", re.IGNORECASE)
_QUOTED = re.compile(r"""(;[ \t]*charset='?)("(?:\\.|[^"\\])*"?|[^;,']*)""", re.IGNORECASE)

# How the charset is put right, of text and of a form. AD-HOC: an engine may write over it where it stands,
# within its quotes or with them.
CHARSET: dict[
    Literal["serialized", "serialized-unless-empty", "in-place", "serialized-or-in-place"],
    tuple[Callable[[str], str], Callable[[str], str]],
] = {
    "serialized": (_written_anew, _written_anew),
    "serialized-unless-empty": (_written_anew_unless_empty, _written_anew_unless_empty),
    "in-place": (_within_quotes, _within_quotes),
    "serialized-or-in-place": (_written_anew, _with_quotes),
}


_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_PLAIN_TYPE = re.compile(rf'{_TOKEN}/{_TOKEN}(;[ \t]*{_TOKEN}=({_TOKEN}|"[^"]*"))*')

# AD-HOC: which types an engine believes a Blob to have; in the plainest form, every parameter has a value.
BODY_TYPE: dict[Literal["any", "mime-type", "plain-mime-type"], Callable[[str], bool]] = {
    "any": lambda text: True,
    "mime-type": lambda text: parse_mime_type(text) is not None,
    "plain-mime-type": lambda text: _PLAIN_TYPE.fullmatch(text) is not None,
}
