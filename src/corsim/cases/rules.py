"""The rules that tables of rows are about: what a row gives, what must come out, and who decides.

Each rule names its columns, and a function from the given cells to every column that
can be expected. A rule about the flow of a fetch asks a browser; the others are asked
directly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from corsim.api.bodies import extract_body
from corsim.browser import Browser
from corsim.cases.reading import (
    Reader,
    body,
    boolean,
    header,
    integer,
    latin,
    long_text,
    many,
    status,
    text,
    word,
)
from corsim.fetching.cors_check import cors_check
from corsim.fetching.flow import Exchange
from corsim.fetching.origin_header import request_origin_header
from corsim.fetching.referrer import determine_referrer, is_potentially_trustworthy, referrer_policy_of
from corsim.fetching.scheme_fetch import data_url
from corsim.page import open_environment
from corsim.result import Result
from corsim.values import methods, mime, safelist
from corsim.values.decision import Decision, Reason
from corsim.values.environment import REFERRER_POLICIES, Environment
from corsim.values.headers import (
    Headers,
    Malformed,
    extract_delta_seconds,
    extract_tokens,
    get_decode_and_split,
)
from corsim.values.partition import registrable_domain, same_site, schemelessly_same_site
from corsim.values.ports import is_bad_port
from corsim.values.request import Request, redirect_taint, serialize_request_origin
from corsim.values.response import Response
from corsim.values.spec import TAO_CHECK
from corsim.values.statuses import NULL_BODY_STATUSES, REDIRECT_STATUSES, is_ok_status
from corsim.values.url import Url, parse_url

Cells = Mapping[str, Any]
Columns = Mapping[str, Reader[Any]]


@attrs.frozen
class Rule:
    """One rule about values: its columns, and the function that is held to the rows."""

    given: Columns
    expect: Columns
    apply: Callable[[Cells], Cells]
    optional: frozenset[str] = frozenset()

    @property
    def required(self) -> tuple[str, ...]:
        """The given columns that no row may leave out."""
        return tuple(name for name in self.given if name not in self.optional)


def _url(value: str) -> Url:
    url = parse_url(value)
    if url is None:
        raise ValueError(f"{value!r} is no URL")
    return url


def _page(cells: Cells) -> Environment:
    return open_environment(cells["page"], cells.get("sandbox", False))


def _request(cells: Cells) -> Request:
    """Make the request of a page that has been redirected along `urls`, or asks for `url`."""
    page = _page(cells)
    urls = cells.get("urls") or (cells["url"],)
    return Request(
        method=cells.get("method", "GET"), url_list=tuple(map(_url, urls)), headers=Headers(),
        client=page, origin=page.origin, credentials=cells.get("credentials", "same-origin"),
    )  # fmt: skip


# -- headers of a request ----------------------------------------------------------------


def _cors_safelisted(cells: Cells) -> Cells:
    return {"safelisted": safelist.is_cors_safelisted_request_header(*cells["header"])}


def _no_cors_safelisted(cells: Cells) -> Cells:
    return {"safelisted": safelist.is_no_cors_safelisted_request_header(*cells["header"])}


def _forbidden(cells: Cells) -> Cells:
    return {"forbidden": safelist.is_forbidden_request_header(*cells["header"])}


def _unsafe_names(cells: Cells) -> Cells:
    return {"unsafe": safelist.unsafe_request_header_names(Headers(cells["headers"]))}


def _body(cells: Cells) -> Cells:
    data, content_type = extract_body(cells["body"])
    return {"bytes": data.decode("latin-1"), "content_type": content_type or ""}


def _origin_header(cells: Cells) -> Cells:
    request = _request(cells).but(
        mode=cells["mode"], response_tainting=cells["tainting"], referrer_policy=cells["policy"]
    )
    return {"origin": request_origin_header(request) or ""}


# -- methods, MIME types, header lists ---------------------------------------------------


def _method(cells: Cells) -> Cells:
    method = cells["method"]
    return {
        "token": methods.is_token(method),
        "forbidden": methods.is_forbidden_method(method),
        "normalized": methods.normalize_method(method),
        "safelisted": methods.normalize_method(method) in methods.SAFELISTED_METHODS,
    }


def _mime_type(cells: Cells) -> Cells:
    parsed = mime.parse_mime_type(cells["input"])
    if parsed is None:
        return {"failure": True}
    return {"failure": False, "serialized": str(parsed)}


def _tokens(cells: Cells) -> Cells:
    found = extract_tokens(Headers([("X-List", line) for line in cells["lines"]]), "x-list")
    if isinstance(found, Malformed):
        return {"malformed": found.element}
    return {"values": found, "missing": found is None}


def _max_age(cells: Cells) -> Cells:
    name = "access-control-max-age"
    found = extract_delta_seconds(Headers([(name, line) for line in cells["lines"]]), name)
    return {"seconds": found if isinstance(found, int) else None, "failure": isinstance(found, Malformed)}


def _split(cells: Cells) -> Cells:
    return {"values": tuple(get_decode_and_split(cells["value"]))}


# -- URLs and origins --------------------------------------------------------------------


def _url_origin(cells: Cells) -> Cells:
    url = parse_url(cells["url"])
    if url is None:
        return {"failure": True}
    return {"failure": False, "origin": url.origin.serialized, "serialized": url.href}


def _data_url(cells: Cells) -> Cells:
    parsed = data_url(_url(cells["url"]))
    if parsed is None:
        return {"failure": True}
    return {"failure": False, "type": str(parsed[0]), "body": parsed[1].decode("latin-1")}


def _bad_port(cells: Cells) -> Cells:
    return {"bad": is_bad_port(_url(cells["url"]))}


def _same_site(cells: Cells) -> Cells:
    one, other = _url(cells["one"]).origin, _url(cells["other"]).origin
    return {"same_site": same_site(one, other), "schemeless": schemelessly_same_site(one, other)}


def _registrable(cells: Cells) -> Cells:
    return {"domain": registrable_domain(cells["host"]) or ""}


def _request_origin(cells: Cells) -> Cells:
    request = _request(cells)
    return {"taint": redirect_taint(request), "origin": serialize_request_origin(request)}


def _referrer(cells: Cells) -> Cells:
    referrer = _url(cells["referrer"]) if "referrer" in cells else "client"
    found = determine_referrer(_page(cells), referrer, cells["policy"], _url(cells["url"]))
    return {"sent": found.href if isinstance(found, Url) else ""}


def _referrer_policy(cells: Cells) -> Cells:
    pairs = [("Referrer-Policy", line) for line in cells["lines"]]
    return {"policy": referrer_policy_of(Response(302, pairs))}


def _trustworthy(cells: Cells) -> Cells:
    return {"trustworthy": is_potentially_trustworthy(_url(cells["url"]))}


# -- responses ---------------------------------------------------------------------------


def _cors_check(cells: Cells) -> Cells:
    pairs = [("Access-Control-Allow-Origin", line) for line in cells["allow_origin"]]
    pairs += [("Access-Control-Allow-Credentials", line) for line in cells.get("allow_credentials", ())]
    request = _request({**cells, "url": "https://api.example/"}).but(response_tainting="cors")
    check = cors_check(request, Response(200, pairs), serialize_request_origin(request))
    return {"success": check.reason is None, "reason": check.reason, "step": check.step.number}


def _tao_check(cells: Cells) -> Cells:
    """Have a page fetch a response that says whom its timing may be shown to."""
    pairs = [("Timing-Allow-Origin", line) for line in cells["lines"]]
    result = _fetched(cells, Response(200, [*pairs, ("Access-Control-Allow-Origin", "*")]))
    return {"step": next(row.step.number for row in _decisions(result) if row.step.algorithm is TAO_CHECK)}


def _resource_policy(cells: Cells) -> Cells:
    """Have a page fetch a response without asking for leave to read it."""
    pairs = [("Cross-Origin-Resource-Policy", line) for line in cells["lines"]]
    return {"allowed": _fetched(cells, Response(200, pairs), mode="no-cors").type == "opaque"}


def _location(cells: Cells) -> Cells:
    """Have a page of the same origin fetch what answers with a Location."""
    origin = _url(cells["url"]).origin.serialized
    pairs = [("Location", line) for line in cells["lines"]]
    redirect = Response(cells.get("status", 302), [*pairs, ("Access-Control-Allow-Origin", "*")])
    end = Response(200, [("Access-Control-Allow-Origin", "*")])
    result = _fetched({**cells, "page": f"{origin}/"}, redirect, end)
    blocked = result.blocked
    if blocked is not None and blocked.reason is Reason.REDIRECT_LOCATION_INVALID:
        return {"kind": "failure"}
    if blocked is not None and blocked.reason is Reason.REDIRECT_SCHEME:
        return {"kind": "url", "location": blocked.subject}
    if len(result.exchanges) == 1:
        return {"kind": "none"}
    return {"kind": "url", "location": result.exchanges[-1].request.url.href}


def _fetched(cells: Cells, *responses: Response, mode: str = "cors") -> Result:
    """Have a page fetch a URL, from a world that answers with one response after the other."""
    answers = iter(responses)
    browser = _AnswersAnyone("spec")
    browser.next_answer = lambda: next(answers)
    page = browser.open(cells["page"], sandbox=cells.get("sandbox", False))
    return page.fetch(cells["url"], mode=mode)


def _decisions(result: Result) -> list[Decision]:
    return [turn for turn in result.trace if isinstance(turn, Decision)]


class _AnswersAnyone(Browser):
    """A browser in whose world every origin is served."""

    next_answer: Callable[[], Response]

    def answer(self, exchange: Exchange) -> Response:
        return self.next_answer()


def _status(cells: Cells) -> Cells:
    number = cells["status"]
    return {
        "ok": is_ok_status(number),
        "redirect": number in REDIRECT_STATUSES,
        "null_body": number in NULL_BODY_STATUSES,
    }


def _visible(cells: Cells) -> Cells:
    """Have a page fetch a response with these headers, and list the names that script sees."""
    sharing = [("Access-Control-Allow-Origin", "https://app.example")]
    if cells.get("credentials") == "include":
        sharing.append(("Access-Control-Allow-Credentials", "true"))
    exposing = [("Access-Control-Expose-Headers", line) for line in cells["exposes"]]
    response = Response(200, [*cells["headers"], *sharing, *exposing])
    browser = _AnswersAnyone("spec")
    browser.next_answer = lambda: response
    page = browser.open("https://app.example/")
    url = cells.get("url", "https://api.example/")
    result = page.fetch(url, credentials=cells.get("credentials", "same-origin"))
    return {"visible": tuple(f"{name}: {value}" for name, value in result.headers.items())}


def _redirected(cells: Cells) -> Cells:
    """Have a page follow one redirect of its own server, and look at the request that goes on."""
    sent: list[Request] = []

    def serve(request: Request) -> Response:
        sent.append(request)
        return Response(cells["status"], {"Location": "/end"}) if len(sent) == 1 else Response()

    browser = Browser()
    browser.serve("https://app.example", serve)
    content = None if cells["method"] in ("GET", "HEAD") else "x"
    browser.open("https://app.example/").fetch("/start", method=cells["method"], body=content)
    headers = sent[-1].headers
    return {
        "followed": len(sent) == 2,
        "becomes": sent[-1].method,
        "body": bool(sent[-1].body),
        "content_type": "content-type" in headers,
    }


_PAGE: Columns = {"page": text, "sandbox": boolean}
_POLICY = word(*REFERRER_POLICIES)
_CREDENTIALS = word("omit", "same-origin", "include")
_SANDBOX = frozenset({"sandbox"})

RULES: Mapping[str, Rule] = {
    "cors-safelisted-request-header": Rule({"header": header}, {"safelisted": boolean}, _cors_safelisted),
    "no-cors-safelisted-request-header": Rule(
        {"header": header}, {"safelisted": boolean}, _no_cors_safelisted
    ),
    "forbidden-request-header": Rule({"header": header}, {"forbidden": boolean}, _forbidden),
    "cors-unsafe-request-header-names": Rule(
        {"headers": many(header)}, {"unsafe": many(text)}, _unsafe_names
    ),
    "body": Rule({"body": body}, {"bytes": latin, "content_type": text}, _body),
    "origin-header": Rule(
        {**_PAGE, "url": text, "method": text, "mode": word("cors", "no-cors", "same-origin")}
        | {"tainting": word("basic", "cors", "opaque"), "policy": _POLICY},
        {"origin": text}, _origin_header, _SANDBOX,
    ),
    "method": Rule(
        {"method": text},
        {"token": boolean, "forbidden": boolean, "normalized": text, "safelisted": boolean}, _method,
    ),
    "mime-type": Rule(
        {"input": long_text}, {"failure": boolean, "serialized": text}, _mime_type
    ),
    "token-list": Rule(
        {"lines": many(text)}, {"values": many(text), "malformed": text, "missing": boolean}, _tokens
    ),
    "max-age": Rule({"lines": many(text)}, {"seconds": integer, "failure": boolean}, _max_age),
    "get-decode-split": Rule({"value": text}, {"values": many(text)}, _split),
    "url-origin": Rule({"url": text}, {"failure": boolean, "origin": text, "serialized": text}, _url_origin),
    "data-url": Rule({"url": text}, {"failure": boolean, "type": text, "body": latin}, _data_url),
    "bad-port": Rule({"url": text}, {"bad": boolean}, _bad_port),
    "same-site": Rule(
        {"one": text, "other": text}, {"same_site": boolean, "schemeless": boolean}, _same_site
    ),
    "registrable-domain": Rule({"host": text}, {"domain": text}, _registrable),
    "request-origin": Rule(
        {**_PAGE, "urls": many(text)},
        {"taint": word("same-origin", "same-site", "cross-site"), "origin": text},
        _request_origin, _SANDBOX,
    ),
    "referrer": Rule(
        {**_PAGE, "url": text, "policy": _POLICY, "referrer": long_text}, {"sent": long_text},
        _referrer, _SANDBOX | {"referrer"},
    ),
    "referrer-policy": Rule({"lines": many(text)}, {"policy": text}, _referrer_policy),
    "trustworthy": Rule({"url": text}, {"trustworthy": boolean}, _trustworthy),
    "cors-check": Rule(
        {**_PAGE, "credentials": _CREDENTIALS, "allow_origin": many(text), "allow_credentials": many(text)},
        {"success": boolean, "reason": word(*Reason), "step": text},
        _cors_check, _SANDBOX | {"allow_credentials"},
    ),
    "tao-check": Rule(
        {**_PAGE, "url": text, "lines": many(text)}, {"step": text}, _tao_check, _SANDBOX,
    ),
    "resource-policy": Rule(
        {**_PAGE, "url": text, "lines": many(text)}, {"allowed": boolean}, _resource_policy, _SANDBOX
    ),
    "location-url": Rule(
        {"url": text, "status": status, "lines": many(text)},
        {"kind": word("url", "none", "failure"), "location": text}, _location, frozenset({"status"}),
    ),
    "status": Rule({"status": integer}, {"ok": boolean, "redirect": boolean, "null_body": boolean}, _status),
    "visible-headers": Rule(
        {"url": text, "credentials": _CREDENTIALS, "exposes": many(text), "headers": many(header)},
        {"visible": many(text)}, _visible, frozenset({"url", "credentials"}),
    ),
    "redirect-method": Rule(
        {"method": text, "status": status},
        {"followed": boolean, "becomes": text, "body": boolean, "content_type": boolean}, _redirected,
    ),
}  # fmt: skip
"""Every rule that a table can be about, by the word that its `table` key holds."""
