"""What the books may speak of: the gates next door to CORS."""

from __future__ import annotations

from http import HTTPStatus

import attrs

from corsim.explaining.console.way import Way
from corsim.fetching.content_security_policy import effective_directive
from corsim.values.content_security_policy import host_source, scheme_source
from corsim.values.decision import Reason
from corsim.values.integrity import digest, parse_metadata
from corsim.values.mime import JAVASCRIPT, extract_mime_type
from corsim.values.response import Response

ALLOW_HEADERS = "access-control-allow-headers"
PHRASES = {int(status): status.phrase for status in HTTPStatus}


@attrs.frozen(slots=False, eq=False)
class Gates(Way):
    """What the page itself came with, and what the answer is."""

    # -- what the page itself came with ------------------------------------------------------

    @property
    def is_own_policy(self) -> bool:
        """Whether it was one of the page's own policies that refused."""
        own = (Reason.CONTENT_SECURITY_POLICY, Reason.EMBEDDER_POLICY)
        return self.result.blocked is not None and self.reason in own

    @property
    def directive(self) -> str:
        """The directive that refused, with a blank behind its name."""
        name, _, sources = self.subject.partition(" ")
        return f"{name} {sources}"

    @property
    def directive_name(self) -> str:
        """Its name."""
        return self.subject.partition(" ")[0]

    @property
    def effective_directive(self) -> str:
        """The name of the directive that decides about such requests, whichever stood in for it."""
        return "" if self.result.request is None else effective_directive(self.result.request)

    @property
    def short_directive(self) -> str:
        """The same, as it was called before elements had names of their own."""
        return self.effective_directive.removesuffix("-elem")

    @property
    def stood_in(self) -> bool:
        """Whether another stood in for it."""
        return self.directive_name != self.effective_directive

    @property
    def is_default(self) -> bool:
        """Whether that was `default-src`."""
        return self.directive_name == "default-src"

    @property
    def is_starred_in_vain(self) -> bool:
        """Whether the directive has a star, and the URL is none of the web."""
        return "*" in self.subject.split() and self.scheme not in ("http", "https", "ws", "wss")

    @property
    def directive_understood(self) -> str:
        """The directive, with those of its sources that are some, in full."""
        name, *sources = self.subject.split()
        scheme = "" if self._page is None else self._page.creation_url.scheme
        found = list(filter(None, (understood(source, scheme) for source in sources)))
        return " ".join((name, *(found or ["'none'"])))

    # -- what the answer is ------------------------------------------------------------------

    @property
    def said_type(self) -> str:
        """The type that the last response says it is of, without parameters."""
        said = extract_mime_type(self.headers)
        return "" if said is None else said.essence

    @property
    def is_mistyped_module(self) -> bool:
        """Whether a module does not run since it is not called JavaScript."""
        return self.is_module and not self.result.loaded and self.said_type not in JAVASCRIPT

    @property
    def said_space(self) -> str:
        """The address space in which script said that the server is."""
        return "" if self.result.request is None else self.result.request.target_address_space

    @property
    def integrity(self) -> str:
        """The digests that the page gave."""
        return "" if self.result.request is None else self.result.request.integrity

    @property
    def digest_algorithm(self) -> str:
        """The strongest of their algorithms."""
        return max((name for name, _ in parse_metadata(self.integrity)), default="")

    @property
    def digest_name(self) -> str:
        """Its name, as in a standard."""
        return self.digest_algorithm.replace("sha", "SHA-")

    @property
    def digest(self) -> str:
        """The digest that the body of the last response has."""
        body = b"" if self._answer is None else self._answer.body
        return digest(self.digest_algorithm, body) if self.digest_algorithm else ""

    @property
    def body_length(self) -> int:
        """How many bytes the body of the last response has."""
        return 0 if self._answer is None else len(self._answer.body)

    @property
    def _answer(self) -> Response | None:
        return None if self.exchange is None else self.exchange.response


def understood(source: str, page_scheme: str) -> str:
    """Write a source of a policy in full, or nothing if it is none.

    >>> understood("api.example:*", "https"), understood("'NONE'", "https"), understood("a.*.b", "https")
    ('https://api.example:*', '', '')
    """
    if source.startswith("'"):
        return "" if source.lower() == "'none'" else source
    if source == "*" or scheme_source(source) is not None:
        return source
    # A query is cut off.
    found = host_source(source.partition("?")[0])
    if found is None:
        return ""
    port = "" if found.port is None else f":{found.port}"
    return f"{found.scheme or page_scheme}://{found.host}{port}{found.path}"
