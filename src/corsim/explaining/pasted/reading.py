"""What a paste says: the reasons and causes that it can have, and how to tell them apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import attrs

from corsim.engines import EngineName
from corsim.explaining.causes import Cause
from corsim.explaining.pasted.claims import Claim, claims
from corsim.explaining.pasted.found import Found
from corsim.explaining.pasted.meanings import Meaning, Suspect, meanings, possible, suspects
from corsim.explaining.pasted.wordings import Elsewhere
from corsim.values.decision import Reason

Verdict = Literal["Blocked", "Not CORS", "Not blocked", "Says too little", "No console line"]


@attrs.frozen(repr=False)
class Reading:
    """What a paste says of a failure; `str()` of it is the explanation.

    Of several `reasons` or `causes` that fit, the first is the likeliest; `suspects` are the causes with
    what to look at to tell them apart, and their fixes. `meaning` has the rule of the likeliest reason,
    `mechanism` names what it is where it is not CORS. `lines` are the parts of `text` that were
    understood, `also` other failures in the same paste.
    """

    text: str
    verdict: Verdict
    found: Found = attrs.field(factory=Found)
    reasons: tuple[Reason, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    engines: tuple[EngineName, ...] = ()
    meaning: Meaning | None = None
    mechanism: str | None = None
    lines: tuple[str, ...] = ()
    also: tuple[Reading, ...] = ()

    @property
    def reason(self) -> Reason | None:
        """The likeliest reason."""
        return self.reasons[0] if self.reasons else None

    @property
    def causes(self) -> tuple[Cause, ...]:
        """The causes that fit, the likeliest first."""
        return tuple(dict.fromkeys(suspect.cause for suspect in self.suspects))

    @property
    def cause(self) -> Cause | None:
        """The likeliest cause."""
        return self.causes[0] if self.causes else None

    @property
    def engine(self) -> EngineName | None:
        """The engine that says it so; None where several do, or none of today's."""
        return self.engines[0] if len(self.engines) == 1 else None

    @property
    def url(self) -> str | None:
        """The URL whose answer was refused."""
        return self.found.url

    @property
    def origin(self) -> str | None:
        """The page's origin, or the one that the request named."""
        return self.found.origin

    @property
    def tokens(self) -> tuple[str, ...]:
        """The values at fault: a header's name or value, a method."""
        values = (self.found.token, self.found.header)
        return tuple(dict.fromkeys(value for value in values if value))

    @property
    def gist(self) -> tuple[object, ...]:
        """What makes it another failure than the next."""
        return self.verdict, self.url, self.reasons, self.mechanism

    @property
    def headline(self) -> str:
        """The cause, in the one line that the explanation begins with."""
        return str(self).partition("\n")[0]

    def __str__(self) -> str:
        from corsim.explaining.pasted.telling import tell

        return tell(self)

    def __repr__(self) -> str:
        return f"<Reading {self.headline}>"


_WEIGHTS: dict[Verdict, int] = {"Not blocked": 1, "Says too little": 2}


def read(text: str) -> Reading:
    """Read what was pasted: console lines of any engine, however they were copied."""
    found = [_reading(text, claim) for claim in claims(text)] or [Reading(text, "No console line")]
    first, *others = sorted(found, key=lambda reading: _WEIGHTS.get(reading.verdict, 0))
    return attrs.evolve(first, also=tuple(_apart(first, others)))


def _apart(first: Reading, others: list[Reading]) -> Iterator[Reading]:
    """Choose what is worth saying beside the first: no failure twice, and none that says too little."""
    told = {first.gist}
    for other in others:
        if other.verdict != "Says too little" and other.gist not in told:
            told.add(other.gist)
            yield other


def _reading(text: str, claim: Claim) -> Reading:
    found = claim.found
    reading = Reading(text, "Blocked", found, claim.left, engines=claim.engines, lines=claim.lines)
    if claim.elsewhere is not None:
        return _of_elsewhere(reading, claim.elsewhere)
    if claim.is_vague:
        return attrs.evolve(reading, verdict="Says too little", suspects=_suspects(claim.left, found))
    if claim.left:
        meaning = meanings()[claim.left[0]]
        return attrs.evolve(
            reading,
            verdict="Not CORS" if meaning.mechanism else "Blocked",
            suspects=_suspects(claim.left, found),
            meaning=meaning,
            mechanism=meaning.mechanism,
        )
    name = "star-will-not-cover" if Cause.WILDCARD_WITHOUT_AUTHORIZATION in claim.causes else "error-status"
    return attrs.evolve(reading, verdict="Not blocked", suspects=(suspects()[name].in_terms(found),))


def _of_elsewhere(reading: Reading, other: Elsewhere) -> Reading:
    suspects = [Suspect(cause, other.says, other.fix).in_terms(reading.found) for cause in other.causes]
    return attrs.evolve(
        reading,
        verdict="Not blocked" if not other.blocks else "Blocked" if other.is_cors else "Not CORS",
        suspects=tuple(suspects),
        mechanism=other.mechanism,
    )


def _suspects(reasons: tuple[Reason, ...], found: Found) -> tuple[Suspect, ...]:
    return possible((each for reason in reasons for each in meanings()[reason].suspects), found)
