"""What a line can mean, read from meanings.toml: of each reason what happened, its rule, its suspects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import attrs
import tomli

from corsim.explaining.causes import Cause
from corsim.explaining.pasted.found import Found
from corsim.explaining.pasted.terms import Terms
from corsim.values.decision import Reason
from corsim.values.spec import ALGORITHMS, Step

_ALGORITHMS = {algorithm.anchor: algorithm for algorithm in ALGORITHMS}


def _statuses(ranges: Iterable[str]) -> frozenset[int]:
    ends = [(each.partition("-")[0], each.rpartition("-")[2]) for each in ranges]
    return frozenset(status for first, last in ends for status in range(int(first), int(last) + 1))


@attrs.frozen
class Suspect:
    """A cause that a line can have: what it `says`, its `fix`, and by what to `tell` it from others.

    `tell` completes "if ...". `statuses` are those that go with it: where another is known, it is out
    of question; `when` are properties of `Found`, with the value that they must have.
    """

    cause: Cause = attrs.field(converter=Cause)
    says: str
    fix: str
    tell: str = ""
    statuses: frozenset[int] = attrs.field(default=(), converter=_statuses, repr=False)
    when: Mapping[str, bool] = attrs.field(factory=dict, repr=False, eq=False)

    def is_possible(self, found: Found) -> bool:
        """Say whether what was found leaves it possible."""
        fits = not found.status or not self.statuses or found.status in self.statuses
        return fits and all(getattr(found, name) is wanted for name, wanted in self.when.items())

    def in_terms(self, found: Found) -> Suspect:
        """Put what was found into the texts."""
        terms = Terms(found)
        texts = {name: getattr(self, name).format_map(terms) for name in ("says", "fix", "tell")}
        return Suspect(self.cause, **texts)


@attrs.frozen
class Meaning:
    """A reason: what `happened`, the `rule` behind it with its step, its suspects, the likeliest first.

    Where it is not CORS, `mechanism` says what it is.
    """

    happened: str
    rule: str
    step: Step
    suspects: tuple[Suspect, ...]
    mechanism: str | None = None


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return tomli.loads(files(__package__).joinpath("meanings.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def suspects() -> dict[str, Suspect]:
    """Read all suspects, by name."""
    return {name: Suspect(**row) for name, row in _table()["suspect"].items()}


@lru_cache(maxsize=1)
def meanings() -> dict[Reason, Meaning]:
    """Read what each reason means that any engine prints a line for."""
    return {
        Reason(row["reason"]): Meaning(
            row["happened"],
            row["rule"],
            _step(row["step"]),
            tuple(suspects()[name] for name in row["suspects"]),
            row.get("mechanism"),
        )
        for row in _table()["meaning"]
    }


def _step(name: str) -> Step:
    """Make a step of its name, without a claim that it is decided here."""
    anchor, _, number = name.partition(" ")
    return Step(_ALGORITHMS[anchor], number)


def possible(every: Iterable[Suspect], found: Found) -> tuple[Suspect, ...]:
    """List the suspects that are left; all of them, if none were left.

    Of those that are not CORS, the likeliest alone: to tell these apart is another matter.
    """
    every = list(dict.fromkeys(every))
    left = [each for each in every if each.is_possible(found)] or every
    other = next((each for each in left if each.cause is Cause.NOT_CORS), None)
    return tuple(each.in_terms(found) for each in left if each.cause is not Cause.NOT_CORS or each is other)
