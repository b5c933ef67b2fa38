"""For each reason, and each end that is no refusal, what there is to say of it.

    script      what script asked for can't be asked for
    request     the page may not make the request, or nothing answered
    sharing     the CORS check, of a preflight's or an actual response
    preflight   what else a preflight must say
    answers     an answer that is not what the page can take
    redirect    a redirect that is not followed
    outcomes    the ends that are no refusal
    hints       where to look before any edit of headers

Each reason has one function in one table, which turns `Facts` into `Words`.
"""

from corsim.explaining.facts import Tell
from corsim.explaining.reasons import answers, preflight, redirect, request, script, sharing
from corsim.explaining.reasons.elements import OF_ELEMENTS
from corsim.explaining.reasons.outcomes import OUTCOMES
from corsim.values.decision import Reason

__all__ = ["OF_ELEMENTS", "OUTCOMES", "REASONS"]

REASONS: dict[Reason, Tell] = {
    **script.WORDS,
    **request.WORDS,
    **sharing.WORDS,
    **preflight.WORDS,
    **answers.WORDS,
    **redirect.WORDS,
}
"""For each reason, the function that says what happened, why, and what to look at."""
