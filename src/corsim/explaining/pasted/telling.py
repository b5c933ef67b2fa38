"""A reading in plain words, the cause first."""

from __future__ import annotations

from textwrap import indent

from corsim.explaining.pasted.meanings import Suspect, meanings
from corsim.explaining.pasted.reading import Reading
from corsim.explaining.pasted.terms import Terms
from corsim.values.decision import Reason

_CHECKED = frozenset(
    {Reason.ALLOW_ORIGIN_MISSING, Reason.ALLOW_ORIGIN_MISMATCH, Reason.ALLOW_ORIGIN_MULTIPLE}
)
_ANSWERED = frozenset({Reason.PREFLIGHT_STATUS, Reason.PREFLIGHT_REDIRECT})

# What is certain of several reasons that share a line.
_TOGETHER: tuple[tuple[frozenset[Reason], str], ...] = (
    (
        _CHECKED,
        "Access-Control-Allow-Origin on {answer} is missing, or is not {who}, so {page} may not read it.",
    ),
    (_ANSWERED, "{request} was not answered with a status from 200 to 299."),
)
_READS = (
    "corsim.explain() reads what Chrome, Edge, Firefox and Safari print in red, such as\n"
    "  Access to fetch at 'https://api.example.com/' from origin ... has been blocked by CORS policy: ...\n"
    "Copy the whole line from the browser's console (F12), together with those around it."
)
_MOST_SHOWN = 4


def tell(reading: Reading) -> str:
    """Write a reading out."""
    words = _WORDS[reading.verdict](reading)
    also = [f"Also: {other.summary}" for other in reading.also]
    return "\n".join([*words, *also])


def _blocked(reading: Reading) -> list[str]:
    meaning = meanings()[reading.reasons[0]]
    head = f"Blocked: {_happened(reading)}"
    rule = [f"Rule: {meaning.rule}", f"      {meaning.step}, {meaning.step.url}"]
    if len(reading.suspects) == 1:
        (suspect,) = reading.suspects
        return [f"{head} {suspect.says}".rstrip(), *rule, f"Fix: {suspect.fix}"]
    return [head, *rule, *_listed(reading.suspects)]


def _happened(reading: Reading) -> str:
    """Say what is certain."""
    reasons = set(reading.reasons)
    together = [text for group, text in _TOGETHER if reasons <= group and len(reasons) > 1]
    text = together[0] if together else meanings()[reading.reasons[0]].happened
    return text.format_map(Terms(reading.found))


def _listed(suspects: tuple[Suspect, ...]) -> list[str]:
    """Write the likeliest cause with its fix, and below what to look at for the others."""
    first, *others = suspects
    lines = [f"Likely: {first.says}", f"Fix: {first.fix}", "But look in the network tab:"]
    for suspect in others:
        lines.append(f"- If {suspect.tell}: {suspect.says}" if suspect.tell else f"- {suspect.says}")
        lines.append(indent("Fix: the same." if suspect.fix == first.fix else f"Fix: {suspect.fix}", "  "))
    return lines


def _not_cors(reading: Reading) -> list[str]:
    (suspect, *_) = reading.suspects
    return [f"Not CORS, but {reading.mechanism}: {suspect.says}", f"Fix: {suspect.fix}"]


def _not_blocked(reading: Reading) -> list[str]:
    (suspect, *_) = reading.suspects
    return [f"Not blocked: {suspect.says}", f"Fix: {suspect.fix}"]


def _too_little(reading: Reading) -> list[str]:
    where = f" of {reading.url}" if reading.url else ""
    status = reading.found.status
    lines = [
        f"Could not tell: this line{where} says that something failed, not why; another in the console does."
    ]
    if status:
        lines.append(f"The server did answer, with {status}, so it was the browser that withheld it.")
    if reading.reasons:
        shown = reading.reasons[:_MOST_SHOWN]
        lines.append(
            f"It may be {', '.join(shown)}{' or another' if len(reading.reasons) > len(shown) else ''}."
        )
    return [*lines, "Read: " + _quoted(" / ".join(reading.lines)), _READS]


def _no_line(reading: Reading) -> list[str]:
    if not reading.text.strip():
        return ["Could not tell: nothing was given to read.", _READS]
    return [
        "Could not tell: this is no line about CORS that a browser prints.",
        f"Read: {_quoted(reading.text)}",
        _READS,
    ]


def _quoted(text: str) -> str:
    """Show what was read, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= 200 else f"{line[:200]}… ({len(text)} characters)"


_WORDS = {
    "Blocked": _blocked,
    "Not CORS": _not_cors,
    "Not blocked": _not_blocked,
    "Says too little": _too_little,
    "No console line": _no_line,
}
