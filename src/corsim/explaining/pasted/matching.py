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

_MOST_OF_ONE = 1000  # as often as one wording is looked for in one paste
_LONGEST_WITH_BLANKS = 400
_LONGEST_LINE = 2000  # to either side of a wording
_WRAP = re.compile(r"[ \t]*[\r\n]+[ \t]*")
_PUNCTUATION = ".,;:!)]}。，；：）"
_QUOTED = re.compile(rf"\s*[{QUOTES}][^\n]*?[{QUOTES}](?=[\s.,;)]|$)")
_MARKDOWN = re.compile(r"\[([^\]\s]+)\]\([^)\s]*\)")
# The file that a console names behind a message, or in front of the next.
_SOURCE = re.compile(r"\s*\(?[\w.@%/:?=&-]*(?:, line \d+|:\d+(?::\d+)?)\)?\s*$")

FREE = frozenset(
    {"subject", "escaped_subject", "decoded_subject", "allow_methods", "allow_headers", "status_text"}
    | {"directive", "directive_understood"}
)
"""Fields that can hold anything, blanks too."""

_WITH_BLANKS = frozenset({"status", "kind", "words"})
_CAN_BE_EMPTY = frozenset({"location", "bare_location"})
_SHAPES = {
    **dict.fromkeys(("url", "redirected_from"), re.compile(r"\S*[:./]\S*")),
    "status": re.compile(r"\d{1,3}|\(null\)"),
    "kind": re.compile(r"[A-Za-z][A-Za-z ]{0,38}"),
    "words": re.compile(r"[^\n]{0,200}"),
}


@attrs.frozen
class Match:
    """A wording, where it stands in the text, what its fields hold, and the whole `line` around it."""

    wording: Wording
    start: int
    end: int
    values: Mapping[str, str]
    text: str
    line: str

    @property
    def weight(self) -> int:
        """How much of it is the wording's own: the longer of two that overlap is the right one."""
        return sum(map(len, self.wording.folded))


def matches(text: str) -> list[Match]:
    """Find every wording, in order; of those that overlap, the one that says most."""
    found: list[Match] = []
    rest: list[str] = []
    for line in text.split("\n"):
        exact = _exact(line)
        if exact is None:
            rest.append(line)
            continue
        found += [*_sought("\n".join(rest)), exact]
        rest.clear()
    return [*found, *_sought("\n".join(rest))]


def _exact(line: str) -> Match | None:
    """Read a line that is to the letter what an engine prints today."""
    for wording in wordings():
        first, *rest = wording.form.literals
        if wording.is_todays and line.startswith(first) and line.endswith(wording.form.literals[-1]):
            values = _cut(line[len(first) :], rest)
            if values is not None:
                named = dict(zip(wording.form.fields, values, strict=True))
                if all(_fits(name, value) for name, value in named.items()):
                    return Match(wording, 0, len(line), named, line, line)
    return None


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


def _sought(text: str) -> list[Match]:
    """Find wordings wherever they stand in a text, but for those that overlap with one that says more."""
    if not text or text.isspace():
        return []
    folded = fold_paste(text)
    found = [match for wording in wordings() for match in _all_of(wording, folded)]
    kept: list[Match] = []
    for match in sorted(found, key=lambda match: (-match.weight, match.start)):
        if all(match.end <= other.start or other.end <= match.start for other in kept):
            kept.append(match)
    return sorted(kept, key=lambda match: match.start)


def _all_of(wording: Wording, folded: Folded) -> Iterator[Match]:
    """Find one wording wherever it stands in a folded text."""
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
    first, last = folded.span(places[0][0], places[-1][1])
    for number, name in enumerate(wording.form.fields):
        before = wording.form.literals[number]
        if number == len(places) - 2 and places[-1][0] == places[-1][1]:
            start = folded.places[places[number][1] - 1] + 1
            raw = _rest(name, before, folded.original[start:])
            last = folded.original.index(raw, start) + len(raw)
        else:
            raw = folded.between(places[number][1], places[number + 1][0])
        value = _clean(name, raw, before)
        if not _fits(name, value):
            return None
        values[name] = value
    text = folded.original
    begin = max(text.rfind("\n", 0, first) + 1, first - _LONGEST_LINE)
    behind = text[last : last + _LONGEST_LINE].partition("\n")[0]
    return Match(wording, first, last, values, text[first:last], text[begin:last] + behind)


def _rest(name: str, before: str, text: str) -> str:
    """Take a field that nothing follows: up to its closing quote, or as much as it can be."""
    quoted = _QUOTED.match(text) if before.rstrip().endswith(tuple(QUOTES)) else None
    if quoted is not None:
        return quoted[0]
    line = text.lstrip().partition("\n")[0].rstrip()
    if name in FREE:
        return _SOURCE.sub("", line)
    if name in _WITH_BLANKS:
        found = _SHAPES[name].match(line)
        return found[0] if found else ""
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
