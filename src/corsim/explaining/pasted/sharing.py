"""The CORS check, of a preflight's or an actual response, from its line alone."""

from __future__ import annotations

from corsim.explaining.causes import Cause
from corsim.explaining.pasted.found import Found
from corsim.explaining.pasted.meanings import Meaning, Suspect
from corsim.values.decision import Reason
from corsim.values.spec import CORS_CHECK
from corsim.values.url import parse_url

_RULE = (
    "A page may read an answer of another origin only if Access-Control-Allow-Origin says so; curl, Postman and "
    "servers don't ask."
)
_CREDENTIALS_RULE = (
    "With credentials, Access-Control-Allow-Origin names the page's own origin, and Access-Control-Allow-Credentials "
    "says true."
)
_OK = range(200, 300)
_REDIRECTS = (301, 302, 303, 307, 308)


def _is_null(found: Found) -> bool:
    return found.origin == "null" and not found.is_redirected


def _may_be_preflight(found: Found) -> bool:
    return found.is_preflight is not False


NULL_ORIGIN = Suspect(
    Cause.NULL_ORIGIN,
    says="The page has no origin of its own: it is a local file, a data: URL, or a sandboxed frame.",
    tell="The address bar begins with file:, or the frame has a sandbox attribute.",
    fix="Open the page over http: or https:, outside of a sandboxed frame, so that it has an origin. For a local "
    "file: python -m http.server. Don't allow `null`: anyone can send it.",
    when=_is_null,
)
LOST_ORIGIN = Suspect(
    Cause.ORIGIN_LOST_BY_REDIRECT,
    says="The request was redirected from {from} to {url}; each of the two has to let the page read its answer, and "
    "a redirect from one foreign origin to another makes the browser send `Origin: null`.",
    tell="The request to {url} says `Origin: null` in the network tab.",
    fix="Call {url} itself.",
    when=lambda found: found.is_redirected,
)
NOTHING_SENT = Suspect(
    Cause.NO_CORS_HEADERS,
    says="Nothing on the server adds CORS headers to this answer; or a CORS layer does not have {page} on its list, "
    "and then many add nothing.",
    tell="The status is 200 or 204, or what you expect, and the answer has no Access-Control-... header at all.",
    fix="{let_in}",
    statuses=(*_OK, 304),
)
UNAUTHORIZED = Suspect(
    Cause.PREFLIGHT_UNAUTHORIZED,
    says="The server wants a login before it answers OPTIONS, and a preflight carries no cookie and no token.",
    tell="The OPTIONS request has the status 401 or 403.",
    fix="Let OPTIONS with Access-Control-Request-Method pass before the login is checked: put the CORS layer outside "
    "of it. {let_in}",
    statuses=(401, 403, 407),
    when=_may_be_preflight,
)
UNROUTED = Suspect(
    Cause.PREFLIGHT_UNROUTED,
    says="Nothing on the server answers OPTIONS there.",
    tell="The OPTIONS request has the status 404, 405 or 501.",
    fix="Add a CORS middleware, or a route for OPTIONS. {let_in}",
    statuses=(400, 404, 405, 501),
    when=_may_be_preflight,
)
REDIRECTED = Suspect(
    Cause.PREFLIGHT_REDIRECTED,
    says="The preflight was redirected: often http: to https:, or a slash added or taken away.",
    tell="The OPTIONS request has a status from 301 to 308, and a Location.",
    fix="Call the URL of the Location itself. Or let the server answer OPTIONS before it redirects.",
    statuses=_REDIRECTS,
    when=_may_be_preflight,
)
FAILED = Suspect(
    Cause.SERVER_ERROR,
    says="The server answered with an error, and what writes its error pages adds no CORS headers. CORS is only why "
    "the page can't see it.",
    tell="The status is 500 or more, or 404, or 401; the server's own log says why.",
    fix="Mend that error first. Then put the CORS layer outermost, so that error answers can be read too. {let_in}",
    statuses=(*range(400, 501), *range(502, 600)),
)
MISMATCH = Suspect(
    Cause.ORIGIN_MISMATCH,
    says="The server allows another origin, {token}, than the page's. {difference}",
    tell="Access-Control-Allow-Origin is there, and is not the page's origin letter by letter.",
    fix="{let_in}\nWith several pages, look the request's Origin up in a list, send it back, and send Vary: Origin.",
    when=lambda found: not _is_no_origin(found),
)
NO_ORIGIN = Suspect(
    Cause.INVALID_ALLOWED_ORIGIN,
    says="The server allows {quoted}, which is no origin. {difference}",
    tell="Access-Control-Allow-Origin holds something else than scheme://host or scheme://host:port.",
    fix="{let_in}",
    when=lambda found: _is_no_origin(found),
)
TWICE = Suspect(
    Cause.TWO_ALLOWED_ORIGINS,
    says="Two layers add the header, such as the app and the proxy before it; or somebody wrote a list.",
    tell="Access-Control-Allow-Origin stands in the answer twice, or has a comma.",
    fix="Let one layer alone add it. {let_in}\nWith several pages, look the request's Origin up in a list, send it "
    "back, and send Vary: Origin.",
)
STARRED = Suspect(
    Cause.WILDCARD_WITH_CREDENTIALS,
    says="The page sends credentials, and the server answers with `*`.",
    tell="Access-Control-Allow-Origin is *, and script says credentials: 'include' or withCredentials = true.",
    fix="If the page needs no cookies there, leave out credentials: 'include' (or withCredentials). If it does: "
    "{let_in}\n  Access-Control-Allow-Credentials: true\n  Vary: Origin",
)
NOT_TRUE = Suspect(
    Cause.CREDENTIALS_NOT_ALLOWED,
    says="The page sends credentials, and Access-Control-Allow-Credentials does not say `true`.",
    tell="Access-Control-Allow-Credentials is missing, or is spelled True.",
    fix="If the page needs no cookies there, leave out credentials: 'include' (or withCredentials). If it does, on "
    "{answer}, send\n  Access-Control-Allow-Credentials: true",
)


def _is_no_origin(found: Found) -> bool:
    if found.token is None:
        return False
    return found.token != "null" and parse_url(found.token) is None


_WHO_LEFT_IT_OUT = (NULL_ORIGIN, NOTHING_SENT, LOST_ORIGIN, UNAUTHORIZED, UNROUTED, REDIRECTED, FAILED)

MEANINGS: dict[Reason, Meaning] = {
    Reason.ALLOW_ORIGIN_MISSING: Meaning(
        "{answer} has no Access-Control-Allow-Origin, so {page} may not read it.",
        _RULE, CORS_CHECK["2"], _WHO_LEFT_IT_OUT,
    ),
    Reason.ALLOW_ORIGIN_MISMATCH: Meaning(
        "{answer} allows {token}, and that is not {page}.",
        _RULE, CORS_CHECK["4"], (NO_ORIGIN, LOST_ORIGIN, NULL_ORIGIN, MISMATCH),
    ),
    Reason.ALLOW_ORIGIN_MULTIPLE: Meaning(
        "{answer} names more than one origin in Access-Control-Allow-Origin.",
        "Access-Control-Allow-Origin is one origin, or `*`, and never a list.", CORS_CHECK["4"], (TWICE,),
    ),
    Reason.ALLOW_ORIGIN_WILDCARD: Meaning(
        "{answer} allows `*`, and the request was made with credentials.",
        _CREDENTIALS_RULE, CORS_CHECK["3"], (STARRED,),
    ),
    Reason.ALLOW_CREDENTIALS_NOT_TRUE: Meaning(
        "{answer} does not allow credentials, and the request was made with them.",
        _CREDENTIALS_RULE, CORS_CHECK["8"], (NOT_TRUE,),
    ),
}  # fmt: skip
