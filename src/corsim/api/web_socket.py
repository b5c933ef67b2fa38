"""What script says to open a WebSocket: https://websockets.spec.whatwg.org/#dom-websocket-websocket."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable

from corsim.engines import SPEC, EngineProfile
from corsim.values.decision import Decision, Reason
from corsim.values.environment import Environment
from corsim.values.errors import check_str, wrong_type
from corsim.values.headers import Headers, Pair
from corsim.values.methods import is_token
from corsim.values.request import Call, Request
from corsim.values.spec import WEB_SOCKET_CONSTRUCTOR
from corsim.values.url import Url, parse_url

# Browsers draw sixteen bytes at random; a simulation has to be the same twice.
KEY = b64encode(b"corsim websocket").decode("ascii")

_SCHEMES = {"ws": "http", "wss": "https", "http": "http", "https": "https"}


def web_socket_request(
    client: Environment, url: str, protocols: str | Iterable[str] = (), profile: EngineProfile = SPEC
) -> Request | Decision:
    """Run `new WebSocket(url, protocols)`; a `Decision` is the `SyntaxError` that script gets.

    Raises `TypeError` for a wrong Python type. https://websockets.spec.whatwg.org/#dom-websocket-websocket
    """
    check_str("url", url)
    asked = _asked(protocols)
    # 1. to 3. The URL, which may be relative.
    parsed = parse_url(url, client.base_url)
    if parsed is None:
        return _syntax_error("3", Reason.INVALID_URL, url)
    # 4. to 6. Four schemes, of two kinds.
    if parsed.scheme not in _SCHEMES:
        return _syntax_error("6", Reason.INVALID_URL, url)
    # 7. Nobody would see a fragment.
    if parsed.fragment is not None:
        return _syntax_error("7", Reason.INVALID_URL, url)
    # 8. and 9. The subprotocols: tokens, each of them once.
    for position, protocol in enumerate(asked):
        if not is_token(protocol) or protocol in asked[:position]:
            return _syntax_error("9", Reason.INVALID_PROTOCOL, protocol)
    # 10. to 12. The handshake is what is left to do.
    call = Call(web_socket_request, client, {"url": url, "protocols": asked})
    return _handshake(client, parsed, asked, profile, call)


def _asked(protocols: str | Iterable[str]) -> tuple[str, ...]:
    if isinstance(protocols, str):
        return (protocols,)
    try:
        asked = tuple(protocols)
    except TypeError:
        raise wrong_type("protocols", "a str, or several", protocols) from None
    for protocol in asked:
        check_str("a subprotocol", protocol)
    return asked


def _syntax_error(step: str, reason: Reason, subject: str) -> Decision:
    return Decision(WEB_SOCKET_CONSTRUCTOR[step], "SyntaxError", reason, subject)


def _handshake(
    client: Environment, url: Url, protocols: tuple[str, ...], profile: EngineProfile, call: Call
) -> Request:
    """Make the request: https://websockets.spec.whatwg.org/#concept-websocket-establish."""
    # 1. To fetch it is HTTP.
    target = parse_url(url.href.replace(url.scheme, _SCHEMES[url.scheme], 1))
    assert target is not None  # it was a URL before
    # 3. to 7. What asks for the other protocol.
    pairs: list[Pair] = [
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Key", KEY),
        ("Sec-WebSocket-Version", "13"),
    ]
    # 8. The subprotocols, in one line.
    if protocols:
        pairs.append(("Sec-WebSocket-Protocol", ", ".join(protocols)))
    # 9. and 10. The extensions.
    pairs.append(("Sec-WebSocket-Extensions", profile.socket_extensions))
    # The algorithm "fetch" adds what it takes. AD-HOC: an engine may leave that out.
    if profile.socket_accept:
        pairs.append(("Accept", profile.socket_accept))
    # 2. With credentials, whoever asks; and, AD-HOC, one engine follows redirects.
    return Request(
        method="GET", url_list=(target,), headers=Headers.of(tuple(pairs)), client=client,
        origin=client.origin, mode="websocket", credentials="include", cache="no-store",
        redirect=profile.socket_redirect, referrer="no-referrer", initiator_type="other",
        call=call,
    )  # fmt: skip
    # 11. See `establish_web_socket`.
