"""The step numbers in the sources are the standard's, and the generated pages are fresh."""

from __future__ import annotations

import generate
import pytest

import corsim.browser  # noqa: F401 — so that every algorithm has named the steps that it decides
from corsim.values.spec import ALGORITHMS, Algorithm

KNOWN = generate.known_steps()
NOTES = list(generate.notes())

# Steps that only name things or hand on what others have found; there is nothing to tell of them.
BOOKKEEPING = {
    "concept-main-fetch": {"1", "2"},
    "concept-scheme-fetch": {"2"},
    "concept-http-fetch": {"1", "2", "7"},
    "concept-http-redirect-fetch": {"1", "2"},
    "concept-tao-check": {"1"},
}
# Of this one, corsim decides a single step; the rest is connections and bytes.
NOT_FOLLOWED = {"concept-http-network-fetch"}


@pytest.mark.parametrize("note", NOTES, ids=lambda note: f"{note.path.name}:{note.line}")
def test_a_cited_step_exists(note: generate.Note) -> None:
    """Every step that a comment names is one of the algorithm's in the pinned standard."""
    assert not [number for number in note.numbers if number not in KNOWN[note.anchor]]


@pytest.mark.parametrize("algorithm", ALGORITHMS, ids=lambda algorithm: algorithm.anchor)
def test_a_decided_step_exists(algorithm: Algorithm) -> None:
    """Every step that a decision carries is one of the algorithm's in the pinned standard."""
    assert not [number for number in algorithm.steps if number not in KNOWN[algorithm.anchor]]


@pytest.mark.parametrize("anchor", sorted(set(KNOWN) - NOT_FOLLOWED))
def test_no_step_is_passed_over_in_silence(anchor: str) -> None:
    """Each step of an algorithm is done, or marked as out of scope, or mere bookkeeping."""
    cited = {number.split(".")[0] for note in NOTES if note.anchor == anchor for number in note.numbers}
    whole = {number for number in KNOWN[anchor] if "." not in number}
    assert whole - cited == BOOKKEEPING.get(anchor, set())


@pytest.mark.parametrize("name", generate.PAGES)
def test_generated_pages_are_fresh(name: str) -> None:
    """docs/ says what the tables say; `make docs` writes it anew."""
    page = generate.ROOT / "docs" / name
    assert page.read_text("utf-8") == generate.PAGES[name]()
