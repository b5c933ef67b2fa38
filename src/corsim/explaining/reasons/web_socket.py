"""A WebSocket's handshake: what opened it, and what kept it shut. None of it is CORS."""

from __future__ import annotations

from corsim.explaining.facts import Facts, Tell, Words
from corsim.explaining.reasons.request import as_web_socket
from corsim.values.decision import Reason
from corsim.values.headers import byte_lowercase
from corsim.values.origin import same_origin

_OPENS = (
    "A WebSocket opens with the status 101, Upgrade: websocket, Connection: Upgrade, the "
    "Sec-WebSocket-Accept of its key, and nothing that was not asked for."
)
_HIJACKING = (
    "The handshake comes from any page, with the visitor's cookies (cross-site WebSocket hijacking): let the "
    "server look at Origin before it accepts."
)


def opened(facts: Facts) -> Words:
    """Tell of a WebSocket that opened: CORS was not asked, so that the server has to know whom it lets in."""
    request = facts.result.request
    is_home = request is not None and same_origin(request.url.origin, request.origin)
    return Words(
        f"{as_web_socket(facts.url)} opened the WebSocket for the {facts.page}, and script may read and "
        "send what it likes. CORS has no say in this, and no header of CORS was looked at.",
        "A WebSocket may go to any origin, with credentials; what the server is told of the page is Origin.",
        "Nothing to mend." if is_home else f"If other sites must not do this: {_HIJACKING}",
        (_sent(facts),),
    )


def _sent(facts: Facts) -> str:
    """Say what the server was told of who asks."""
    cookies = () if facts.exchange is None else facts.exchange.cookies
    names = ", ".join(cookie.name or cookie.value for cookie in cookies)
    with_cookies = f"with the cookies {names}" if len(cookies) > 1 else f"with the cookie {names}"
    return f"The server was told Origin: {facts.origin}, {with_cookies if cookies else 'without cookies'}."


def _status(facts: Facts) -> Words:
    looked = facts.status in (401, 403)
    why = "which refuses the handshake" if looked else "and a WebSocket opens with 101 alone"
    raised = f" The app raised {facts.error}." if facts.error else ""
    return Words(
        f"{as_web_socket(facts.url)} answered {facts.status}, {why}. This is not CORS: no header of it would "
        f"change that.{raised}",
        "A server changes to the WebSocket protocol with the status 101; any other answer is an error.",
        f"See why it answers {facts.status}: does it look at Origin ({facts.origin}), or want a login?"
        if looked
        else "Look at the server: is a WebSocket served under this URL? WSGI has none, and a proxy has to be "
        "told to let Upgrade through.",
        (_sent(facts),),
    )


def _header(facts: Facts) -> Words:
    value = facts.headers.get(byte_lowercase(facts.subject))
    what = "is missing" if value is None else f"is {value!r}, which is wrong"
    return Words(
        f"{as_web_socket(facts.url)} answered 101, and {facts.subject} {what}. This is not CORS.",
        _OPENS,
        "Let a library answer the handshake; in a function that serves, corsim.servers.accept_web_socket.",
    )


def _protocol(facts: Facts) -> Words:
    request = None if facts.exchange is None else facts.exchange.request
    asked = "" if request is None else request.headers.get("sec-websocket-protocol", "")
    named = f"script asked for {asked}" if asked else "script asked for none"
    chosen = f"chose the subprotocol {facts.subject}" if facts.subject else "chose no subprotocol"
    return Words(
        f"{as_web_socket(facts.url)} {chosen}, and {named}. This is not CORS.",
        "Of the subprotocols that script names the server has to choose one; it may choose no other.",
        "Name in new WebSocket(url, protocols) what the server speaks, or have it choose one of those.",
    )


def _invalid_protocol(facts: Facts) -> Words:
    return Words(
        f"new WebSocket() threw a {facts.decision.outcome}: {facts.subject!r} is no subprotocol, or stands "
        "there twice. Nothing was sent, so this is not CORS.",
        "Each subprotocol is one word, and named once.",
        "Look for a blank or a comma in the name: several subprotocols are an array.",
    )


WORDS: dict[Reason, Tell] = {
    Reason.INVALID_PROTOCOL: _invalid_protocol,
    Reason.HANDSHAKE_STATUS: _status,
    Reason.HANDSHAKE_HEADER: _header,
    Reason.HANDSHAKE_PROTOCOL: _protocol,
}
