"""What to say before the edits: where to look first, and what to do that is no edit of headers."""

from __future__ import annotations

from corsim.explaining.facts import Facts
from corsim.explaining.fixing.remedies import is_login, is_the_case_at_fault, location, refused

OUTERMOST = "Then put the CORS middleware outermost, so that error answers can be read too."
STATUS_HINTS = {
    401: "A preflight carries no login and no cookie: let OPTIONS with Access-Control-Request-Method pass "
    "before the login is checked.",
    403: "A preflight carries no login and no token: let OPTIONS with Access-Control-Request-Method pass "
    "before the check.",
    404: "Nothing answers OPTIONS there: add a CORS middleware, or a route for OPTIONS.",
    405: "The route does not take OPTIONS: add a CORS middleware, or a route for OPTIONS.",
    501: "The server does not know OPTIONS: add a CORS middleware, or a route for OPTIONS.",
}

STATUS_CAUSES = {
    401: "The server wants a login before it answers a preflight.",
    403: "The server checks something that a preflight does not carry.",
    404: "Nothing there answers OPTIONS.",
    405: "Nothing there answers OPTIONS.",
    501: "Nothing there answers OPTIONS.",
}
REMEMBERED = (
    "Mend the answer to the request itself: a remembered preflight lets it go out until its Max-Age is over."
)


def origin(facts: Facts) -> str:
    """Say how a request comes by an origin, if it has none; nothing if it has one."""
    if facts.origin != "null":
        return ""
    if facts.result.origin != "null":
        return (
            "A redirect from one foreign origin to another makes the browser send `Origin: null`. "
            "Don't allow `null`: anyone can send it."
        )
    public = "" if facts.with_credentials else " Or, if anyone may read the answer:"
    return (
        "Open the page over http: or https:, outside of a sandboxed frame, so that it has an origin. "
        f"Don't allow `null`: anyone can send it.{public}"
    )


def preflight(facts: Facts) -> str:
    """Say what to look at first, of a preflight whose status is wrong."""
    if facts.error:
        return f"Mend the exception first: {facts.error}"
    if facts.status in STATUS_HINTS:
        return STATUS_HINTS[facts.status]
    if is_the_case_at_fault(facts):
        return ""
    asked = refused(facts)
    if facts.status < 500 and asked:
        return f"Some CORS layers answer {facts.status} to what they don't allow; here {', '.join(asked)}."
    return f"See why the server answers {facts.status} to OPTIONS."


def redirect(facts: Facts) -> str:
    """Say what to do of a redirect that is in the way, besides calling where it leads."""
    to = location(facts)
    if to and is_login(to):
        who = "let OPTIONS pass before the login is checked" if facts.is_preflight else (
            "let the API say 401 to who is not logged in"
        )  # fmt: skip
        return f"{to} looks like a login, which no script can go through: {who}."
    return "Let the server answer OPTIONS before it redirects." if facts.is_preflight and not to else ""


def compare(facts: Facts) -> str:
    """Say how to look through a list of origins."""
    return (
        f"Compare the server's list of origins with {facts.origin} letter by letter: no slash at the end, "
        "the same scheme, the same port, `www.` only where the page has it."
    )
