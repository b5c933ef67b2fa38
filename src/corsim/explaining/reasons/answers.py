"""An answer that is not what an element can take, or not what it is to be: none of it is CORS."""

from __future__ import annotations

from corsim.explaining.facts import Facts, Tell, Words
from corsim.values.decision import Reason
from corsim.values.doors import Api
from corsim.values.mime import JAVASCRIPT

USES: dict[Api, tuple[str, str]] = {
    "script": ("a script", "text/javascript"),
    "stylesheet": ("a stylesheet", "text/css"),
    "image": ("an image", "image/png"),
    "media": ("sound or film", "video/mp4"),
    "font": ("a font", "font/woff2"),
}
"""For each element, what it wants, and a type of that."""

_CALLED: dict[str, str | tuple[str, ...]] = {
    "a stylesheet": "text/css",
    "an image": "image/",
    "sound or film": ("audio/", "video/"),
    "a font": "font/",
}


def wanted(facts: Facts) -> tuple[str, str]:
    """Name what the page would have used the answer as, and the type of that."""
    return USES.get(facts.result.api, ("a script", "text/javascript"))


def _type(facts: Facts) -> str:
    """Say which type an answer claims."""
    return f"says Content-Type: {facts.subject}" if facts.subject else "has no Content-Type"


def _mime_type(facts: Facts) -> Words:
    what, right = wanted(facts)
    return Words(
        f"this is not CORS: {facts.where} answered {facts.status}, and is to be {what}, but the answer "
        f"{_type(facts)}.",
        "What is called image/, audio/, video/ or text/csv is never run as a script.",
        f"Send Content-Type: {right}, if it is one.",
    )


def _nosniff(facts: Facts) -> Words:
    what, right = wanted(facts)
    return Words(
        f"this is not CORS: {facts.where} answered {facts.status} with X-Content-Type-Options: nosniff, and "
        f"is to be {what}, but the answer {_type(facts)}.",
        "With nosniff a script has to be called JavaScript and a stylesheet text/css. Without it hardly "
        "anybody looks.",
        f"Send Content-Type: {right}, if it is one, and see that it is no error page.",
    )


def _opaque_response(facts: Facts) -> Words:
    what, right = wanted(facts)
    called_so = facts.subject in JAVASCRIPT if what == "a script" else facts.subject.startswith(_CALLED[what])
    sent = f"begins as none does, although it {_type(facts)}" if called_so else f"the answer {_type(facts)}"
    look = "" if 200 <= facts.status <= 299 else f"See why it answers {facts.status}. "
    send = (
        f"Look at what the server sent: an error page, a login? Send {what} that is one."
        if called_so
        else f"{look}Send {what} with its right type, such as Content-Type: {right}."
    )
    return Words(
        f"this is not CORS: {facts.where} answered {facts.status}, and is to be {what}, but {sent}. The "
        "browser keeps it from the page altogether: opaque response blocking.",
        "What another origin sends without leave, and what no element can use, is not let near the page.",
        f"{send} If script is to read it, fetch it with CORS.",
    )


def _integrity(facts: Facts) -> Words:
    if facts.subject == "opaque":
        return Words(
            f"this is not CORS: {facts.where} answered {facts.status}, but the page gave the digest of what "
            "it wants, and asked without CORS: what it may not read, it can't check either.",
            "With integrity an answer of another origin has to be asked for by CORS.",
            "Add crossorigin=\"anonymous\", or leave out mode: 'no-cors', and let the server allow it.",
        )
    if not facts.subject:
        return Words(
            f"this is not CORS: {facts.where} answered {facts.status}, and there is no body to check.",
            "With integrity there has to be a body.",
            "Leave out integrity.",
        )
    return Words(
        f"this is not CORS: {facts.where} answered {facts.status}, and its body is not the one whose digest "
        f"the page gave: {facts.subject}.",
        "With integrity a body has to have one of the digests of the strongest algorithm that is given.",
        "See whether the file was changed or compressed anew; then write its new digest into the page.",
    )


WORDS: dict[Reason, Tell] = {
    Reason.INTEGRITY: _integrity,
    Reason.OPAQUE_RESPONSE: _opaque_response,
    Reason.MIME_TYPE: _mime_type,
    Reason.NOSNIFF: _nosniff,
}
