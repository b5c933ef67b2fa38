"""The smallest cases that still disagree: many are made smaller at once, since a browser takes batches."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias

from corsim.conformance.fuzzing.drawing import Document
from corsim.conformance.fuzzing.edits import Edit, apply_edits, proposals
from corsim.conformance.fuzzing.signatures import kinds
from corsim.conformance.fuzzing.simulated import document_of
from corsim.conformance.judging import Verdict

Ask: TypeAlias = Callable[[Sequence[Document]], Awaitable[Sequence[Verdict | None]]]
"""Has a browser and the simulator run documents, and gives a verdict on each that disagrees."""

ROUNDS = 12


async def shrink(given: Sequence[Verdict], ask: Ask, rounds: int = ROUNDS) -> list[Verdict]:
    """Make cases smaller, as long as what differs is of the kinds that differed before."""
    allowed = [kinds(row.mismatches) for row in given]
    best, active = list(given), list(range(len(given)))
    for _ in range(rounds):
        edits = {at: _proposed(document_of(best[at].case)) for at in active}
        singles = {
            (at, n): apply_edits(document_of(best[at].case), [edit])
            for at in active
            for n, edit in enumerate(edits[at])
        }
        kept = await _kept(singles, allowed, ask)
        good = {at: [n for n in range(len(edits[at])) if (at, n) in kept] for at in active}
        active = [at for at in active if good[at]]
        if not active:
            break
        joint = {
            (at, upto): apply_edits(document_of(best[at].case), _together(edits[at], good[at][:upto]))
            for at in active
            for upto in _prefixes(len(good[at]))
        }
        found = {**{(at, 1): kept[at, good[at][0]] for at in active}, **await _kept(joint, allowed, ask)}
        for at in active:
            best[at] = found[at, max(upto for other, upto in found if other == at)]
    return best


def _proposed(document: Document) -> list[Edit]:
    """List the edits that make another document, each outcome once."""
    known, edits = {_key(document)}, []
    for edit in proposals(document):
        key = _key(apply_edits(document, [edit]))
        if key not in known:
            known.add(key)
            edits.append(edit)
    return edits


def _together(edits: Sequence[Edit], numbers: Sequence[int]) -> list[Edit]:
    """Join edits that each work alone; of two that speak of one place, the first is taken."""
    chosen: list[Edit] = []
    taken: set[tuple[object, ...]] = set()
    for number in numbers:
        paths = [path for path, _ in edits[number].changes]
        if not any(path[:length] in taken for path in paths for length in range(1, len(path) + 1)):
            chosen.append(edits[number])
            taken.update(paths)
    return chosen


def _prefixes(length: int) -> list[int]:
    """All of them, and in case that is too much, the first half, quarter and so on."""
    sizes = []
    while length > 1:
        sizes.append(length)
        length //= 2
    return sizes


async def _kept(
    documents: Mapping[tuple[int, int], Document], allowed: Sequence[frozenset[str]], ask: Ask
) -> dict[tuple[int, int], Verdict]:
    """Keep the documents that still disagree, and in no new way."""
    answers = zip(documents, await ask(list(documents.values())), strict=True)
    return {
        key: row
        for key, row in answers
        if row is not None and row.mismatches and kinds(row.mismatches) <= allowed[key[0]]
    }


def _key(document: Document) -> str:
    return json.dumps(document)
