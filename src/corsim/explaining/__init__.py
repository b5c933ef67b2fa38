"""A result in plain words: what happened, which rule it was, what to change.

    triggers            why a header that could go unasked does not
    facts               what a result holds, named as the words need it
    notes               what is worth knowing, however it ended
    origins             how a value differs from the origin that it should have been
    script_reasons      what script asked for can't be asked for
    request_reasons     the page may not make the request, or nothing answered
    sharing_reasons     the CORS check, of a preflight's or an actual response
    preflight_reasons   what else a preflight must say
    redirect_reasons    a redirect that is not followed
    outcomes            the ends that are no refusal
    hints               where to look before any edit of headers
    causes, diagnosis   what somebody did, behind the rule that refused
    edits               what would mend it, as data
    remedies            for each reason, the edits that take it away
    proving             edits tried: the same fetch made again, in every engine
    ways, instructions  the fixes of a result, and what to type
    words               the table of all, and the explanation in full

Each reason has one function in one table, which turns `Facts` into `Words`.
"""

from corsim.explaining.causes import Cause
from corsim.explaining.explanation import Explanation, Fix
from corsim.explaining.words import REASONS, explain_result

__all__ = ["REASONS", "Cause", "Explanation", "Fix", "explain_result"]
