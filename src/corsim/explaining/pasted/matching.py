"""Where a paste has a wording, and the values that stand in its fields.

A whole line that is as the engine wrote it is read exactly, whatever its values hold. Everything
else is sought in the folded text: somewhere, however wrapped, quoted and cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import attrs

from corsim.explaining.pasted.folding import QUOTES, Folded, fold_paste
from corsim.explaining.pasted.wordings import Wording, wordings

_MOST_OF_ONE = 100  # as often as one wording is looked for in one paste
_LONGEST_WITH_BLANKS = 400
_WRAP = re.compile(r"[ \t]*[\r\n]+[ \t]*")
_PUNCTUATION = ".,;:!)]}"
_MARKDOWN = re.compile(r"\[([^\]\s]+)\]\([^)\s]*\)")
# The file that a console names behind a message, or in front of the next.
_SOURCE = re.compile(r"\s*\(?[\w.@%/:?=&-]*(?:, line \d+|:\d+(?::\d+)?)\)?\s*$")

FREE = frozenset(
    {"subject", "escaped_subject", "decoded_subject", "allow_methods", "allow_headers", "status_text"}
)
"""Fields that can hold anything, blanks too."""

_CAN_BE_EMPTY = frozenset({"location", "bare_location"})
_SHAPES = {
    "status": re.compile(r"\d{1,3}|\(null\)"),
    "kind": re.compile(r"[A-Za-z][A-Za-z ]{0,38}"),
    "words": re.compile(r"[^\n]{0,200}"),
}


@attrs.frozen
class Match:
    """A wording, where it stands in the text, and what its fields hold."""

    wording: Wording
    start: int
    end: int
    values: Mapping[str, str]
    text: str

    @property
    def weight(self) -> int:
        """How much of it is the wording's own: the longer of two that overlap is the right one."""
        return sum(map(len, self.wording.folded))


def matches(text: str) -> list[Match]:
    """Find every wording, in order; of those that overlap, the one that says most."""
    exact = [found for start, line in _lines(text) for found in _exact(line, start)]
    if exact:
        return _apart(exact)
    folded = fold_paste(text)
    return _apart([found for wording in wordings() for found in _sought(wording, folded)])


def _apart(found: list[Match]) -> list[Match]:
    """Drop what overlaps with something heavier."""
    kept: list[Match] = []
    for match in sorted(found, key=lambda match: (-match.weight, match.start)):
        if all(match.end <= other.start or other.end <= match.start for other in kept):
            kept.append(match)
    return sorted(kept, key=lambda match: match.start)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1


def _exact(line: str, start: int) -> Iterator[Match]:
    """Read a line that an engine wrote, to the letter."""
    for wording in wordings():
        first, *rest = wording.form.literals
        # Nothing but a field at its end could be anything.
        if not line.startswith(first) or not line.endswith(wording.form.literals[-1]):
            continue
        values = _cut(line[len(first) :], rest)
        if values is not None:
            named = dict(zip(wording.form.fields, values, strict=True))
            if all(_fits(name, value) for name, value in named.items()):
                yield Match(wording, start, start + len(line), named, line)


def _cut(rest: str, literals: list[str]) -> list[str] | None:
    """Cut a line at its literals; the last one ends it."""
    values = []
    for number, literal in enumerate(literals):
        is_last = number == len(literals) - 1
        at = len(rest) - len(literal) if is_last else rest.find(literal)
        if at < 0:
            return None
        values.append(rest[:at])
        rest = rest[at + len(literal) :]
    return None if rest else values


def _sought(wording: Wording, folded: Folded) -> Iterator[Match]:
    """Find a wording wherever it stands in a folded text."""
    start = 0
    for _ in range(_MOST_OF_ONE):
        places = _places(folded.text, wording.folded, start)
        if places is None:
            return
        start = places[-1][1] if places[-1][1] > places[0][0] else places[0][0] + 1
        match = _match(wording, folded, places)
        if match is not None:
            yield match


def _places(text: str, literals: tuple[str, ...], start: int) -> list[tuple[int, int]] | None:
    """Find the literals, in order: those that end first and, of these, those that begin last."""
    found = _forward(text, literals, start)
    if found is None or len(literals) == 1 or not literals[0]:
        return found
    end = found[-1]
    last = text.rfind(literals[0], found[0][0], end[0])
    while last > found[0][0]:
        nearer = _forward(text, literals, last)
        if nearer is not None and nearer[-1] == end:
            return nearer
        last = text.rfind(literals[0], found[0][0], last)
    return found


def _forward(text: str, literals: tuple[str, ...], start: int) -> list[tuple[int, int]] | None:
    found = []
    for number, literal in enumerate(literals):
        # A full stop or a bracket at the end is the first thing that gets lost.
        wanted = literal.rstrip(".)") if number == len(literals) - 1 else literal
        at = text.find(wanted, start)
        if at < 0:
            return None
        start = at + len(wanted)
        found.append((at, start))
    return found


def _match(wording: Wording, folded: Folded, places: list[tuple[int, int]]) -> Match | None:
    values = {}
    end = places[-1][1]
    for number, name in enumerate(wording.form.fields):
        is_last = number == len(places) - 2 and places[-1][0] == end
        if is_last:
            raw = _rest(name, folded.original[folded.places[places[number][1] - 1] + 1 :])
        else:
            raw = folded.between(places[number][1], places[number + 1][0])
        value = _clean(name, raw, wording.form.literals[number])
        if not _fits(name, value):
            return None
        values[name] = value
    first, last = folded.span(places[0][0], end)
    return Match(wording, first, last, values, folded.original[first:last])


def _rest(name: str, text: str) -> str:
    """Take a field that ends its line: as much as it can be."""
    line = text.lstrip().partition("\n")[0].rstrip()
    if name in FREE:
        return _SOURCE.sub("", line)
    return (line.split() or [""])[0].rstrip(_PUNCTUATION)


def _clean(name: str, raw: str, before: str) -> str:
    """Take off what stands around a value: the template's quotes, a link's brackets, a wrap."""
    text = raw.strip()
    if before.rstrip().endswith(tuple(QUOTES)) or name not in FREE:
        text = text[text[:1] in QUOTES and text[:1] != "" :]
        text = text[: len(text) - (text[-1:] in QUOTES and text[-1:] != "")]
    if name in FREE:
        return _WRAP.sub(" ", text)
    text = _WRAP.sub("", text).strip(QUOTES)
    return _MARKDOWN.sub(r"\1", text).removeprefix("<").removesuffix(">").rstrip(",;")


def _fits(name: str, value: str) -> bool:
    """Say whether a field can hold this."""
    shape = _SHAPES.get(name)
    if shape is not None:
        return shape.fullmatch(value) is not None
    has_blanks = any(char.isspace() for char in value)
    if name in FREE:
        return "\n" not in value and not (has_blanks and len(value) > _LONGEST_WITH_BLANKS)
    return (bool(value) or name in _CAN_BE_EMPTY) and not has_blanks
