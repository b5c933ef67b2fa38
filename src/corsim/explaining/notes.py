"""What is worth knowing of a fetch, however it ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corsim.engines import EngineProfile, profile
from corsim.explaining.facts import Facts
from corsim.explaining.page_policies import page_policies
from corsim.explaining.unknown_headers import unknown_headers
from corsim.fetching.flow import Exchange
from corsim.values.decision import Reason
from corsim.values.spec import CORS_PREFLIGHT_FETCH

ENGINE_NAMES = {"chromium": "Chromium", "firefox": "Firefox", "webkit": "WebKit"}
SHARING = (
    Reason.ALLOW_ORIGIN_MISSING, Reason.ALLOW_ORIGIN_MISMATCH, Reason.ALLOW_ORIGIN_WILDCARD,
    Reason.ALLOW_CREDENTIALS_NOT_TRUE,
)  # fmt: skip
MAX_AGE = "Access-Control-Max-Age"


def notes(facts: Facts) -> tuple[str, ...]:
    """Gather the notes that no reason and no outcome has to itself."""
    ages = () if facts.result.blocked is not None else tuple(_max_age(facts))
    trigger = (facts.trigger,) if facts.is_preflight and facts.result.blocked is not None else ()
    policies = page_policies(facts)
    return (*_cached(facts), *_ignored(facts), *unknown_headers(facts), *policies, *ages, *trigger)


def _cached(facts: Facts) -> Iterator[str]:
    """Say of an answer that was refused whether it is another request's, which the HTTP cache kept."""
    hit = facts.from_cache
    if hit is None or facts.result.blocked is None or facts.result.blocked.reason not in SHARING:
        return
    named = hit.stored.request.headers.get("origin")
    asked = "without an Origin, as an <img> without crossorigin does" if named is None else f"by {named}"
    yield (
        f"The browser's HTTP cache had this answer, which was asked for {asked}, and the server was not "
        "asked for this one. Send Vary: Origin with every answer, to whoever asks: then they are kept apart."
    )


def _ignored(facts: Facts) -> Iterator[str]:
    """Name the headers that script gave and the browser did not take."""
    request = facts.result.request
    if request is None or not request.ignored_headers:
        return
    names = ", ".join(request.ignored_headers)
    why = "only safelisted headers go in no-cors mode" if request.mode == "no-cors" else "they are its own"
    yield f"The browser ignored what script gave for {names}: {why}."


def covers_authorization(engine: EngineProfile) -> bool:
    """Say whether `*` in Access-Control-Allow-Headers covers Authorization there."""
    return bool(getattr(engine, "wildcard_covers_authorization", False))


def enumerated(names: Sequence[str]) -> str:
    """Join names as in a sentence.

    >>> enumerated(["Chromium", "Firefox", "WebKit"]), enumerated(["WebKit"])
    ('Chromium, Firefox and WebKit', 'WebKit')
    """
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _max_age(facts: Facts) -> Iterator[str]:
    """Say where a preflight was not remembered for as long as its answer says."""
    sent = ""
    for turn in facts.result.trace:
        if isinstance(turn, Exchange):
            sent = "" if turn.response is None else turn.response.headers.get(MAX_AGE.lower(), "")
        elif turn.step is CORS_PREFLIGHT_FETCH["7.9"] and sent:
            yield (
                f"{MAX_AGE}: {sent} is no whole number of seconds, such as 600, so the preflight is "
                "remembered for 5 seconds."
            )
        elif turn.step is CORS_PREFLIGHT_FETCH["7.10"]:
            engine = facts.result.engine
            limit = profile(engine).max_age_limit
            yield f"{MAX_AGE}: {sent} is cut to {limit} seconds by {ENGINE_NAMES.get(engine, engine)}."
