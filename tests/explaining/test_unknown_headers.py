"""The notes on headers that no browser reads."""

from __future__ import annotations

import pytest

from corsim import Response
from corsim.explaining import explain_result
from corsim.explaining.unknown_headers import READ, is_unknown, nearest_name
from explaining.support import ALLOW, run


def noted(*names: str) -> list[str]:
    """List what is noted of headers that an answer has."""
    result = run(ALLOW, *((name, "x") for name in names))
    return [note for note in explain_result(result).notes if note.startswith("No browser reads")]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Access-Control-Allow-Orgin", "Access-Control-Allow-Origin"),
        ("Access-Control-Origin", "Access-Control-Allow-Origin"),
        ("Acess-Control-Allow-Origin", "Access-Control-Allow-Origin"),
        ("access-control-allow-method", "Access-Control-Allow-Methods"),
        ("Access-Control-Allow-Header", "Access-Control-Allow-Headers"),
        ("Access-Control-Allow-Credential", "Access-Control-Allow-Credentials"),
        ("Access-Control-Allow-Exposed-Headers", "Access-Control-Expose-Headers"),
        ("Access-Control-MaxAge", "Access-Control-Max-Age"),
    ],
)
def test_a_misspelling_is_told_with_the_real_name(name: str, meant: str) -> None:
    """A misspelled header is named as it was sent, with the header that it was meant to be."""
    assert noted(name) == [f"No browser reads {name}: the header is called {meant}."]


@pytest.mark.parametrize(
    "name",
    ["Access-Control-Request-Private-Network-Allowed", "Access-Control-Allow-Host", "Access-Control-Allow"],
)
def test_a_name_from_folklore_has_no_real_one(name: str) -> None:
    """A name that is near to none is pointed out, and nothing is guessed."""
    assert noted(name) == [f"No browser reads {name}."]


def test_a_misspelling_is_no_sign_of_a_cors_layer() -> None:
    """Who misspells the one header that counts has not left the page off a list."""
    words = explain_result(run(("Access-Control-Allow-Orgin", "*")))
    assert "so a CORS layer answered" not in words


def test_a_question_is_no_answer() -> None:
    """The browser's own headers are no headers of an answer."""
    assert noted("Access-Control-Request-Headers") == [
        "No browser reads Access-Control-Request-Headers in an answer: it is the browser's question, and "
        "the answer is Access-Control-Allow-Headers."
    ]


def test_what_is_read_is_not_pointed_out() -> None:
    """The six headers of CORS, and headers of other things, are left alone."""
    others = ("cache-control", "vary", "timing-allow-origin", "allow", "x-control", "origin")
    assert not any(is_unknown(name) for name in (*map(str.lower, READ), *others))
    assert [nearest_name(name.lower()) for name in READ] == list(READ)


def test_each_is_told_once_of_all_answers() -> None:
    """What the preflight's answer has is told, too, and what both have is told once."""
    folk = ("Access-Control-Allow-Verbs", "PUT")
    preflight = Response(204, [ALLOW, ("Access-Control-Allow-Methods", "PUT"), folk])
    notes = explain_result(run(ALLOW, folk, method="PUT", preflight=preflight)).notes
    assert notes.count("No browser reads Access-Control-Allow-Verbs.") == 1
