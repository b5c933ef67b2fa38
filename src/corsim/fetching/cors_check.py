"""CORS check: https://fetch.spec.whatwg.org/#concept-cors-check."""

from __future__ import annotations

from corsim.values.decision import Decision, Reason
from corsim.values.headers import HTTP_TAB_OR_SPACE
from corsim.values.request import Request
from corsim.values.response import Response
from corsim.values.spec import CORS_CHECK

ANY_ORIGIN = Decision(CORS_CHECK["3"], "any origin may read")
THIS_ORIGIN = Decision(CORS_CHECK["5"], "this origin may read")
WITH_CREDENTIALS = Decision(CORS_CHECK["7"], "this origin may read, with credentials")


def cors_check(request: Request, response: Response, origin: str) -> Decision:
    """Decide whether `response` may be shared with `origin`, the serialized request origin.

    https://fetch.spec.whatwg.org/#concept-cors-check
    """
    index = response.headers.index
    # 1. What the server allows, every line of it joined.
    allowed = index.get("access-control-allow-origin")
    # 2. It has to say something.
    if allowed is None:
        return Decision(CORS_CHECK["2"], "failure", Reason.ALLOW_ORIGIN_MISSING)
    # 3. `*` will do, unless credentials were asked for.
    if request.credentials != "include" and allowed == "*":
        return ANY_ORIGIN
    # 4. Otherwise it has to be the very bytes of the origin.
    if allowed != origin:
        return Decision(CORS_CHECK["4"], "failure", _mismatch(allowed), allowed)
    # 5. That is enough without credentials.
    if request.credentials != "include":
        return THIS_ORIGIN
    # 6. With them the server has to allow that too.
    credentials = index.get("access-control-allow-credentials")
    # 7. In these very bytes.
    if credentials == "true":
        return WITH_CREDENTIALS
    # 8. Missing, `True`, `true, true` and all else will not do.
    return Decision(CORS_CHECK["8"], "failure", Reason.ALLOW_CREDENTIALS_NOT_TRUE, credentials or "")


def _mismatch(allowed: str) -> Reason:
    """Tell apart the ways not to be the origin; to the standard they are all one."""
    if allowed == "*":
        return Reason.ALLOW_ORIGIN_WILDCARD
    if "," in allowed or any(char in allowed for char in HTTP_TAB_OR_SPACE):
        return Reason.ALLOW_ORIGIN_MULTIPLE
    return Reason.ALLOW_ORIGIN_MISMATCH
