"""What HTML's elements ask for: https://html.spec.whatwg.org/#create-a-potential-cors-request.

Each way in which a page asks is a preset of the one request that the algorithm takes. What a preset
says is the standard's; what an engine has it say otherwise is in the engine's profile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, TypeAlias, get_args

import attrs

from corsim.api.bodies import BodyInit, Form, Params, extract_body
from corsim.api.event_stream import RETRY
from corsim.engines import SPEC, EngineProfile
from corsim.values.environment import Environment
from corsim.values.errors import InvalidInput, check_bool, check_str
from corsim.values.headers import Headers, Pair
from corsim.values.request import Call, Destination, InitiatorType, Request
from corsim.values.safelist import is_cors_safelisted_request_header
from corsim.values.url import Url, parse_url

Crossorigin: TypeAlias = Literal["anonymous", "use-credentials"] | None
ScriptType: TypeAlias = Literal["classic", "module"]
MediaElement: TypeAlias = Literal["audio", "video"]
FormMethod: TypeAlias = Literal["get", "post"]
Enctype: TypeAlias = Literal["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"]


@attrs.frozen
class Preset:
    """What an element's request is for, who began it, and what it says that it takes."""

    destination: Destination
    initiator_type: InitiatorType
    accept: Callable[[EngineProfile], str]


def _anything(profile: EngineProfile) -> str:
    return "*/*"


PRESETS: dict[str, Preset] = {
    "image": Preset("image", "img", lambda profile: profile.accept_image),
    "classic": Preset("script", "script", _anything),
    "module": Preset("script", "script", _anything),
    "stylesheet": Preset("style", "link", lambda profile: "text/css,*/*;q=0.1"),
    "font": Preset("font", "css", lambda profile: profile.accept_font),
    "audio": Preset("audio", "audio", lambda profile: profile.accept_audio),
    "video": Preset("video", "video", lambda profile: profile.accept_video),
}


def element_request(
    client: Environment,
    url: str,
    element: str,
    crossorigin: Crossorigin = None,
    integrity: str = "",
    profile: EngineProfile = SPEC,
) -> Request:
    """Make the request of an element, one of `PRESETS`, with the state of its `crossorigin`.

    Raises `InvalidInput` for what is no URL, or no state.
    """
    preset = PRESETS[element]
    check_str("integrity", integrity)
    if crossorigin is not None:
        one_of("crossorigin", crossorigin, ("anonymous", "use-credentials"), "None, ")
    # A module is always asked for by CORS, and so is a font, whatever is or is not said.
    by_cors = crossorigin is not None or element == "module"
    by_cors = by_cors or (element == "font" and profile.font_mode == "cors")
    headers: list[Pair] = [("Accept", preset.accept(profile))]
    if element in ("audio", "video") and profile.media_range:
        headers.append(("Range", profile.media_range))  # AD-HOC
    # Without CORS credentials go everywhere: `crossorigin` is what takes them away.
    anonymous = by_cors and crossorigin != "use-credentials"
    return Request(
        method="GET", url_list=(document_url(client, url),), headers=Headers.of(tuple(headers)),
        client=client, origin=client.origin, mode="cors" if by_cors else "no-cors",
        credentials="same-origin" if anonymous else "include", use_url_credentials=True,
        destination=preset.destination, initiator_type=preset.initiator_type, integrity=integrity,
        call=Call(element_request, client, {
            "url": url, "element": element, "crossorigin": crossorigin, "integrity": integrity
        }),
    )  # fmt: skip


def event_source_request(
    client: Environment,
    url: str,
    with_credentials: bool = False,
    last_event_id: str = "",
    retry: float = RETRY,
    profile: EngineProfile = SPEC,
) -> Request:
    """Make the request of `new EventSource(url, {withCredentials})`; it is never preflighted.

    When it reconnects it says what the last id was; `retry` is what it waits then, in seconds.
    https://html.spec.whatwg.org/#dom-eventsource
    """
    check_bool("with_credentials", with_credentials)
    pairs: list[Pair] = [("Accept", "text/event-stream")]
    if last_event_id:
        # AD-HOC: one engine writes all headers in UTF-8 anyhow.
        as_bytes = last_event_id.encode().decode("latin-1")
        pairs.append(("Last-Event-ID", last_event_id if profile.header_bytes == "utf-8" else as_bytes))
    return Request(
        method="GET", url_list=(document_url(client, url),), client=client, origin=client.origin,
        headers=Headers.of(tuple(pairs)), mode="cors", cache="no-store",
        credentials="include" if with_credentials else "same-origin", use_url_credentials=True,
        initiator_type="other",
        call=Call(event_source_request, client, {
            "url": url, "with_credentials": with_credentials, "last_event_id": last_event_id, "retry": retry,
        }),
    )  # fmt: skip


def beacon_request(
    client: Environment, url: str, body: BodyInit | None = None, profile: EngineProfile = SPEC
) -> Request:
    """Make the request of `navigator.sendBeacon(url, body)`: https://www.w3.org/TR/beacon/#processing-model.

    A body of a type that a form could not send makes it a cors request. The Beacon standard leaves the
    unsafe-request flag unset, so that none is preflighted by its letter. AD-HOC: every engine asks first.
    """
    data, content_type = (None, None) if body is None else extract_body(body)
    pairs: tuple[Pair, ...] = (("Accept", "*/*"),)
    if content_type is not None:
        pairs = (("Content-Type", content_type), *pairs)
    by_cors = content_type is not None and not is_cors_safelisted_request_header(
        "Content-Type", content_type, profile.safelist
    )
    return Request(
        method="POST", url_list=(document_url(client, url),), headers=Headers.of(pairs), client=client,
        origin=client.origin, body=data, mode="cors" if by_cors else "no-cors", credentials="include",
        unsafe_request=by_cors, initiator_type="beacon", keepalive=profile.beacon_quota == "kept",
        cache=profile.beacon_cache,
        call=Call(beacon_request, client, {"url": url, "body": body}),
    )  # fmt: skip


def form_request(
    client: Environment,
    url: str,
    method: str = "get",
    fields: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    enctype: str = "application/x-www-form-urlencoded",
    profile: EngineProfile = SPEC,
) -> Request:
    """Make the request of a form that is submitted: a navigation, whose answer no script reads.

    https://html.spec.whatwg.org/#form-submission-algorithm
    """
    action = document_url(client, url)
    if not action.is_http:
        raise InvalidInput(f"can't submit a form to {url!r}: only http(s) URLs are served")
    check_str("method", method)
    one_of("method", method.lower(), get_args(FormMethod))
    one_of("enctype", enctype, get_args(Enctype))
    params = Params(fields)
    body: bytes | None = None
    pairs: tuple[Pair, ...] = (("Accept", profile.accept_document),)
    if method.lower() == "get":
        query = _urlencoded(params)[0].decode()
        for char in profile.form_query_keeps:  # AD-HOC
            query = query.replace(f"%{ord(char):02X}", char)
        action = parse_url(f"?{query}", action) or action
    else:
        body, content_type = _ENCODED[enctype](params)
        pairs = (("Content-Type", content_type), *pairs)
    return Request(
        method=method.upper(), url_list=(action,), headers=Headers.of(pairs), client=client,
        origin=client.origin, body=body, mode="navigate", credentials="include", redirect="manual",
        use_url_credentials=True, destination="document", initiator_type="other",
        call=Call(
            form_request, client, {"url": url, "method": method, "fields": fields, "enctype": enctype}
        ),
    )  # fmt: skip


def _urlencoded(params: Params) -> tuple[bytes, str]:
    return extract_body(params)[0], "application/x-www-form-urlencoded"


def _multipart(params: Params) -> tuple[bytes, str]:
    body, content_type = extract_body(Form(params.entries))
    return body, str(content_type)


def _plain(params: Params) -> tuple[bytes, str]:
    return "".join(f"{name}={value}\r\n" for name, value in params.entries).encode(), "text/plain"


_ENCODED: dict[str, Callable[[Params], tuple[bytes, str]]] = {
    "application/x-www-form-urlencoded": _urlencoded,
    "multipart/form-data": _multipart,
    "text/plain": _plain,
}


def document_url(client: Environment, url: str) -> Url:
    """Parse what an element names; raises `InvalidInput` for no URL, for which no element sends anything."""
    check_str("url", url)
    parsed = parse_url(url, client.base_url)
    if parsed is None:
        raise InvalidInput(f"{url!r} is no URL: give one such as 'https://cdn.example.com/logo.png'")
    return parsed


def one_of(what: str, value: object, known: tuple[str, ...], first: str = "") -> None:
    """Check a value of a few words; raises `InvalidInput`, which names them."""
    if value not in known:
        raise InvalidInput(f"{what} can't be {value!r}: take {first}{', '.join(map(repr, known))}")
