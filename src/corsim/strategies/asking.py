"""What pages ask: origins, URLs, methods, headers, bodies, and whole calls of `fetch` and `xhr`.

Most strategies take `odd`: whether to draw, too, what script is refused or what is
dropped on the way, such as a forbidden method or a URL that is none.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from corsim.api.bodies import Blob, BodyInit, Form, Params
from corsim.api.fetch_method import OPTIONS
from corsim.browser import Browser
from corsim.page import Page
from corsim.values.headers import Pair
from corsim.values.safelist import MAX_SAFELISTED_TOTAL, MAX_SAFELISTED_VALUE

# Neighbours: each differs from another in one of scheme, host and port, or is of its site.
_ORIGINS = (
    "https://app.example.com",
    "https://api.example.com",
    "http://app.example.com",
    "https://app.example.com:8443",
    "https://example.com",
    "https://app.example.com.evil.example",
    "https://evil-example.com",
    "https://shop.example.co.uk",
    "https://xn--bcher-kva.example",
    "http://localhost:3000",
    "http://127.0.0.1:8000",
    "http://[::1]:8080",
)
_LABEL = st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True)
# 1024 and up, less those that are blocked or a scheme's default.
_PORT = st.sampled_from((1024, 3000, 5173, 8000, 8080, 8443, 65535))


def origins() -> SearchStrategy[str]:
    """Draw serialized tuple origins: known neighbours of each other, and others.

    >>> from hypothesis import given
    >>> @given(origins())
    ... def test_origin(origin):
    ...     assert Browser().open(origin).origin == origin
    >>> test_origin()
    """
    host = st.lists(_LABEL, min_size=1, max_size=3).map(lambda labels: ".".join([*labels, "example"]))
    made = st.tuples(st.sampled_from(("http", "https")), host, st.none() | _PORT).map(
        lambda parts: f"{parts[0]}://{parts[1]}" + ("" if parts[2] is None else f":{parts[2]}")
    )
    return st.sampled_from(_ORIGINS) | made


_TARGETS = ("", "/", "/me", "/a/b?c=d&e=%20", "/?", "/#top", "/caf\u00e9?\u20ac", "/a/../b", "/%2e%2e/c")
_ODD_URLS = (
    "", "relative", "../up", "?q", "#f", "//api.example.com/x", "https://", "http://[", "https://a b/",
    "https://user:pw@api.example.com/", "https://api.example.com:25/", "http://127.0.0.1:6000/",
    "https://api.example.com:99999/", "https://api.example.com:0/", "data:,hello",
    "data:text/plain;base64,aGk=", "data:nothing", "data:;base64,*", "about:blank", "about:client",
    "blob:https://app.example.com/1", "blob:blob:", "file:///etc/hosts", "ftp://example.com/", "javascript:0",
    "ws://example.com/", "x:", "\ud800", "\x00",
    " \thttps://api.example.com/\n", "https:api.example.com", "HTTPS://API.EXAMPLE.COM:443/", "https://\u2603.example/",
)  # fmt: skip


def urls(origin: SearchStrategy[str] | str | None = None, *, odd: bool = False) -> SearchStrategy[str]:
    """Draw http(s) URLs of an origin, with paths, queries and fragments that need normalising.

    `odd` adds relative, local, malformed, blocked and credential-bearing ones.

    >>> from hypothesis import given
    >>> @given(urls("https://api.example.com"))
    ... def test_url(url):
    ...     assert url.startswith("https://api.example.com")
    >>> test_url()
    """
    base = origins() if origin is None else st.just(origin) if isinstance(origin, str) else origin
    plain = st.tuples(base, st.sampled_from(_TARGETS)).map("".join)
    return plain | st.sampled_from(_ODD_URLS) if odd else plain


_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "get", "Put", "patch", "PURGE", "!")
_ODD_METHODS = (
    "CONNECT", "trace", "Track", "", " ", "GET ", "G\u00cbT", "PO\u017fT", "A,B", "A/B", "\u20ac", "\ud800",
)  # fmt: skip


def methods(*, odd: bool = False) -> SearchStrategy[str]:
    """Draw methods that script may use, in several cases; `odd` adds forbidden and malformed ones.

    >>> from hypothesis import given
    >>> @given(methods())
    ... def test_method(method):
    ...     assert method.upper() not in ("CONNECT", "TRACE", "TRACK")
    >>> test_method()
    """
    token = st.from_regex(r"x[!#$%&'*+\-.^_`|~0-9A-Za-z]{0,4}", fullmatch=True)
    return st.sampled_from(_METHODS + _ODD_METHODS if odd else _METHODS) | token


_SAFELISTED = ("Accept", "accept-language", "Content-Language", "CONTENT-TYPE", "Range")
_UNSAFE = ("Authorization", "X-CSRF-Token", "x-a", "X-A", "Cache-Control", "If-None-Match", "Pragma", "*")
_FORBIDDEN = (
    "Cookie", "host", "Origin", "Referer", "Sec-Fetch-Mode", "proxy-x", "Access-Control-Request-Method",
    "Content-Length", "X-HTTP-Method-Override", "x-method-override", "Set-Cookie", "DNT",
)  # fmt: skip
_NO_NAMES = ("", " ", "X A", "X:", "X-\u00e9", "\u20ac", "X\r\nY", "\x00", "a,b", "(a)")


def header_names(*, odd: bool = False) -> SearchStrategy[str]:
    """Draw names of request headers, safelisted and not; `odd` adds forbidden and malformed ones.

    >>> from hypothesis import given
    >>> @given(header_names())
    ... def test_name(name):
    ...     assert name.isascii()
    >>> test_name()
    """
    names = _SAFELISTED + _UNSAFE
    return st.sampled_from(names + _FORBIDDEN + _NO_NAMES if odd else names)


_EDGE_LENGTHS = (0, 1, MAX_SAFELISTED_VALUE - 1, MAX_SAFELISTED_VALUE, MAX_SAFELISTED_VALUE + 1)
_UNSAFE_BYTES = '\x01\x08\x0b\x1f"():<>?@[\\]{}\x7f'
_NEAR_UNSAFE_BYTES = "\t !#';=|}~\x80\xff".replace("}", "")  # each a neighbour that is safe
_RANGES = (
    "bytes=0-", "bytes=0-9", "bytes=9-9", "bytes=9-1", "bytes=-9", "bytes=-", "bytes=0-1,3-4", "Bytes=0-",
    "bytes = 0-", "bytes= 0-", "bytes=0 -1", "bytes=0-1 ", "bytes=00-01", f"bytes={'9' * 60}-{'9' * 61}",
    "items=0-", "", "bytes=0-a",
)  # fmt: skip
_MIME_TYPES = (
    "text/plain", "TEXT/PLAIN", "text/plain;charset=utf-8", "text/plain; charset=ISO-8859-1", "text/plain;",
    " text/plain ", "text/plain ;a=b", "text/plain,text/plain", "text/plain, text/html", "text/plain;a=\"b\"",
    "text/plain;a=b;a=c", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded\t", "application/json", "application/json;text/plain", "text", "text/",
    "/plain", "text/plain/x", "text /plain", "", ";", "text/html",
)  # fmt: skip
_LANGUAGES = ("en", "en-GB, de;q=0.5, *;q=0.1", "en_GB", "en/GB", "d\u00e9", "", "en,\tde")
_SPECIAL = {
    "accept-language": _LANGUAGES,
    "content-language": _LANGUAGES,
    "content-type": _MIME_TYPES,
    "range": _RANGES,
    "x-http-method-override": ("PUT", "trace", "GET, TRACK", '"TRACE"'),
    "x-method-override": ("connect", "GET"),
}


def header_values(name: str | None = None, *, odd: bool = False) -> SearchStrategy[str]:
    """Draw values at the edges of the safelist's rules for `name`, or for any header.

    Lengths of 0, 1, 127, 128 and 129 bytes, each CORS-unsafe byte and its safe neighbours,
    latin-1, white space around; forms of `Range`, MIME types, languages. `odd` adds what
    no header can hold.

    >>> from hypothesis import given
    >>> @given(header_values("Range"))
    ... def test_value(value):
    ...     assert value.encode("latin-1") is not None
    >>> test_value()
    """
    special = tuple(value for values in _SPECIAL.values() for value in values)
    if name is not None:
        special = _SPECIAL.get(name.lower(), special)
    shapes = [
        st.sampled_from(special),
        st.sampled_from(_EDGE_LENGTHS).map("a".__mul__),
        st.sampled_from(_UNSAFE_BYTES + _NEAR_UNSAFE_BYTES).map(lambda char: f"a{char}b"),
        st.sampled_from(("1", " 1 ", "\t1", "\r\n1\n", "a, b", "caf\xe9", "*")),
    ]
    if odd:
        shapes.append(st.sampled_from(("\x00", "a\nb", "a\rb", "\u20ac", "\ud800")))
    return st.one_of(shapes)


def request_headers(*, odd: bool = False) -> SearchStrategy[list[Pair]]:
    """Draw header lists for `fetch` and `xhr`, with duplicates, and with sums of about 1024 bytes.

    >>> from hypothesis import given
    >>> @given(request_headers())
    ... def test_headers(headers):
    ...     assert all(len(pair) == 2 for pair in headers)
    >>> test_headers()
    """
    pair = header_names(odd=odd).flatmap(lambda name: st.tuples(st.just(name), header_values(name, odd=odd)))
    return st.lists(pair, max_size=4) | _near_the_total()


def _near_the_total() -> SearchStrategy[list[Pair]]:
    """Safelisted values that come to 1024 bytes together, one less, or up to 128 more."""
    full = MAX_SAFELISTED_TOTAL // MAX_SAFELISTED_VALUE
    values = [("Accept", "a" * MAX_SAFELISTED_VALUE)] * (full - 1)
    last = st.sampled_from((MAX_SAFELISTED_VALUE - 1, MAX_SAFELISTED_VALUE)).map("a".__mul__)
    more = st.sampled_from(([], [("Content-Language", "")], [("Content-Language", "a")], [("X-A", "1")]))
    return st.tuples(last, more).map(lambda drawn: [*values, ("Accept-Language", drawn[0]), *drawn[1]])


def bodies() -> SearchStrategy[BodyInit | None]:
    """Draw bodies of every type that `fetch` takes, and None.

    >>> from hypothesis import given
    >>> @given(bodies())
    ... def test_body(body):
    ...     assert not isinstance(body, dict)
    >>> test_body()
    """
    types = st.sampled_from(("", "text/plain", "application/json", "IMAGE/png", "caf\u00e9"))
    entries = st.lists(st.tuples(st.text(max_size=4), st.text(max_size=4)), max_size=2)
    blobs = st.builds(Blob, st.binary(max_size=4), types)
    texts = st.sampled_from(("", "hello", "\u20ac", "\ud800"))
    return st.one_of(
        st.none(), st.binary(max_size=4), texts, blobs, st.builds(Form, entries), st.builds(Params, entries)
    )


def _called_with(url: SearchStrategy[str] | str | None, odd: bool) -> SearchStrategy[str]:
    if url is None:
        return urls(odd=odd)
    return st.just(url) if isinstance(url, str) else url


def fetch_requests(
    url: SearchStrategy[str] | str | None = None, *, odd: bool = False
) -> SearchStrategy[dict[str, Any]]:
    """Draw keyword arguments for `page.fetch`, each option with any of its values, or left out.

    `url` is a URL or a strategy of URLs. `odd` adds all that makes script's call reject.

    >>> from hypothesis import given
    >>> @given(fetch_requests("https://api.example.com/"))
    ... def test_fetch(options):
    ...     assert not Browser().open("https://app.example.com").start(**options).done
    >>> test_fetch()
    """
    optional: dict[str, SearchStrategy[Any]] = {
        "method": methods(odd=odd), "headers": request_headers(odd=odd), "body": bodies(),
    }  # fmt: skip
    for name, values in OPTIONS.items():
        optional[name] = st.sampled_from((*values, "oops", "") if odd else values)
    optional["referrer"] = st.sampled_from(("about:client", "", "/elsewhere", "https://x.example/"))
    if odd:
        optional["referrer"] |= st.just("https://")
    return st.fixed_dictionaries({"url": _called_with(url, odd)}, optional=optional)


def xhr_requests(
    url: SearchStrategy[str] | str | None = None, *, odd: bool = False
) -> SearchStrategy[dict[str, Any]]:
    """Draw keyword arguments for `page.xhr`, as `fetch_requests` does for `page.fetch`.

    >>> from hypothesis import given
    >>> @given(xhr_requests("https://api.example.com/"))
    ... def test_xhr(options):
    ...     assert not Browser().open("https://app.example.com").start_xhr(**options).done
    >>> test_xhr()
    """
    optional: dict[str, SearchStrategy[Any]] = {
        "method": methods(odd=odd), "headers": request_headers(odd=odd), "body": bodies(),
        "with_credentials": st.booleans(), "upload_listener": st.booleans(),
    }  # fmt: skip
    return st.fixed_dictionaries({"url": _called_with(url, odd)}, optional=optional)


def pages(browser: Browser, origin: SearchStrategy[str] | None = None) -> SearchStrategy[Page]:
    """Draw pages open in `browser`: top-level, in a frame of another origin, or opaque.

    >>> from hypothesis import given
    >>> @given(pages(Browser()))
    ... def test_page(page):
    ...     assert page.origin == "null" or page.url.startswith(page.origin)
    >>> test_page()
    """
    where = origins() if origin is None else origin
    plain = st.builds(
        browser.open, where, embedder=st.none() | origins(), referrer_policy=st.sampled_from(_POLICIES)
    )
    return st.one_of(plain, plain, opaque_pages(browser))


# The empty policy is a request's way to say nothing; a page has one.
_POLICIES = tuple(policy for policy in OPTIONS["referrer_policy"] if policy)


def opaque_pages(browser: Browser) -> SearchStrategy[Page]:
    """Draw pages with an opaque origin: sandboxed, `data:`, or "null" itself; some in a frame.

    >>> from hypothesis import given
    >>> @given(opaque_pages(Browser()))
    ... def test_opaque(page):
    ...     assert page.origin == "null"
    >>> test_opaque()
    """
    embedder = st.none() | origins()
    sandboxed = st.builds(browser.open, origins(), sandbox=st.just(True), embedder=embedder)
    unlocated = st.sampled_from(("null", "data:text/html,"))
    return sandboxed | st.builds(browser.open, unlocated, embedder=embedder)
