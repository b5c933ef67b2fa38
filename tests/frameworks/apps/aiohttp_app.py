"""aiohttp, with aiohttp-cors: run with a port, for it speaks neither ASGI nor WSGI."""

import sys

import aiohttp_cors
from aiohttp import web


async def items(request: web.Request) -> web.Response:
    return web.Response(text="ok", headers={"X-Total": "3", "X-Hidden": "4"})


async def broken(request: web.Request) -> web.Response:
    raise RuntimeError("broken on purpose")


app = web.Application()
allowed = aiohttp_cors.ResourceOptions(
    allow_credentials=True,
    allow_headers=["X-CSRF-Token", "Content-Type"],
    allow_methods=["GET", "HEAD", "POST", "PUT"],
    expose_headers=["X-Total"],
    max_age=60,
)
origins = {"https://app.example.com": allowed, "https://admin.example.com": allowed}
cors = aiohttp_cors.setup(app, defaults=origins)
for path, methods, handler in (("/items", ("GET", "POST", "PUT"), items), ("/broken", ("GET",), broken)):
    resource = cors.add(app.router.add_resource(path))
    for method in methods:
        cors.add(resource.add_route(method, handler))

if __name__ == "__main__":
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
