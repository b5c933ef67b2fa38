"""A result in plain words: what happened, which rule it was, what to change.

    triggers            why a header that could go unasked does not
    facts               what a result holds, named as the words need it
    notes               what is worth knowing, however it ended
    fixes               what would have let the page through
    origins             how a value differs from the origin that it should have been
    script_reasons      what script asked for can't be asked for
    request_reasons     the page may not make the request, or nothing answered
    sharing_reasons     the CORS check, of a preflight's or an actual response
    preflight_reasons   what else a preflight must say
    redirect_reasons    a redirect that is not followed
    outcomes            the ends that are no refusal
    words               the table of all, and its two readers

Each reason has one function in one table, which turns `Facts` into an `Explanation`.
"""

from corsim.explaining.facts import Explanation
from corsim.explaining.words import REASONS, explain_result, explanation

__all__ = ["REASONS", "Explanation", "explain_result", "explanation"]
