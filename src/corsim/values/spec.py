"""Where the standards say it: algorithms, their anchors, their numbered steps.

Every decision that corsim takes carries a `Step`, so that a trace can be read
beside the standard. A step is made by looking it up, `CORS_CHECK["4"]`, and an
algorithm remembers which of its steps were: these are the steps that the code
decides, and a test holds the spec cases against them.
"""

from __future__ import annotations

import attrs

SPEC_REVISION = "586cd2a"
"""The commit of whatwg/fetch (2026-07-02) whose step numbers are used everywhere."""

_BASES = {
    "fetch": "https://fetch.spec.whatwg.org/#",
    "xhr": "https://xhr.spec.whatwg.org/#",
    "websockets": "https://websockets.spec.whatwg.org/#",
}


@attrs.frozen(eq=False)
class Algorithm:
    """One algorithm of a standard: its name in the standard's words, and its anchor."""

    name: str
    anchor: str
    standard: str = "fetch"
    steps: dict[str, Step] = attrs.field(factory=dict, repr=False, init=False)

    def __getitem__(self, number: str) -> Step:
        step = self.steps.get(number)
        if step is None:
            step = self.steps[number] = Step(self, number)
        return step

    @property
    def url(self) -> str:
        """The address of the algorithm in its standard."""
        return _BASES[self.standard] + self.anchor


@attrs.frozen(eq=False, repr=False)
class Step:
    """One numbered step of an algorithm.

    >>> str(CORS_CHECK["4"]), CORS_CHECK["4"].id
    ('CORS check 4', 'concept-cors-check 4')
    """

    algorithm: Algorithm
    number: str

    @property
    def id(self) -> str:
        """The step as spec cases write it: anchor and number."""
        return f"{self.algorithm.anchor} {self.number}"

    @property
    def url(self) -> str:
        """The address of the step's algorithm in its standard."""
        return self.algorithm.url

    def __str__(self) -> str:
        return f"{self.algorithm.name} {self.number}"

    __repr__ = __str__


REQUEST_CONSTRUCTOR = Algorithm("new Request()", "dom-request")
VALIDATE_HEADER = Algorithm("validate a header", "headers-validate")
APPEND_HEADER = Algorithm("append a header", "concept-headers-append")
XHR_OPEN = Algorithm("XMLHttpRequest open()", "dom-xmlhttprequest-open", "xhr")
XHR_SET_REQUEST_HEADER = Algorithm(
    "XMLHttpRequest setRequestHeader()", "dom-xmlhttprequest-setrequestheader", "xhr"
)
XHR_SEND = Algorithm("XMLHttpRequest send()", "dom-xmlhttprequest-send", "xhr")
WEB_SOCKET_CONSTRUCTOR = Algorithm("new WebSocket()", "dom-websocket-websocket", "websockets")
WEB_SOCKET = Algorithm("establish a WebSocket connection", "concept-websocket-establish", "websockets")
MAIN_FETCH = Algorithm("main fetch", "concept-main-fetch")
SCHEME_FETCH = Algorithm("scheme fetch", "concept-scheme-fetch")
HTTP_FETCH = Algorithm("HTTP fetch", "concept-http-fetch")
HTTP_REDIRECT_FETCH = Algorithm("HTTP-redirect fetch", "concept-http-redirect-fetch")
HTTP_NETWORK_OR_CACHE_FETCH = Algorithm("HTTP-network-or-cache fetch", "concept-http-network-or-cache-fetch")
HTTP_NETWORK_FETCH = Algorithm("HTTP-network fetch", "concept-http-network-fetch")
CORS_PREFLIGHT_FETCH = Algorithm("CORS-preflight fetch", "cors-preflight-fetch-0")
CORS_CHECK = Algorithm("CORS check", "concept-cors-check")
TAO_CHECK = Algorithm("TAO check", "concept-tao-check")
RESOURCE_POLICY_CHECK = Algorithm(
    "cross-origin resource policy internal check", "cross-origin-resource-policy-internal-check"
)
MIME_TYPE_CHECK = Algorithm(
    "should response be blocked due to its MIME type",
    "should-response-to-request-be-blocked-due-to-mime-type?",
)
NOSNIFF_CHECK = Algorithm(
    "should response be blocked due to nosniff",
    "should-response-to-request-be-blocked-due-to-nosniff?",
)

ALGORITHMS = tuple(value for value in globals().values() if isinstance(value, Algorithm))
"""Every algorithm whose steps corsim decides, in the order of a fetch."""
