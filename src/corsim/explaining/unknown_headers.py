"""`Access-Control-*` headers that no browser reads: misspellings, and names from folklore."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher, get_close_matches

from corsim.explaining.facts import Facts
from corsim.values.headers import byte_lowercase

PREFIX = "access-control-"
READ = (
    "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Allow-Methods",
    "Access-Control-Allow-Headers", "Access-Control-Expose-Headers", "Access-Control-Max-Age",
)  # fmt: skip
"""All that a browser reads of a response."""

_ASKED = ("access-control-request-method", "access-control-request-headers")
_NAMES = {byte_lowercase(name): name for name in READ}
_ALIKE = 0.85  # a letter or two of some thirty
_ALIKE_IN_THE_END = 0.65  # or else what it is about is something else


def unknown_headers(facts: Facts) -> Iterator[str]:
    """Point out the headers of answers that only look like CORS, once each."""
    answers = [exchange.response for exchange in facts.result.exchanges if exchange.response is not None]
    given = {byte_lowercase(name): name for answer in answers for name, _ in answer.headers.pairs}
    for name, spelled in given.items():
        if is_unknown(name):
            yield f"No browser reads {spelled}{_instead(name)}."


def is_unknown(name: str) -> bool:
    """Say whether a name, in lower case, looks like a header of CORS and is none that is read.

    >>> is_unknown("access-control-allow-orgin"), is_unknown("access-control-max-age")
    (True, False)
    """
    looks = name.startswith(PREFIX) or (name not in _NAMES and nearest_name(name) is not None)
    return looks and name not in _NAMES


def nearest_name(name: str) -> str | None:
    """Find the header that a name, in lower case, is a misspelling of.

    >>> nearest_name("access-control-allow-orgins"), nearest_name("access-control-allow-everything")
    ('Access-Control-Allow-Origin', None)
    """
    found = get_close_matches(name, _NAMES, 1, _ALIKE)
    if not found or name in _ASKED:
        return None
    wanted, given = (each.rpartition("-")[2] for each in (found[0], name))
    is_about_it = SequenceMatcher(None, wanted, given).ratio() > _ALIKE_IN_THE_END
    return _NAMES[found[0]] if is_about_it else None


def _instead(name: str) -> str:
    """Say what a name may have been meant to be."""
    if name in _ASKED:
        meant = "Methods" if name.endswith("method") else "Headers"
        return f" in an answer: it is the browser's question, and the answer is Access-Control-Allow-{meant}"
    nearest = nearest_name(name)
    return "" if nearest is None else f": the header is called {nearest}"
