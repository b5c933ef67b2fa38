"""The opening handshake of a WebSocket: https://websockets.spec.whatwg.org/#websocket-opening-handshake."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha1

from corsim.engines import EngineProfile
from corsim.fetching.filtered_response import AnyResponse, FilteredResponse
from corsim.fetching.flow import FetchParams, Flow, network_error
from corsim.fetching.main_fetch import main_fetch
from corsim.values.decision import Decision, Reason
from corsim.values.headers import Headers, Malformed, byte_lowercase, extract_tokens
from corsim.values.request import Request
from corsim.values.response import Response
from corsim.values.spec import WEB_SOCKET

ESTABLISHED = Decision(WEB_SOCKET["11.3"], "the WebSocket is open")

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455's: no server answers with it by accident


def establish_web_socket(params: FetchParams) -> Flow[AnyResponse]:
    """Send a handshake, and judge the answer: no CORS check, but a server that has to know what it does.

    https://websockets.spec.whatwg.org/#concept-websocket-establish
    """
    # 11. Fetch.
    answer = yield from main_fetch(params)
    if not isinstance(answer, FilteredResponse):
        return answer
    request, response = params.request, answer.internal
    # 11.1. The server has to change to the other protocol,
    if response.status != 101:
        return (yield from network_error(WEB_SOCKET["11.1"], Reason.HANDSHAKE_STATUS, str(response.status)))
    # 11.2. choose one of the subprotocols, if any were asked for,
    if _is_protocol_missing(request.headers, response.headers, params.profile):
        return (yield from network_error(WEB_SOCKET["11.2"], Reason.HANDSHAKE_PROTOCOL))
    # 11.3. and say what RFC 6455 wants to hear.
    name = wrong_header(request, response)
    if name is not None:
        return (yield from network_error(WEB_SOCKET["11.3"], Reason.HANDSHAKE_HEADER, name))
    protocol = response.headers.get("sec-websocket-protocol", "")
    if protocol and not _is_asked_for(protocol, request.headers, params.profile):
        return (yield from network_error(WEB_SOCKET["11.3"], Reason.HANDSHAKE_PROTOCOL, protocol))
    yield ESTABLISHED
    return answer


def accept_of(key: str) -> str:
    """Work out the `Sec-WebSocket-Accept` for a `Sec-WebSocket-Key`.

    >>> accept_of("dGhlIHNhbXBsZSBub25jZQ==")
    's3pPLMBiTxaQ9kYGzzhZRbK+xOo='
    """
    return b64encode(sha1(key.encode("latin-1") + _GUID, usedforsecurity=False).digest()).decode("ascii")


def wrong_header(request: Request, response: Response) -> str | None:
    """Name the first header of an answer that keeps a WebSocket from opening, by RFC 6455, section 4.1."""
    headers = response.headers
    if byte_lowercase(headers.get("upgrade", "")) != "websocket":
        return "Upgrade"
    options = extract_tokens(headers, "connection")
    if not isinstance(options, tuple) or "upgrade" not in map(byte_lowercase, options):
        return "Connection"
    if headers.get("sec-websocket-accept") != accept_of(request.headers.get("sec-websocket-key", "")):
        return "Sec-WebSocket-Accept"
    offered = {_name(offer) for offer in request.headers.get("sec-websocket-extensions", "").split(",")}
    chosen = headers.get("sec-websocket-extensions", "")
    if chosen and not offered.issuperset(map(_name, chosen.split(","))):
        return "Sec-WebSocket-Extensions"
    return None


def _name(extension: str) -> str:
    """Drop the parameters of an extension."""
    return extension.partition(";")[0].strip(" \t")


def _is_protocol_missing(asked: Headers, answered: Headers, profile: EngineProfile) -> bool:
    if "sec-websocket-protocol" not in asked or profile.socket_protocol_missing == "open":
        return False
    chosen = extract_tokens(answered, "sec-websocket-protocol")
    return chosen is None or isinstance(chosen, Malformed) or not any(chosen)


def _is_asked_for(protocol: str, asked: Headers, profile: EngineProfile) -> bool:
    """Say whether a subprotocol is one of those. AD-HOC: an engine that asked for none may ignore it."""
    if "sec-websocket-protocol" not in asked:
        return profile.socket_protocol_unasked == "open"
    return protocol in asked["sec-websocket-protocol"].split(", ")
