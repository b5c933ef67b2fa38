"""The ends that are no refusal: readable, opaque, and a redirect that is not followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corsim.explaining.facts import Explanation, Facts, Words, lines
from corsim.explaining.remedies import ALLOW, EXPOSE
from corsim.values.headers import Malformed, extract_tokens
from corsim.values.methods import is_token
from corsim.values.request import serialize_request_origin
from corsim.values.safelist import FORBIDDEN_RESPONSE_HEADERS

if TYPE_CHECKING:
    from corsim.result import Result

# A server writes these for the browser; script has no use for them.
_PLUMBING = (
    "access-control-", "cross-origin-", "timing-allow-origin", "vary", "date", "server", "content-encoding"
)  # fmt: skip


def verdict(result: Result) -> str:
    """Say in a word or two what became of it."""
    if result.blocked is not None:
        return "Blocked"
    if not result.readable:
        return "Opaque redirect" if result.type == "opaqueredirect" else "Opaque"
    return "Readable" if result.ok else "Readable, but not ok"


def hidden_headers(facts: Facts) -> list[str]:
    """List the response headers that were sent, and script can't see."""
    if facts.result.type != "cors":
        return []
    seen = facts.result.headers
    names = [name for name in dict.fromkeys(name for name, _ in facts.headers.pairs) if name not in seen]
    return [name for name in names if is_token(name) and not _is_plumbing(name.lower())]


def _is_plumbing(name: str) -> bool:
    return name.startswith(_PLUMBING) or name in FORBIDDEN_RESPONSE_HEADERS


def _hidden_note(facts: Facts) -> tuple[str, ...]:
    hidden = hidden_headers(facts)
    if not hidden:
        return ()
    why, tokens = "", extract_tokens(facts.headers, EXPOSE.lower())
    if isinstance(tokens, Malformed):
        value = facts.headers[EXPOSE.lower()]
        why = f" {EXPOSE}: {value} is malformed: {tokens.element!r} is no name, and so nothing is shown."
    elif tokens is not None and "*" in tokens:
        why = " With credentials, `*` is no wildcard there."
    listed = [name for name in facts.allowed(EXPOSE.lower()) if name != "*" and is_token(name)]
    return (lines(
        f"Script can't see the response header {', '.join(hidden)}.{why} To show it, send",
        f"{EXPOSE}: {', '.join(dict.fromkeys([*listed, *hidden]))}",
    ),)  # fmt: skip


def is_without_cookies(facts: Facts) -> bool:
    """Say whether cookies, of which one hears nothing in CORS, may be what is missing."""
    if facts.exchange is None or facts.exchange.includes_credentials or facts.result.type != "cors":
        return False
    return facts.status in (401, 403) or "set-cookie" in facts.headers


def _cookie_note(facts: Facts) -> tuple[str, ...]:
    if not is_without_cookies(facts):
        return ()
    if facts.status in (401, 403):
        return ("No cookies went along: to another origin they need credentials: 'include'.",)
    return ("Set-Cookie was ignored: from another origin it needs credentials: 'include'.",)


def _readable(facts: Facts) -> Explanation:
    result = facts.result
    what = f"{facts.where} answered {facts.status}" if facts.exchange is not None else f"{facts.url} was read"
    basic = result.type == "basic"
    why = "It is of the page's own origin, so CORS plays no part." if basic else _permission(facts)
    rule = (
        "A page reads its own origin freely." if basic
        else "What Access-Control-Allow-Origin allows, script reads: status, body, and the exposed headers."
    )  # fmt: skip
    notes = (*_hidden_note(facts), *_cookie_note(facts))
    what = f"{what}, and the {facts.page} may read it."
    if result.ok or facts.exchange is None:
        return Explanation(f"{what} {why}", rule, "Nothing to mend.", notes)
    raised = f" The app raised {facts.error}." if facts.error else ""
    return Explanation(
        f"this is not CORS: {what}{raised}",
        "response.ok is about the status alone, 200 to 299; CORS let the answer through.",
        f"Mend the exception: {facts.error}" if facts.error else f"See why it answers {facts.status}.",
        notes,
    )


def _permission(facts: Facts) -> str:
    allowed = facts.headers.get("access-control-allow-origin", "")
    return f"The server says Access-Control-Allow-Origin: {allowed}."


def _opaque(facts: Facts) -> Explanation:
    return Explanation(
        f"{facts.where} answered, and the {facts.page} may use the answer, not read "
        "it: it is neither readable nor blocked. Script sees status 0, no headers and no body.",
        "Mode no-cors shows script nothing of another origin's answer, and its status as 0.",
        f"If script has to read it: {_allowed_already(facts)}",
    )


def _allowed_already(facts: Facts) -> str:
    """Say so where a response would be readable, were it not for its mode."""
    request = facts.result.request if facts.exchange is None else facts.exchange.request
    origin = facts.result.origin if request is None else serialize_request_origin(request)
    allowed = facts.headers.get(ALLOW.lower())
    if not facts.with_credentials and allowed in ("*", origin) and allowed != "null":
        return f"the server allows the page already, with {ALLOW}: {allowed}."
    return ""


def _opaque_redirect(facts: Facts) -> Explanation:
    return Explanation(
        f"{facts.where} was redirected with {facts.status}, and script asked for redirect: 'manual'. "
        "Script sees that there was a redirect, with status 0, and not where it leads.",
        "With redirect: 'manual' a redirect is not followed, and its status and Location stay hidden.",
        "To get to the end of it, leave out redirect: 'manual'.",
    )


OUTCOMES: dict[str, Words] = {
    "basic": _readable,
    "cors": _readable,
    "opaque": _opaque,
    "opaqueredirect": _opaque_redirect,
}
