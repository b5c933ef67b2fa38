"""How a value differs from the origin that it should have been."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal, TypeAlias

import attrs

from corsim.values.headers import byte_lowercase
from corsim.values.origin import DEFAULT_PORTS, TupleOrigin
from corsim.values.url import Url, parse_url

Part: TypeAlias = Literal[
    "empty", "null", "quotes", "pattern", "character", "no-origin", "slash", "path", "case", "port", "user",
    "scheme", "host", "loopback", "www", "subdomain",
]  # fmt: skip

_ESCAPED = re.compile(r"\\[xuU][0-9a-f]+|\\[tnr]")  # as `readable` writes it
_LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}


@attrs.frozen
class Difference:
    """One way in which an origin is not the one that it should be.

    `part` is where: `scheme`, `host`, `port`, `path`, `case`, ...; `found` is what stands there,
    `wanted` what should, both empty where the whole is meant; `words` say it.
    """

    part: Part
    words: str
    found: str = ""
    wanted: str = ""

    def __str__(self) -> str:
        return self.words


def difference(origin: str, value: str) -> str:
    """Say in sentences what is wrong with `value`, where `origin` should stand.

    >>> difference("https://app.example", "https://app.example/")
    'It ends with a slash; an origin has none.'
    """
    return " ".join(str(one) for one in differences(origin, value)) or "Browsers compare byte by byte."


def differences(origin: str, value: str) -> tuple[Difference, ...]:
    """List how `value` differs from the `origin` that should stand in its place.

    >>> [(one.part, one.found, one.wanted) for one in differences("https://a.example", "http://a.example:80")]
    [('port', ':80', ''), ('scheme', 'http', 'https')]
    """
    value = readable(value)
    for part, is_so, words in _WHOLES:
        if is_so(origin, value):
            return (Difference(part, words),)
    url = parse_url(value)
    beyond = _beyond_ascii(value)
    if url is None or not url.is_http:
        return tuple(beyond) or (_no_origin(origin, value),)
    return (*beyond, *_spelling(value, url), *_parts(origin, url))


_WHOLES: tuple[tuple[Part, Callable[[str, str], bool], str], ...] = (
    ("empty", lambda origin, value: value == "", "It is empty."),
    (
        "null",
        lambda origin, value: value == "null",
        "`null` is what a sandboxed frame or a local file sends, not this page.",
    ),
    (
        "null",
        lambda origin, value: origin == "null",
        "This request names no real origin: it says `null`, and `null` is what is compared.",
    ),
    (
        "quotes",
        lambda origin, value: value.strip("\"'") != value,
        "It is written in quotes; leave them out.",
    ),
    (
        "pattern",
        lambda origin, value: "*" in value,
        "`*` means something only when it stands alone: browsers know no patterns.",
    ),
)


def readable(value: str) -> str:
    """Show a header's bytes as the UTF-8 that they were, if so; a byte alone by its number.

    >>> readable("https://b\\xc3\\xbccher.example"), readable("https://app.example\\xa0")
    ('https://bücher.example', 'https://app.example\\\\xa0')
    """
    try:
        text = value.encode("latin-1").decode("utf-8")
    except UnicodeEncodeError:
        text = value  # it was no bytes
    except UnicodeDecodeError:
        text = value.encode("latin-1").decode("ascii", "backslashreplace")
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def _beyond_ascii(value: str) -> list[Difference]:
    """Name the first character that no browser writes in an origin."""
    escaped = _ESCAPED.search(value)
    if escaped is not None:
        what = escaped.group()
        return [Difference("character", f"It holds {what}, which no browser writes in an origin.", what)]
    char = next((char for char in value if not char.isascii()), "")
    if not char:
        return []
    words = f"It holds {char} (U+{ord(char):04X}); a browser writes its origin in ASCII."
    return [Difference("character", words, char)]


def _no_origin(origin: str, value: str) -> Difference:
    scheme, _, rest = origin.partition("://")
    if value.removeprefix("//").rstrip("/").lower() == rest:
        return Difference(
            "scheme", f"The scheme is missing: an origin begins with {scheme}://.", wanted=scheme
        )
    return Difference("no-origin", "It is no origin: an origin is scheme, host and port, and nothing else.")


def _spelling(value: str, url: Url) -> Iterator[Difference]:
    """Find what no browser writes in an origin."""
    host, slash, path = value.partition("://")[2].partition("/")
    if path:
        yield Difference("path", f"It has a path, {slash}{path}; an origin has none.", slash + path)
    elif slash:
        yield Difference("slash", "It ends with a slash; an origin has none.", "/")
    authority = f"{value.partition('://')[0]}://{host}"
    if authority != byte_lowercase(authority):
        words = "It has capitals; a browser sends its origin in lower case."
        yield Difference("case", words, authority, byte_lowercase(authority))
    default = f":{DEFAULT_PORTS[url.scheme]}"
    if authority.endswith(default):
        yield Difference("port", f"It names the port {default[1:]}, which a browser leaves out.", default)
    if url.includes_credentials:
        yield Difference("user", "It has a user name; an origin has none.", host.rpartition("@")[0])


def _parts(origin: str, url: Url) -> Iterator[Difference]:
    """Compare scheme, host and port."""
    page = parse_url(origin)
    if page is None or not isinstance(page.origin, TupleOrigin) or not isinstance(url.origin, TupleOrigin):
        return
    own, other = page.origin, url.origin
    if own.scheme != other.scheme:
        words = f"Its scheme is {other.scheme}; the page's is {own.scheme}."
        yield Difference("scheme", words, other.scheme, own.scheme)
    if own.host != other.host:
        yield Difference(*_host(own.host, other.host), other.host, own.host)
    if own.port != other.port:
        words = f"Its port is {_port(other)}; the page's is {_port(own)}."
        yield Difference("port", words, str(other.port or ""), str(own.port or ""))


def _port(origin: TupleOrigin) -> str:
    if origin.port is None:
        return f"{DEFAULT_PORTS[origin.scheme]}, the default"
    return str(origin.port)


def _host(own: str, other: str) -> tuple[Part, str]:
    if own in _LOOPBACK and other in _LOOPBACK:
        return "loopback", f"{other} and {own} are one machine, but to a browser two origins."
    if own.removeprefix("www.") == other.removeprefix("www."):
        return "www", f"Its host is {other}, the page's {own}: `www.` makes another origin."
    if own.endswith(f".{other}"):
        return "subdomain", f"The page's host {own} is a subdomain of {other}, and so another origin."
    if other.endswith(f".{own}"):
        return "subdomain", f"Its host {other} is a subdomain of the page's {own}, and so another origin."
    return "host", f"Its host is {other}; the page's is {own}."


def marked(origin: str, value: str, name: str = "Access-Control-Allow-Origin") -> tuple[str, ...]:
    """Write an origin above what was allowed, with a mark below where they part.

    >>> print("\\n".join(marked("https://app.example", "https://app.example/", "allowed")))
      Origin:  https://app.example
      allowed: https://app.example/
                                  ^
    """
    value = readable(value)
    width = max(len(name), len("Origin")) + 1
    same = next((i for i, pair in enumerate(zip(origin, value, strict=False)) if pair[0] != pair[1]), None)
    at = min(len(origin), len(value)) if same is None else same
    return (
        f"  {'Origin:':{width}} {origin}",
        f"  {name + ':':{width}} {value}",
        " " * (width + 3 + at) + "^",
    )
