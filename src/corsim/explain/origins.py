"""How a value differs from the origin that it should have been."""

from __future__ import annotations

from corsim.values.origin import DEFAULT_PORTS, TupleOrigin
from corsim.values.url import Url, parse_url

_LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}


def difference(origin: str, value: str) -> str:
    """Say in sentences what is wrong with `value`, where `origin` should stand.

    >>> difference("https://app.example", "https://app.example/")
    'It ends with a slash; an origin has none.'
    """
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
    if url is None or not url.is_http:
        return _no_origin(origin, value)
    sentences = [*_spelling(value, url), *_parts(origin, url)]
    return " ".join(sentences) or "Browsers compare byte by byte."


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
    if authority != authority.lower():
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
