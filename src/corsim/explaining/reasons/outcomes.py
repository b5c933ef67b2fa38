"""The ends that are no refusal: readable, opaque, and a redirect that is not followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corsim.explaining.exposure import hidden_headers
from corsim.explaining.facts import Facts, Tell, Words
from corsim.explaining.fixing.remedies import ALLOW, EXPOSE
from corsim.servers.failures import NotUnderstood
from corsim.values.headers import Malformed, extract_tokens
from corsim.values.partition import same_site
from corsim.values.request import serialize_request_origin

if TYPE_CHECKING:
    from corsim.result import Result


def verdict(result: Result) -> str:
    """Say in a word or two what became of it."""
    if result.blocked is not None:
        failed = result.exchanges and isinstance(result.exchanges[-1].error, NotUnderstood)
        return "Could not tell" if failed else "Blocked"
    if result.api in ("beacon", "form"):
        return "Sent"
    if result.api not in ("fetch", "xhr"):
        return "Loaded" if result.loaded else "Did not load"
    if not result.readable:
        return "Opaque redirect" if result.type == "opaqueredirect" else "Opaque"
    return "Readable" if result.ok else "Readable, but not ok"


def _why_hidden(facts: Facts) -> str:
    tokens = extract_tokens(facts.headers, EXPOSE.lower())
    if isinstance(tokens, Malformed):
        value = facts.headers[EXPOSE.lower()]
        return f"{EXPOSE}: {value} is malformed: {tokens.element!r} is no name, and so nothing is shown."
    if tokens is not None and "*" in tokens:
        return f"{EXPOSE}: * is no wildcard with credentials."
    return f"{EXPOSE} does not name it." if tokens else f"The answer has no {EXPOSE}."


def _hidden(facts: Facts, what: str, hidden: list[str]) -> Words:
    names = f"the response header{'s' if len(hidden) > 1 else ''} {', '.join(hidden)}"
    return Words(
        f"{what}, but script can't see {names}. {_why_hidden(facts)}",
        "Of another origin's headers script sees a few, such as Content-Type, and those that "
        f"{EXPOSE} names; with credentials, `*` is no wildcard there.",
        f"Nothing, unless script needs {'them' if len(hidden) > 1 else 'it'}; then:",
        _cookie_note(facts),
    )


def lacks_cookies(facts: Facts) -> bool:
    """Say whether cookies, of which one hears nothing in CORS, may be what is missing."""
    if facts.exchange is None or facts.result.type != "cors":
        return False
    if facts.exchange.includes_credentials:
        return facts.status in (401, 403) or bool(_kept_out(facts))
    return facts.status in (401, 403) or "set-cookie" in facts.headers


def _kept_out(facts: Facts) -> str:
    """Find a cookie that no page of another site gets stored: one without SameSite=None and Secure."""
    request = facts.result.request
    if request is None or facts.exchange is None:
        return ""
    if same_site(request.client.top_level_origin, facts.exchange.request.url.origin):
        return ""
    for cookie in facts.headers.get_all("set-cookie"):
        attributes = {part.replace(" ", "").lower() for part in cookie.split(";")[1:]}
        if not {"samesite=none", "secure"} <= attributes:
            return cookie.partition("=")[0].strip()
    return ""


def _cookie_note(facts: Facts) -> tuple[str, ...]:
    if not lacks_cookies(facts) or facts.exchange is None:
        return ()
    if facts.exchange.includes_credentials:
        name = _kept_out(facts)
        if name:
            return (
                f"The cookie {name} is of another site, and without SameSite=None; Secure no browser keeps "
                "it or sends it from there.",
            )
        return (
            "Cookies may have been held back: to another site go only those set with SameSite=None; Secure, "
            "and not where third-party cookies are blocked. corsim keeps no cookies.",
        )
    if facts.status in (401, 403):
        return ("No cookies went along: to another origin they need credentials: 'include'.",)
    return ("Set-Cookie was ignored: from another origin it needs credentials: 'include'.",)


def _readable(facts: Facts) -> Words:
    result = facts.result
    what = f"{facts.where} answered {facts.status}" if facts.exchange is not None else f"{facts.url} was read"
    what = f"{what}, and the {facts.page} may read it"
    basic = result.type == "basic"
    rule = (
        "A page reads its own origin freely." if basic
        else "What Access-Control-Allow-Origin allows, script reads: status, body, and the exposed headers."
    )  # fmt: skip
    if not result.ok and facts.exchange is not None:
        return _not_ok(facts, what)
    hidden = hidden_headers(facts)
    if hidden:
        return _hidden(facts, what, hidden)
    why = "It is of the page's own origin, so CORS plays no part." if basic else _permission(facts)
    cookies = _cookie_note(facts)
    return Words(
        f"{what}. {cookies[0] if cookies else why}",
        _COOKIE_RULE if cookies else rule,
        _cookie_fix(facts) if cookies else "Nothing to mend.",
    )


def _cookie_fix(facts: Facts) -> str:
    if facts.with_credentials:
        return "Nothing, unless the cookie is needed; then set it with SameSite=None; Secure."
    return "Nothing, unless the cookie is needed; then:"


_COOKIE_RULE = "CORS passed. Cookies have rules of their own, and no header of CORS changes them."


def _not_ok(facts: Facts, what: str) -> Words:
    raised = f" The app raised {facts.error}." if facts.error else ""
    cookies = _cookie_note(facts)
    return Words(
        " ".join([f"this is not CORS: {what}.{raised}", *cookies]),
        _COOKIE_RULE if cookies
        else "response.ok is about the status alone, 200 to 299; CORS let the answer through.",
        f"Mend the exception: {facts.error}" if facts.error else f"See why it answers {facts.status}.",
    )  # fmt: skip


def _permission(facts: Facts) -> str:
    allowed = facts.headers.get("access-control-allow-origin", "")
    return f"The server says Access-Control-Allow-Origin: {allowed}."


def _opaque(facts: Facts) -> Words:
    return Words(
        f"{facts.where} answered, and the {facts.page} may use the answer, not read "
        "it: it is neither readable nor blocked. Script sees status 0, no headers and no body.",
        "Mode no-cors shows script nothing of another origin's answer, and its status as 0.",
        f"If script has to read it:{_allowed_already(facts)}",
    )


def _allowed_already(facts: Facts) -> str:
    """Say so where a response would be readable, were it not for its mode."""
    request = facts.result.request if facts.exchange is None else facts.exchange.request
    origin = facts.result.origin if request is None else serialize_request_origin(request)
    allowed = facts.headers.get(ALLOW.lower())
    if not facts.with_credentials and allowed in ("*", origin) and allowed != "null":
        return f" the server allows the page already, with {ALLOW}: {allowed}."
    return ""


def _opaque_redirect(facts: Facts) -> Words:
    return Words(
        f"{facts.where} was redirected with {facts.status}, and script asked for redirect: 'manual'. "
        "Script sees that there was a redirect, with status 0, and not where it leads.",
        "With redirect: 'manual' a redirect is not followed, and its status and Location stay hidden.",
        "To get to the end of it, leave out redirect: 'manual'.",
    )


OUTCOMES: dict[str, Tell] = {
    "basic": _readable,
    "cors": _readable,
    "opaque": _opaque,
    "opaqueredirect": _opaque_redirect,
}
