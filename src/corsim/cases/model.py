"""What a spec case is, once it has been read: frozen values, and no files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import attrs

from corsim.engines import EngineName
from corsim.engines.gates import LocalNetwork
from corsim.servers import accept_web_socket
from corsim.values.address_space import AddressSpace
from corsim.values.decision import Reason
from corsim.values.doors import Api
from corsim.values.environment import DEFAULT_POLICY
from corsim.values.headers import Pair
from corsim.values.request import Request
from corsim.values.response import Response

Outcome: TypeAlias = Literal["network error", "basic", "cors", "opaque", "opaqueredirect"]
FOLDERS: Mapping[str, frozenset[str]] = {
    "main_fetch": frozenset({"concept-main-fetch"}),
    "scheme_fetch": frozenset({"concept-scheme-fetch", "data-url-processor"}),
    "http_fetch": frozenset({"concept-http-fetch"}),
    "http_redirect_fetch": frozenset(
        {"concept-http-redirect-fetch", "concept-response-location-url", "concept-request-tainted-origin"}
    ),
    "http_network_or_cache_fetch": frozenset(
        {
            "concept-http-network-or-cache-fetch",
            "concept-http-network-fetch",
            "determine-http-cache-partition",
        }
        | {"append-a-request-origin-header", "determine-requests-referrer"}
    ),
    "cookies": frozenset(
        {"append-a-request-cookie-header", "parse-and-store-response-set-cookie-headers"}
        | {"determine-the-same-site-mode"}
    ),
    "fetch_metadata": frozenset(
        {"abstract-opdef-append-the-fetch-metadata-headers-for-a-request"}
        | {"abstract-opdef-set-site", "abstract-opdef-set-mode", "abstract-opdef-set-dest"}
    ),
    "cors_preflight_fetch": frozenset({"cors-preflight-fetch-0", "cors-unsafe-request-header-names"}),
    "cors_preflight_cache": frozenset(
        {"concept-cache-key", "concept-cache-max-age", "concept-cache-create-entry", "concept-cache-clear"}
        | {"concept-cache-match", "concept-cache-match-method", "concept-cache-match-header"}
    ),
    "cors_check": frozenset({"concept-cors-check"}),
    "tao_check": frozenset({"concept-tao-check"}),
    "resource_policy_check": frozenset(
        {"cross-origin-resource-policy-check", "cross-origin-resource-policy-internal-check"}
    ),
    "embedder_policy": frozenset(
        {"cross-origin-embedder-policy-allows-credentials", "obtain-an-embedder-policy"}
        | {"cross-origin-resource-policy-check", "cross-origin-resource-policy-internal-check"}
    ),
    "content_security_policy": frozenset(
        {"parse-serialized-policy", "parse-response-csp", "should-block-request"}
        | {"effective-directive-for-a-request", "directive-fallback-list", "should-directive-execute"}
        | {"connect-src-pre-request", "script-pre-request", "form-action-pre-navigate", "sandbox-init"}
        | {"match-url-to-source-list", "match-url-to-source-expression", "match-schemes", "match-hosts"}
        | {"match-ports", "match-paths", "upgrade-request"}
    ),
    "mime_type_check": frozenset({"should-response-to-request-be-blocked-due-to-mime-type?"}),
    "nosniff_check": frozenset({"should-response-to-request-be-blocked-due-to-nosniff?"}),
    "integrity": frozenset({"concept-main-fetch"}),
    "local_network_access": frozenset({"concept-http-network-fetch", "dom-request"}),
    "opaque_response_blocking": frozenset({"concept-main-fetch"}),
    "filtered_response": frozenset(
        {"concept-filtered-response-basic", "concept-filtered-response-cors"}
        | {"concept-filtered-response-opaque", "concept-filtered-response-opaque-redirect"}
    ),
    "api": frozenset(
        {"dom-request", "dom-global-fetch", "headers-validate", "concept-headers-append"}
        | {"concept-bodyinit-extract", "dom-response-url", "concept-method-normalize", "concept-fetch"}
    ),
    "elements": frozenset(
        {"create-a-potential-cors-request", "fetch-a-classic-script", "fetch-a-single-module-script"}
        | {"link-type-stylesheet", "font-fetching-requirements", "media-data-processing-steps-list"}
        | {"dom-eventsource", "sec-processing-model", "form-submission-algorithm", "concept-fetch"}
    ),
    "web_socket": frozenset({"dom-websocket-websocket", "concept-websocket-establish"}),
    "worker": frozenset(
        {"fetch-a-classic-worker-script", "set-up-a-worker-environment-settings-object", "run-a-worker"}
    ),
    "xhr": frozenset(
        {
            "dom-xmlhttprequest-open",
            "dom-xmlhttprequest-responseurl",
            "dom-xmlhttprequest-setrequestheader",
            "dom-xmlhttprequest-send",
        }
    ),
}
"""Which anchors of the standards each folder of cases is about."""


@attrs.frozen
class Because:
    """What only a simulator sees of a refusal; None is not looked at."""

    reason: Reason | None = None
    subject: str | None = None
    step: str | None = None


@attrs.frozen
class ExpectRequest:
    """What has to be true of one request on the wire; a header is `Name` or `Name: value`.

    `credentials` is whether cookies would go along, if there were any. What only a simulator sees: the
    cookies that were `held_back`, and the answer's `Set-Cookie` lines that were `ignored`, as `name: reason`.
    """

    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    body: str | None = None
    credentials: bool | None = None
    held_back: tuple[str, ...] | None = None
    ignored: tuple[str, ...] | None = None


@attrs.frozen
class Expect:
    """What a page and a server can observe of one fetch; None is not looked at.

    `request` holds (position, expectation) pairs, the first request sent being 1.
    """

    sent: tuple[str, ...]
    result: Outcome
    status: int | None = None
    url: str | None = None
    redirected: bool | None = None
    headers: tuple[str, ...] | None = None
    body: str | None = None
    loaded: bool | None = None
    tainted: bool | None = None
    muted_errors: bool | None = None
    events: tuple[str, ...] | None = None
    protocol: str | None = None
    request: tuple[tuple[int, ExpectRequest], ...] = ()
    because: Because | None = None


@attrs.frozen
class PageGiven:
    """The page that fetches, with the headers it comes with; `tab` tells apart those otherwise alike.

    With the URL of a `worker`, or just its scheme if that is `blob:` or `data:`, its worker fetches.
    """

    url: str
    sandbox: bool = False
    embedder: str | None = None
    referrer_policy: str = DEFAULT_POLICY
    headers: tuple[Pair, ...] = ()
    tab: int = 1
    worker: str = ""


@attrs.frozen
class FetchGiven:
    """One call of a page's script; `options` are the keyword arguments of the page's method `api`."""

    page: PageGiven
    url: str
    api: Api = "fetch"
    after: float = 0.0
    options: Mapping[str, Any] = attrs.field(factory=dict)


@attrs.frozen
class ServerAnswer:
    """One answer of the servers, and the requests that get it; no response is a broken connection.

    With `accepts` it is the one that opens a WebSocket, and has the response's headers besides.
    """

    method: str
    url: str
    having: tuple[str, ...]
    response: Response | None
    accepts: bool = False

    def answer_to(self, request: Request) -> Response | None:
        """Give the response; what `accepts` opens the WebSocket for which the request asks."""
        if not self.accepts or self.response is None:
            return self.response
        opened = accept_web_socket(request)
        return Response(opened.status, (*opened.headers.pairs, *self.response.headers.pairs))

    def answers(self, request: Request) -> bool:
        """Say whether this is the answer to `request`."""
        if self.method not in ("*", request.method) or self.url != request.url.href:
            return False
        return all(holds(request, header) for header in self.having)


@attrs.frozen
class EngineDifference:
    """What one engine does otherwise, in full, and the profile fields that make it so."""

    engine: EngineName
    quirks: tuple[str, ...]
    expect: tuple[Expect, ...]


@attrs.frozen
class Case:
    """One case: what pages ask, what servers answer, and what then has to be seen.

    `path` is its id. `order` tells whose waiting request is answered next (the first
    fetch is 1), a float being seconds that pass; without it each fetch runs to its end.
    `places` says where origins are, and `local_network` what the user lets pages ask there.
    """

    path: str
    title: str
    proves: tuple[str, ...]
    fetches: tuple[FetchGiven, ...]
    expect: tuple[Expect, ...]
    servers: tuple[ServerAnswer, ...] = ()
    differences: tuple[EngineDifference, ...] = ()
    order: tuple[int | float, ...] = ()
    local_network: LocalNetwork | None = None
    places: tuple[tuple[str, AddressSpace], ...] = ()
    story: str = ""
    seen: tuple[str, ...] = ()

    @property
    def folder(self) -> str:
        """The folder, named after the section that the case is about."""
        return self.path.partition("/")[0]

    def difference(self, engine: str) -> EngineDifference | None:
        """Look up what an engine does otherwise."""
        return next((row for row in self.differences if row.engine == engine), None)

    def expected(self, engine: str) -> tuple[Expect, ...]:
        """List what has to be seen in an engine, fetch by fetch."""
        difference = self.difference(engine)
        return self.expect if difference is None else difference.expect


@attrs.frozen
class Row:
    """One row of a table: the values given, the values that must come out, and perhaps why."""

    given: Mapping[str, Any]
    expect: Mapping[str, Any]
    because: str = ""

    def __str__(self) -> str:
        given = ", ".join(f"{name}={_short(value)}" for name, value in self.given.items())
        return f"{given} -> {', '.join(f'{name}={_short(value)}' for name, value in self.expect.items())}"


@attrs.frozen
class Table:
    """Rows that all prove one rule about values."""

    path: str
    rule: str
    title: str
    proves: tuple[str, ...]
    rows: tuple[Row, ...]


def holds(request: Request, header: str) -> bool:
    """Say whether a request carries a header, given as `Name` or as `Name: value`."""
    name, colon, value = header.partition(": ")
    return value in request.headers.get_all(name) if colon else name in request.headers


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:40]}...({len(text)})"
