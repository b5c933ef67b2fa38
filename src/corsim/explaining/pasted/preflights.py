"""What else a preflight has to say, from its line alone."""

from __future__ import annotations

from corsim.explaining.causes import Cause
from corsim.explaining.pasted.found import Found
from corsim.explaining.pasted.meanings import Meaning, Suspect, Test
from corsim.explaining.pasted.sharing import FAILED, REDIRECTED, UNAUTHORIZED, UNROUTED
from corsim.values.decision import Reason
from corsim.values.methods import byte_uppercase
from corsim.values.spec import CORS_PREFLIGHT_FETCH

_METHODS, _HEADERS = "Access-Control-Allow-Methods", "Access-Control-Allow-Headers"
_STALE = Suspect(
    Cause.STALE_PREFLIGHT,
    says="The browser may still go by an answer from before the server was changed.",
    tell="The network tab has no OPTIONS request, or the server sends Access-Control-Max-Age and says by now what is "
    "asked for.",
    fix="Try in a new private window. While you are changing the server, send Access-Control-Max-Age: 0.",
)


def _is_lower(found: Found) -> bool:
    return found.method is not None and byte_uppercase(found.method) != found.method


def _is_answer_header(found: Found) -> bool:
    return found.header is not None and found.header.lower().startswith("access-control-")


def _is(name: str) -> Test:
    return lambda found: found.header is None or found.header.lower() == name


def _listed(name: str, why: str) -> Meaning:
    return Meaning(
        f"{{answer}} has a malformed {name}: {{quoted}}.",
        f"{name} is a list of plain names with commas between; one that is malformed spoils all.",
        CORS_PREFLIGHT_FETCH["7.3"],
        (Suspect(Cause.METHOD_NOT_ALLOWED if name == _METHODS else Cause.HEADER_NOT_ALLOWED,
                 says="A name in the list has blanks, quotes or brackets, or there are blanks for commas.",
                 fix=f"On {{answer}}, send\n  {name}: {why}"),),
    )  # fmt: skip


_TAKE_OUT = Suspect(
    Cause.HEADER_NOT_ALLOWED,
    says="The page sends {header}, which is a header that servers send, not pages.",
    fix="Take {header} out of the request; send it from the server.",
    when=_is_answer_header,
)
_NOT_LISTED = Suspect(
    Cause.HEADER_NOT_ALLOWED,
    says="The server's list of request headers lacks {header}.",
    tell=f"{_HEADERS} in the answer to OPTIONS does not name it, or is not there.",
    fix=f"On {{answer}}, send\n  {_HEADERS}: {{header}}\nbeside what the list has already.",
    when=lambda found: not _is_answer_header(found),
)
_JSON = Suspect(
    Cause.BODY_FORCES_PREFLIGHT,
    says="The body's type is one that no form can send, such as application/json; that alone makes the browser ask.",
    tell="The request has Content-Type: application/json.",
    fix=f"On {{answer}}, send\n  {_HEADERS}: content-type",
    when=lambda found: found.header is not None and found.header.lower() == "content-type",
)
_STAR = Suspect(
    Cause.WILDCARD_WITHOUT_AUTHORIZATION,
    says="The server says `*`, and `*` does not cover Authorization.",
    tell=f"{_HEADERS} is *.",
    fix=f"On {{answer}}, send\n  {_HEADERS}: *, authorization",
    when=_is("authorization"),
)
_STAR_WITH_CREDENTIALS = Suspect(
    Cause.HEADERS_WILDCARD_WITH_CREDENTIALS,
    says="The server says `*`, and with credentials that is no wildcard.",
    tell=f"{_HEADERS} is *, and script says credentials: 'include' or withCredentials = true.",
    fix=f"On {{answer}}, name it:\n  {_HEADERS}: {{header}}",
    when=lambda found: not _is_answer_header(found),
)
_LOWER = Suspect(
    Cause.METHOD_IN_LOWER_CASE,
    says="The page writes the method in lower case, and methods are compared letter by letter.",
    fix="In the page write method: '{upper}'. Browsers put only DELETE, GET, HEAD, OPTIONS, POST and PUT into "
    "capitals.",
    when=_is_lower,
)
_METHOD = Suspect(
    Cause.METHOD_NOT_ALLOWED,
    says="The server's list of methods lacks {method}.",
    tell=f"{_METHODS} in the answer to OPTIONS does not name it, or is not there; `*` is no wildcard with credentials.",
    fix=f"On {{answer}}, send\n  {_METHODS}: {{needed_method}}\nbeside what the list has already.",
)
_OTHER = Suspect(
    Cause.METHOD_NOT_ALLOWED,
    says="A CORS layer refuses what was asked for: the origin, the method or a request header.",
    tell="The OPTIONS request has the status 400, and its body says what was refused.",
    fix="Put the page's origin, the method and the request headers on the server's lists.",
    statuses=(400,),
)

MEANINGS: dict[Reason, Meaning] = {
    Reason.PREFLIGHT_STATUS: Meaning(
        "{request} was answered with {status} that is not from 200 to 299.",
        "A preflight's answer needs a status from 200 to 299; else the request itself is never sent.",
        CORS_PREFLIGHT_FETCH["7"], (UNROUTED, UNAUTHORIZED, _OTHER, FAILED, REDIRECTED),
    ),
    Reason.PREFLIGHT_REDIRECT: Meaning(
        "{request} was redirected.", "A preflight follows no redirect.", CORS_PREFLIGHT_FETCH["7"], (REDIRECTED,),
    ),
    Reason.ALLOW_METHODS_MALFORMED: _listed(_METHODS, "GET, PUT, DELETE"),
    Reason.ALLOW_HEADERS_MALFORMED: _listed(_HEADERS, "content-type, authorization"),
    Reason.METHOD_NOT_ALLOWED: Meaning(
        "{answer} does not allow {method}.",
        f"A method other than GET, HEAD and POST must stand in {_METHODS}, in the same letters.",
        CORS_PREFLIGHT_FETCH["7.5"], (_LOWER, _METHOD, _STALE),
    ),
    Reason.HEADER_NOT_ALLOWED: Meaning(
        "{answer} does not allow the request header {header}.",
        f"A request header that a plain form could not send must stand in {_HEADERS}.",
        CORS_PREFLIGHT_FETCH["7.7"], (_TAKE_OUT, _NOT_LISTED, _JSON, _STAR, _STAR_WITH_CREDENTIALS, _STALE),
    ),
}  # fmt: skip
