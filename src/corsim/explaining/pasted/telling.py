"""A reading in plain words, the cause first."""

from __future__ import annotations

from textwrap import indent

import attrs

from corsim.explaining.pasted.folding import fold
from corsim.explaining.pasted.found import OF_PREFLIGHTS, Found
from corsim.explaining.pasted.meanings import meanings
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
_ABOVE = (
    'Look at the lines around it, and paste them all: "Access to fetch at", "Cross-Origin Request Blocked"\n'
    'and "is not allowed by" are CORS; "net::ERR_" is mostly no answer; "Refused to connect" is the page\'s\n'
    'own Content-Security-Policy; "Mixed Content" is http: in a page of https:.'
)
_READS = (
    "corsim.explain() reads what Chrome, Edge, Firefox and Safari print in red, such as\n"
    "  Access to fetch at 'https://api.example.com/' from origin ... has been blocked by CORS policy: ...\n"
    "Copy the whole line from the browser's console (F12), together with those around it."
)
_MOST_SHOWN = 3
_MOST_OTHERS = 5


def tell(reading: Reading) -> str:
    """Write a reading out."""
    words = _WORDS[reading.verdict](reading)
    also = [f"Also: {other.headline}" for other in reading.also[:_MOST_OTHERS]]
    if len(reading.also) > _MOST_OTHERS:
        also.append(f"Also: {len(reading.also) - _MOST_OTHERS} other failures, in .also")
    return "\n".join([*words, *also])


def _blocked(reading: Reading) -> list[str]:
    head = f"Not CORS, but {reading.mechanism}" if reading.verdict == "Not CORS" else reading.verdict
    meaning = reading.meaning
    if meaning is None:  # nothing that the standard refuses
        return [f"{head}: {reading.suspects[0].says}", f"Fix: {reading.suspects[0].fix}"]
    happened = f"{head}: {_happened(reading)}"
    rule = [f"Rule: {meaning.rule}", f"      {meaning.step}, {meaning.step.url}"]
    if len(reading.suspects) > 1:
        return [happened, *rule, *_listed(reading)]
    (suspect,) = reading.suspects
    return [f"{happened} {suspect.says}".rstrip(), *rule, f"Fix: {suspect.fix}"]


def _happened(reading: Reading) -> str:
    """Say what is certain."""
    reasons = set(reading.reasons)
    together = [text for group, text in _TOGETHER if reasons <= group and len(reasons) > 1]
    if together:
        return together[0].format_map(Terms(reading.found))
    return _happened_if(reading.reasons[0], reading.found)


def _listed(reading: Reading) -> list[str]:
    """Write the likeliest cause with its fix, and below what to look at for the others."""
    first, *others = reading.suspects
    lines = [f"Likely: {first.says}", f"Fix: {first.fix}", "But look in the network tab:"]
    shown = first.fix
    for suspect in others:
        lines.append(f"- If {suspect.tell}: {suspect.says}" if suspect.tell else f"- {suspect.says}")
        lines.append(indent(f"Fix: {_shortened(suspect.fix, shown, reading.found)}", "  "))
        shown += suspect.fix
    return lines


def _shortened(fix: str, shown: str, found: Found) -> str:
    """Leave out of a fix what stands above it."""
    if fix in shown:
        return "the same."
    for name in ("let_in", "allow"):
        headers = Terms(found)[name]
        if headers in fix and headers in shown:
            return fix.replace(headers, "Send the headers above.").partition("\n")[0]
    return fix


def _too_little(reading: Reading) -> list[str]:
    about = f" about {reading.url}" if reading.url else ""
    failed = "CORS refused it" if _names_cors(reading) else "something failed"
    lines = [
        f"Could not tell: this line{about} says that {failed}, not why; another line in the console does."
    ]
    if reading.found.status:
        lines.append(
            f"The server did answer, with {reading.found.status}; so it was the browser that withheld it."
        )
    lines += [f"Perhaps {_happened_if(reason, reading.found)}" for reason in reading.reasons[:_MOST_SHOWN]]
    return [*lines, _ABOVE, "Read: " + _quoted(" … ".join(reading.lines))]


def _happened_if(reason: Reason, found: Found) -> str:
    """Say what happened if this was the reason."""
    if reason in OF_PREFLIGHTS:
        found = attrs.evolve(found, is_preflight=True)
    return meanings()[reason].happened.format_map(Terms(found))


def _names_cors(reading: Reading) -> bool:
    """Say whether what was understood is about CORS at all."""
    text = fold(" ".join(reading.lines))
    return any(word in text for word in ("cors", "cross-origin", "access-control", "accesscontrol"))


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
    "Not CORS": _blocked,
    "Not blocked": _blocked,
    "Says too little": _too_little,
    "No console line": _no_line,
}
