"""An answer that was another request's: the browser's HTTP cache had it."""

from __future__ import annotations

import attrs

from corsim.explaining.facts import Facts, Tell, Words

_FIX = (
    "Send Vary: Origin with every answer, to whoever asks: then caches keep them apart. "
    "To see it work, empty the cache, or fetch with cache: 'reload'."
)


def or_from_cache(tell: Tell) -> Tell:
    """Have a teller say so where the server was not asked, and leave out what it guesses of the server."""

    def told(facts: Facts) -> Words:
        words = tell(facts)
        return words if facts.from_cache is None else attrs.evolve(
            words, headline=f"{words.headline} {_whose(facts)}", fix=_FIX, notes=()
        )  # fmt: skip

    return told


def _whose(facts: Facts) -> str:
    """Say to whom the server gave the answer that the page got."""
    assert facts.from_cache is not None
    named = facts.from_cache.stored.request.headers.get("origin")
    if named == facts.origin:
        return "That is what the browser's HTTP cache had of an earlier request."
    asker = "a request without Origin, as an <img> without crossorigin makes" if named is None else named
    return f"The browser's HTTP cache had it: it is the answer to {asker}. Nobody asked the server this time."
