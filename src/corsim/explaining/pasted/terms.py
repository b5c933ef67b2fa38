"""What was found, as sentences name it; what was not found has a name too."""

from __future__ import annotations

import attrs

from corsim.explaining.origins import difference
from corsim.explaining.pasted.found import Found
from corsim.values.methods import byte_uppercase
from corsim.values.url import Url, parse_url

_WITH_AN_ORIGIN = (
    "Open the page over http: or https:, outside of a sandboxed frame, so that it has an origin. "
    "Don't allow `null`: anyone can send it."
)


@attrs.frozen
class Terms:
    """What `{url}`, `{page}` and the like stand for in the texts about a paste."""

    found: Found

    def __getitem__(self, name: str) -> str:
        return str(getattr(self, f"_{name}"))

    @property
    def _url(self) -> str:
        return self.found.url or "the URL"

    @property
    def _from(self) -> str:
        return f" from {self.found.redirected_from}" if self.found.redirected_from else ""

    @property
    def _to(self) -> str:
        return f" to {self.found.location}" if self.found.location else ""

    @property
    def _location(self) -> str:
        return self.found.location or "the URL that it leads to"

    @property
    def _request(self) -> str:
        via = f" (redirected from {self.found.redirected_from})" if self.found.redirected_from else ""
        if not self.found.is_preflight:
            return f"{self.found.url or 'the request'}{via}"
        method = f"{self.found.method} " if self.found.method else ""
        return (
            f"the preflight (OPTIONS) of {method}{self.found.url}{via}"
            if self.found.url
            else "the preflight (OPTIONS)"
        )

    @property
    def _answer(self) -> str:
        if self.found.is_preflight:
            return f"the answer to OPTIONS {self.found.url or ''}".rstrip()
        return f"the answer to {self.found.url or 'the request'}"

    @property
    def _page(self) -> str:
        if self.found.origin == "null":
            return "a page with an opaque origin (null)"
        return f"the page at {self.found.origin}" if self.found.origin else "the page"

    @property
    def _who(self) -> str:
        return self.found.origin or "the page's origin"

    @property
    def _allow(self) -> str:
        """Allow the origin, on an answer that is right otherwise."""
        if self.found.origin == "null":
            return _WITH_AN_ORIGIN
        vary = "" if self.found.is_preflight else "\n  Vary: Origin"
        return f"On {self._answer}, send\n  Access-Control-Allow-Origin: {self._allowed}{vary}"

    @property
    def _let_in(self) -> str:
        """Allow all that the page needs, on an answer that has nothing of it."""
        if not self.found.is_preflight or self.found.origin == "null":
            return self._allow
        return (
            f"Answer {f'OPTIONS {self.found.url}' if self.found.url else 'OPTIONS'} with status 204 and\n"
            f"  Access-Control-Allow-Origin: {self._allowed}\n"
            f"  Access-Control-Allow-Methods: {self._needed_method}\n"
            f"  Access-Control-Allow-Headers: {self._needed_header}"
        )

    @property
    def _allowed(self) -> str:
        return self.found.origin or "<the page's origin>"

    @property
    def _status(self) -> str:
        return str(self.found.status) if self.found.status else "an error status"

    @property
    def _to_location(self) -> str:
        return f", {self.found.location}" if self.found.location else ""

    @property
    def _method(self) -> str:
        return self.found.method or "the method"

    @property
    def _upper(self) -> str:
        return byte_uppercase(self.found.method or "PATCH")

    @property
    def _needed_method(self) -> str:
        return byte_uppercase(self.found.method or "") or "<the method that the page uses>"

    @property
    def _header(self) -> str:
        return self.found.header or "that header"

    @property
    def _the_header(self) -> str:
        return f"the request header {self.found.header}" if self.found.header else "a request header"

    @property
    def _needed_header(self) -> str:
        return self.found.header or "<the request headers that it sets>"

    @property
    def _token(self) -> str:
        return "another origin" if self.found.token is None else self.found.token or "an empty value"

    @property
    def _quoted(self) -> str:
        return f": {self.found.token!r}" if self.found.token else ""

    @property
    def _error(self) -> str:
        return f"net::ERR_{self.found.other.get('error', '')}".removesuffix("net::ERR_") or "an error"

    @property
    def _difference(self) -> str:
        if self.found.origin is None or self.found.token is None:
            return "Compare the two letter by letter: slash, scheme, port, `www.`."
        return difference(self.found.origin, self.found.token)

    @property
    def _scheme(self) -> str:
        url = self._parsed
        return f"the scheme {url.scheme}:" if url is not None else "another scheme"

    @property
    def _parsed(self) -> Url | None:
        return parse_url(self.found.location or self.found.url or "")
