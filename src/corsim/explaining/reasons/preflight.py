"""What a preflight must say, besides that the page may ask."""

from __future__ import annotations

from corsim.explaining.facts import Facts, Tell, Words, sentence
from corsim.explaining.fixing.remedies import HEADERS, METHODS, is_the_case_at_fault, location, refused
from corsim.explaining.reasons import hints
from corsim.values.decision import Reason
from corsim.values.headers import HTTP_TAB_OR_SPACE
from corsim.values.methods import byte_uppercase


def _status(facts: Facts) -> Words:
    said = "" if facts.error else facts.said
    why = f" The app raised {facts.error}." if facts.error else f" It says: {sentence(said)}" if said else ""
    if not facts.error and facts.status in hints.STATUS_CAUSES:
        why += f" {hints.STATUS_CAUSES[facts.status]}"
    elif not facts.error and facts.status < 500 and refused(facts) and not is_the_case_at_fault(facts):
        why += f" Not allowed there: {', '.join(refused(facts))}."
    return Words(
        f"{facts.where} was answered with {facts.subject}.{why}",
        "A preflight's answer needs a status from 200 to 299; else the request itself is never sent.",
        hints.preflight(facts),
    )


def redirected(facts: Facts, also: str = "") -> Words:
    """Explain a preflight that was redirected, whatever else its answer lacks."""
    to = location(facts)
    return Words(
        f"{facts.where} was redirected{f' to {to}' if to else ''} with {facts.status}{also}.",
        "A preflight follows no redirect.",
        hints.redirect(facts),
    )


def _malformed(name: str) -> Tell:
    def words(facts: Facts) -> Words:
        value = facts.headers.get(name, "")
        blank = any(char in facts.subject for char in HTTP_TAB_OR_SPACE)
        what = "needs commas between its names" if blank else "is no name"
        how = "Put commas between them." if blank else "Leave out quotes and brackets."
        return Words(
            f"the answer to {facts.where} says {name}: {value} and {facts.subject!r} in it {what}.",
            f"{name} is a list of plain names with commas between; one that is malformed spoils all.",
            how,
        )

    return words


def _method(facts: Facts) -> Words:
    allowed = facts.headers.get(METHODS.lower())
    says = f"says {METHODS}: {allowed}" if allowed is not None else f"has no {METHODS}"
    listed = facts.allowed(METHODS.lower())
    other = [name for name in listed if byte_uppercase(name) == byte_uppercase(facts.subject)]
    case = f" `{other[0]}` is not `{facts.subject}`." if other else ""
    starred = "*" in listed and facts.with_credentials
    star = " With credentials, `*` is no wildcard there." if starred else ""
    return Words(
        f"the answer to {facts.where} {says}, so {facts.subject} is not allowed.{case}{star}",
        f"A method other than GET, HEAD and POST must stand in {METHODS}, in the same letters.",
        "",
    )


def _header(facts: Facts) -> Words:
    name, allowed = facts.subject, facts.headers.get(HEADERS.lower())
    says = f"says {HEADERS}: {allowed}" if allowed is not None else f"has no {HEADERS}"
    star = ""
    if "*" in facts.allowed(HEADERS.lower()):
        star = " `*` never covers Authorization." if name == "authorization" else ""
        if facts.with_credentials:
            star = " With credentials, `*` is no wildcard there."
    body = " It is the body's type that made the browser ask." if name == "content-type" else ""
    return Words(
        f"the answer to {facts.where} {says}, so the request header {name} is not allowed.{star}{body}",
        f"A request header that a plain form could not send must stand in {HEADERS}.",
        "",
    )


WORDS: dict[Reason, Tell] = {
    Reason.PREFLIGHT_STATUS: _status,
    Reason.PREFLIGHT_REDIRECT: redirected,
    Reason.ALLOW_METHODS_MALFORMED: _malformed(METHODS),
    Reason.ALLOW_HEADERS_MALFORMED: _malformed(HEADERS),
    Reason.METHOD_NOT_ALLOWED: _method,
    Reason.HEADER_NOT_ALLOWED: _header,
}
