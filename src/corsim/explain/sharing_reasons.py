"""The CORS check, of a preflight's or an actual response."""

from __future__ import annotations

from corsim.explain.facts import Explanation, Facts, Words
from corsim.explain.fixes import send
from corsim.explain.origins import difference
from corsim.values.decision import Reason
from corsim.values.statuses import is_ok_status
from corsim.values.url import parse_url

_ALLOW = "Access-Control-Allow-Origin"
_OUTERMOST = (
    "In FastAPI and Starlette, outermost is app = CORSMiddleware(app, ...): what add_middleware adds stands "
    "inside of the handler of exceptions."
)


def _not_cors(facts: Facts) -> tuple[str, str] | None:
    """Find what is wrong with the server itself: a cause, and what to do before all else."""
    if facts.error:
        what = f"the app raised {facts.error}, and {facts.where} was answered with {facts.status}"
        return what, f"Mend the exception first: {facts.error}"
    if facts.status and not is_ok_status(facts.status) and not 300 <= facts.status <= 399:
        what = f"{facts.where} was answered with {facts.status}"
        return what, f"First see why the server answers {facts.status}: {_hint(facts)}"
    return None


def _hint(facts: Facts) -> str:
    if facts.is_preflight and facts.status in (401, 403):
        return "a preflight carries no login, so let OPTIONS pass before the check."
    if facts.is_preflight and facts.status in (404, 405, 501):
        return "nothing there answers OPTIONS, which a CORS middleware would do."
    if facts.status in (401, 403):
        return "was a login or token expected?"
    if facts.status in (404, 405):
        return "are path and method right, with or without the last slash?"
    return "its own log will say."


def _missing(facts: Facts) -> Explanation:
    headers = f"without the header {_ALLOW}, to a page of {facts.result.origin}"
    rule = (
        f"A page may read an answer of another origin only if {_ALLOW} says so; curl and server-side "
        "clients don't ask."
    )
    other = _not_cors(facts)
    if other is None:
        cause = f"{facts.where} was answered with {facts.status}, {headers}."
        return Explanation(cause, rule, send(facts))
    cause = f"{other[0]}, {headers}. The server failed; CORS is only why the page can't see it."
    outside = "Then put the CORS middleware outermost, so that error answers can be read too."
    notes = (_OUTERMOST,) if facts.error else ()
    return Explanation(cause, rule, f"{other[1]}\n{outside} {send(facts)}", notes)


def _mismatch(facts: Facts) -> Explanation:
    notes: tuple[str, ...] = ()
    url = parse_url(facts.subject)
    is_another = url is not None and url.origin.serialized == facts.subject and facts.origin != "null"
    if is_another and "origin" not in facts.headers.get("vary", "").lower():
        notes = (
            "If the server repeats each page's own origin, a cache may have kept another page's answer: "
            "send Vary: Origin.",
        )
    return Explanation(
        f"the answer to {facts.where} says {_ALLOW}: {facts.subject} but the request came with Origin: "
        f"{facts.origin}. {difference(facts.origin, facts.subject)}",
        f"{_ALLOW} must be the request's Origin, byte for byte, or `*` where no credentials go.",
        send(facts),
        notes,
    )


def _multiple(facts: Facts) -> Explanation:
    found = facts.headers.get_all(_ALLOW)
    if len(found) > 1:
        how = f"{len(found)} times ({facts.subject})"
        fix = "Two layers add the header, such as the app and a proxy: leave it to one."
    else:
        how = f"with several values ({facts.subject})"
        fix = "Let the server look at the request's Origin, and repeat only that one."
    return Explanation(
        f"the answer to {facts.where} has {_ALLOW} {how}; the page is {facts.origin}.",
        f"{_ALLOW} holds one origin, or `*`, and never a list.",
        f"{fix} {send(facts)}",
    )


def _wildcard(facts: Facts) -> Explanation:
    return Explanation(
        f"the answer to {facts.where} says {_ALLOW}: * but the request of {facts.origin} was made with "
        "credentials: 'include'.",
        f"With credentials, `*` is no wildcard in {_ALLOW}: the origin has to be named.",
        f"{send(facts)}\nOr, if no cookies are needed, leave out credentials: 'include'.",
    )


def _credentials(facts: Facts) -> Explanation:
    name = "Access-Control-Allow-Credentials"
    found = facts.headers.get_all(name)
    if not found:
        what = f"has no {name}"
    elif len(found) > 1:
        what = f"has {name} {len(found)} times ({facts.subject})"
    else:
        what = f"says {name}: {facts.subject}"
    return Explanation(
        f"the answer to {facts.where} {what}, and the request of {facts.origin} was made with "
        "credentials: 'include'.",
        f"With credentials, {name} must be exactly `true`, once and in lower case.",
        f"{send(facts)}\nOr, if no cookies are needed, leave out credentials: 'include'.",
    )


WORDS: dict[Reason, Words] = {
    Reason.ALLOW_ORIGIN_MISSING: _missing,
    Reason.ALLOW_ORIGIN_MISMATCH: _mismatch,
    Reason.ALLOW_ORIGIN_MULTIPLE: _multiple,
    Reason.ALLOW_ORIGIN_WILDCARD: _wildcard,
    Reason.ALLOW_CREDENTIALS_NOT_TRUE: _credentials,
}
