"""What there is to choose from of what surrounds CORS; tables as in `dimensions`."""

from __future__ import annotations

from typing import Any

from corsim.conformance.fuzzing.dimensions import Groups

APP, SHOP, OTHER = "https://app.example", "https://a.shop.example", "https://other.example"

# -- pages and servers -------------------------------------------------------------------

PAGES: Groups[dict[str, Any]] = (
    (30, ({"page": APP},)),
    (18, ({"page": f"{APP}/dir/page?q=1"},)),
    (12, ({"page": "http://app.example"},)),
    (5, ({"page": "http://localhost"},)),
    (10, ({"page": SHOP},)),
    (4, ({"page": "http://a.shop.example"},)),
    (8, ({"page": APP, "sandbox": True}, {"page": f"{APP}/dir/page?q=1", "sandbox": True})),
    (3, ({"page": "http://app.example", "sandbox": True},)),
    (4, ({"page": "data:text/html,x", "embedder": "http://app.example"},)),  # there are no windows of it
    (7, ({"page": SHOP, "embedder": "https://b.shop.example"},)),
    (6, ({"page": APP, "embedder": OTHER}, {"page": APP, "embedder": "http://other.example"})),
    (3, ({"page": APP, "embedder": "http://app.example"},
         {"page": APP, "embedder": OTHER, "sandbox": True})),
)  # fmt: skip
PAGE_POLICIES: Groups[str] = (
    (84, ("",)),
    (16, ("no-referrer", "same-origin", "origin", "unsafe-url", "strict-origin", "no-referrer-when-downgrade",
          "origin-when-cross-origin")),
)  # fmt: skip

TARGETS: Groups[str] = (
    (26, ("https://api.example",)),
    (20, (APP,)),
    (10, ("http://api.example",)),
    (8, (OTHER,)),
    (5, ("http://app.example",)),
    (10, ("https://b.shop.example",)),
    (8, (SHOP, "https://shop.example")),
    (4, ("http://b.shop.example", "http://a.shop.example")),
    (5, ("http://localhost",)),
    (2, (f"{APP}:8443",)),
)
HOPS: Groups[int] = ((66, (0,)), (22, (1,)), (9, (2,)), (3, (3,)))

# -- calls -------------------------------------------------------------------------------

METHODS: Groups[str] = ((60, ("GET",)), (20, ("POST",)), (14, ("PUT",)), (6, ("HEAD", "DELETE")))
MODES: Groups[str | None] = ((60, (None,)), (26, ("no-cors",)), (6, ("cors", "same-origin")))
CREDENTIALS: Groups[str | None] = ((30, (None,)), (52, ("include",)), (9, ("omit",)), (9, ("same-origin",)))
REDIRECTS: Groups[str | None] = ((93, (None,)), (7, ("manual", "error")))
REFERRERS: Groups[str | None] = (
    (86, (None,)),
    (10, ("", "about:client", "https://app.example/from?x#y", "https://other.example/from",
          "http://app.example/from")),
    (2, ("https://u:p@app.example/from", "https://a.shop.example/x")),
)  # fmt: skip
POLICIES: Groups[str | None] = (
    (78, (None,)),
    (22, ("no-referrer", "no-referrer-when-downgrade", "same-origin", "origin", "strict-origin",
          "origin-when-cross-origin", "strict-origin-when-cross-origin", "unsafe-url")),
)  # fmt: skip

_GIF = (
    "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00"
    "\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
_IMAGE = {"body": _GIF, "type": "image/gif"}
_SCRIPT = {"body": "nobody()", "type": "text/javascript"}
_EMPTY = {"body": "", "type": "text/plain"}
BY_CROSSORIGIN = frozenset({"image", "script", "stylesheet"})
ELEMENTS: Groups[tuple[str, dict[str, Any], dict[str, str]]] = (
    (30, (("image", {}, _IMAGE),)),
    (12, (("script", {}, _SCRIPT),)),
    (8, (("script", {"type": "module"}, {"body": "let x = 1", "type": "text/javascript"}),)),
    (10, (("stylesheet", {}, {"body": "a{}", "type": "text/css"}),)),
    (8, (("font", {}, {"body": "wOF2", "type": "font/woff2"}),)),
    (8, (("event_source", {}, {"body": "data: a\n\n", "type": "text/event-stream"}),
         ("event_source", {"with_credentials": True}, {"body": "data: a\n\n", "type": "text/event-stream"}))),
    (6, (("beacon", {"body": "a"}, _EMPTY),
         ("beacon", {"body": {"blob": "{}", "type": "application/json"}}, _EMPTY))),
)  # fmt: skip

# -- answers -----------------------------------------------------------------------------

ALLOWED = (("Access-Control-Allow-Methods", "PUT"), ("Access-Control-Allow-Headers", "x-a, content-type"))
RESOURCE_POLICIES: Groups[str] = (
    (60, ("same-origin", "same-site", "cross-origin")),
    (10, ("Same-Origin", "same-origin, same-origin", "x", "")),
)
REFERRER_POLICY_LINES: Groups[str] = (
    (60, ("no-referrer", "no-referrer-when-downgrade", "same-origin", "origin", "strict-origin",
          "origin-when-cross-origin", "strict-origin-when-cross-origin", "unsafe-url")),
    (16, ("x", "", "no-referrer, unsafe-url", "unsafe-url, x", "UNSAFE-URL", "never", "always", "default")),
)  # fmt: skip

COOKIE_VALUES: Groups[str] = ((80, ("1", "2", "3")), (8, ("", "a b", '"q"', "x=y", "a,b")))
USUAL_ATTRIBUTES: Groups[tuple[str, ...]] = (
    (40, (("SameSite=None", "Secure"),)),
    (16, ((), ("Secure",))),
    (14, (("SameSite=Lax",), ("SameSite=Lax", "Secure"))),
    (12, (("SameSite=Strict",), ("SameSite=Strict", "Secure"))),
    (8, (("SameSite=None",), ("SameSite=x",), ("samesite=none", "secure"), ("SameSite=NONE", "Secure"),
         ("SameSite",), ("SameSite=", "Secure"))),
)  # fmt: skip
OTHER_ATTRIBUTES: tuple[tuple[Groups[str], float], ...] = (
    (((1, ("HttpOnly",)),), 0.1),
    (((8, ("Partitioned",)), (1, ("partitioned=x",))), 0.12),
    (((40, ("Path=/", "Path=/a", "Path=/a/b")),
      (10, ("Path=/me", "Path=x", "Path=", "path=/a/", "Path=/A"))), 0.25),
    (((40, ("Max-Age=100", "Max-Age=0")),
      (10, ("Max-Age=-1", "Max-Age=abc", "Max-Age=1", "Max-Age=", "Max-Age=+5"))), 0.1),
    (((20, ("Expires=Thu, 01 Jan 1970 00:00:00 GMT", "Expires=Wed, 01 Jan 2098 00:00:00 GMT")),
      (10, ("Expires=0", "Expires=Thu, 01-Jan-70 00:00:01 GMT", "Expires=x",
            "Expires=Wed Jan  1 00:00:00 2098"))), 0.06),
)  # fmt: skip
ODD_COOKIES: Groups[str] = (
    (1, ("=x", "a", "a=1; Secure=no; SameSite=None", " a = 1 ; SameSite=None; Secure", ";a=1",
         "a=1;;SameSite=None;Secure",
         "a=1; SameSite=None; SameSite=Strict; Secure", "a=1; Path=/; Path=/zzz; SameSite=None; Secure",
         "a=1\t; SameSite=None; Secure", "a=1, b=2; SameSite=None; Secure", "a=\u00e9; SameSite=None; Secure",
         "a=1; Secure; SameSite = None", "", "a=1; domain=; SameSite=None; Secure")),
)  # fmt: skip
