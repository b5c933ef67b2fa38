"""How a value differs from the origin that it should have been."""

from __future__ import annotations

import re

from corsim.values.origin import DEFAULT_PORTS, TupleOrigin
from corsim.values.url import Url, parse_url

_ESCAPED = re.compile(r"\\[xuU][0-9a-f]+|\\[tnr]")  # as `readable` writes it
_LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}


def difference(origin: str, value: str) -> str:
    """Say in sentences what is wrong with `value`, where `origin` should stand.

    >>> difference("https://app.example", "https://app.example/")
    'It ends with a slash; an origin has none.'
    """
    value = readable(value)
    if value == "":
        return "It is empty."
    if value == "null":
        return "`null` is what a sandboxed frame or a local file sends, not this page."
    if origin == "null":
        return "This request names no real origin: it says `null`, and `null` is what is compared."
    if value.strip("\"'") != value:
        return "It is written in quotes; leave them out."
    if "*" in value:
        return "`*` means something only when it stands alone: browsers know no patterns."
    url = parse_url(value)
    beyond = _beyond_ascii(value)
    if url is None or not url.is_http:
        return " ".join(beyond) or _no_origin(origin, value)
    sentences = [*beyond, *_spelling(value, url), *_parts(origin, url)]
    return " ".join(sentences) or "Browsers compare byte by byte."


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


def _beyond_ascii(value: str) -> list[str]:
    """Name the first character that no browser writes in an origin."""
    escaped = _ESCAPED.search(value)
    if escaped is not None:
        return [f"It holds {escaped.group()}, which no browser writes in an origin."]
    char = next((char for char in value if not char.isascii()), "")
    if not char:
        return []
    return [f"It holds {char} (U+{ord(char):04X}); a browser writes its origin in ASCII."]


def _no_origin(origin: str, value: str) -> str:
    scheme, _, rest = origin.partition("://")
    if value.removeprefix("//").rstrip("/").lower() == rest:
        return f"The scheme is missing: an origin begins with {scheme}://."
    return "It is no origin: an origin is scheme, host and port, and nothing else."


def _spelling(value: str, url: Url) -> list[str]:
    """Find what no browser writes in an origin."""
    found = []
    beyond = value.partition("://")[2].partition("/")
    if beyond[1]:
        found.append(
            f"It has a path, {beyond[1]}{beyond[2]}; an origin has none." if beyond[2]
            else "It ends with a slash; an origin has none."
        )  # fmt: skip
    authority = f"{value.partition('://')[0]}://{beyond[0]}"
    if any("A" <= char <= "Z" for char in authority):
        found.append("It has capitals; a browser sends its origin in lower case.")
    if authority.endswith(f":{DEFAULT_PORTS[url.scheme]}"):
        found.append(f"It names the port {DEFAULT_PORTS[url.scheme]}, which a browser leaves out.")
    if url.includes_credentials:
        found.append("It has a user name; an origin has none.")
    return found


def _parts(origin: str, url: Url) -> list[str]:
    """Compare scheme, host and port."""
    page = parse_url(origin)
    if page is None or not isinstance(page.origin, TupleOrigin) or not isinstance(url.origin, TupleOrigin):
        return []
    own, other = page.origin, url.origin
    found = []
    if own.scheme != other.scheme:
        found.append(f"Its scheme is {other.scheme}; the page's is {own.scheme}.")
    if own.host != other.host:
        found.append(_host(own.host, other.host))
    if own.port != other.port:
        found.append(f"Its port is {_port(other)}; the page's is {_port(own)}.")
    return found


def _port(origin: TupleOrigin) -> str:
    if origin.port is None:
        return f"{DEFAULT_PORTS[origin.scheme]}, the default"
    return str(origin.port)


def _host(own: str, other: str) -> str:
    if own in _LOOPBACK and other in _LOOPBACK:
        return f"{other} and {own} are one machine, but to a browser two origins."
    if own.removeprefix("www.") == other.removeprefix("www."):
        return f"Its host is {other}, the page's {own}: `www.` makes another origin."
    if own.endswith(f".{other}"):
        return f"The page's host {own} is a subdomain of {other}, and so another origin."
    if other.endswith(f".{own}"):
        return f"Its host {other} is a subdomain of the page's {own}, and so another origin."
    return f"Its host is {other}; the page's is {own}."
