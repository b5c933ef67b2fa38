"""A fix as one writes it in a framework."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import attrs

from corsim.explaining.causes import Cause
from corsim.explaining.facts import Facts
from corsim.explaining.frameworks.recognising import of_an_answer, of_an_app
from corsim.explaining.frameworks.table import Framework, framework_named, frameworks
from corsim.explaining.frameworks.wanted import needs_of

if TYPE_CHECKING:
    from corsim.explaining.explanation import Fix

_OFFERED = ("fastapi", "django", "flask", "express", "nginx")


@attrs.frozen
class Snippet:
    """What to write, and where; of the `framework` None, nothing, and how to ask for one."""

    framework: Framework | None
    where: str = ""
    code: str = ""

    def lines(self) -> list[str]:
        """Write it below a fix."""
        if self.framework is None:
            first, *others = _OFFERED
            names = ", ".join(f'"{name}"' for name in others)
            more = len(frameworks()) - len(_OFFERED)
            return [f'For a framework\'s own words: result.explain("{first}"); also {names} and {more} more.']
        lead = f"In {self.framework.name}, {self.where}:"
        return [lead, textwrap.indent(self.code, "  ")]


def snippet_of(facts: Facts, cause: Cause | None, fixes: Sequence[Fix], name: str | None) -> Snippet | None:
    """Write the first fix that needs it of a server in the words of the framework named, or recognised.

    None if no server has a header to change. Raises `InvalidInput` for a framework that is not known.
    """
    asked = None if name is None else framework_named(name)
    needs = next(filter(None, map(needs_of, fixes[:1])), None)
    if needs is None:
        return None
    framework = asked or _recognised(facts)
    if framework is None:
        return Snippet(None)
    place = framework.place(cause)
    return Snippet(framework, place.where, place.filled(needs.values()))


def _recognised(facts: Facts) -> Framework | None:
    if facts.exchange is None:
        return None
    server = facts.result.fetch.server_of(facts.exchange.request.url.origin.serialized)
    return of_an_app(server) or of_an_answer(facts.headers, facts.said)
