"""All wordings that are known: today's from the books, read backwards, and those of other times and places.

console/*.toml      what Chromium, Firefox and WebKit print today
old.toml            what they printed before and elsewhere, and what they call it
elsewhere.toml      what looks like CORS, and is something else
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import attrs
import tomli

from corsim.engines import ENGINES, EngineName
from corsim.explaining.causes import Cause
from corsim.explaining.console.book import Phrase, Row, book
from corsim.explaining.pasted.folding import fold
from corsim.explaining.pasted.forms import Form, forms
from corsim.values.decision import Reason

REAL: tuple[EngineName, ...] = ENGINES[1:]

_SHORTEST = 7  # letters, or three of Chinese; what is shorter says nothing

# Chromium says it of whatever loads: of fonts and images too, which pages don't fetch() here.
_OPEN = {"api": (Phrase("{kind}"),)}


@attrs.frozen
class Elsewhere:
    """What is no CORS: its `mechanism`, what it `says`, the `fix`; unless it `blocks`, it is a remark.

    What servers say of CORS `is_cors` all the same.
    """

    mechanism: str
    says: str
    fix: str
    causes: tuple[Cause, ...] = (Cause.NOT_CORS,)
    blocks: bool = True
    is_cors: bool = False


@attrs.frozen
class Wording:
    """One form of a line, and all that it can mean.

    `reasons` are those that it is printed for, the likeliest first; `beside` those that have a
    line of their own, and this one beside it. A line of neither is about something else, or about nothing
    that was refused. One that `is_vague` needs another beside it; `is_anything` goes with whatever that is.
    `is_todays` is what stands in a book to the letter.
    """

    form: Form
    folded: tuple[str, ...]
    engines: tuple[EngineName, ...] = ()
    reasons: tuple[Reason, ...] = ()
    beside: tuple[Reason, ...] = ()
    causes: tuple[Cause, ...] = ()
    elsewhere: Elsewhere | None = None
    is_vague: bool = False
    is_anything: bool = False
    is_todays: bool = False

    def also(self, other: Wording) -> Wording:
        """Add what the same form means in another place."""
        return attrs.evolve(
            self,
            form=attrs.evolve(self.form, told=_agreed(self.form.told, other.form.told)),
            engines=_union(self.engines, other.engines),
            reasons=_union(self.reasons, other.reasons),
            beside=_union(self.beside, other.beside),
            causes=_union(self.causes, other.causes),
            elsewhere=self.elsewhere or other.elsewhere,
            is_vague=self.is_vague or other.is_vague,
            is_anything=self.is_anything or other.is_anything,
            is_todays=self.is_todays or other.is_todays,
        )


def _union(*lists: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(value for values in lists for value in values))


def _agreed(one: Mapping[str, bool], other: Mapping[str, bool]) -> dict[str, bool]:
    return {name: value for name, value in one.items() if other.get(name) is value}


@lru_cache(maxsize=1)
def wordings() -> tuple[Wording, ...]:
    """Gather all wordings, each form once."""
    found: dict[tuple[str, ...], Wording] = {}
    for wording in (*_of_books(), *_of_old(), *_of_elsewhere()):
        key = wording.form.literals
        found[key] = found[key].also(wording) if key in found else wording
    return tuple(found.values())


def _made(
    template: str,
    phrases: Mapping[str, tuple[Phrase, ...]],
    told: Mapping[str, bool] = MappingProxyType({}),
    **meaning: Any,
) -> Iterator[Wording]:
    """Make a wording of each form of a template, and of each without its lead."""
    for form in (*forms(template, phrases), *forms(template, phrases, whole=False)):
        folded = tuple(map(fold, form.literals))
        if len("".join(folded).encode()) >= _SHORTEST:
            yield Wording(attrs.evolve(form, told={**form.told, **told}), folded, **meaning)


def _of_books() -> Iterator[Wording]:
    for engine in REAL:
        page = book(engine)
        phrases = {**page.phrases, **(_OPEN if engine == "chromium" else {})}
        for row in page.rows:
            yield from _of_row(row, phrases, engine)
        for phrase in page.ignored_headers:  # said of them in elsewhere.toml
            yield from _made(phrase.text, phrases, engines=(engine,), is_todays=True)
        for phrase in page.covered_authorization:
            cause = (Cause.WILDCARD_WITHOUT_AUTHORIZATION,)
            yield from _made(phrase.text, phrases, engines=(engine,), is_todays=True, causes=cause)


def _of_row(row: Row, phrases: Mapping[str, tuple[Phrase, ...]], engine: EngineName) -> Iterator[Wording]:
    """Read a row: its first line is about its reasons, the others stand beside it."""
    for number, line in enumerate(row.lines):
        own, beside = (row.reasons, ()) if number == 0 else ((), row.reasons)
        causes = () if row.reasons else (Cause.SERVER_ERROR,)
        yield from _made(
            line, phrases, engines=(engine,), is_todays=True, causes=causes, reasons=own, beside=beside
        )


def _read(name: str) -> dict[str, Any]:
    return tomli.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def old_rows() -> tuple[dict[str, Any], ...]:
    """Read the rows of old wordings."""
    return tuple(_read("old")["row"])


def _of_old() -> Iterator[Wording]:
    for row in old_rows():
        for line in row["lines"]:
            yield from _made(
                line,
                {},
                {"is_preflight": row["preflight"]} if "preflight" in row else {},
                engines=tuple(row.get("engines", ())),
                reasons=tuple(map(Reason, row.get("reasons", ()))),
                causes=tuple(map(Cause, row.get("causes", ()))),
                is_vague=row.get("vague", False),
                is_anything=row.get("vague", False) and "reasons" not in row,
            )


@lru_cache(maxsize=1)
def elsewhere_rows() -> tuple[dict[str, Any], ...]:
    """Read the rows of what is no CORS."""
    return tuple(_read("elsewhere")["row"])


def _elsewhere(row: Mapping[str, Any]) -> Elsewhere:
    causes = tuple(map(Cause, row.get("causes", ("not-cors",))))
    return Elsewhere(
        row["mechanism"], row["says"], row["fix"], causes, row.get("blocks", True), row.get("cors", False)
    )


def _of_elsewhere() -> Iterator[Wording]:
    for row in elsewhere_rows():
        for line in row["lines"]:
            yield from _made(
                line,
                {},
                engines=tuple(row.get("engines", ())),
                reasons=tuple(map(Reason, row.get("reasons", ()))),
                elsewhere=_elsewhere(row),
            )
