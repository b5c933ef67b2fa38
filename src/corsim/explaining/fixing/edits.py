"""What would mend a fetch, as data: edits of a server's answer, and of what the page asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

import attrs

from corsim.values.headers import Headers, byte_lowercase
from corsim.values.request import Request
from corsim.values.response import Response

Action: TypeAlias = Literal["set", "append", "remove"]
Option: TypeAlias = Literal["url", "method", "credentials", "mode", "redirect", "header", "content_type"]


@attrs.frozen
class HeaderEdit:
    """Set a response header in the place of all so named, append a value to it, or remove it."""

    name: str
    value: str = ""
    action: Action = "set"

    def applied(self, headers: Headers) -> Headers:
        """Make the headers as they would be.

        >>> HeaderEdit("Vary", "Origin", "append").applied(Headers({"Vary": "Accept"}))
        Headers([('Vary', 'Accept, Origin')])
        """
        if self.action == "remove":
            return headers.without({byte_lowercase(self.name)})
        if self.action == "append":
            return headers.combined(self.name, self.value)
        return headers.set(self.name, self.value)

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"


@attrs.frozen
class ResponseEdit:
    """Change the answer to one request: its headers, and its status if `status` is not None.

    `is_preflight` tells the browser's own OPTIONS from a page's; `seen` is False where this
    server was not seen to answer that request yet, so that its answer *needs* these headers.
    """

    method: str
    url: str
    is_preflight: bool
    headers: tuple[HeaderEdit, ...] = ()
    status: int | None = None
    seen: bool = True

    def is_about(self, request: Request) -> bool:
        """Say whether a request is the one whose answer changes."""
        return (request.method, request.url.href, request.is_preflight) == self.place

    @property
    def place(self) -> tuple[str, str, bool]:
        """What tells one answer from another: method, URL, and whether it is a preflight's."""
        return self.method, self.url, self.is_preflight

    def applied(self, response: Response) -> Response:
        """Make the answer as it would be."""
        headers = response.headers
        for edit in self.headers:
            headers = edit.applied(headers)
        return attrs.evolve(response, status=self.status or response.status, headers=headers)

    def merged(self, later: ResponseEdit) -> ResponseEdit:
        """Add a later edit of the same answer; of one header, what is said last is what counts."""
        said = {byte_lowercase(edit.name): edit for edit in (*self.headers, *later.headers)}
        return attrs.evolve(self, headers=tuple(said.values()), status=later.status or self.status)


@attrs.frozen
class RequestEdit:
    """Change one option of the page's call to `value`; for `header`, take the one so named out."""

    option: Option
    value: str


Edit: TypeAlias = ResponseEdit | RequestEdit


def merged(edits: Iterable[Edit], more: Iterable[Edit]) -> tuple[Edit, ...]:
    """Add edits to others: one for each answer, and one for each option of the page's call."""
    found: dict[object, Edit] = {_what(edit): edit for edit in edits}
    for edit in more:
        known = found.get(_what(edit))
        both = isinstance(known, ResponseEdit) and isinstance(edit, ResponseEdit)
        found[_what(edit)] = known.merged(edit) if both else edit  # type: ignore[union-attr, arg-type]
    return tuple(found.values())


def _what(edit: Edit) -> object:
    if isinstance(edit, ResponseEdit):
        return edit.place
    return (edit.option, edit.value) if edit.option == "header" else edit.option
