"""A redirect that is not followed."""

from __future__ import annotations

from corsim.explaining.facts import Facts, Tell, Words
from corsim.values.decision import Reason


def _mode_error(facts: Facts) -> Words:
    location = facts.headers.get("location")
    to = f" to {location}" if location else ""
    if facts.result.api == "web_socket":
        return Words(
            f"{facts.where} was redirected{to} with {facts.subject}. This is not CORS.",
            "A WebSocket's handshake follows no redirect.",
            "Open the WebSocket at the URL to which it leads.",
        )
    return Words(
        f"{facts.where} was redirected{to} with {facts.subject}, and script asked for redirect: 'error'.",
        "With redirect: 'error' every redirect is a failure.",
        "",
    )


def _location_invalid(facts: Facts) -> Words:
    several = len(facts.headers.get_all("location")) > 1
    what = "has several Location headers" if several else "has a Location that is no URL"
    return Words(
        f"the {facts.status} answer to {facts.where} {what}: {facts.subject!r}. This is not CORS.",
        "A redirect needs one Location, which can be parsed as a URL.",
        "Send one Location, such as\n  Location: https://api.example.com/path",
    )


def _scheme(facts: Facts) -> Words:
    return Words(
        f"{facts.where} was redirected to {facts.subject}, which is not http: or https:. This is not CORS.",
        "A redirect can't lead out of http: and https:.",
        "Redirect to an http: or https: URL, or send the data in the response itself.",
    )


def _too_many(facts: Facts) -> Words:
    return Words(
        f"{facts.where} was redirected once more, to {facts.subject}, after 20 redirects. This is not CORS.",
        "Browsers follow 20 redirects, and then give up.",
        "Look for two rules that send requests to each other, such as one that adds a slash and one "
        "that takes it away.",
    )


def _with_credentials(facts: Facts) -> Words:
    return Words(
        f"{facts.where} was redirected to {facts.subject}, which contains a user name or a password.",
        "A cross-origin redirect may not hand on a user name or a password in its URL.",
        "Leave both out of the Location.",
    )


WORDS: dict[Reason, Tell] = {
    Reason.REDIRECT_MODE_ERROR: _mode_error,
    Reason.REDIRECT_LOCATION_INVALID: _location_invalid,
    Reason.REDIRECT_SCHEME: _scheme,
    Reason.TOO_MANY_REDIRECTS: _too_many,
    Reason.REDIRECT_WITH_CREDENTIALS: _with_credentials,
}
