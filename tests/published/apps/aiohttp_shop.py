"""An API with aiohttp-cors, at the port given as the first argument."""

from __future__ import annotations

import sys

import aiohttp_cors
from aiohttp import web

APP = "https://app.example"


async def items(request: web.Request) -> web.Response:
    """Answer."""
    return web.json_response({"count": 3})


async def own(request: web.Request) -> web.Response:
    """Answer with a header of its own."""
    return web.json_response({}, headers={"Access-Control-Allow-Origin": APP})


def shop() -> web.Application:
    """An API with a policy for two origins."""
    app = web.Application()
    options = aiohttp_cors.ResourceOptions(allow_credentials=True, allow_headers=["X-Token"])
    cors = aiohttp_cors.setup(app, defaults={APP: options, "https://other.example": options})
    cors.add(app.router.add_get("/items", items))
    cors.add(app.router.add_put("/items", items))
    cors.add(app.router.add_get("/own", own))
    return app


web.run_app(shop(), host="127.0.0.1", port=int(sys.argv[1]), print=None)
