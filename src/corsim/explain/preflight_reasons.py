"""What a preflight must say, besides that the page may ask."""

from __future__ import annotations

from corsim.explain.facts import Explanation, Facts, Words, lines
from corsim.explain.fixes import (
    HEADERS,
    METHODS,
    headers_line,
    methods_line,
    missing_headers,
    needed_headers,
    preflight_headers,
)
from corsim.values.decision import Reason
from corsim.values.methods import byte_uppercase
from corsim.values.url import parse_url

_STARLETTE = (
    "In FastAPI and Starlette these are allow_origins, allow_methods and allow_headers of CORSMiddleware."
)
_STATUS_HINTS = {
    401: "A preflight carries no login and no cookie: let OPTIONS with Access-Control-Request-Method pass "
    "before the login is checked.",
    403: "A preflight carries no login and no token: let OPTIONS with Access-Control-Request-Method pass "
    "before the check.",
    404: "Nothing answers OPTIONS there: add a CORS middleware, or a route for OPTIONS.",
    405: "The route does not take OPTIONS: add a CORS middleware, or a route for OPTIONS.",
    501: "The server does not know OPTIONS: add a CORS middleware, or a route for OPTIONS.",
}


def _status(facts: Facts) -> Explanation:
    said = ""
    if facts.exchange is not None and facts.exchange.response is not None:
        said = facts.exchange.response.body[:80].decode("utf-8", "replace").partition("\n")[0].strip()
    why = f" The app raised {facts.error}." if facts.error else f" It says: {said}." if said else ""
    asked = missing_headers(facts)
    if facts.error:
        hint = f"Mend the exception first: {facts.error}"
    elif int(facts.subject) in _STATUS_HINTS:
        hint = _STATUS_HINTS[int(facts.subject)]
    elif facts.subject == "400" and asked:
        hint = f"Some CORS middlewares answer 400 to what they don't allow; here {', '.join(asked)}."
    else:
        hint = f"See why the server answers {facts.subject} to OPTIONS."
    notes: tuple[str, ...] = ()
    if said.startswith("Disallowed CORS"):
        notes = (_STARLETTE,)
    return Explanation(
        f"{facts.where} was answered with {facts.subject}.{why}",
        "A preflight's answer needs a status from 200 to 299; else the request itself is never sent.",
        lines(f"{hint}\nAnswer OPTIONS {facts.url} with status 204 and", *needed_headers(facts)),
        notes,
    )


def _redirect(facts: Facts) -> Explanation:
    location = facts.headers.get("location", "")
    base = None if facts.exchange is None else facts.exchange.request.url
    url = parse_url(location, base) if location else None
    to = f" to {url}" if url is not None else ""
    fix = "Let the server answer OPTIONS before it redirects."
    if url is not None:
        fix = f"Call {url} itself{_shape(facts.url, url.href)}. Or {fix[0].lower()}{fix[1:]}"
    return Explanation(
        f"{facts.where} was redirected{to} with {facts.subject}.",
        "A preflight follows no redirect.",
        fix,
    )


def _shape(old: str, new: str) -> str:
    """Name the two redirects that nobody meant to meet."""
    if new.rstrip("/") == old.rstrip("/"):
        return " (only the last slash differs)"
    if new == old.replace("http://", "https://", 1):
        return " (only the scheme differs)"
    return ""


def _malformed(name: str) -> Words:
    def words(facts: Facts) -> Explanation:
        value = facts.headers.get(name, "")
        line = methods_line(facts) if name == METHODS else headers_line(facts)
        return Explanation(
            f"the answer to {facts.where} says {name}: {value} and {facts.subject!r} in it is no name.",
            f"{name} is a list of plain names with commas between; one that is malformed spoils all.",
            lines(f"Without quotes and brackets, on {facts.answer}, send", line),
        )

    return words


def _method(facts: Facts) -> Explanation:
    allowed = facts.headers.get(METHODS.lower())
    says = f"says {METHODS}: {allowed}" if allowed is not None else f"has no {METHODS}"
    upper = byte_uppercase(facts.subject)
    fix = lines(f"On {facts.answer}, send", *preflight_headers(facts))
    if upper != facts.subject:
        fix = (
            f"In the page write method: '{upper}'. Browsers put only DELETE, GET, HEAD, OPTIONS, POST and "
            "PUT into capitals, and methods are compared letter by letter."
        ) + ("" if upper in facts.allowed(METHODS.lower()) else f"\n{fix}")
    starred = allowed is not None and "*" in facts.allowed(METHODS.lower()) and facts.with_credentials
    star = " With credentials, `*` is no wildcard there." if starred else ""
    return Explanation(
        f"the answer to {facts.where} {says}, so {facts.subject} is not allowed.{star}",
        f"A method other than GET, HEAD and POST must stand in {METHODS}, in the same letters.",
        fix,
    )


def _header(facts: Facts) -> Explanation:
    name, allowed = facts.subject, facts.headers.get(HEADERS.lower())
    says = f"says {HEADERS}: {allowed}" if allowed is not None else f"has no {HEADERS}"
    star = ""
    notes: tuple[str, ...] = ()
    if "*" in facts.allowed(HEADERS.lower()):
        star = " `*` never covers Authorization." if name == "authorization" else ""
        if facts.with_credentials:
            star = " With credentials, `*` is no wildcard there."
        elif facts.result.engine == "spec":
            notes = ("Chromium, Firefox and WebKit let this pass today; only the standard is strict.",)
    fix = lines(f"On {facts.answer}, send", *preflight_headers(facts))
    if name.startswith("access-control-"):
        fix = f"Take {name} out of the request: it is a header that servers send, not pages."
    return Explanation(
        f"the answer to {facts.where} {says}, so the request header {name} is not allowed.{star}",
        f"A request header that a plain form could not send must stand in {HEADERS}.",
        fix,
        notes,
    )


WORDS: dict[Reason, Words] = {
    Reason.PREFLIGHT_STATUS: _status,
    Reason.PREFLIGHT_REDIRECT: _redirect,
    Reason.ALLOW_METHODS_MALFORMED: _malformed(METHODS),
    Reason.ALLOW_HEADERS_MALFORMED: _malformed(HEADERS),
    Reason.METHOD_NOT_ALLOWED: _method,
    Reason.HEADER_NOT_ALLOWED: _header,
}
