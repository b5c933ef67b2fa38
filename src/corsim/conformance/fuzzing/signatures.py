"""Which disagreements look alike: what came out otherwise, without the names and values of the case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from corsim.cases import Mismatch
from corsim.conformance.fuzzing.drawing import Document


def kinds(mismatches: Iterable[Mismatch]) -> frozenset[str]:
    """Name the kinds of what came out otherwise: `sent`, `result`, `has origin`."""
    return frozenset(_kind(row) for row in mismatches)


def _kind(row: Mismatch) -> str:
    if row.what in ("has", "lacks"):
        return f"{row.what} {str(row.expected).partition(':')[0].lower()}"
    return row.what.partition(" ")[0] + (" of a request" if " request " in row.where else "")


def signature(mismatches: Sequence[Mismatch]) -> str:
    """Write the gist of a disagreement, the same for all that look alike.

    Only the first fetch that went otherwise counts: what comes after may be its consequence.
    """
    first = mismatches[0].where.partition(" request")[0] if mismatches else ""
    rows = [row for row in mismatches if row.where.partition(" request")[0] == first]
    # Where other requests were sent or another result came, the rest follows from that.
    telling = [row for row in rows if row.what in ("sent", "result")] or rows
    return "; ".join(sorted({_gist(row) for row in telling}))


def _gist(row: Mismatch) -> str:
    if row.what == "sent":
        return f"sent {_methods(row.expected)} -> {_methods(row.got)}"
    if row.what == "result":
        return f"result {row.expected} -> {row.got}"
    if row.what == "headers":
        wanted, got = set(row.expected), set(row.got)
        return f"headers {_names(wanted - got)} -> {_names(got - wanted)}"
    return _kind(row)


def _methods(sent: Sequence[str]) -> str:
    """Write which requests are preflights; what they are for is a detail."""
    words = ["OPTIONS" if line.startswith("OPTIONS ") else "request" for line in sent]
    return ", ".join(words[:6]) + (", ..." if len(words) > 6 else "") or "nothing"


def _names(lines: Iterable[str]) -> str:
    return ", ".join(sorted({line.partition(":")[0] for line in lines})) or "none"


_HINTS = frozenset(
    {"dpr", "width", "viewport-width", "save-data", "device-memory", "downlink", "ect", "rtt", "sec-ch-ua"}
)


def _class(name: str) -> str:
    """Name what a request header is an example of, where all examples are treated alike."""
    if name.startswith("if-"):
        return "a condition"
    return "a client hint" if name in _HINTS else name


def features(document: Document) -> frozenset[str]:
    """List what a case has that a plain GET does not: the options, the header names, the statuses."""
    return frozenset(_features(document))


def _features(document: Document) -> Iterator[str]:
    fetches: list[dict[str, Any]] = document["fetch"]
    if len(fetches) > 1:
        yield "several fetches"
    for row in fetches:
        for name, value in row.items():
            if name == "headers":
                yield from (f"sets {_class(header.lower())}" for header, _ in value)
            elif name == "method":
                yield f"method {value}"
            elif name in (
                "api",
                "mode",
                "credentials",
                "redirect",
                "cache",
                "sandbox",
                "after",
                "upload_listener",
            ):
                yield f"{name} {value}"
            elif name not in ("page", "url", "with_credentials"):
                yield name
        if not row["page"].startswith("https://"):
            yield "opaque page"
    for answer in document.get("server", ()):
        yield from (f"answers {name.lower()}" for name, _ in answer.get("headers", ()))
        if not 200 <= answer.get("status", 200) < 300:
            yield f"status {answer['status'] // 100}xx"
