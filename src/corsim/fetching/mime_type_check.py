"""Should a response be blocked due to its MIME type?

https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-mime-type?
"""

from __future__ import annotations

from corsim.engines import EngineProfile
from corsim.values.decision import Decision, Reason
from corsim.values.headers import Headers
from corsim.values.mime import MimeType, extract_mime_type, parse_mime_type
from corsim.values.request import Request
from corsim.values.response import Response
from corsim.values.spec import MIME_TYPE_CHECK

ALLOWED = Decision(MIME_TYPE_CHECK["5"], "its type is none that a script never has")

SCRIPT_LIKE: frozenset[str] = frozenset(
    {"audioworklet", "paintworklet", "script", "serviceworker", "sharedworker", "worker"}
)
"""The destinations that run what they get: https://fetch.spec.whatwg.org/#request-destination-script-like."""


def mime_type_check(request: Request, response: Response, profile: EngineProfile) -> Decision:
    """Decide whether what is to be a script says that it is quite something else.

    https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-mime-type?
    """
    # 1. and 2. What is of no type may be anything.
    mime_type = type_read(response.headers, profile)
    # 3. and 4. Images, sound, films and tables are no scripts.
    if mime_type is not None and request.destination in SCRIPT_LIKE:
        essence = mime_type.essence
        if essence.startswith(("audio/", "image/", "video/")) or essence == "text/csv":
            return Decision(MIME_TYPE_CHECK["4"], "blocked", Reason.MIME_TYPE, essence)
    # 5. All else passes.
    return ALLOWED


def type_read(headers: Headers, profile: EngineProfile) -> MimeType | None:
    """Extract a MIME type. AD-HOC: an engine may take the first of several for it."""
    if profile.several_types == "first":
        return parse_mime_type(headers.get("content-type", "").partition(",")[0])
    return extract_mime_type(headers)
