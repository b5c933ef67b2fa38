"""What the demo's page fetches, one after the other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from corsim.browser import Browser
from corsim.result import Result

PAGE = "https://app.example.com"
API = "https://api.example.com"


@attrs.frozen
class Scene:
    """One fetch: what it is for, and the arguments of `fetch()`."""

    title: str
    path: str
    options: dict[str, Any] = attrs.field(factory=dict)

    @property
    def script(self) -> str:
        """The call as the page's script has it."""
        if not self.options:
            return f'fetch("{self.path}")'
        rows = (f"{name}: {_literal(value)}" for name, value in self.options.items())
        return f'fetch("{self.path}", {{{", ".join(rows)}}})'


def _literal(value: object) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{json.dumps(key)}: {json.dumps(item)}' for key, item in value.items())}}}"
    return json.dumps(value.decode() if isinstance(value, bytes) else value)


_SAVE: dict[str, Any] = {
    "method": "PUT",
    "headers": {"X-CSRF-Token": "5up3r"},
    "body": "buy milk",
    "credentials": "include",
}

GOOD = (
    Scene("Who am I?", "/me", {"credentials": "include"}),
    Scene("The list, with a header that is exposed and one that isn't", "/notes"),
    Scene("Save", "/notes/1", _SAVE),
    Scene("Save again, a minute later", "/notes/1", _SAVE),
    Scene("A picture", "/logo.png", {"mode": "no-cors"}),
)
BROKEN = (
    Scene("Delete", "/notes/2", {"method": "DELETE", "headers": {"X-Request-Id": "42"}}),
    Scene("A report", "/report"),
)


def play(app: object, scenes: Iterable[Scene], engine: str = "spec") -> Iterator[tuple[Scene, Result]]:
    """Run the scenes on one page of one browser, a minute apart."""
    with Browser(engine) as browser:
        browser.serve(API, app)
        page = browser.open(f"{PAGE}/")
        for scene in scenes:
            yield scene, page.fetch(API + scene.path, **scene.options)
            browser.clock.advance(60)
