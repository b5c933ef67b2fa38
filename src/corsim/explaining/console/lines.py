"""A result's console lines, from the book of its engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import attrs

from corsim.explaining.console.book import Book, Phrase, Row, book
from corsim.explaining.console.scene import Scene
from corsim.values.doors import Api

if TYPE_CHECKING:
    from corsim.result import Result


NOT_LISTENED_TO: frozenset[Api] = frozenset({"web_socket", "worker"})
"""Doors of which no line has been seen yet; nothing is printed for them rather than guessed."""


def console_lines(result: Result) -> tuple[str, ...]:
    """List what the engine prints, one string a message; the standard itself prints nothing.

    >>> from corsim import Browser, Response
    >>> browser = Browser("webkit")
    >>> browser.serve("https://api.example", lambda request: Response())
    >>> browser.open("https://app.example").fetch("https://api.example/me").console[0]
    'Origin https://app.example is not allowed by Access-Control-Allow-Origin. Status code: 200'
    """
    if result.engine == "spec" or result.api in NOT_LISTENED_TO:
        return ()
    telling = Telling.of(result)
    # A line all of whose phrases are empty is not printed.
    return tuple(filter(None, telling.lines()))


def row_of(page: Book, scene: Scene) -> Row | None:
    """Find the first row about how a fetch ended; None if nothing is printed of such an end."""
    reason = None if scene.result.blocked is None else scene.reason
    return next((row for row in page.rows_about(reason) if applies(row, scene)), None)


def applies(row: Row | Phrase, scene: Scene) -> bool:
    """Say whether a scene is as a row or a phrase wants it to be."""
    return all(
        getattr(scene, name) in (wanted if isinstance(wanted, list) else [wanted])
        for name, wanted in row.when.items()
    )


@attrs.frozen
class Telling:
    """Writes templates: a name in one stands for a phrase of the book, or for a property of the scene."""

    page: Book
    scene: Scene
    given: Mapping[str, str] = attrs.field(factory=dict)

    @classmethod
    def of(cls, result: Result) -> Telling:
        """Open the book of the result's engine."""
        page = book(result.engine)
        return cls(page, Scene(result, page.known_headers))

    def lines(self) -> Iterator[str]:
        """Write what is printed: of headers while script sets them, on the way, and of the end."""
        request, row = self.scene.result.request, row_of(self.page, self.scene)
        for name in () if request is None else request.ignored_headers:
            yield from attrs.evolve(self, given={"header": name})._all(self.page.ignored_headers)
        for url in self.scene.covered_urls:
            yield from attrs.evolve(self, given={"covered_url": url})._all(self.page.covered_authorization)
        yield from map(self.write, () if row is None else row.lines)
        if self.scene.result.blocked is not None:
            yield from self._all(self.page.refused_elements)

    def write(self, template: str) -> str:
        """Fill in a template."""
        return template.format_map(self)

    def _all(self, phrases: Iterable[Phrase]) -> Iterator[str]:
        return (self.write(phrase.text) for phrase in phrases if applies(phrase, self.scene))

    def __getitem__(self, name: str) -> str:
        if name in self.given:
            return self.given[name]
        if name not in self.page.phrases:
            return str(getattr(self.scene, name))
        return next(self._all(self.page.phrases[name]), "")
