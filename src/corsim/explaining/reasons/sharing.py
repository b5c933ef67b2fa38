"""The CORS check, of a preflight's or an actual response."""

from __future__ import annotations

from corsim.explaining.facts import Facts, Tell, Words, sentence, split_list
from corsim.explaining.fixing.configured import listed_origins, nearest
from corsim.explaining.fixing.remedies import ALLOW, location
from corsim.explaining.origins import difference, readable
from corsim.explaining.reasons import hints
from corsim.explaining.reasons.cached import or_from_cache
from corsim.explaining.reasons.preflight import redirected
from corsim.explaining.unknown_headers import is_unknown
from corsim.values.decision import Reason
from corsim.values.statuses import REDIRECT_STATUSES, is_ok_status
from corsim.values.url import parse_url

_RULE = (
    f"A page may read an answer of another origin only if {ALLOW} says so; curl and server-side clients "
    "don't ask."
)
_REFUSALS = ("Disallowed CORS", "Invalid CORS")  # Starlette's and Spring's
_ALOUD = "CORS preflight request failed: "  # aiohttp-cors's, which goes on with what it doesn't allow


def _missing(facts: Facts) -> Words:
    """Find who left the header out: a redirect, a failed server, a CORS layer, or nobody in particular."""
    if facts.is_preflight and facts.status in REDIRECT_STATUSES:
        return redirected(facts, f", and without the header {ALLOW}")
    layer = signs_of_a_cors_layer(facts)
    if facts.error or (facts.status >= 500 and not (facts.is_preflight and facts.status == 501)):
        return _failed(facts, bool(layer))
    if layer:
        return _not_on_the_list(facts, layer)
    if facts.is_redirect:
        return _redirect(facts)
    if facts.status >= 400:
        return _not_ok(facts)
    note = (
        f"If the server has a CORS layer, it may not have {facts.origin} on its list: some then add nothing."
    )
    if facts.origin == "null":
        return Words(f"{_answered(facts)}.", _RULE, hints.origin(facts))
    if facts.is_remembered:
        return Words(f"{_answered(facts)}. {_REMEMBERED}", _RULE, hints.REMEMBERED)
    return Words(f"{_answered(facts)}.", _RULE, "", (note,))


_REMEMBERED = "It went out because an earlier preflight, which is remembered, allowed it; now it is refused."


def _answered(facts: Facts) -> str:
    return f"{facts.where} was answered with {facts.status}, {_without(facts)}"


def _without(facts: Facts) -> str:
    return f"without the header {ALLOW}, to a {facts.page}"


def _saying(facts: Facts) -> str:
    return f" It says: {sentence(facts.said)}" if facts.said and not is_ok_status(facts.status) else ""


def signs_of_a_cors_layer(facts: Facts) -> str:
    """Say by what one knows that something on the server looked at the origin."""
    if facts.said.startswith(_REFUSALS) and not is_ok_status(facts.status):
        return "So"
    headers = [name for name in facts.headers.index if name.startswith("access-control-")]
    names = [name for name in headers if not is_unknown(name)]
    if names:
        return f"It carries {', '.join(names)}, so"
    varies = {name.lower() for name in split_list(facts.headers.get("vary", ""))}
    return "It carries Vary: Origin, so" if "origin" in varies else ""


def refused_aloud(facts: Facts) -> str:
    """Return what a CORS layer says of its refusal, where it names what it doesn't allow."""
    return facts.said.removeprefix(_ALOUD) if facts.said.startswith(_ALOUD) else ""


def _not_on_the_list(facts: Facts, sign: str) -> Words:
    who = "the opaque origin `null`" if facts.origin == "null" else facts.origin
    notes: tuple[str, ...] = ()
    told = "access-control" in sign or facts.said.startswith("Disallowed CORS origin")
    listed = listed_origins(facts)
    near = nearest(facts)
    unsure = facts.is_preflight and not told and not (listed and facts.origin not in listed)
    if unsure:
        notes = ("Some CORS layers leave all headers out because of the method or a request header.",)
    advice = hints.origin(facts) or ("" if listed else hints.compare(facts))
    if near:
        advice = f"On the server's list of origins, write {facts.origin} instead of {readable(near)}"
    return Words(
        f"{_answered(facts)}.{_saying(facts)} {sign} a CORS layer answered, and it "
        f"{'may' if unsure else 'does'} not have {who} on its list.{_list(facts, listed, near)}",
        _RULE,
        advice,
        notes,
    )


_SHOWN = 5  # origins of a list


def _list(facts: Facts, listed: tuple[str, ...], near: str) -> str:
    """Tell what is on the list instead, where it could be read."""
    if near:
        why = difference(facts.origin, near)
        return f" It has {readable(near)} instead: {why[0].lower()}{why[1:]}"
    if not listed or facts.origin in listed:
        return ""
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return f" It has {', '.join(map(readable, listed[:_SHOWN]))}{more}."


def _failed(facts: Facts, has_cors_layer: bool) -> Words:
    cause, first = f"{_answered(facts)}.{_saying(facts)}", f"First see why the server answers {facts.status}"
    if facts.error:
        cause = f"the app raised {facts.error}, and {_answered(facts)}."
    first = f"Mend the exception first: {facts.error}" if facts.error else f"{first}: its own log will say."
    then = hints.compare(facts) if has_cors_layer and facts.origin != "null" else hints.OUTERMOST
    return Words(
        f"{cause} The server failed; CORS is only why the page can't see it.",
        _RULE,
        _joined(first, then, hints.origin(facts)),
    )


def _joined(*sentences: str) -> str:
    return "\n".join(filter(None, sentences))


def _redirect(facts: Facts) -> Words:
    to = location(facts) or facts.headers["location"]
    return Words(
        f"{facts.where} was redirected to {to} with {facts.status}, {_without(facts)}.",
        _RULE,
        hints.redirect(facts),
    )


def _not_ok(facts: Facts) -> Words:
    """Explain an error that some part of the server answered, and which a CORS layer may not have seen."""
    if refused_aloud(facts):
        why, hint = "So a CORS layer refused it.", "Let the CORS layer allow what it names, for this route."
    elif facts.is_preflight:
        why = hints.STATUS_CAUSES.get(facts.status, "")
        hint = hints.STATUS_HINTS.get(facts.status, f"See why the server answers {facts.status} to OPTIONS.")
    else:
        why = f"{_OF_OTHERS.get(facts.status, 'The server refused')}; CORS is only why the page can't see it."
        hint = f"See why the server answers {facts.status}: {_hint(facts)}\n{hints.OUTERMOST}"
    cause = f"{_answered(facts)}.{_saying(facts)} {why}".rstrip()
    return Words(cause, _RULE, _joined(hint, hints.origin(facts)))


_OF_OTHERS = {
    401: "The server wants a login",
    403: "The server forbids it",
    404: "The server has nothing there",
    405: "The server takes other methods there",
}


def _hint(facts: Facts) -> str:
    if facts.status in (401, 403):
        return "was a login or token expected?"
    if facts.status in (404, 405):
        return "are path and method right, with or without the last slash?"
    return "its own log will say."


_CACHED = (
    "It has an Age, so it comes from a cache. If the server repeats each page's own origin, that cache has "
    "kept another page's answer: send Vary: Origin, and purge it."
)
_PERHAPS_CACHED = (
    "If the server repeats each page's own origin, a cache may have kept another page's answer: "
    "send Vary: Origin."
)


def _mismatch(facts: Facts) -> Words:
    notes: tuple[str, ...] = ()
    url = parse_url(facts.subject)
    is_another = url is not None and url.origin.serialized == facts.subject and facts.origin != "null"
    if is_another and "origin" not in facts.headers.get("vary", "").lower():
        notes = (_CACHED if "age" in facts.headers else _PERHAPS_CACHED,)
    says = f"says {ALLOW}: {readable(facts.subject)} but"
    why = f" {_no_origin(facts) or difference(facts.origin, facts.subject)}"
    if not facts.subject:
        says, why = f"has an empty {ALLOW}, and", ""
    if facts.is_remembered and facts.origin != "null":
        why += f" {_REMEMBERED}"
    return Words(
        f"the answer to {facts.where} {says} the request came with Origin: {facts.origin}.{why}",
        f"{ALLOW} must be the request's Origin, byte for byte, or `*` where no credentials go.",
        hints.origin(facts),
        notes,
    )


def _no_origin(facts: Facts) -> str:
    if facts.origin != "null":
        return ""
    if facts.result.origin != "null":
        return "The redirect took the page's origin away."
    return "The page has no origin of its own: it is a sandboxed frame, a local file or a data: URL."


def _multiple(facts: Facts) -> Words:
    found = facts.headers.get_all(ALLOW)
    if len(found) > 1:
        how = f"{len(found)} times ({readable(facts.subject)})"
        fix = "Two layers add the header, such as the app and a proxy: leave it to one."
    else:
        how = f"with several values ({readable(facts.subject)})"
        fix = "Let the server look at the request's Origin, and repeat it if it is on your list."
    return Words(
        f"the answer to {facts.where} has {ALLOW} {how}; the request came with Origin: {facts.origin}.",
        f"{ALLOW} holds one origin, or `*`, and never a list.",
        _joined(fix, hints.origin(facts)),
    )


def _wildcard(facts: Facts) -> Words:
    return Words(
        f"the answer to {facts.where} says {ALLOW}: * but the request came with Origin: {facts.origin} and "
        f"was made with {facts.credentials}.",
        f"With credentials, `*` is no wildcard in {ALLOW}: the origin has to be named.",
        hints.origin(facts),
    )


def _credentials(facts: Facts) -> Words:
    name = "Access-Control-Allow-Credentials"
    found = facts.headers.get_all(name)
    if not found:
        what = f"has no {name}"
    elif len(found) > 1:
        what = f"has {name} {len(found)} times ({facts.subject})"
    elif not facts.subject:
        what = f"has an empty {name}"
    else:
        what = f"says {name}: {facts.subject}, and `{facts.subject}` is not `true`"
    return Words(
        f"the answer to {facts.where} {what}. The request came with Origin: {facts.origin} and was made "
        f"with {facts.credentials}.",
        f"With credentials, {name} must be exactly `true`, once and in lower case.",
        hints.origin(facts),
    )


WORDS: dict[Reason, Tell] = {
    Reason.ALLOW_ORIGIN_MISSING: or_from_cache(_missing),
    Reason.ALLOW_ORIGIN_MISMATCH: or_from_cache(_mismatch),
    Reason.ALLOW_ORIGIN_MULTIPLE: _multiple,
    Reason.ALLOW_ORIGIN_WILDCARD: or_from_cache(_wildcard),
    Reason.ALLOW_CREDENTIALS_NOT_TRUE: or_from_cache(_credentials),
}
