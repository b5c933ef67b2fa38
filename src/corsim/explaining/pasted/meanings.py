"""What a line can mean: of each reason what happened and its rule, and who is suspect."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

import attrs

from corsim.explaining.causes import Cause
from corsim.explaining.origins import difference
from corsim.explaining.pasted.found import Found
from corsim.values.methods import byte_uppercase
from corsim.values.spec import Step
from corsim.values.url import Url, parse_url

Test: TypeAlias = Callable[[Found], bool]


@attrs.frozen
class Suspect:
    """A cause that a line can have: what it `says`, by what to `tell` it from others, and its `fix`.

    `statuses` are those that go with it: where another is known, it is out of question. `when` is what
    else has to hold. The texts name `Terms`.
    """

    cause: Cause
    says: str
    fix: str
    tell: str = ""
    statuses: range | tuple[int, ...] | None = None
    when: Test = attrs.field(default=lambda found: True, repr=False, eq=False)

    def is_possible(self, found: Found) -> bool:
        """Say whether what was found leaves it possible."""
        fits = not found.status or self.statuses is None or found.status in self.statuses
        return fits and self.when(found)

    def in_terms(self, found: Found) -> Suspect:
        """Put what was found into the texts."""
        terms = Terms(found)
        return attrs.evolve(
            self,
            says=self.says.format_map(terms),
            fix=self.fix.format_map(terms),
            tell=self.tell.format_map(terms),
        )


@attrs.frozen
class Meaning:
    """A reason: what `happened`, the `rule` behind it with its step, and the suspects, the likeliest first."""

    happened: str
    rule: str
    step: Step | None
    suspects: tuple[Suspect, ...]


def possible(suspects: Iterable[Suspect], found: Found) -> list[Suspect]:
    """List the suspects that are left, each cause once; all of them, if none were left."""
    every = list(suspects)
    left = [suspect for suspect in every if suspect.is_possible(found)] or every
    return [suspect.in_terms(found) for suspect in {each.cause: each for each in reversed(left)}.values()][::-1]


@attrs.frozen
class Terms:
    """What was found, as sentences name it; what was not found has a name too."""

    found: Found

    def __getitem__(self, name: str) -> str:
        return str(getattr(self, f"_{name}"))

    @property
    def _url(self) -> str:
        return self.found.url or "the URL"

    @property
    def _from(self) -> str:
        return self.found.redirected_from or "the URL that the page asked for"

    @property
    def _location(self) -> str:
        return self.found.location or "where it leads"

    @property
    def _request(self) -> str:
        request = self.found.url or "the request"
        via = f" (redirected from {self.found.redirected_from})" if self.found.redirected_from else ""
        if self.found.is_preflight:
            method = f"{self.found.method} " if self.found.method else ""
            return f"the preflight (OPTIONS) of {method}{request}{via}"
        return f"{request}{via}"

    @property
    def _answer(self) -> str:
        return f"the answer to {'OPTIONS ' if self.found.is_preflight else ''}{self.found.url or 'the request'}"

    @property
    def _page(self) -> str:
        if self.found.origin == "null":
            return "a page with an opaque origin (null)"
        return f"the page at {self.found.origin}" if self.found.origin else "the page"

    @property
    def _origin(self) -> str:
        return self.found.origin or "https://app.example.com"

    @property
    def _as_yours(self) -> str:
        """What to say behind an origin that was made up."""
        return "" if self.found.origin else "\nwith your page's origin for https://app.example.com."

    @property
    def _let_in(self) -> str:
        if self.found.origin == "null":
            return (
                "Open the page over http: or https:, outside of a sandboxed frame, so that it has an origin. "
                "Don't allow `null`: anyone can send it."
            )
        return f"On {self._answer}, send\n  Access-Control-Allow-Origin: {self._origin}{self._as_yours}"

    @property
    def _status(self) -> str:
        return str(self.found.status) if self.found.status else "its status"

    @property
    def _method(self) -> str:
        return self.found.method or "the method"

    @property
    def _upper(self) -> str:
        return byte_uppercase(self.found.method or "PATCH")

    @property
    def _needed_method(self) -> str:
        return byte_uppercase(self.found.method or "") or "the method that the page uses"

    @property
    def _header(self) -> str:
        return self.found.header or "the header"

    @property
    def _token(self) -> str:
        return self.found.token if self.found.token is not None else "another value"

    @property
    def _quoted(self) -> str:
        return repr(self.found.token) if self.found.token else "nothing"

    @property
    def _difference(self) -> str:
        if self.found.origin is None or self.found.token is None:
            return "Compare it with the address bar letter by letter: slash, scheme, port, `www.`."
        return difference(self.found.origin, self.found.token)

    @property
    def _scheme(self) -> str:
        url = self._parsed
        return url.scheme if url is not None else "another scheme"

    @property
    def _parsed(self) -> Url | None:
        return parse_url(self.found.location or self.found.url or "")
