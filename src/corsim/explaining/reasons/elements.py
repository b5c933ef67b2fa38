"""What became of an element, a beacon or a form that nothing refused."""

from __future__ import annotations

from collections.abc import Callable

from corsim.explaining.facts import Facts, Words
from corsim.explaining.reasons.web_socket import opened
from corsim.values.doors import Api

_RULE = "An element without crossorigin asks without CORS, and with credentials."


def _hidden(facts: Facts, unread: str) -> Words:
    return Words(
        f"{facts.where} answered, and the {facts.page} uses it. Without crossorigin what is of another "
        f"origin may be used, not read: {unread}.",
        _RULE,
        "If script has to read it:",
    )


def _useless(facts: Facts, why: str) -> Words:
    return Words(
        f"this is not CORS: {facts.where} answered {facts.status}, and error fires all the same, since {why}",
        "An element that got a response may still not be able to use it.",
        "Look at what the server sent.",
    )


def _loaded(facts: Facts) -> Words:
    if facts.result.type == "opaque":
        return Words(
            f"{facts.where} answered, and the {facts.page} uses it without having been given leave",
            _RULE,
            "Nothing to mend.",
        )
    rule = (
        "A page reads its own origin freely." if facts.result.type == "basic"
        else "What Access-Control-Allow-Origin allows, a page may use and read."
    )  # fmt: skip
    return Words(
        f"{facts.where} answered, and the {facts.page} may use and read it.", rule, "Nothing to mend."
    )


def _image(facts: Facts) -> Words:
    if not facts.result.loaded:
        return _useless(facts, "the body does not begin as that of an image does.")
    return _drawn(facts)


def _media(facts: Facts) -> Words:
    if not facts.result.loaded:
        return _useless(facts, "the status is none of success, or the body begins as no sound or film does.")
    return _drawn(facts)


def _drawn(facts: Facts) -> Words:
    return (
        _hidden(facts, "a canvas on which it is drawn is tainted") if facts.result.tainted else _loaded(facts)
    )


def _script(facts: Facts) -> Words:
    if not facts.result.loaded:
        return _useless(facts, "only a status from 200 to 299 is a script.")
    if facts.result.muted_errors:
        return _hidden(facts, 'of its errors window.onerror hears "Script error." and no more')
    return _loaded(facts)


def _stylesheet(facts: Facts) -> Words:
    if not facts.result.loaded:
        return _useless(facts, "a stylesheet has the Content-Type text/css and a status from 200 to 299.")
    return _loaded(facts)


def _font(facts: Facts) -> Words:
    return (
        _loaded(facts) if facts.result.loaded else _useless(facts, "only a status from 200 to 299 is a font.")
    )


def _event_source(facts: Facts) -> Words:
    if facts.result.loaded:
        return _loaded(facts)
    return _useless(facts, "an event stream has the Content-Type text/event-stream and the status 200.")


def _beacon(facts: Facts) -> Words:
    return Words(
        f"{facts.where} got the beacon and answered {facts.status}; script hears nothing of it.",
        "A beacon of a type that a form could send needs no leave. It carries credentials.",
        "Nothing to mend.",
    )


def _form(facts: Facts) -> Words:
    return Words(
        f"{facts.where} got the form and answered {facts.status}. The answer is the next document: CORS has "
        "no say, no preflight goes ahead, and the page never reads it.",
        "A form may be sent to any origin, from any page, with credentials: that is older than CORS.",
        "If other sites must not do this, let the server look at Origin, or ask for a token.",
    )


def _worker(facts: Facts) -> Words:
    if not facts.result.loaded:
        return _useless(facts, "a worker's script has the type of JavaScript and a status from 200 to 299.")
    return Words(
        f"{facts.where} answered, and the worker runs: what it asks for it asks in the name of its own URL, "
        f"from the origin of the {facts.page}.",
        "A worker's script is of the page's own origin, so that CORS has no say in it.",
        "Nothing to mend.",
    )


OF_ELEMENTS: dict[Api, Callable[[Facts], Words]] = {
    "image": _image,
    "script": _script,
    "stylesheet": _stylesheet,
    "font": _font,
    "media": _media,
    "event_source": _event_source,
    "beacon": _beacon,
    "form": _form,
    "web_socket": opened,
    "worker": _worker,
}
"""For each door but fetch() and XMLHttpRequest, the function that says what became of what it asked."""
