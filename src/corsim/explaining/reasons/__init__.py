"""For each reason, and each end that is no refusal, what there is to say of it.

    script      what script asked for can't be asked for
    request     the page may not make the request, or nothing answered
    page_policy what the headers of the page itself have refused
    sharing     the CORS check, of a preflight's or an actual response
    preflight   what else a preflight must say
    answers     an answer that is not what the page can take
    redirect    a redirect that is not followed
    web_socket  a handshake, which CORS has no say in
    outcomes    the ends that are no refusal
    hints       where to look before any edit of headers

Each reason has one function in one table, which turns `Facts` into `Words`.
"""

from corsim.explaining.facts import Tell
from corsim.explaining.reasons import (
    answers,
    page_policy,
    preflight,
    redirect,
    request,
    script,
    sharing,
    web_socket,
)
from corsim.explaining.reasons.elements import OF_ELEMENTS
from corsim.explaining.reasons.outcomes import OUTCOMES
from corsim.values.decision import Reason

__all__ = ["OF_ELEMENTS", "OUTCOMES", "REASONS"]

REASONS: dict[Reason, Tell] = {
    **script.WORDS,
    **request.WORDS,
    **page_policy.WORDS,
    **sharing.WORDS,
    **preflight.WORDS,
    **answers.WORDS,
    **redirect.WORDS,
    **web_socket.WORDS,
}
"""For each reason, the function that says what happened, why, and what to look at."""
