"""What is worth knowing of a fetch, however it ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corsim.engines import EngineProfile, profile
from corsim.explaining.facts import Facts
from corsim.explaining.page_policies import page_policies
from corsim.explaining.passed_over import passed_over
from corsim.explaining.unknown_headers import unknown_headers
from corsim.fetching.flow import Exchange
from corsim.values.spec import CORS_PREFLIGHT_FETCH

ENGINE_NAMES = {"chromium": "Chromium", "firefox": "Firefox", "webkit": "WebKit"}
MAX_AGE = "Access-Control-Max-Age"


def notes(facts: Facts) -> tuple[str, ...]:
    """Gather the notes that no reason and no outcome has to itself."""
    ages = () if facts.result.blocked is not None else tuple(_max_age(facts))
    trigger = (facts.trigger,) if facts.is_preflight and facts.result.blocked is not None else ()
    silent = dict.fromkeys((*page_policies(facts), *passed_over(facts)))
    return (*_ignored(facts), *unknown_headers(facts), *silent, *ages, *trigger)


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
