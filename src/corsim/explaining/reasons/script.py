"""What script asked for can't be asked for: nothing is sent."""

from __future__ import annotations

from typing import get_args

from corsim.explaining.facts import Facts, Tell, Words
from corsim.values.decision import Reason
from corsim.values.doors import Api
from corsim.values.environment import REFERRER_POLICIES
from corsim.values.methods import SAFELISTED_METHODS
from corsim.values.request import CacheMode, CredentialsMode, Mode, RedirectMode

_VALUES: dict[str, tuple[str, ...]] = {
    "mode": get_args(Mode),
    "credentials": get_args(CredentialsMode),
    "redirect": get_args(RedirectMode),
    "cache": get_args(CacheMode),
    "referrer_policy": REFERRER_POLICIES[1:],
    "duplex": ("half",),
}


_DOORS: dict[Api, str] = {"xhr": "XMLHttpRequest", "web_socket": "new WebSocket()"}


def _thrown(facts: Facts, why: str) -> str:
    """Begin with what script sees."""
    door = _DOORS.get(facts.result.api, "fetch()")
    return f"{door} threw a {facts.decision.outcome}: {why}. Nothing was sent, so this is not CORS."


def _invalid_url(facts: Facts) -> Words:
    if facts.result.api == "web_socket":
        return Words(
            _thrown(facts, f"{facts.subject!r} is no URL of a WebSocket"),
            "A WebSocket has a URL of ws:, wss:, http: or https:, without a fragment.",
            "Write a full URL, such as wss://api.example.com/path, or a path such as /path.",
        )
    return Words(
        _thrown(facts, f"{facts.subject!r} is no URL"),
        "The URL is parsed first, relative to the page's own.",
        "Write a full URL, such as https://api.example.com/path, or a path such as /path.",
    )


def _url_with_credentials(facts: Facts) -> Words:
    return Words(
        _thrown(facts, f"the URL {facts.subject!r} contains a user name or a password"),
        "fetch() takes no URL that holds a user name or a password.",
        "Take what stands before the @ out of the URL, and send it as the request header Authorization.",
    )


def _invalid_option(facts: Facts) -> Words:
    name, _, value = facts.subject.partition("=")
    known = ", ".join(_VALUES.get(name, ())) or "those that the standard lists"
    return Words(
        _thrown(facts, f"{value!r} is no value of the option {name}"),
        "Each option takes a few words only, in lower case.",
        f"Take one of: {known}.",
    )


def _invalid_referrer(facts: Facts) -> Words:
    return Words(
        _thrown(facts, f"the referrer {facts.subject!r} is no URL"),
        "The option referrer is parsed as a URL, relative to the page's own.",
        f"Leave the option out, or give a URL of {facts.result.origin}.",
    )


def _invalid_method(facts: Facts) -> Words:
    return Words(
        _thrown(facts, f"{facts.subject!r} is no method"),
        "A method is one word of letters, digits and a few signs, without blanks.",
        "Write the method as one word, such as PUT.",
    )


def _forbidden_method(facts: Facts) -> Words:
    return Words(
        _thrown(facts, f"the method {facts.subject!r} is forbidden to pages"),
        "No page may use CONNECT, TRACE or TRACK, whatever the server allows.",
        "Take another method, such as POST, on both sides.",
    )


def _no_cors_method(facts: Facts) -> Words:
    simple = ", ".join(sorted(SAFELISTED_METHODS))
    return Words(
        _thrown(facts, f"mode 'no-cors' does not take the method {facts.subject}"),
        f"In mode no-cors a request is one that a plain form could send: {simple}.",
        f"Take out mode: 'no-cors', and let the server allow the page and {facts.subject}: Access-Control-"
        "Allow-Origin, and in the preflight Access-Control-Allow-Methods.",
    )


def _only_if_cached(facts: Facts) -> Words:
    return Words(
        _thrown(facts, f"cache 'only-if-cached' does not go with mode {facts.subject!r}"),
        "A page may look into the cache without asking only for its own origin.",
        "Set mode: 'same-origin', or take another cache option, such as 'force-cache'.",
    )


def _invalid_header(facts: Facts) -> Words:
    name, _, value = facts.subject.partition(": ")
    return Words(
        _thrown(facts, f"the request header {name!r} with the value {value!r} is malformed"),
        "A header name is one word; a value has one byte a character, and no line break.",
        "Look for a blank or a colon in the name, a line break or a character beyond latin-1 in the value.",
    )


def _body_not_allowed(facts: Facts) -> Words:
    return Words(
        _thrown(facts, f"a {facts.subject} has no body"),
        "GET and HEAD go without a body, even an empty one.",
        "Put the data into the URL's query, or set method: 'POST'.",
    )


_STREAMS = {
    "duplex": ("it needs duplex: 'half'", "Write duplex: 'half'."),
    "mode": ("it needs the mode 'cors' or 'same-origin'", "Leave out mode: 'no-cors'."),
    "keepalive": ("it can't outlive the page", "Leave out keepalive: true."),
    "body": ("this engine can't send streams", "Send a string, bytes or a Blob."),
    "HTTP/1.1": ("it goes over HTTP/2 alone, which browsers speak over https:", "Serve it over https:."),
}


def _streamed_body(facts: Facts) -> Words:
    rule = "A stream can be read once, and its length is not known; whatever would need it again fails."
    why, fix = _STREAMS.get(facts.subject, ("", ""))
    if facts.result.request is None:
        return Words(_thrown(facts, f"the body is a stream, and {why}"), rule, fix)
    if why:
        return Words(f"the body for {facts.url} is a stream, and {why}. This is not CORS.", rule, fix)
    return Words(
        f"{facts.where} was answered {facts.subject}, and the body, a stream, can't be sent again. This is "
        "not CORS.",
        rule,
        "Send a string, bytes or a Blob, or let the server answer 303.",
    )


def _keepalive_quota(facts: Facts) -> Words:
    return Words(
        f"the body for {facts.url} has {facts.subject} bytes, and what may outlive its page has 65536 at "
        "most. Nothing was sent, so this is not CORS.",
        "What a page sends with keepalive: true and by beacons has 64 KiB together.",
        "Send less, or in a fetch() without keepalive."
        if facts.result.api == "beacon"
        else "Send less, or leave out keepalive.",
    )


WORDS: dict[Reason, Tell] = {
    Reason.INVALID_URL: _invalid_url,
    Reason.URL_WITH_CREDENTIALS: _url_with_credentials,
    Reason.INVALID_OPTION: _invalid_option,
    Reason.INVALID_REFERRER: _invalid_referrer,
    Reason.INVALID_METHOD: _invalid_method,
    Reason.FORBIDDEN_METHOD: _forbidden_method,
    Reason.NO_CORS_METHOD: _no_cors_method,
    Reason.ONLY_IF_CACHED_MODE: _only_if_cached,
    Reason.INVALID_HEADER: _invalid_header,
    Reason.BODY_NOT_ALLOWED: _body_not_allowed,
    Reason.STREAMED_BODY: _streamed_body,
    Reason.KEEPALIVE_QUOTA: _keepalive_quota,
}
