"""TAO check: https://fetch.spec.whatwg.org/#tao-check."""

from __future__ import annotations

from corsim.values.decision import Decision
from corsim.values.headers import get_decode_and_split
from corsim.values.request import Request, serialize_request_origin
from corsim.values.response import Response
from corsim.values.spec import TAO_CHECK

FAILED_EARLIER = Decision(TAO_CHECK["2"], "timing hidden: an earlier hop hid it")
ANY_ORIGIN = Decision(TAO_CHECK["4"], "timing shown to any origin")
THIS_ORIGIN = Decision(TAO_CHECK["5"], "timing shown to this origin")
SAME_ORIGIN = Decision(TAO_CHECK["7"], "timing shown: same origin")
NOT_ALLOWED = Decision(TAO_CHECK["8"], "timing hidden")


def tao_check(request: Request, response: Response, failed: bool) -> Decision:
    """Decide whether the page may see the timing of a response; `failed` says that a hop before may not.

    https://fetch.spec.whatwg.org/#concept-tao-check
    """
    # 2. What one hop hid stays hidden.
    if failed:
        return FAILED_EARLIER
    # 3. The origins that the server names.
    value = response.headers.index.get("timing-allow-origin")
    if value is not None:
        values = get_decode_and_split(value)
        # 4. `*` names all.
        if "*" in values:
            return ANY_ORIGIN
        # 5. Or this one.
        if serialize_request_origin(request) in values:
            return THIS_ORIGIN
    # 6. OUT OF SCOPE: navigations.
    # 7. A same-origin response needs no leave.
    if request.response_tainting == "basic":
        return SAME_ORIGIN
    # 8. All else is hidden.
    return NOT_ALLOWED
