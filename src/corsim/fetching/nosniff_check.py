"""`X-Content-Type-Options`: https://fetch.spec.whatwg.org/#x-content-type-options-header."""

from __future__ import annotations

from corsim.engines import EngineProfile
from corsim.fetching.mime_type_check import SCRIPT_LIKE, type_read
from corsim.values.decision import Decision, Reason
from corsim.values.headers import Headers, byte_lowercase, get_decode_and_split
from corsim.values.mime import JAVASCRIPT
from corsim.values.request import Request
from corsim.values.response import Response
from corsim.values.spec import NOSNIFF_CHECK

MAY_SNIFF = Decision(NOSNIFF_CHECK["1"], "nobody asks that the type be taken at its word")
ALLOWED = Decision(NOSNIFF_CHECK["6"], "the type is the one that it is for, or it is for nothing of the kind")


def determine_nosniff(headers: Headers) -> bool:
    """Say whether a response asks that its type be taken at its word.

    https://fetch.spec.whatwg.org/#determine-nosniff
    """
    # 1. and 2. Nothing was said.
    value = headers.index.get("x-content-type-options")
    if value is None:
        return False
    # 3. and 4. Only the first of several counts.
    return byte_lowercase(get_decode_and_split(value)[0]) == "nosniff"


def nosniff_check(request: Request, response: Response, profile: EngineProfile) -> Decision:
    """Decide whether a script or a stylesheet has to be called one, and is not.

    https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-nosniff?
    """
    # 1. The server has to ask for it.
    if not determine_nosniff(response.headers):
        return MAY_SNIFF
    # 2. and 3. What it is, and what it is for.
    mime_type = type_read(response.headers, profile)
    essence = "" if mime_type is None else mime_type.essence
    # 4. A script is called JavaScript.
    if request.destination in SCRIPT_LIKE and essence not in JAVASCRIPT:
        return Decision(NOSNIFF_CHECK["4"], "blocked", Reason.NOSNIFF, essence)
    # 5. A stylesheet is called text/css.
    if request.destination == "style" and essence != "text/css":
        return Decision(NOSNIFF_CHECK["5"], "blocked", Reason.NOSNIFF, essence)
    # 6. Nothing else is looked at.
    return ALLOWED
