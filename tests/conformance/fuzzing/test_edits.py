"""Edits: what can be taken out of a document, and that nothing else is changed."""

from __future__ import annotations

import copy
from random import Random

import pytest

from corsim.conformance.fuzzing.drawing import Document, draw_document
from corsim.conformance.fuzzing.edits import apply_edits, proposals, remove, replace
from corsim.conformance.fuzzing.simulated import simulated_case
from corsim.engines import SPEC


def document() -> Document:
    headers = [["A", "1"], ["B", "2"], ["C", "3"]]
    return {
        "fetch": [{"page": "https://app.example", "url": "https://a.example/", "headers": headers}],
        "server": [],
    }


def test_positions_stay_what_they_are() -> None:
    """Several edits speak of the document as it was, in whatever order they come."""
    path = ("fetch", 0, "headers")
    edits = [remove((*path, 0)), remove((*path, 2)), replace((*path, 1), ["D", "4"])]
    for given in (edits, edits[::-1]):
        assert apply_edits(document(), given)["fetch"][0]["headers"] == [["D", "4"]]


def test_what_is_in_a_thing_goes_with_it() -> None:
    """A header and the list that it is in can both be taken out."""
    edits = [remove(("fetch", 0, "headers", 1)), remove(("fetch", 0, "headers"))]
    assert "headers" not in apply_edits(document(), edits)["fetch"][0]


def test_more_than_ten_positions() -> None:
    """Positions are numbers, not words: the tenth comes after the second."""
    long = document()
    long["fetch"][0]["headers"] = [["A", str(number)] for number in range(12)]
    edits = [remove(("fetch", 0, "headers", at)) for at in range(12) if at != 5]
    assert apply_edits(long, edits)["fetch"][0]["headers"] == [["A", "5"]]


@pytest.mark.parametrize("seed", range(40))
def test_proposals_make_cases(seed: int) -> None:
    """Every proposal changes something, makes a case, and leaves the document itself alone."""
    given = draw_document(Random(seed))
    before = copy.deepcopy(given)
    for edit in proposals(given):
        edited = apply_edits(given, [edit])
        assert edited != before
        simulated_case("fuzz/1", edited, SPEC)
    assert given == before
