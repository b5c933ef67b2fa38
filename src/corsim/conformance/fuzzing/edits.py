"""What can be left out of a case, or be made simpler."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

import attrs

from corsim.conformance.fuzzing.dimensions import APP
from corsim.conformance.fuzzing.drawing import Document

Path: TypeAlias = tuple[Any, ...]


class _Removed:
    """The value of what is taken out."""


REMOVED: Any = _Removed()


@attrs.frozen
class Edit:
    """Some places in a document, and what they become; `REMOVED` takes them out."""

    changes: tuple[tuple[Path, Any], ...]


def remove(*paths: Path) -> Edit:
    """Take things out."""
    return Edit(tuple((path, REMOVED) for path in paths))


def replace(path: Path, value: Any) -> Edit:
    """Put a value in the place of another."""
    return Edit(((path, value),))


def apply_edits(document: Document, edits: Iterable[Edit]) -> Document:
    """Apply edits that were all proposed for this document; it is not changed itself."""
    result = copy.deepcopy(document)
    changes = [change for edit in edits for change in edit.changes]
    removed = {path for path, value in changes if value is REMOVED}
    for path, value in changes:
        if value is not REMOVED:
            _parent(result, path)[path[-1]] = value
    # From the back, so that positions stay what they are.
    for path in sorted(removed, key=lambda path: [str(part).zfill(6) for part in path], reverse=True):
        if not any(path[:length] in removed for length in range(1, len(path))):
            del _parent(result, path)[path[-1]]
    return result


def _parent(document: Document, path: Path) -> Any:
    place: Any = document
    for part in path[:-1]:
        place = place[part]
    return place


def proposals(document: Document) -> Iterator[Edit]:
    """List everything that could be done about a document, what takes out most coming first."""
    yield from (remove(("fetch", at)) for at in range(len(document["fetch"])) if len(document["fetch"]) > 1)
    yield from (remove(("server", at)) for at in range(len(document["server"])))
    for at, fetch in enumerate(document["fetch"]):
        yield from _of_fetch(document, ("fetch", at), fetch)
    for at, answer in enumerate(document["server"]):
        yield from _of_answer(("server", at), answer)


def _of_fetch(document: Document, path: Path, fetch: Document) -> Iterator[Edit]:
    if fetch.get("api") == "xhr":
        yield remove(
            *((*path, key) for key in ("api", "with_credentials", "upload_listener") if key in fetch)
        )
    for key in fetch:
        if key not in ("page", "url", "api"):
            yield remove((*path, key))
    if fetch["page"] != APP:
        yield replace((*path, "page"), APP)
    for url in dict.fromkeys(row["on"].partition(" ")[2] for row in document["server"]):
        if url != fetch["url"]:
            yield replace((*path, "url"), url)
    if fetch.get("body", "a") != "a":
        yield replace((*path, "body"), "a")
    if fetch.get("method", "PUT") not in ("PUT", "POST"):
        yield replace((*path, "method"), "PUT")
        yield replace((*path, "method"), "POST")
    yield from _of_headers((*path, "headers"), fetch.get("headers", ()))


def _of_answer(path: Path, answer: Document) -> Iterator[Edit]:
    yield from (remove((*path, key)) for key in ("status", "with", "body", "headers") if key in answer)
    if answer.get("status", 302) not in (200, 204, 302, 404):
        simpler = 302 if 300 <= answer["status"] < 400 else 404
        yield replace((*path, "status"), simpler)
    yield from _of_headers((*path, "headers"), answer.get("headers", ()))


_PLAIN = {"access-control-allow-origin": ("*", APP), "access-control-max-age": ("600",)}


def _of_headers(path: Path, rows: Iterable[list[str]]) -> Iterator[Edit]:
    for at, (name, value) in enumerate(rows):
        place = (*path, at)
        yield remove(place)
        yield from (replace(place, [name, other]) for other in _simpler(name.lower(), value))


def _simpler(name: str, value: str) -> Iterator[str]:
    plain = _PLAIN.get(name, ("*",) if name.startswith("access-control-") else ("1",))
    if value in plain[:1]:
        return
    yield from (other for other in plain if other != value)
    if value != value.strip():
        yield value.strip()
    parts = value.split(",")
    if 1 < len(parts) < 9:
        yield from (",".join(parts[:at] + parts[at + 1 :]).strip(" ") for at in range(len(parts)))
    elif len(value) > 3 and name != "location":  # half of `https://` is relative where it is replayed
        yield value[: len(value) // 2]
        yield value[len(value) // 2 :]
