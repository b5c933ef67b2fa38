"""Starlette, with its own CORSMiddleware."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route


async def items(request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok", headers={"X-Total": "3", "X-Hidden": "4"})


async def broken(request: Request) -> PlainTextResponse:
    raise RuntimeError("broken on purpose")


cors = Middleware(
    CORSMiddleware,
    allow_origins=["https://app.example.com", "https://admin.example.com"],
    allow_methods=["GET", "HEAD", "POST", "PUT"],
    allow_headers=["X-CSRF-Token", "Content-Type"],
    expose_headers=["X-Total"],
    allow_credentials=True,
    max_age=60,
)
routes = [Route("/items", items, methods=["GET", "POST", "PUT"]), Route("/broken", broken)]
app = Starlette(routes=routes, middleware=[cors])
