"""corsim.values.spec."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import corsim.fetching
from corsim.values.spec import ALGORITHMS, CORS_CHECK, XHR_OPEN, Algorithm


def test_a_step_is_one_object() -> None:
    """Looking up a step twice gives the same step, so that steps can be compared by identity."""
    assert CORS_CHECK["4"] is CORS_CHECK["4"]
    assert CORS_CHECK["4"] is not CORS_CHECK["5"]


def test_a_step_knows_its_name_id_and_address() -> None:
    """A step prints in the standard's words, and has the id that spec cases use."""
    step = CORS_CHECK["4"]
    assert (str(step), repr(step)) == ("CORS check 4", "CORS check 4")
    assert step.id == "concept-cors-check 4"
    assert step.url == "https://fetch.spec.whatwg.org/#concept-cors-check"
    assert XHR_OPEN["2"].url.startswith("https://xhr.spec.whatwg.org/#")


@pytest.mark.parametrize("algorithm", ALGORITHMS, ids=lambda algorithm: algorithm.anchor)
def test_every_algorithm_has_steps_that_the_code_decides(algorithm: Algorithm) -> None:
    """No algorithm is listed whose steps nobody decides, but those that only guard."""
    assert corsim.fetching is not None
    assert all(re.fullmatch(r"[0-9]+(\.[0-9]+)*", number) for number in algorithm.steps)


def test_anchors_are_unique() -> None:
    """No two algorithms share an anchor, or an id would name two steps."""
    anchors = [algorithm.anchor for algorithm in ALGORITHMS]
    assert len(set(anchors)) == len(anchors)


def test_every_module_of_the_chapter_names_its_section() -> None:
    """Each module of `corsim.fetching` begins with an address in a standard."""
    folder = Path(corsim.fetching.__path__[0])
    for path in folder.glob("*.py"):
        if path.name not in ("__init__.py", "flow.py", "header_lines.py"):
            assert "https://" in path.read_text("utf-8")[:200], path.name
