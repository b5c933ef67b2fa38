"""URLs: the WHATWG parser of ada_url, behind a frozen value that is read many times.

Reading one attribute of an `ada_url.URL` costs as much as parsing. A fetch reads a
dozen, so the normalised text is split once, and the values are kept in a cache.
"""

from __future__ import annotations

import re
from functools import lru_cache

import ada_url
import attrs

from corsim.values.origin import DEFAULT_PORTS, OpaqueOrigin, Origin, TupleOrigin

HTTP_SCHEMES = frozenset({"http", "https"})

# Of a URL that the parser has already normalised, so the split can be this plain.
_PARTS = re.compile(
    r"(?P<scheme>[^:]+):"
    r"(?://(?:(?P<username>[^/?#@:]*)(?::(?P<password>[^/?#@]*))?@)?"
    r"(?P<host>\[[^\]]*\]|[^/?#:]*)(?::(?P<port>[0-9]+))?)?"
    r"(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?\Z",
    re.DOTALL,
)


@attrs.frozen(repr=False)
class Url:
    """A parsed URL: https://url.spec.whatwg.org/#concept-url.

    `str(url)` is its serialization; `query` and `fragment` are None where there is
    none, and come without `?` and `#`.
    """

    href: str
    scheme: str = attrs.field(eq=False)
    username: str = attrs.field(eq=False)
    password: str = attrs.field(eq=False)
    host: str | None = attrs.field(eq=False)
    port: int | None = attrs.field(eq=False)
    path: str = attrs.field(eq=False)
    query: str | None = attrs.field(eq=False)
    fragment: str | None = attrs.field(eq=False)
    origin: Origin = attrs.field(eq=False)
    is_http: bool = attrs.field(eq=False)

    @property
    def includes_credentials(self) -> bool:
        """Whether there is a username or a password."""
        return bool(self.username or self.password)

    @property
    def target(self) -> str:
        """The request target: path and query, as the request line has them."""
        return self.path if self.query is None else f"{self.path}?{self.query}"

    def without_fragment(self) -> Url:
        """Drop the fragment, as everything does that shows a URL to a server or a script."""
        return self if self.fragment is None else _known(self.href.partition("#")[0])

    def with_fragment(self, fragment: str) -> Url:
        """Give the URL a fragment, already percent-encoded."""
        return _known(f"{self.href.partition('#')[0]}#{fragment}")

    def without_credentials(self) -> Url:
        """Drop username and password."""
        if not self.includes_credentials:
            return self
        scheme, _, rest = self.href.partition("://")
        return _known(f"{scheme}://{rest.partition('@')[2]}")

    def with_path_escaped(self, characters: str) -> Url:
        """Percent-encode some more ASCII characters of the path."""
        path = self.path
        for char in characters:
            path = path.replace(char, f"%{ord(char):02X}")
        if path == self.path:
            return self
        after = self.href[self._path_starts() + len(self.path) :]
        return _known(self.href[: self._path_starts()] + path + after)

    def _path_starts(self) -> int:
        query = 0 if self.query is None else len(self.query) + 1
        fragment = 0 if self.fragment is None else len(self.fragment) + 1
        return len(self.href) - fragment - query - len(self.path)

    def origin_only(self) -> Url:
        """Keep scheme, host and port, with an empty path."""
        return _known(f"{self.origin.serialized}/")

    def __str__(self) -> str:
        return self.href

    def __repr__(self) -> str:
        return f"Url({self.href!r})"


def to_usv_string(text: str) -> str:
    """Replace lone surrogates by U+FFFD, as every DOM method that takes a URL does."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def parse_url(text: str, base: Url | None = None) -> Url | None:
    """Parse `text`, relative to `base` if given; None is the standard's failure.

    >>> parse_url("/b?q#f", parse_url("https://EXAMPLE.com:443/a"))
    Url('https://example.com/b?q#f')
    >>> parse_url("https://") is None
    True
    """
    return _parse(text, base.href if base is not None else None)


@lru_cache(maxsize=8192)
def _parse(text: str, base: str | None) -> Url | None:
    text = to_usv_string(text)
    try:
        href = ada_url.normalize_url(text) if base is None else ada_url.join_url(base, text)
    except ValueError:
        return None
    return _known(href)


@lru_cache(maxsize=8192)
def _known(href: str) -> Url:
    """Split what the parser has normalised."""
    match = _PARTS.match(href)
    assert match is not None, href  # the pattern takes every serialized URL
    scheme, username, password, host, port, path, query, fragment = match.groups()
    number = int(port) if port else None
    return Url(
        href, scheme, username or "", password or "", host, number, path, query, fragment,
        _origin(scheme, host, number, path), scheme in HTTP_SCHEMES,
    )  # fmt: skip


def _origin(scheme: str, host: str | None, port: int | None, path: str) -> Origin:
    """The origin of a URL: https://url.spec.whatwg.org/#concept-url-origin."""
    if scheme in DEFAULT_PORTS and host:
        return _tuple_origin(scheme, host, port)
    if scheme == "blob" and path.lower().startswith(("http:", "https:")):
        inner = _parse(path, None)
        if inner is not None:
            return inner.origin
    return OpaqueOrigin()


@lru_cache(maxsize=8192)
def _tuple_origin(scheme: str, host: str, port: int | None) -> TupleOrigin:
    """Make equal origins one object, so that comparing them is usually comparing names."""
    return TupleOrigin(scheme, host, port)
