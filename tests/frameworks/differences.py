"""Where a framework can't say what `Policy` says, or says something else: facts, not failures."""

from __future__ import annotations

import attrs


@attrs.frozen
class Difference:
    """What comes of a scenario instead, why, and the versions in which it was seen."""

    verdicts: tuple[str, ...]
    why: str
    seen: str


_STARLETTE = "what no route catches is answered outside of the middleware, without its headers"
_NO_ROUTE = "a preflight is answered where there is a route, and is a 404 elsewhere"
_ONLY_ROUTES = "headers are set by a route's handler, and where none runs there are none"
_FALCON = "the middleware has no list of headers, and allows whatever is asked for"

DIFFERENCES: dict[tuple[str, str], Difference] = {
    ("starlette", "500"): Difference(("GET: blocked",), _STARLETTE, "starlette 1.10.0"),
    ("starlette", "a preflight of what raises"): Difference(
        ("OPTIONS, GET: blocked",), _STARLETTE, "starlette 1.10.0"
    ),
    ("fastapi", "500"): Difference(("GET: blocked",), _STARLETTE, "fastapi 0.165.0"),
    ("fastapi", "a preflight of what raises"): Difference(
        ("OPTIONS, GET: blocked",), _STARLETTE, "fastapi 0.165.0"
    ),
    ("flask", "a preflight of what is missing"): Difference(
        ("OPTIONS: blocked",), _NO_ROUTE, "flask-cors 6.0.5"
    ),
    ("quart", "a preflight of what is missing"): Difference(
        ("OPTIONS: blocked",), _NO_ROUTE, "quart-cors 0.8.0"
    ),
    ("falcon", "a preflight of what is missing"): Difference(
        ("OPTIONS: blocked",), _NO_ROUTE, "falcon 4.4.0"
    ),
    ("sanic", "a preflight of what is missing"): Difference(
        ("OPTIONS: blocked",), _NO_ROUTE, "sanic-ext 25.12.0"
    ),
    ("aiohttp", "a preflight of what is missing"): Difference(
        ("OPTIONS: blocked",), _NO_ROUTE, "aiohttp-cors 0.8.1"
    ),
    ("aiohttp", "404"): Difference(("GET: blocked",), _ONLY_ROUTES, "aiohttp-cors 0.8.1"),
    ("aiohttp", "405"): Difference(("POST: blocked",), _ONLY_ROUTES, "aiohttp-cors 0.8.1"),
    ("aiohttp", "HEAD"): Difference(("HEAD: blocked",), _ONLY_ROUTES, "aiohttp-cors 0.8.1"),
    ("falcon", "a header that is not allowed"): Difference(
        ("OPTIONS, GET: 200 x-total",), _FALCON, "falcon 4.4.0"
    ),
    ("falcon", "PUT, and again when Max-Age has run out"): Difference(
        ("OPTIONS, PUT: 200 x-total", "PUT: 200 x-total"),
        "Access-Control-Max-Age is always 86400",
        "falcon 4.4.0",
    ),
    ("express", "405"): Difference(
        ("POST: 404",), "a method without a route is a 404 like any other", "express 5.3.0"
    ),
}
