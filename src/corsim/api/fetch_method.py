"""`fetch()` and `new Request()`: https://fetch.spec.whatwg.org/#request-class."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Literal

import attrs

from corsim.api.bodies import BodyInit, Stream, extract_body
from corsim.api.guards import Guard, append, fill
from corsim.engines import SPEC, EngineProfile
from corsim.values.address_space import ADDRESS_SPACES, AddressSpace
from corsim.values.decision import Decision, Reason
from corsim.values.environment import REFERRER_POLICIES, Environment
from corsim.values.errors import check_bool, check_str
from corsim.values.headers import Headers, HeadersInit, Pair, pairs_of
from corsim.values.methods import (
    SAFELISTED_METHODS,
    is_forbidden_method,
    is_token,
    normalize_method,
)
from corsim.values.origin import same_origin
from corsim.values.request import Call, Referrer, Request
from corsim.values.spec import REQUEST_CONSTRUCTOR
from corsim.values.url import Url, parse_url

OPTIONS: dict[str, tuple[str, ...]] = {
    "mode": ("cors", "no-cors", "same-origin"),
    "credentials": ("same-origin", "omit", "include"),
    "redirect": ("follow", "error", "manual"),
    "cache": ("default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"),
    "referrer_policy": REFERRER_POLICIES,
}
"""The values that each enumerated option of `RequestInit` takes; the first is the default."""

# Web IDL refuses most other words before the first step; these are the steps that read them.
_READ_AT = {"mode": "17", "credentials": "19", "redirect": "22", "cache": "20", "referrer_policy": "15"}


_FORMER_SPACES: dict[str, AddressSpace | Literal[""]] = {"private": "local", "unknown": ""}

NO_HEADERS: tuple[()] = ()
LARGE_BODY = 16 * 1024  # bytes; a request with more is not kept for the next that is the same


@attrs.frozen
class RequestInit:
    """The second argument of `fetch()`, in the order of `new_request`'s.

    https://fetch.spec.whatwg.org/#requestinit
    """

    method: str = "GET"
    pairs: tuple[Pair, ...] = ()
    body: bytes | None = None
    content_type: str | None = None
    mode: str = "cors"
    credentials: str = "same-origin"
    redirect: str = "follow"
    cache: str = "default"
    referrer: str = "about:client"
    referrer_policy: str = ""
    integrity: str = ""
    keepalive: bool = False
    duplex: str = ""
    target_address_space: str = ""
    is_streamed: bool = False


def new_request(
    client: Environment,
    url: str,
    method: str = "GET",
    headers: HeadersInit = NO_HEADERS,
    body: BodyInit | Stream | Iterator[bytes] | None = None,
    mode: str = "cors",
    credentials: str = "same-origin",
    redirect: str = "follow",
    cache: str = "default",
    referrer: str = "about:client",
    referrer_policy: str = "",
    integrity: str = "",
    keepalive: bool = False,
    duplex: str = "",
    target_address_space: str = "",
    profile: EngineProfile = SPEC,
) -> Request | Decision:
    """Run `new Request(url, init)` for a page; a `Decision` is the `TypeError` that script gets.

    Raises `TypeError` for a wrong Python type.
    """
    pairs = () if headers is NO_HEADERS else pairs_of(headers)
    data, content_type, is_streamed = (None, None, False) if body is None else _extracted(body, profile)
    large = data is not None and len(data) > LARGE_BODY
    arguments = (
        method, pairs, b"" if large else data, content_type, mode, credentials, redirect, cache, referrer,
        referrer_policy, integrity, keepalive, duplex, target_address_space, is_streamed,
    )  # fmt: skip
    try:
        request = _constructed(client, profile, url, *arguments)
    except TypeError as error:
        refusal = error
    else:
        return request.but(body=data) if large and isinstance(request, Request) else request
    # What can't be a key of the cache is no str either, and this says so.
    _check_types(url, RequestInit(*arguments))
    raise refusal


def _extracted(
    body: BodyInit | Stream | Iterator[bytes], profile: EngineProfile
) -> tuple[bytes, str | None, bool]:
    """Extract a body, which may be a stream: its bytes, the type that it brings, and whether it is one."""
    if isinstance(body, Iterator):
        body = Stream.of(body)
    if not isinstance(body, Stream):
        return *extract_body(body), False
    if profile.streamed_body == "as-text":  # AD-HOC: what an engine does not know it writes out
        return *extract_body("[object ReadableStream]"), False
    return body.data, None, True


@lru_cache(maxsize=2048)
def _constructed(
    client: Environment, profile: EngineProfile, url: str, *arguments: Any
) -> Request | Decision:
    """Construct a request: https://fetch.spec.whatwg.org/#dom-request.

    The same page asks for the same again and again, and gets the same immutable request.
    """
    init = RequestInit(*arguments)
    _check_types(url, init)
    # 1. to 4. Nothing is known yet.
    # 5. The URL, which may not carry credentials.
    parsed = parse_url(url, client.base_url)
    if parsed is None:
        return _type_error("5.2", Reason.INVALID_URL, url)
    if parsed.includes_credentials:
        return _type_error("5.3", Reason.URL_WITH_CREDENTIALS, url)
    # 6. to 13. OUT OF SCOPE: a Request instead of a URL, from which one would copy.
    # 14. to 20. and 22. The options, each one of a few words.
    for name, values in OPTIONS.items():
        word = getattr(init, name)
        if word not in values:
            return _type_error(_READ_AT[name], Reason.INVALID_OPTION, f"{name}={word}")
    referrer = _referrer(client, init.referrer)
    if isinstance(referrer, Decision):
        return referrer
    # 21. Only the page's own origin may be looked up without being asked.
    if init.cache == "only-if-cached" and init.mode != "same-origin":
        return _type_error("21", Reason.ONLY_IF_CACHED_MODE, init.mode)
    if init.duplex not in ("", "half") and profile.streamed_body == "sent":
        return _type_error("22", Reason.INVALID_OPTION, f"duplex={init.duplex}")
    space = _target_address_space(init, profile)
    if isinstance(space, Decision):
        return space
    # 23. The integrity metadata, as it stands.
    # 24. Whether it may outlive the page: see `Request.keepalive`.
    # 25. and 32. The method.
    method = _method(init)
    if isinstance(method, Decision):
        return method
    # 26. to 31. OUT OF SCOPE: signals, priority.
    # 33. and 37. The headers, with the Content-Type that the body brings if script gave none.
    headers = _headers(init, profile)
    if isinstance(headers, Decision):
        return headers
    # 34. and 35. A GET has no body, not even an empty one.
    if init.body is not None and method in ("GET", "HEAD"):
        return _type_error("35", Reason.BODY_NOT_ALLOWED, method)
    # 36. to 39. What is a stream can't be sent again, and is asked for first.
    if init.is_streamed and (refused := _refused_stream(init, profile)) is not None:
        return refused
    # 40. to 42. Nothing is left of the body that one would copy from a Request.
    # The algorithm "fetch" adds, of a request that does not say what it takes, that it takes
    # anything. AD-HOC: nothing is said of languages, which a user would have set.
    if "accept" not in headers:
        headers = headers.appended(("Accept", "*/*"))
    ignored = tuple(dict.fromkeys(name for name, _ in init.pairs if name not in headers))
    return Request(
        method=method, url_list=(_as_written(parsed, profile),), headers=headers, client=client,
        origin=client.origin, body=init.body, referrer=referrer, unsafe_request=True, ignored_headers=ignored,
        integrity=init.integrity, target_address_space=space,
        is_streamed=init.is_streamed, use_cors_preflight=init.is_streamed, keepalive=init.keepalive,
        call=Call(_called, client, {"url": url, "init": init}),
        **{name: getattr(init, name) for name in OPTIONS},
    )  # fmt: skip


def _as_written(url: Url, profile: EngineProfile) -> Url:
    """AD-HOC: engines have URL parsers of their own."""
    if profile.path_escapes:
        url = url.with_path_escaped(profile.path_escapes)
    return (
        url.without_fragment() if url.fragment == "" and profile.empty_fragment == "dropped-by-fetch" else url
    )


def _refused_stream(init: RequestInit, profile: EngineProfile) -> Decision | None:
    """Steps 37 and 39: a stream is for who says so, in a mode that can ask first."""
    if init.keepalive:
        return _type_error("37.1", Reason.STREAMED_BODY, "keepalive")
    if profile.streamed_body == "refused":  # AD-HOC
        return Decision(REQUEST_CONSTRUCTOR["37.1"], "NotSupportedError", Reason.STREAMED_BODY, "body")
    if not init.duplex:
        return _type_error("39.1", Reason.STREAMED_BODY, "duplex")
    if init.mode not in ("same-origin", "cors"):
        return _type_error("39.2", Reason.STREAMED_BODY, "mode")
    return None


def _called(
    client: Environment, url: str, *, init: RequestInit, profile: EngineProfile, **options: Any
) -> Request | Decision:
    """Call again what was called: the body as it was extracted, the headers as they were given."""
    arguments = attrs.astuple(attrs.evolve(init, **options), recurse=False)
    return _constructed(client, profile, url, *arguments)


def _check_types(url: str, init: RequestInit) -> None:
    check_str("url", url)
    for name in ("method", *OPTIONS, "referrer", "integrity", "duplex", "target_address_space"):
        check_str(name, getattr(init, name))
    check_bool("keepalive", init.keepalive)


def _type_error(step: str, reason: Reason, subject: str) -> Decision:
    return Decision(REQUEST_CONSTRUCTOR[step], "TypeError", reason, subject)


def _referrer(client: Environment, text: str) -> Referrer | Decision:
    """Step 14: a referrer is the page itself, nothing, or another URL of the page's origin."""
    if not text:
        return "no-referrer"
    parsed = parse_url(text, client.base_url)
    if parsed is None:
        return _type_error("14.3.2", Reason.INVALID_REFERRER, text)
    if parsed.href == "about:client" or not same_origin(parsed.origin, client.origin):
        return "client"
    return parsed


def _target_address_space(init: RequestInit, profile: EngineProfile) -> AddressSpace | Literal[""] | Decision:
    """Read an option that Local Network Access adds; where there is no such thing, nobody reads it."""
    if profile.local_network == "open" or not init.target_address_space:
        return ""
    for space in ADDRESS_SPACES:
        if init.target_address_space == space:
            return space
    # AD-HOC: the words that this had before.
    if init.target_address_space in _FORMER_SPACES:
        return _FORMER_SPACES[init.target_address_space]
    word = f"target_address_space={init.target_address_space}"
    return _type_error("22", Reason.INVALID_OPTION, word)


def _method(init: RequestInit) -> str | Decision:
    """Steps 25 and 32: a token, none of the forbidden three, and a simple one for no-cors."""
    if not is_token(init.method):
        return _type_error("25.2", Reason.INVALID_METHOD, init.method)
    if is_forbidden_method(init.method):
        return _type_error("25.2", Reason.FORBIDDEN_METHOD, init.method)
    method = normalize_method(init.method)
    if init.mode == "no-cors" and method not in SAFELISTED_METHODS:
        return _type_error("32.1", Reason.NO_CORS_METHOD, method)
    return method


def _headers(init: RequestInit, profile: EngineProfile) -> Headers | Decision:
    """Steps 33 and 37: script's headers, through the guard of the mode."""
    guard: Guard = "request-no-cors" if init.mode == "no-cors" else "request"
    headers = fill(init.pairs, guard, profile)
    if isinstance(headers, Decision) or init.content_type is None or "content-type" in headers:
        return headers
    # AD-HOC: an engine may have no guard for what the body brings.
    if profile.no_cors_body_type == "kept":
        guard = "request"
    return append(headers, "Content-Type", init.content_type, guard)
