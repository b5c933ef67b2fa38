"""Lines as people have pasted them since 2012, each read as what it says."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from corsim import Reason, explain
from corsim.explaining.causes import Cause

LINES: list[dict[str, Any]] = tomli.loads(
    (Path(__file__).parent / "lines.toml").read_text("utf-8")
)["line"]  # fmt: skip
PLAIN = [
    row["text"]
    for row in LINES
    if row["verdict"] == "Blocked" and "\n" not in row["text"] and "&" not in row["text"]
]
FIRST_WORDS = {
    "Blocked": "Blocked: ",
    "Not CORS": "Not CORS, but ",
    "Not blocked": "Not blocked: ",
    "Says too little": "Could not tell: ",
    "No console line": "Could not tell: ",
}


@pytest.mark.parametrize("row", LINES, ids=[f"{n}-{row['text'][:40]}" for n, row in enumerate(LINES)])
def test_a_line_is_read(row: dict[str, Any]) -> None:
    """Verdict, reasons, causes and values are those that the line tells."""
    reading = explain(row["text"])
    assert reading.verdict == row["verdict"]
    assert reading.mechanism == row.get("mechanism")
    assert reading.engines == tuple(row.get("engines", ()))
    assert (reading.url, reading.origin) == (row.get("url"), row.get("origin"))
    assert reading.tokens == tuple(row.get("tokens", ()))
    assert reading.found.status == row.get("status")
    if reading.verdict != "Says too little":
        assert reading.reasons == tuple(map(Reason, row.get("reasons", ())))
        assert reading.causes == tuple(map(Cause, row.get("causes", ())))


@pytest.mark.parametrize("row", LINES, ids=[f"{n}-{row['text'][:40]}" for n, row in enumerate(LINES)])
def test_an_answer_is_short(row: dict[str, Any]) -> None:
    """The cause is in the first line, a fix follows, and nothing is left to fill in by mistake."""
    text = str(explain(row["text"]))
    assert text.startswith(FIRST_WORDS[row["verdict"]])
    assert len(text.splitlines()) <= 30
    assert "Fix: " in text or text.startswith("Could not tell: ")
    assert "None" not in text.replace("SameSite=None", "")
    assert not {"{", "}"} & set(text) - set(row["text"])


def test_most_causes_are_met() -> None:
    """All causes that a line can tell are among these; the others are no failure of any fetch."""
    met = {cause for row in LINES for cause in row.get("causes", ())}
    assert set(Cause) - met == {"expose-wildcard-with-credentials", "redirect-with-userinfo"} - met


def wrapped(text: str, places: list[int]) -> str:
    """Wrap a text at some of its blanks, as terminals and mail do."""
    words = text.split(" ")
    chosen = {place % len(words) for place in places}
    return "".join(word + ("  \n    " if n in chosen else " ") for n, word in enumerate(words)).rstrip()


BEFORE = ["", "app.js:12 ", "[Error] ", "12:03:55.001 ", "❌ ", "> ", "ERROR in console: ", "(index):1 "]
BEHIND = ["", " app.js:12:5", "\n    at fetch (app.js:12)", " @ app.js:12", "\nUncaught (in promise)"]


@given(
    st.sampled_from(PLAIN),
    st.lists(st.integers(0, 99), max_size=5),
    st.sampled_from(["'’", "'`", "'\"", "'′", '"”', "  "]),
    st.sampled_from(
        ["", "app.js:12 ", "[Error] ", "12:03:55.001 ", "❌ ", "> ", "ERROR in console: ", "(index):1 "]
    ),
    st.sampled_from(
        ["", " app.js:12:5", "\n    at fetch (app.js:12)", " @ app.js:12", "\nUncaught (in promise)"]
    ),
)
def test_copying_does_no_harm(text: str, places: list[int], quotes: str, before: str, after: str) -> None:
    """Wraps, other quotes, and what a console writes before and behind a line leave its meaning."""
    reading, plain = explain(before + wrapped(text, places).replace(*quotes) + after), explain(text)
    assert (reading.verdict, reading.reasons, reading.causes) == (plain.verdict, plain.reasons, plain.causes)
    assert (reading.url, reading.origin) == (plain.url, plain.origin)


def test_a_result_is_explained_too() -> None:
    """`explain(result)` is what the result says of itself; a list of lines is a paste."""
    from explaining.support import run

    result = run(engine="webkit")
    assert explain(result) == result.explain()
    assert explain(result.console) == explain("\n".join(result.console))
    assert explain(list(result.console)).reason == result.blocked.reason  # type: ignore[union-attr]


@pytest.mark.parametrize("what", [None, 3, b"Access to fetch", ["a", 1], {"a": "b"}, object()])
def test_what_is_no_text(what: Any) -> None:
    """Bytes and the like are refused, with the value."""
    with pytest.raises(TypeError, match="what is to be explained must be a Result, or text from a console"):
        explain(what)


def test_other_failures_in_the_same_paste() -> None:
    """Each failure is told apart by its URL; the first one is explained, the others are named."""
    reading = explain(
        "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "
        "https://a.example/. (Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 200.\n"
        "noise\n"
        "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "
        "https://b.example/. (Reason: CORS preflight response did not succeed). Status code: 401.\n"
        "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "
        "https://b.example/. (Reason: CORS request did not succeed). Status code: (null).\n"
    )
    assert (reading.url, reading.cause) == ("https://a.example/", Cause.NO_CORS_HEADERS)
    (other,) = reading.also
    assert (other.url, other.cause) == ("https://b.example/", Cause.PREFLIGHT_UNAUTHORIZED)
    assert str(reading).splitlines()[-1] == f"Also: {other.headline}"
    assert len({reading, other, reading}) == 2


def test_a_whole_log() -> None:
    """Of many failures a few are named; all of them are in `also`."""
    line = "GET https://api.example/{} net::ERR_CONNECTION_REFUSED"
    reading = explain("\n".join(line.format(number) for number in range(40)))
    assert len(reading.also) == 39
    assert str(reading).splitlines()[-1] == "Also: 34 other failures, in .also"


def test_a_line_takes_no_time() -> None:
    """Once everything is loaded, a line is read and explained in less than 10 ms, and a log in no time."""
    texts = [row["text"] for row in LINES]
    for text in texts:
        explain(text)

    def once() -> float:
        started = perf_counter()
        for text in texts:
            str(explain(text))
        return (perf_counter() - started) / len(texts)

    assert min(once() for _ in range(3)) < 0.010
    started = perf_counter()
    explain("from origin Access to fetch at net::ERR_FAILED " * 5_000)
    assert perf_counter() - started < 10
