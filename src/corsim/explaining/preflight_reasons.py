"""What a preflight must say, besides that the page may ask."""

from __future__ import annotations

from corsim.explaining.facts import Explanation, Facts, Words, lines
from corsim.explaining.fixes import (
    HEADERS,
    METHODS,
    STARLETTE,
    headers_line,
    methods_line,
    preflight_headers,
    refused,
    right_case,
    send,
)
from corsim.explaining.notes import covers_authorization, engines_that
from corsim.values.decision import Reason
from corsim.values.headers import HTTP_TAB_OR_SPACE
from corsim.values.methods import byte_uppercase
from corsim.values.url import parse_url

STATUS_HINTS = {
    401: "A preflight carries no login and no cookie: let OPTIONS with Access-Control-Request-Method pass "
    "before the login is checked.",
    403: "A preflight carries no login and no token: let OPTIONS with Access-Control-Request-Method pass "
    "before the check.",
    404: "Nothing answers OPTIONS there: add a CORS middleware, or a route for OPTIONS.",
    405: "The route does not take OPTIONS: add a CORS middleware, or a route for OPTIONS.",
    501: "The server does not know OPTIONS: add a CORS middleware, or a route for OPTIONS.",
}


def _status(facts: Facts) -> Explanation:
    said = "" if facts.error else facts.said
    why = f" The app raised {facts.error}." if facts.error else f" It says: {said}." if said else ""
    return Explanation(
        f"{facts.where} was answered with {facts.subject}.{why}",
        "A preflight's answer needs a status from 200 to 299; else the request itself is never sent.",
        _status_fix(facts),
        (STARLETTE,) if said.startswith("Disallowed CORS") else (),
    )


def _status_fix(facts: Facts) -> str:
    """Say what to do first, and then which answer would do."""
    asked = refused(facts)
    if facts.error:
        hint = f"Mend the exception first: {facts.error}"
    elif facts.status in STATUS_HINTS:
        hint = STATUS_HINTS[facts.status]
    elif facts.status >= 500:
        hint = f"See why the server answers {facts.status} to OPTIONS."
    elif right_case(facts) and facts.method not in facts.allowed(METHODS.lower()):
        return right_case(facts) + (f"\n{send(facts)}" if asked else "")
    elif asked:
        hint = f"Some CORS layers answer {facts.status} to what they don't allow; here {', '.join(asked)}."
    else:
        hint = f"See why the server answers {facts.status} to OPTIONS."
    return f"{hint}\n{send(facts)}"


def redirected(facts: Facts, also: str = "") -> Explanation:
    """Explain a preflight that was redirected, whatever else its answer lacks."""
    location = facts.headers.get("location", "")
    base = None if facts.exchange is None else facts.exchange.request.url
    url = parse_url(location, base) if location else None
    to = f" to {url}" if url is not None else ""
    fix = "Let the server answer OPTIONS before it redirects."
    if url is not None:
        fix = f"Call {url} itself{_shape(facts.url, url.href)}. Or {fix[0].lower()}{fix[1:]}"
    return Explanation(
        f"{facts.where} was redirected{to} with {facts.status}{also}.",
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
        blank = any(char in facts.subject for char in HTTP_TAB_OR_SPACE)
        what = "needs commas between its names" if blank else "is no name"
        how = "With commas" if blank else "Without quotes and brackets"
        return Explanation(
            f"the answer to {facts.where} says {name}: {value} and {facts.subject!r} in it {what}.",
            f"{name} is a list of plain names with commas between; one that is malformed spoils all.",
            lines(f"{how}, on {facts.answer}, send", line),
        )

    return words


def _method(facts: Facts) -> Explanation:
    allowed = facts.headers.get(METHODS.lower())
    says = f"says {METHODS}: {allowed}" if allowed is not None else f"has no {METHODS}"
    listed = facts.allowed(METHODS.lower())
    needed = preflight_headers(facts)
    steps = [right_case(facts)] if right_case(facts) else []
    if needed:
        steps.append(lines(f"On {facts.answer}, send", *needed))
    other = [name for name in listed if byte_uppercase(name) == facts.subject]
    case = f" `{other[0]}` is not `{facts.subject}`." if other else ""
    starred = "*" in listed and facts.with_credentials
    star = " With credentials, `*` is no wildcard there." if starred else ""
    return Explanation(
        f"the answer to {facts.where} {says}, so {facts.subject} is not allowed.{case}{star}",
        f"A method other than GET, HEAD and POST must stand in {METHODS}, in the same letters.",
        "\n".join(steps),
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
        else:
            notes = _lenient_engines()
    fix = lines(f"On {facts.answer}, send", *preflight_headers(facts))
    if name.startswith("access-control-"):
        fix = f"Take {name} out of the request: it is a header that servers send, not pages."
    return Explanation(
        f"the answer to {facts.where} {says}, so the request header {name} is not allowed.{star}",
        f"A request header that a plain form could not send must stand in {HEADERS}.",
        fix,
        notes,
    )


def _lenient_engines() -> tuple[str, ...]:
    """Name the engines in which `*` covers Authorization."""
    names = engines_that(covers_authorization)
    if not names:
        return ()
    listed = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return (f"{listed} let{'s' if len(names) == 1 else ''} this pass today; the standard does not.",)


WORDS: dict[Reason, Words] = {
    Reason.PREFLIGHT_STATUS: _status,
    Reason.PREFLIGHT_REDIRECT: redirected,
    Reason.ALLOW_METHODS_MALFORMED: _malformed(METHODS),
    Reason.ALLOW_HEADERS_MALFORMED: _malformed(HEADERS),
    Reason.METHOD_NOT_ALLOWED: _method,
    Reason.HEADER_NOT_ALLOWED: _header,
}
