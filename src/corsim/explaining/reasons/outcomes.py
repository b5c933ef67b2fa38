"""The ends that are no refusal: readable, opaque, and a redirect that is not followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corsim.explaining.cookies import OTHER_SITES, cookie_advice, cookie_sentences, lacks_cookies
from corsim.explaining.exposure import hidden_headers
from corsim.explaining.facts import Facts, Tell, Words
from corsim.explaining.fixing.remedies import ALLOW, EXPOSE
from corsim.servers.failures import NotUnderstood
from corsim.values.headers import Malformed, extract_tokens
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
    if result.api == "web_socket":
        return "Open"
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


def _cookie_note(facts: Facts) -> tuple[str, ...]:
    """Say which cookies are missing; of a login that is, without any, where they may have stayed."""
    sentences = cookie_sentences(facts)
    if sentences or facts.exchange is None or not lacks_cookies(facts):
        return sentences
    if facts.exchange.includes_credentials:
        return (f"No cookie went along, since this browser has none for there. {OTHER_SITES}",)
    return ("No cookies went along: to another origin they need credentials: 'include'.",)


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
    if not lacks_cookies(facts):
        return Words(f"{what}. {why}", rule, "Nothing to mend.", _cookie_note(facts))
    first, *others = _cookie_note(facts)
    advice = f"Nothing, unless the cookie is needed; then{_cookie_advice(facts)}"
    return Words(f"{what}. {first}", _COOKIE_RULE, advice, tuple(others))


def _cookie_advice(facts: Facts) -> str:
    advice = cookie_advice(facts)
    return f" {advice}" if advice else ":"


_COOKIE_RULE = (
    f"CORS passed. Cookies have rules of their own, and no header of CORS changes them. {OTHER_SITES}"
)


def _not_ok(facts: Facts, what: str) -> Words:
    raised = f" The app raised {facts.error}." if facts.error else ""
    cookies = _cookie_note(facts) if lacks_cookies(facts) else ()
    fix = f"See why it answers {facts.status}."
    if cookies and cookie_advice(facts):
        fix += f" If it is for the cookie, {cookie_advice(facts)}"
    return Words(
        " ".join([f"this is not CORS: {what}.{raised}", *cookies]),
        _COOKIE_RULE if cookies
        else "response.ok is about the status alone, 200 to 299; CORS let the answer through.",
        f"Mend the exception: {facts.error}" if facts.error else fix,
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
