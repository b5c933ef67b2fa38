"""What there is to choose from. Every table is groups of (weight, values): a group is drawn by its
weight, then a value of it, all being equal. What works comes often, what is odd now and then.
"""

from __future__ import annotations

from random import Random
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")
Groups: TypeAlias = tuple[tuple[int, tuple[T, ...]], ...]
Header: TypeAlias = tuple[str, str]


def pick(random: Random, groups: Groups[T]) -> T:
    """Draw a group by weight, and one of its values."""
    [(_, values)] = random.choices(groups, [weight for weight, _ in groups])
    return random.choice(values)


# -- who asks whom -----------------------------------------------------------------------

APP, API, OTHER = "https://app.example", "https://api.example", "https://other.example"

PAGES: Groups[dict[str, Any]] = (
    (80, ({"page": APP},)),
    (4, ({"page": f"{APP}/dir/page?q"}, {"page": OTHER}, {"page": f"{APP}:8443"})),
    (3, ({"page": "https://a.shop.example"},)),
    (4, ({"page": APP, "sandbox": True}, {"page": "null"}, {"page": "data:text/html,x"})),
    (5, tuple(
        {"page": APP, "page_referrer_policy": policy}
        for policy in ("no-referrer", "same-origin", "origin", "unsafe-url", "strict-origin",
        "no-referrer-when-downgrade")
    )),
)  # fmt: skip

# Of a page at APP, or at a.shop.example: the same origin, the same site, another site.
TARGETS: Groups[str] = (
    (60, (API,)),
    (14, (APP,)),
    (12, (OTHER,)),
    (4, (f"{APP}:8443", f"{API}:8443")),
    (6, ("https://b.shop.example", "https://a.shop.example", "https://shop.example")),
)
PATHS: Groups[str] = ((80, ("/me",)), (8, ("/", "/a/b", "/me?q=1", "/me?")), (2, ("/%C3%A9", "/a%20b", "/A")))

# URLs that lead nowhere, or not by HTTP; `{at}` is where the answers are.
ODD_URLS: Groups[str] = (
    (6, ("{at}#f", "{at}#", "{at}?#f")),
    (4, ("https://u:p@{host}", "https://u@{host}", "https://:p@{host}", "https://@{host}",
         "https://:@{host}")),
    (4, ("data:text/plain,hi", "data:,", "data:text/html;base64,aGk=", "data:x,a#f", "data:text/plain",
         "DATA:,a",
         "data:;charset=x,%E9", "data:text/plain;base64,a")),
    (2, ("about:blank", "about:srcdoc", "about:x", "blob:https://app.example/none", "ftp://{host}",
         "file:///x",
         "mailto:a@b", "foo:bar", "javascript:1", "ws://{host}", "wss://{host}")),
    (2, ("https://", "https://[", "https://%/", "https://a b.example/", "https://api.example:99999/", "//")),
)  # fmt: skip

# -- what script may ask for -------------------------------------------------------------

METHODS: Groups[str] = (
    (40, ("GET",)),
    (16, ("POST",)),
    (20, ("PUT",)),
    (12, ("DELETE", "PATCH", "HEAD")),
    (6, ("patch", "Patch", "X-CUSTOM", "x-custom", "OPTIONS", "QUERY", "options", "PROPFIND")),
    (5, ("get", "Post", "put", "Put", "delete", "head", "dElEtE")),
    (2, ("TRACE", "CONNECT", "TRACK", "trace", "connect", "TrAcK")),
    (1, ("", "G T", "GET,", "G\u00e9T", "PUT ", "M!#$%&'*+-.^_`|~1", '"PUT"')),
)

MODES: Groups[str] = ((86, ("",)), (4, ("cors",)), (6, ("no-cors",)), (4, ("same-origin",)))
CREDENTIALS: Groups[str] = ((50, ("",)), (30, ("include",)), (12, ("omit",)), (8, ("same-origin",)))
REDIRECTS: Groups[str] = ((90, ("",)), (5, ("manual",)), (5, ("error",)))
CACHES: Groups[str] = (
    (92, ("",)),
    (6, ("no-store", "reload", "no-cache", "force-cache", "default")),
    (1, ("only-if-cached",)),
)
REFERRERS: Groups[str | None] = (
    (95, (None,)),
    (4, ("", "about:client", "https://app.example/from", "https://other.example/from")),
    (1, ("https://[",)),
)
POLICIES: Groups[str] = (
    (92, ("",)),
    (8, ("no-referrer", "no-referrer-when-downgrade", "same-origin", "origin", "strict-origin",
         "origin-when-cross-origin", "strict-origin-when-cross-origin", "unsafe-url")),
)  # fmt: skip

BODIES: Groups[Any] = (
    (40, ("a", "", "\u00e9", "{}")),
    (12, ({"bytes": "a"}, {"bytes": ""}, {"bytes": "\x00\xff"})),
    (14, ({"blob": "a", "type": "text/plain"}, {"blob": "a", "type": "application/json"}, {"blob": "a"})),
    (8, ({"blob": "a", "type": "x"}, {"blob": "a", "type": "TEXT/PLAIN;charset=UTF-8"},
         {"blob": "a", "type": "text/x\u00e9"}, {"blob": "a", "type": "image/png"}, {"blob": "",
         "type": "text/plain"},
         {"blob": "a", "type": "text/plain;charset=latin1"}, {"blob": "a", "type": "a b"})),
    (8, ({"form": [["k", "v"]]}, {"form": []})),
    (8, ({"params": [["a", "b"], ["c", "\u00e9"]]}, {"params": []})),
)  # fmt: skip

CONTENT_TYPES: Groups[str] = (
    (30, ("application/json", "text/plain")),
    (20, ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain;charset=utf-8",
          "TEXT/PLAIN", "application/json; charset=utf-8")),
    (20, ("text/plain;", "text/plain;;;", "text/plain ;a=b", "text/plain; a=\"b\"", "text/plain; a=b,c",
          "text/plain, application/json", "application/json, text/plain", "text/plain;a", "text/plain;=b",
          "text /plain", "text", "text/", "/plain", "", "*/*", "text/*", "text/plainx", "text/plain x",
          "multipart/form-data; boundary=a", "multipart/form-data;boundary=\"a b\"", "multipart/mixed",
          "text/plain; a=(b)", "text/plain; a=b@c", "text/plain;charset=utf8;charset=latin1",
          "text/plain;charset=x",
          "text/plain; charset=\"utf-8\"", "text/plain;charset=", "text/plain\tx", "text/plain;\ta=b",
          "text/plain; charset=\u00e9", "text/plain; a=\x7f", "text/plain,", ",text/plain", "text/html")),
    (4, ("text/plain;" + "a" * 117, "text/plain;" + "a" * 116 + ";", "text/plain;" + "a" * 118)),
)  # fmt: skip

RANGES: Groups[str] = (
    (30, ("bytes=0-1", "bytes=0-", "bytes=5-5", "bytes=00-01")),
    (30, ("bytes=-1", "bytes=1-0", "bytes=0-1,2-3", "bytes=0-1,", "bytes= 0-1", "bytes =0-1", "bytes=0 -1",
          "bytes=0- 1", "Bytes=0-1", "bytes=+0-1", "byte=0-1", "bytes", "bytes=", "bytes=a-b", "bytes=0",
          "0-1",
          "bytes=4294967296-", "bytes=18446744073709551614-", "bytes=18446744073709551615-", "bytes=\t0-1",
          "bytes=9223372036854775807-", "bytes=9223372036854775808-", "bytes=0-99999999999999999999", "",
          "bytes=0-1;a", "bytes=-", "items=0-1")),
    (2, ("bytes=" + "0" * 120 + "1-", "bytes=" + "0" * 121 + "1-")),
)  # fmt: skip

# Any of these in a value of Accept and its like: the unsafe bytes, their neighbours, those above ASCII.
BYTES = "\"():<>?@[\\]{}\x7f\x01\x08\t\x0b\x1f !#$%&'*+-./;=^_`|~,az09\u0080\u00e9\u00ff"

SAFELISTED: Groups[str] = ((60, ("Accept",)), (20, ("Accept-Language",)), (20, ("Content-Language",)))
SAFE_VALUES: Groups[str] = (
    (60, ("en", "a", "*/*", "de-AT, *;q=0.1", "text/html, */*;q=0.1", "application/json", "")),
    (6, ("a" * 128, "a" * 129, "a" * 127, "a, " * 42, "a" * 64)),
)

PLAIN_NAMES: Groups[str] = (
    (40, ("X-A", "x-b", "X-CSRF-Token")),
    (12, ("Authorization",)),
    (10, ("If-None-Match", "If-Modified-Since", "If-Match", "If-Range", "If-Unmodified-Since",
          "Cache-Control",
          "Pragma")),
    (10, ("User-Agent", "DPR", "Width", "Viewport-Width", "Save-Data", "Device-Memory", "Downlink", "ECT",
          "RTT",
          "Sec-CH-UA", "Sec-GPC", "Last-Event-ID")),
    (10, ("X-HTTP-Method-Override", "x-http-method", "X-Method-Override", "Content-Encoding",
          "Content-Location",
          "Upgrade-Insecure-Requests", "Purpose", "Link", "Location", "Access-Control-Allow-Origin",
          "Early-Data",
          "Accept-Datetime", "Idempotency-Key", "Max-Forwards", "Warning", "Content-MD5", "Proxied",
          "Secure")),
    (8, ("Accept-Charset", "Accept-Encoding", "Access-Control-Request-Headers",
         "Access-Control-Request-Method",
         "Connection", "Content-Length", "Cookie", "Cookie2", "Date", "DNT", "Expect", "Host", "Keep-Alive",
         "Origin", "Referer", "Set-Cookie", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Via", "Proxy-X",
         "proxy-authorization", "Sec-X", "sec-fetch-site", "Access-Control-Request-Private-Network")),
    (2, ("X!#$%&'*+.^`|~", "1", "-", "a")),
    (1, ("", "X A", "X:A", "X(A", "X\u00e9", "X-A ")),
)  # fmt: skip
PLAIN_VALUES: Groups[str] = (
    (70, ("1", "on", "a b", "Bearer t0k3n")),
    (14, ("", " ", " a ", "\ta\t", "a  b", "a,b", ",", "a, b")),
    (6, ("\u00e9", "\u00ff\u0080", "\u00c3\u00a9", "a\x01b", "\x7f", "a\tb", "\x0b")),
    (1, ("a\nb", "a\rb", "a\x00b", "\na", "\u0101")),
)
OVERRIDES = (
    "TRACE",
    "trace",
    "CONNECT",
    "GET, TRACE",
    "GET,track ,PUT",
    "TRACER",
    "PUT",
    '"TRACE"',
    "a TRACE",
)

# -- what servers answer -----------------------------------------------------------------

# `{origin}` is the page's origin as it is sent.
ALLOW_ORIGIN: Groups[tuple[str, ...]] = (
    (20, ((), ("*",), ("{origin}",), ("null",))),
    (20, (("{origin}, {origin}",), ("{origin},",), ("{origin}/",), ("{origin} ",), (" {origin}",),
          ("\t{origin}\t",),
          ("*, *",), ("* ",), ("*,",), ("**",), ("\"*\"",), ("Null",), ("null ",), ("null, *",), ("",),
          (" ",),
          ("https://app.example https://other.example",), ("https://app.example, https://other.example",),
          ("https://other.example",), ("HTTPS://APP.EXAMPLE",), ("https://APP.example",), ("app.example",),
          ("http://*.example",), ("https://app.example:443",), ("{origin}\u00e9",), ("{origin}\x0b",),
          ("{origin}\u00a0",), ("{origin}?",), ("{origin}/x",), ("https://u@app.example",), ("all",),
          ("true",))),
    (12, (("{origin}", "{origin}"), ("{origin}", ""), ("", "{origin}"), ("*", "*"), ("{origin}", "*"), ("*",
          ""),
          ("", "*"), ("", ""), ("null", "null"), ("{origin}", "https://other.example"))),
)  # fmt: skip

ALLOW_CREDENTIALS: Groups[tuple[str, ...]] = (
    (10, ((), ("true",))),
    (20, (("True",), ("TRUE",), ("true ",), (" true",), ("\ttrue",), ("true,",), ("true, true",), ("false",),
          ("",),
          ("1",), ("*",), ("\"true\"",), ("true;",), ("true\u00a0",), ("tru",), ("yes",))),
    (12, (("true", "true"), ("true", ""), ("", "true"), ("true", "false"), ("false", "true"))),
)  # fmt: skip

# Forms of a list: `{list}` is what would work, `{first}` its first token.
LISTS: Groups[tuple[str, ...]] = (
    (16, ((), ("*",), ("{first}",))),
    (30, (("{list},",), (",{list}",), (",,{list},,",), (" {list} ",), ("\t{list}\t",), ("{list}, {list}",),
          ("a,{list}",), ("{list} ,b",), ("a {list}",), ("{list};",), ("{list};q=1",), ("\"{list}\"",),
          ("({list})",),
          ("{list}:",), ("*, {list}",), ("{list}, *",), ("**",), ("",), (" ",), (",",), ("a",), ("x{list}",),
          ("{list}x",), ("a b, {list}",), ("{list}, a b",), ("{list}, (",), ("{list}, \u00e9",),
          ("\u00e9, {list}",),
          ("{list}, \"",), ("{list}\tb",), ("a,\t{list}",), ("{list}\x0b",), ("@, {list}",), ("{list},=",),
          ("*;",),
          ("\"*\"",), ("{list}|b",), ("{list}'",), ("{list}, , ,",), ("{list}\u00a0",), ("{list}, \"a\"",),
          ("{list}/",), ("{list}=", ), ("a;b,{list}",))),
    (12, (("{list}", "a"), ("a", "{list}"), ("", "{list}"), ("{list}", ""), ("a b", "{list}"), ("{list}",
          "("),
          ("*", "a"), ("a", "*"), ("{list}", "{list}"), ("*", "{list}"))),
)  # fmt: skip

# None of these is between 2 s and 3.5 s, or 6 s and 8.5 s: so a wait tells them apart for sure.
MAX_AGES: Groups[tuple[str, ...]] = (
    (50, ((), ("600",))),
    (20, (("0",), ("1",), ("5",), ("10",), ("86400",), ("7200",), ("100",))),
    (20, (("-1",), ("",), (" 600 ",), ("0600",), ("+600",), ("600.5",), ("abc",), ("600abc",), ("600, 600",),
          ("\"600\"",), ("600;",), ("0x10",), ("1e3",), ("-0",), ("+0",), ("600 600",), ("00",), ("600,",),
          ("0,",),
          ("99999999999999999999",), ("4294967296",), ("4294967295",), ("2147483648",),
          ("9223372036854775808",),
          ("18446744073709551616",), ("-9999999999999999999",), ("\u00b2",), ("600\u00a0",), ("600\x0b",),
          ("0 ",), ("1 0",), ("+",), ("-",), ("1s",), ("0.9",), ("0,600",), ("600\t",), ("1_0",))),
    (6, (("600", "600"), ("0", "600"), ("600", "0"), ("", "600"), ("600", ""), ("0", "0"))),
)  # fmt: skip
WAITS = (2.5, 7.0)

EXPOSE: Groups[tuple[str, ...]] = (
    (30, ((), ("*",), ("x-foo",), ("X-Foo, x-bar",))),
    (30, (("*, x-foo",), ("x-foo,x-bar",), ("x-foo x-bar",), ("x-foo;x-bar",), ("\"x-foo\"",), (",x-foo,,",),
          ("",),
          (" ",), (",",), ("x-foo, (",), ("*, (",), ("set-cookie, x-foo",), ("**",), ("*;",), ("\"*\"",),
          ("x-foo\t,\tx-bar",), ("x-foo, \u00e9",), ("etag",), ("ETag, vary, age",), ("x-nothere",),
          ("location",),
          ("x-foo:",), ("x foo, x-bar",), ("connection",), ("authorization, allow",), ("x-latin, x-empty",))),
    (8, (("x-foo", "x-bar"), ("x-foo", "("), ("(", "x-foo"), ("x-foo", ""), ("*", "x-foo"), ("", "x-bar"))),
)  # fmt: skip

# `no-store` stands where a cache would come in, which is another standard's.
ANSWER_HEADERS: Groups[Header] = (
    (40, (("X-Foo", "a"), ("x-bar", "b"), ("X-Foo", "c"))),
    (20, (("Content-Type", "text/plain"), ("Content-Type", "application/json"), ("Content-Type", "text/html"),
          ("Content-Language", "en"), ("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT"), ("Expires", "0"),
          ("Pragma", "no-cache"), ("Cache-Control", "no-store, max-age=0"), ("Cache-Control", "no-store"))),
    (20, (("ETag", "\"1\""), ("Vary", "Origin"), ("Age", "1"), ("Allow", "GET"), ("Location", "/z"), ("Via",
          "x"),
          ("Timing-Allow-Origin", "*"), ("Sec-X", "1"), ("Proxy-X", "1"), ("Authorization", "x"), ("Accept",
          "x"),
          ("Set-Cookie", "a=b"), ("Set-Cookie2", "a=b"), ("X-Content-Type-Options", "nosniff"), ("Server",
          "x"),
          ("Content-Disposition", "attachment"), ("Content-Location", "/z"), ("Retry-After", "1"))),
    (20, (("X-Foo", ""), ("X-Foo", "\u00e9"), ("X-Latin", "\u00e9"), ("X-Latin", "\u00c3\u00a9"), ("X-Empty",
          ""),
          ("X-Foo", "  a  b  "), ("X-Foo", "a\tb"), ("X-Foo", "a,b"), ("X-Foo", "\x01"), ("X-Foo", "\x7f"),
          ("X-Foo ", "a"), ("x!#$%&'*+.^`|~", "1"), ("Content-Type", "text/plain;a=\u00e9"),
          ("X-Foo", "\u0080\u00ff"), ("Content-Type", ""), ("Content-Language", ""), ("X-Foo", "\t"))),
    (8, tuple(("Cross-Origin-Resource-Policy", value) for value in
              ("same-origin", "same-site", "cross-origin", "Same-Origin", "x", "",
              "same-origin, same-origin"))),
)  # fmt: skip

STATUSES: Groups[int] = (
    (80, (200,)),
    (10, (201, 202, 203, 204, 206, 299)),
    (10, (205, 300, 304, 305, 306, 400, 401, 403, 404, 405, 410, 418, 429, 500, 502, 503, 599, 600, 999)),
    (2, (301, 302, 303, 307, 308)),
    (1, (407, 408, 416, 421, 425, 451)),
)
PREFLIGHT_STATUSES: Groups[int] = (
    (40, (204, 200)),
    (8, (201, 206, 226, 299, 205)),
    (8, (300, 301, 302, 304, 307, 308, 400, 401, 403, 404, 405, 500, 503)),
)
ANSWER_BODIES: Groups[str] = ((80, ("ok",)), (10, ("",)), (6, ("\u00e9", '{"a":1}', "<p>", "\x00\xff")))

REDIRECT_STATUSES = (301, 302, 303, 307, 308)
HOPS: Groups[int] = ((76, (0,)), (16, (1,)), (6, (2,)), (2, (3,)))
# `{next}` is the URL that the chain goes on to, `{host}` the same without its scheme.
LOCATIONS: Groups[tuple[str, ...]] = (
    (14, ((), ("",), (" ",), ("#f",), ("?q",), ("y",), ("/y",), ("./y",), ("//{host}",), ("{next}#f",),
          ("{next}#",))),
    (10, (("https://u:p@{host}",), ("https://u@{host}",), ("https://:p@{host}",), ("https://@{host}",))),
    (10, (("https://",), ("https://[",), ("https://%/",), ("https://api.example:99999/",), ("https:///",))),
    (8, (("data:text/plain,a",), ("javascript:1",), ("about:blank",), ("blob:https://app.example/x",),
         ("mailto:a@b",), ("file:///x",), ("ftp://{host}",), ("ws://{host}",), ("foo:bar",))),
    (10, ((" {next} ",), ("\t{next}",), ("{next}\x01",), ("{next}\u00e9",), ("HTTPS://{host}",),
          ("{next}, {next}",),
          ("{next}%zz",), ("{next}?a b",), ("\\\\{host}",))),
    (6, (("{next}", "{next}"), ("{next}", ""), ("", "{next}"), ("{next}", "https://other.example/y"))),
)  # fmt: skip

SPELLINGS = (str.lower, str.upper, lambda name: f"{name} ")
